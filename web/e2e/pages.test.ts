// The pages of the token service, as people meet them: nothing of it needs script.

import { createHash, randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, test } from "./service.ts";

const FIRST = "an otter in the harbour";
const SECOND = "a heron on the breakwater";

/** Fills in the form of the page by its labels, and presses the button. */
async function send(page: Page, fields: Record<string, string>, button: string): Promise<void> {
  for (const [label, value] of Object.entries(fields)) {
    await page.getByLabel(label, { exact: true }).filter({ visible: true }).fill(value);
  }
  await page.getByRole("button", { name: button, exact: true }).click();
}

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

for (const colorScheme of ["light", "dark"] as const) {
  for (const javaScriptEnabled of [true, false]) {
    test.describe(`${colorScheme}, ${javaScriptEnabled ? "with" : "without"} script`, () => {
      test.use({ colorScheme, javaScriptEnabled });

      test("set up, sign in, consent, account, sign out", async ({ page, browser, service, application, look }) => {
        const { issuer } = service;
        const registered = await service.jeton(
          ...["client", "create", "orders", "--web", "--name", "Orders"],
          ...["--redirect-uri", application.callback, "--post-logout-redirect-uri", application.signedOut],
          ...["--scope", "openid profile email offline_access"],
        );

        await test.step("the first administrator is made by the link", async () => {
          await page.goto(service.setup);
          await look("set-up");
          const person = { "User name": "Ada", "E-mail address": "ada@example.com" };
          await send(page, { ...person, Password: FIRST, "The same again": "something else" }, "Make the account");
          await expect(page.locator("[aria-invalid]")).not.toHaveCount(0);
          await look("set-up-flaw");
          await send(page, { ...person, Password: FIRST, "The same again": FIRST }, "Make the account");
          await expect(heading(page, "Your account")).toBeVisible();
          await page.goto(service.setup);
          await expect(page.getByText("Each link works once")).toBeVisible();
          await look("set-up-spent");
        });

        await test.step("who signs out has to sign in", async () => {
          await page.goto(`${issuer}/account`);
          await page.getByRole("button", { name: "Sign out", exact: true }).click();
          await expect(heading(page, "You are signed out")).toBeVisible();
          await look("signed-out");
        });

        const verifier = randomBytes(32).toString("base64url");
        const asked = new URLSearchParams({
          response_type: "code",
          client_id: "orders",
          redirect_uri: application.callback,
          scope: "openid profile email offline_access",
          state: "a state",
          nonce: "n-1",
          code_challenge: createHash("sha256").update(verifier).digest("base64url"),
          code_challenge_method: "S256",
        });
        const authorize = `${issuer}/authorize?${asked}`;

        await test.step("the application gets a code", async () => {
          await page.goto(authorize);
          await expect(page.getByText("to go on to Orders")).toBeVisible();
          await look("sign-in");
          await send(page, { "User name or e-mail address": "ada", Password: "not this one" }, "Sign in");
          await expect(page.getByRole("alert")).toBeVisible();
          await look("sign-in-wrong");
          await send(page, { "User name or e-mail address": "ada", Password: FIRST }, "Sign in");
          await expect(heading(page, "Allow Orders access to your account?")).toBeVisible();
          await expect(page.getByRole("listitem").first()).toContainText("Know who you are");
          await look("consent");
          await page.getByRole("button", { name: "Allow", exact: true }).click();
          await expect(heading(page, "Orders")).toBeVisible();
        });

        const back = application.arrivals.pop()?.searchParams;
        expect(back?.get("state")).toBe("a state");
        expect(back?.get("iss")).toBe(issuer);
        const answer = await fetch(`${issuer}/token`, {
          method: "POST",
          headers: { Authorization: `Basic ${btoa(`orders:${String(registered["client_secret"])}`)}` },
          body: new URLSearchParams({
            grant_type: "authorization_code",
            code: back?.get("code") ?? "",
            redirect_uri: application.callback,
            code_verifier: verifier,
          }),
        });
        expect(answer.status).toBe(200);
        const { id_token } = (await answer.json()) as { id_token: string };

        await test.step("what was allowed is not asked again, and a password is when it has to be", async () => {
          await page.goto(authorize);
          await expect(heading(page, "Orders")).toBeVisible();
          await page.goto(`${authorize}&prompt=login`);
          await expect(heading(page, "Confirm it is you")).toBeVisible();
          await look("sign-in-again");
          await send(page, { Password: FIRST }, "Go on");
          await expect(heading(page, "Orders")).toBeVisible();
          await page.goto(`${authorize}&prompt=select_account`);
          await look("select-account");
        });

        await test.step("another browser is signed out from here", async () => {
          const context = await browser.newContext({ colorScheme, javaScriptEnabled });
          const other = await context.newPage();
          await other.goto(`${issuer}/account`);
          await send(other, { "User name or e-mail address": "ada@example.com", Password: FIRST }, "Sign in");
          await expect(heading(other, "Your account")).toBeVisible();
          await page.goto(`${issuer}/account`);
          const sessions = page.getByRole("region", { name: "Where you are signed in" }).getByRole("listitem");
          await expect(sessions).toHaveCount(2);
          await expect(page.getByRole("region", { name: "Connected applications" })).toContainText("Orders");
          await look("account");
          await sessions.getByRole("button", { name: /^Sign out ?:/ }).click();
          await expect(sessions).toHaveCount(1);
          await other.goto(`${issuer}/account`);
          await expect(heading(other, "Sign in")).toBeVisible();
          await context.close();
        });

        await test.step("the password is changed", async () => {
          await page.getByText("Change the password", { exact: true }).first().click();
          const form = { "New password": SECOND, "The same again": SECOND };
          await send(page, { "Present password": "not this one", ...form }, "Change the password");
          await look("account-flaw");
          await send(page, { "Present password": FIRST, ...form }, "Change the password");
          await expect(page.getByRole("status")).toBeVisible();
          await look("account-changed");
        });

        await test.step("the application signs out, and nobody is asked", async () => {
          const wish = new URLSearchParams({
            id_token_hint: id_token,
            post_logout_redirect_uri: application.signedOut,
            state: "bye",
          });
          await page.goto(`${issuer}/end-session?${wish}`);
          await expect(heading(page, "Orders")).toBeVisible();
          expect(application.arrivals.pop()?.search).toBe("?state=bye");
          await page.goto(`${issuer}/account`);
          await send(page, { "User name or e-mail address": "ada", Password: SECOND }, "Sign in");
          await expect(heading(page, "Your account")).toBeVisible();
        });

        await test.step("anybody else's wish to sign out is asked about", async () => {
          await page.goto(`${issuer}/end-session?client_id=orders`);
          await look("sign-out");
          await page.getByRole("button", { name: "Stay signed in" }).click();
          await expect(heading(page, "Your account")).toBeVisible();
          await page.goto(`${issuer}/end-session?client_id=orders`);
          await page.getByRole("button", { name: "Sign out", exact: true }).click();
          await expect(heading(page, "You are signed out")).toBeVisible();
        });

        await test.step("an application that asks for something wrong is not sent anything", async () => {
          await page.goto(`${issuer}/authorize?client_id=orders&redirect_uri=https://elsewhere.example/&response_type=code`);
          await expect(page.getByText("You did nothing wrong.")).toBeVisible();
          await look("error");
        });
      });
    });
  }
}
