import { seconds, hs256, SECRET } from "./samples.ts";
import { expect, keyField, pasteToken, test, tokenField, unsigned, verdict } from "./support.ts";

test.describe("decoding as people type", () => {
  test("the segments are coloured, bordered and named", async ({ debuggerPage: page }) => {
    await pasteToken(page, hs256({ sub: "a" }));
    const editor = page.locator("#token-editor");
    for (const [part, border] of [["header", "solid"], ["payload", "dashed"], ["signature", "dotted"]] as const) {
      await expect(editor.locator(`.name-${part}`)).toHaveText(part);
      await expect(editor.locator(`.segment-${part}`).first()).toHaveCSS("border-bottom-style", border);
    }
    const colours = await editor.locator(".segment").evaluateAll((all) => new Set(all.map((each) => getComputedStyle(each).color)).size);
    expect(colours).toBe(3);
  });

  test("a partial token decodes as far as it goes, with the place", async ({ debuggerPage: page }) => {
    const whole = unsigned({ alg: "HS256" }, { iss: "https://id.example", sub: "somebody" });
    await pasteToken(page, whole.slice(0, whole.indexOf(".") + 30));
    await expect(page.getByText("The payload breaks at character")).toBeVisible();
    await expect(page.getByText("https://id.ex").first()).toBeVisible();
    await expect(verdict(page)).toHaveAttribute("data-tone", "bad");
  });

  test("a wrong character is marked where it stands", async ({ debuggerPage: page }) => {
    const token = hs256({ sub: "a" });
    await pasteToken(page, `${token.slice(0, 12)}!${token.slice(13)}`);
    await expect(page.locator("#token-editor .segment-broken")).toHaveText("!");
    await expect(page.getByText("The header breaks at character 13")).toBeVisible();
    await expect(verdict(page).locator("code.chip")).toHaveText("base64_invalid");
  });

  test("big numbers, duplicates and order are shown as they are", async ({ debuggerPage: page }) => {
    await pasteToken(page, unsigned({ alg: "HS256" }, '{"z":123456789012345678901234567890,"a":1.50,"a":"twice"}'));
    const claims = page.getByRole("region", { name: "Claims", exact: true }).first();
    await expect(claims.locator("code.value")).toHaveText(["123456789012345678901234567890", "1.50", "twice"]);
    await expect(claims.getByText("again")).toBeVisible();
    await claims.getByText("JSON", { exact: true }).click();
    await expect(claims.locator("pre")).toContainText('"z": 123456789012345678901234567890,\n  "a": 1.50,\n  "a": "twice"');
    await claims.getByText("Bytes", { exact: true }).click();
    await expect(claims.locator("pre")).toContainText("7b 22 7a 22 3a");
  });

  test("tokens are found in whatever holds them", async ({ debuggerPage: page }) => {
    const [one, other] = [hs256({ sub: "one" }), hs256({ sub: "other" })];
    await pasteToken(page, `curl -H 'Authorization: Bearer ${one}' https://api.example/?id_token=${other}`);
    await expect(page.getByText("2 found in the text")).toBeVisible();
    await page.getByText("id_token").locator("..").getByRole("radio").check();
    await expect(page.locator("code.value", { hasText: /^other$/ })).toBeVisible();
  });

  test("the layout does not jump while typing", async ({ debuggerPage: page }) => {
    const top = () => page.locator("#key").evaluate((element) => element.getBoundingClientRect().top);
    await pasteToken(page, hs256({ sub: "a", exp: seconds() + 60 }));
    const before = await top();
    for (const key of ["End", "Backspace", "Backspace", "x", "y"]) {
      await tokenField(page).press(key);
      expect(Math.abs((await top()) - before)).toBeLessThan(24);
    }
  });

  test("what is given before the editor is there is kept, and the editor takes over", async ({ page, home }) => {
    let release = () => {};
    const held = new Promise<void>((released) => (release = released));
    await page.route(/\/assets\/TokenEditor-.*\.js/, (route) => held.then(() => route.continue()));
    await page.goto(home);
    const token = unsigned({ alg: "HS256" }, { sub: "early" });
    await tokenField(page).focus();
    await page.keyboard.insertText(token.slice(0, -9));
    await expect(page.locator("code.value", { hasText: "early" })).toBeVisible();
    await expect(page.locator("textarea#token-editor")).toBeFocused();
    release();
    await page.keyboard.type(token.slice(-9), { delay: 20 });
    await expect(page.locator("#token-editor .segment-signature")).toHaveText("c2lnbmF0dXJl");
    await expect(tokenField(page)).toBeFocused();
    await page.keyboard.press("ControlOrMeta+z");
    await expect(page.locator("#token-editor .segment-signature")).not.toHaveText("c2lnbmF0dXJl");
  });

  test("without the editor the plain field does", async ({ page, home }) => {
    await page.route(/\/assets\/TokenEditor-.*\.js/, (route) => route.abort());
    await page.goto(home);
    await tokenField(page).fill(unsigned({ alg: "HS256" }, { sub: "plain" }));
    await expect(page.locator("code.value", { hasText: "plain" })).toBeVisible();
    await expect(page.locator("textarea#token-editor")).toBeVisible();
  });

  test("an empty page teaches and offers examples", async ({ debuggerPage: page }) => {
    await expect(page.getByRole("heading", { name: "Paste a token to see what it says" })).toBeVisible();
    await page.getByRole("button", { name: "Example ES256" }).click();
    await expect(verdict(page)).toHaveAttribute("data-tone", "good");
  });
});

test.describe("the verdict", () => {
  test("has provenance and a stable code, and is announced", async ({ debuggerPage: page }) => {
    const live = verdict(page).getByRole("status");
    await expect(live).toHaveAttribute("aria-live", "polite");
    const token = hs256({ sub: "a", exp: seconds() + 60 });
    await pasteToken(page, token);
    await expect(verdict(page)).toContainText("Not verified");
    await keyField(page).fill(SECRET);
    await expect(verdict(page)).toContainText("Verified under the key you gave");
    await expect(live).toContainText("Verified under the key you gave");
    await keyField(page).fill(`${SECRET}!`);
    await expect(verdict(page)).toContainText("Invalid: the signature does not match");
    await expect(verdict(page)).toContainText("signature_mismatch");
    await expect(live).toContainText("signature_mismatch");
  });

  test("expired and not yet valid are verdicts", async ({ debuggerPage: page }) => {
    await keyField(page).fill(SECRET);
    await pasteToken(page, hs256({ exp: seconds() - 60 }));
    await expect(verdict(page)).toContainText("token_expired");
    await pasteToken(page, hs256({ nbf: seconds() + 600 }));
    await expect(verdict(page)).toContainText("token_not_yet_valid");
    await keyField(page).fill("");
    await expect(verdict(page)).toContainText("not valid yet");
  });

  test("a key that the token carries proves nothing", async ({ debuggerPage: page }) => {
    await pasteToken(page, unsigned({ alg: "ES256", jwk: { kty: "EC", crv: "P-256", x: "AA", y: "AA" } }, { sub: "a" }));
    await expect(verdict(page)).toContainText("proves nothing");
    await expect(verdict(page)).toHaveAttribute("data-tone", "calm");
  });
});
