// The views beside the decoder, in both themes: no obstacles, and nothing that is cut off on a
// narrow screen.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { expect, test } from "./support.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const VIEWS: Record<string, (page: Page) => Promise<void>> = {
  "#/encode": async () => {},
  "#/compare": (page) => page.getByRole("button", { name: "Show an example" }).click(),
  "#/jwks": (page) => page.getByRole("button", { name: "Show a set with mistakes" }).click(),
  "#/learn/parts": async () => {},
  "#/learn/choose": async () => {},
  "#/learn/sessions": async () => {},
  "#/learn/storage": async () => {},
  "#/learn/refresh": async () => {},
  "#/learn/attacks": async () => {},
};

interface Violation {
  id: string;
  nodes: { target: string[] }[];
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(AXE, "utf8"));
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations;
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

for (const [view, prepare] of Object.entries(VIEWS)) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`${view} is accessible, ${colorScheme}`, async ({ debuggerPage: page, home }) => {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${home}${view}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
      await prepare(page);
      expect(await violations(page)).toEqual([]);
    });
  }

  test(`${view} fits on 360 pixels`, async ({ debuggerPage: page, home }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${home}${view}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
    await prepare(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
}

for (const name of ["Share", "Take away"]) {
  test(`the dialog “${name}” is accessible, and goes with Escape`, async ({ debuggerPage: page }) => {
    await page.getByRole("button", { name: "Example ES256" }).click();
    await page.getByRole("button", { name, exact: true }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByRole("button", { name, exact: true })).toBeFocused();
  });
}
