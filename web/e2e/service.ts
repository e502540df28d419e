// `jeton serve` with a data folder of its own, an application that people come from, and what the
// tests of its pages share.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { test as base, expect, type Page } from "@playwright/test";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Service {
  issuer: string;
  /** The link that makes the first administrator. */
  setup: string;
  /** Runs `jeton` on the service's folder, and answers what it says. */
  jeton: (...words: string[]) => Promise<Record<string, unknown>>;
}

interface Application {
  callback: string;
  signedOut: string;
  /** What the browser came with, and the application has not taken yet. */
  arrivals: URL[];
}

interface Pages {
  service: Service;
  application: Application;
  /** Looks at the page that is shown: nothing for axe to find, nothing cut off on a phone. */
  look: (name: string, at?: Page) => Promise<void>;
}

interface Violation {
  id: string;
  nodes: { html: string }[];
}

export const test = base.extend<Pages>({
  service: async ({}, use) => {
    const binary = process.env.JETON ?? "";
    test.skip(!binary, "JETON says where the program is");
    const folder = await mkdtemp(join(tmpdir(), "jeton-pages-"));
    const data = join(folder, "data");
    const serve = ["serve", "--json", "--listen", "127.0.0.1:0", "--data", data];
    const server = spawn(binary, serve, { stdio: ["ignore", "pipe", "ignore"] });
    const ended = once(server, "exit");
    let announced = "";
    for await (const piece of server.stdout) {
      announced += String(piece);
      if (announced.trimEnd().endsWith("}")) break;
    }
    const { issuer, setup } = JSON.parse(announced) as { issuer: string; setup: string };
    const jeton = async (...words: string[]) => {
      const { stdout } = await promisify(execFile)(binary, [...words, "--json", "--data", data]);
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    await use({ issuer, setup, jeton });
    server.kill();
    await ended;
    await rm(folder, { recursive: true });
  },
  application: async ({}, use) => {
    const arrivals: URL[] = [];
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://localhost");
      if (url.pathname !== "/favicon.ico") arrivals.push(url);
      response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>Orders</title><h1>Orders</h1>");
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await use({ callback: `${home}/callback`, signedOut: `${home}/signed-out`, arrivals });
    server.closeAllConnections();
    server.close();
  },
  look: async ({ page, javaScriptEnabled }, use, info) => {
    await use(async (name, at = page) => {
      await at.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
      if (javaScriptEnabled) expect(await violations(at), name).toEqual([]);
      const size = at.viewportSize();
      await at.setViewportSize({ width: 320, height: 640 });
      const overflow = await at.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${name} on a phone`).toBeLessThanOrEqual(0);
      await at.screenshot({ path: info.outputPath(`${name}-phone.png`), fullPage: true });
      if (size) await at.setViewportSize(size);
    });
  },
});

/** What axe finds; it is a script itself. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
  });
}

export { expect };
