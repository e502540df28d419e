import { expect, test, verdict } from "./support.ts";

test.beforeEach(async ({ debuggerPage: page }) => {
  await page.getByRole("link", { name: "Learn" }).click();
});

test("the three parts: a changed payload no longer fits", async ({ debuggerPage: page }) => {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The three parts");
  const live = page.getByRole("region", { name: "Live" });
  await expect(live.getByText("accepted")).toBeVisible();
  await expect(live.getByText("signature_mismatch")).toBeVisible();
  await live.getByLabel("Claims, to be changed").fill('{"sub":"grace","admin":true}');
  await expect(live.getByText("accepted")).toBeVisible();
  await expect(live.getByText("signature_mismatch")).toBeVisible();
});

test("the chooser advises, and measures in this browser", async ({ debuggerPage: page }) => {
  await page.getByRole("link", { name: "HS256, RS256 or ES256" }).first().click();
  const advice = page.locator(".advice strong");
  await expect(advice).toHaveText(["ES256", "Ed25519"]);
  await page.getByLabel("Software that only knows RSA").check();
  await expect(advice).toHaveText(["RS256"]);
  await page.getByLabel("Only the service that signs them").check();
  await expect(advice).toHaveText(["HS256"]);
  await page.getByRole("button", { name: "Measure in this browser" }).click();
  await expect(page.getByRole("row")).toHaveCount(7);
});

test("sessions or tokens: after logout the token lives on until it expires", async ({ debuggerPage: page }) => {
  await page.getByRole("link", { name: "Sessions or tokens" }).first().click();
  const clock = page.getByRole("slider");
  const live = page.getByRole("region", { name: "Live" });
  await clock.fill("4");
  await expect(live.getByText("accepted")).toHaveCount(2);
  await clock.fill("8");
  await expect(live.getByText("deleted at logout")).toBeVisible();
  await expect(live.getByText("accepted", { exact: true })).toHaveCount(1);
  await clock.fill("16");
  await expect(live.getByText("token_expired")).toBeVisible();
});

test("storage: the trade-offs, and what fits into a cookie", async ({ debuggerPage: page }) => {
  await page.getByRole("link", { name: "Where a browser keeps a token" }).first().click();
  await expect(page.getByRole("row")).toHaveCount(7);
  const large = page.getByRole("listitem").filter({ hasText: "ML-DSA-65" });
  await expect(large).toContainText("too large");
});

test("refresh: a spent token that comes back ends the family", async ({ debuggerPage: page }) => {
  await page.getByRole("link", { name: "Refresh and logout" }).first().click();
  const live = page.getByRole("region", { name: "Live" });
  for (const name of ["Wait 3 minutes", "Wait 3 minutes"]) await live.getByRole("button", { name }).click();
  await expect(live.getByText("token_expired")).toBeVisible();
  await live.getByRole("button", { name: "Refresh", exact: true }).click();
  await expect(live.getByText("accepted")).toBeVisible();
  await live.getByRole("button", { name: "A thief uses the spent one" }).click();
  await expect(live.getByRole("log")).toContainText("the family has ended, for thief and user alike");
  await expect(live.getByRole("button", { name: "Refresh", exact: true })).toBeDisabled();
});

test("every attack is refused, and opens in the decoder as it is", async ({ debuggerPage: page }) => {
  await page.getByRole("link", { name: "Attacks, and what stops them" }).first().click();
  await expect(page.getByText("14 of 14 refused")).toBeVisible();
  await expect(page.getByRole("region", { name: "Live" }).getByText("accepted")).toBeVisible();
  const card = page.getByRole("region", { name: "A changed claim" });
  await card.getByText("Show the token").click();
  await card.getByRole("button", { name: "Open in the decoder" }).click();
  await expect(verdict(page)).toContainText("signature_mismatch");
});
