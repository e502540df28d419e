import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ecPair, es256, pem, SECRET } from "./samples.ts";
import { DIST, expect, keyField, pasteToken, test, unsigned, verdict } from "./support.ts";

const OUTSIDE = "https://outside.example";

/** A token that would like to be looked up. */
const TEMPTING = unsigned(
  { alg: "RS256", jku: `${OUTSIDE}/jwks.json`, x5u: `${OUTSIDE}/cert.pem`, kid: "1" },
  { iss: OUTSIDE, picture: `${OUTSIDE}/me.png`, website: OUTSIDE },
);

test("nothing at all leaves the page for a token, a key, or what they point to", async ({ debuggerPage: page, context }) => {
  await page.waitForLoadState("networkidle");
  const requests: string[] = [];
  context.on("request", (request) => requests.push(request.url()));
  await pasteToken(page, TEMPTING);
  await expect(verdict(page)).toContainText("proves nothing");
  await keyField(page).fill(SECRET);
  await expect(verdict(page)).toHaveAttribute("data-tone", "bad");
  await pasteToken(page, es256({ iss: OUTSIDE }, ecPair(), { jku: OUTSIDE }));
  await keyField(page).fill(pem(ecPair()));
  await expect(verdict(page)).toContainText("signature_mismatch");
  await expect(page.getByRole("region", { name: "Signature doctor" })).toContainText("Nothing was found");
  await page.getByText("Generate, convert, fetch").click();
  await page.waitForTimeout(500);
  // The doctor works in a second core, which is the page's own file.
  const own = new URL(".", page.url()).href;
  expect(requests.filter((url) => !url.startsWith(`${own}assets/`))).toEqual([]);
  const holds = ["eyJ", "outside.example", SECRET, "BEGIN"];
  expect(requests.filter((url) => holds.some((part) => decodeURIComponent(url).includes(part)))).toEqual([]);
});

test("no token and no key is stored", async ({ debuggerPage: page, context }) => {
  await pasteToken(page, TEMPTING);
  await keyField(page).fill(SECRET);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Theme/ }).click();
  const stored = await page.evaluate(async () => ({
    local: Object.entries(localStorage),
    session: Object.entries(sessionStorage),
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    address: location.href,
  }));
  expect(stored.local).toEqual([["jeton.preferences", '{"theme":"light"}']]);
  expect(stored).toMatchObject({ session: [], databases: 0, caches: 0, address: page.url() });
  expect(await context.cookies()).toEqual([]);
});

test("the policy holds: nothing but what the page is made of", async ({ page, home }) => {
  const response = await page.goto(home);
  const policy = response?.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toContain("unsafe-inline");
  expect(policy).not.toContain("'unsafe-eval'");
  expect(response?.headers()["referrer-policy"]).toBe("no-referrer");
});

test("the exported file works from a disk and makes no request, ever", async ({ context, page, complaints }) => {
  void complaints;
  const file = pathToFileURL(join(DIST, "export.html")).href;
  const requests: string[] = [];
  context.on("request", (request) => requests.push(request.url()));
  await page.goto(file);
  const pair = ecPair();
  await pasteToken(page, es256({ iss: OUTSIDE }, pair, { jku: OUTSIDE }));
  await keyField(page).fill(pem(pair));
  await expect(verdict(page)).toContainText("Verified under the key you gave");
  await keyField(page).fill(pem(ecPair()));
  await expect(page.getByRole("region", { name: "Signature doctor" })).toContainText("Nothing was found");
  for (const view of ["Encode", "Compare", "Key sets", "Learn"]) {
    await page.getByRole("navigation").first().getByRole("link", { name: view }).click();
    await page.waitForTimeout(100);
  }
  expect(requests).toEqual([file]);
  const policy = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
  expect(policy).toContain("connect-src 'none'");
  const blocked = await page.evaluate(() => fetch("https://outside.example").then(() => "sent", () => "blocked"));
  expect(blocked).toBe("blocked");
  complaints.length = 0;
});
