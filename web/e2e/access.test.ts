import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { hs256, seconds, SECRET } from "./samples.ts";
import { expect, keyField, pasteToken, test, tokenField, verdict } from "./support.ts";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  nodes: { html: string }[];
}

for (const scheme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${scheme}`, async ({ debuggerPage: page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    const check = async (state: string) => {
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } };
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
      });
      expect(violations, state).toEqual([]);
    };
    await check("empty");
    await pasteToken(page, hs256({ iss: "https://id.example", iat: seconds(), exp: seconds() + 60 }));
    await keyField(page).fill(SECRET);
    await expect(verdict(page)).toHaveAttribute("data-tone", "good");
    await check("verified");
    await page.getByText("Generate, convert, fetch").click();
    await keyField(page).fill(`${SECRET}?`);
    await expect(verdict(page)).toHaveAttribute("data-tone", "bad");
    await check("refused");
    await pasteToken(page, "eyJhbGciOiJIUzI1NiJ9.eyJhIj");
    await check("broken");
    for (const view of ["encode", "compare", "jwks", "learn"]) {
      await page.evaluate((name) => (location.hash = `#/${name}`), view);
      await expect(page.getByRole("navigation").first().locator("[aria-current=page]")).toHaveAttribute("href", `#/${view}`);
      await page.waitForTimeout(300);
      await check(view);
    }
  });
}

test("everything works from the keyboard", async ({ debuggerPage: page }) => {
  const { keyboard } = page;
  await keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await keyboard.press("t");
  await expect(tokenField(page)).toBeFocused();
  await keyboard.insertText(hs256({ sub: "a", exp: seconds() + 60 }));
  await keyboard.press("Escape");
  await keyboard.press("k");
  await expect(keyField(page)).toBeFocused();
  await keyboard.type(SECRET);
  await expect(verdict(page)).toHaveAttribute("data-tone", "good");
  await keyboard.press("Tab");
  await expect(page.getByRole("radio", { name: "UTF-8", exact: true })).toBeFocused();
  await keyboard.press("ArrowRight");
  await expect(verdict(page)).not.toHaveAttribute("data-tone", "good");
  await keyboard.press("ArrowLeft");
  await expect(verdict(page)).toHaveAttribute("data-tone", "good");
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await keyboard.press("d");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await keyboard.press("2");
  await expect(page).toHaveURL(/#\/encode$/);
  await keyboard.press("1");
  await expect(page).toHaveURL(/#\/decode$/);
  await expect(verdict(page)).toHaveAttribute("data-tone", "good");
});

test("tabbing leads through everything and out of the editor", async ({ debuggerPage: page }) => {
  await pasteToken(page, hs256({ sub: "a", exp: seconds() + 60 }));
  const seen = new Set<string>();
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press("Tab");
    seen.add(await page.evaluate(() => document.activeElement?.closest("section, header, main")?.id ?? ""));
  }
  for (const id of ["key", "expectations", "times"]) expect(seen).toContain(id);
});

test("the verdict can be heard again", async ({ debuggerPage: page }) => {
  await pasteToken(page, hs256({ sub: "a" }));
  const live = verdict(page).getByRole("status");
  await expect(live).toContainText("Not verified");
  const before = await live.evaluate((element) => element.textContent);
  await page.keyboard.press("Escape");
  await page.keyboard.press("v");
  await expect.poll(() => live.evaluate((element) => element.textContent)).not.toBe(before);
  await expect(live).toContainText("Not verified");
});

for (const width of [360, 900, 1440]) {
  test(`nothing is cut off at ${width} px`, async ({ debuggerPage: page }) => {
    await page.setViewportSize({ width, height: 800 });
    await pasteToken(page, hs256({ iss: "https://id.example", aud: "x".repeat(200), exp: seconds() + 60 }));
    await keyField(page).fill(SECRET);
    for (const view of ["decode", "encode", "compare", "jwks", "learn"]) {
      await page.evaluate((name) => (location.hash = `#/${name}`), view);
      await page.waitForTimeout(200);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, view).toBeLessThanOrEqual(0);
    }
    await page.evaluate(() => (location.hash = "#/decode"));
    await page.mouse.wheel(0, 600);
    await expect(verdict(page)).toBeInViewport();
  });
}

test("the theme is light, dark or the system's, and remembered", async ({ debuggerPage: page }) => {
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.emulateMedia({ colorScheme: "light" });
  const light = await paper();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await paper();
  expect(dark).not.toBe(light);
  const button = page.getByRole("button", { name: /^Theme/ });
  await button.click();
  expect(await paper()).toBe(light);
  await page.reload();
  await verdict(page).waitFor();
  expect(await paper()).toBe(light);
  await button.click();
  await page.emulateMedia({ colorScheme: "light" });
  expect(await paper()).toBe(dark);
});
