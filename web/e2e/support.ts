// What every test stands on: the page, opened on the real server or on one of our own.

import { createServer, type Server } from "node:http";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { test as base, type Page } from "@playwright/test";

export const DIST = join(import.meta.dirname, "..", "dist");

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

async function serve(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    try {
      const file = path.endsWith("/") ? `${path}index.html` : path;
      const body = await readFile(join(DIST, file));
      const type = TYPES[extname(file)] ?? "application/octet-stream";
      const headers = {
        "Content-Type": type,
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
      };
      response.writeHead(200, headers).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

interface Everywhere {
  /** Where the page is. */
  home: string;
}

export const test = base.extend<{ debuggerPage: Page; complaints: string[] }, Everywhere>({
  home: [
    async ({}, use) => {
      const given = process.env.JETON_URL;
      if (given) {
        await use(new URL("/debugger/", given).href);
        return;
      }
      const server = await serve();
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/debugger/`);
      server.close();
    },
    { scope: "worker" },
  ],
  /** Whatever the browser complains of: errors, and violations of the policy. */
  complaints: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      const blocked = message.text().includes("Service Worker registration blocked");
      if (["error", "warning"].includes(message.type()) && !blocked) complaints.push(message.text());
    });
    await use(complaints);
    base.expect(complaints, "the browser complained").toEqual([]);
  },
  debuggerPage: async ({ page, home, complaints }, use) => {
    void complaints;
    await page.goto(home);
    await page.locator("#verdict").waitFor();
    await use(page);
  },
});

export { expect } from "@playwright/test";

/** The editor's field for the token. */
export function tokenField(page: Page) {
  return page.getByRole("textbox", { name: "Token", exact: true });
}

export function keyField(page: Page) {
  return page.locator("#key textarea:not([readonly])");
}

export function verdict(page: Page) {
  return page.locator("#verdict");
}

/** Puts a text where the focus is, as pasting does. */
export async function pasteToken(page: Page, text: string): Promise<void> {
  await tokenField(page).focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

/** A token of any content, not signed by anybody. */
export function unsigned(header: object, payload: object | string): string {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  const part = (content: string) => Buffer.from(content).toString("base64url");
  return `${part(JSON.stringify(header))}.${part(text)}.${part("signature")}`;
}
