import { hs256, seconds } from "./samples.ts";
import { expect, pasteToken, test } from "./support.ts";

test("two tokens are compared by what they say", async ({ debuggerPage: page }) => {
  const now = seconds();
  const before = hs256({ sub: "ada", scope: "read write", iat: now, exp: now + 600 });
  const after = hs256({ exp: now + 4200, iat: now + 3600, scope: "write admin", sub: "ada", jti: "7" });
  await pasteToken(page, before);
  await page.getByRole("link", { name: "Compare" }).click();
  await page.getByRole("button", { name: "Take the decoded token" }).click();
  await expect(page.getByLabel("First token")).toHaveValue(before);
  await page.getByLabel("Second token").fill(after);
  await expect(page.getByText("They say different things")).toBeVisible();
  const row = (name: string) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
  await expect(row("exp")).toContainText("1 hour later");
  await expect(row("scope")).toContainText("− read");
  await expect(row("scope")).toContainText("+ admin");
  await expect(row("jti")).toContainText("only in the second");
  await expect(row("sub")).toHaveCount(0);
  await page.getByRole("button", { name: "Swap" }).click();
  await expect(row("exp")).toContainText("1 hour earlier");
});

test("the same claims in another order say the same", async ({ debuggerPage: page }) => {
  await page.getByRole("link", { name: "Compare" }).click();
  await page.getByLabel("First token").fill(hs256({ a: 1, b: 2 }));
  await page.getByLabel("Second token").fill(hs256({ b: 2, a: 1 }));
  await expect(page.getByText("They say the same, in another order")).toBeVisible();
});

test("what is no token is said, and an example teaches", async ({ debuggerPage: page }) => {
  await page.getByRole("link", { name: "Compare" }).click();
  await page.getByRole("button", { name: "Show an example" }).click();
  await expect(page.getByText("both live 15 minutes")).toBeVisible();
  await page.getByLabel("Second token").fill("hello");
  await expect(page.getByText("No verdict")).toBeVisible();
});

test("a key set is examined", async ({ debuggerPage: page }) => {
  await page.getByRole("link", { name: "Key sets" }).click();
  await page.getByRole("button", { name: "Show a set with mistakes" }).click();
  for (const code of ["key_private_published", "kid_duplicate", "set_mixed", "key_weak", "key_unusable"]) {
    await expect(page.getByText(code).first()).toBeVisible();
  }
  await expect(page.getByText(/^4 keys, \d problems/)).toBeVisible();
  await page.getByLabel("JWK Set").fill("{");
  await expect(page.getByRole("heading", { name: "No key set" })).toBeVisible();
});

test("a single key is a set of one, and verifies from here", async ({ debuggerPage: page }) => {
  await page.getByRole("link", { name: "Key sets" }).click();
  const key = { kty: "EC", crv: "P-256", x: "ITkUPQirbfwzGZ7b1SnsX5FDBGioE0sTT5bIF0h_Vm4", y: "UnYrZ6rk30HX22ObT3m2f5X0dfSZE0mOfIWq5rPST2c", kid: "one" };
  await page.getByLabel("JWK Set").fill(JSON.stringify(key));
  await expect(page.getByText("it is looked at as a set of one")).toBeVisible();
  await page.getByRole("button", { name: "Verify with this set" }).click();
  await expect(page.locator("#key textarea")).toHaveValue(/"kid":"one"/);
});
