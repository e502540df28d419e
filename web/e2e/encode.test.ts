import type { Page } from "@playwright/test";
import { seconds, SECRET } from "./samples.ts";
import { expect, pasteToken, test, unsigned, verdict } from "./support.ts";

const token = (page: Page) => page.getByRole("region", { name: "Token", exact: true }).last();
const editor = (page: Page, name: "Header" | "Payload") => page.getByRole("textbox", { name, exact: true });

async function rewrite(page: Page, name: "Header" | "Payload", text: string): Promise<void> {
  await editor(page, name).focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

/** The parts of the token that is shown, decoded. */
async function parts(page: Page): Promise<{ text: string; header: string; payload: string }> {
  const text = (await page.locator("pre[aria-label=Token]").textContent()) ?? "";
  const [header = "", payload = ""] = text.split(".").map((part) => Buffer.from(part, "base64url").toString());
  return { text, header, payload };
}

test.beforeEach(async ({ debuggerPage: page }) => {
  await page.getByRole("link", { name: "Encode" }).click();
  await expect(editor(page, "Payload")).toBeVisible();
});

test("begins with an example that is signed, and verifies in the decoder", async ({ debuggerPage: page }) => {
  expect((await parts(page)).header).toContain('"alg":"ES256"');
  await page.getByRole("button", { name: "Open in the decoder" }).click();
  await expect(verdict(page)).toHaveAttribute("data-tone", "good");
});

test("has an example for each algorithm", async ({ debuggerPage: page }) => {
  const picker = page.getByLabel("Algorithm");
  const names = await picker.locator("option").allTextContents();
  expect(names.length).toBeGreaterThanOrEqual(18);
  for (const name of ["HS256", "PS384", "ES512", "ES256K", "Ed25519", "ML-DSA-44"]) {
    await picker.selectOption(name);
    await page.getByRole("button", { name: "Example", exact: true }).click();
    await expect.poll(async () => (await parts(page)).header).toContain(`"alg":"${name}"`);
  }
});

test("signs what is typed, without its layout", async ({ debuggerPage: page }) => {
  await rewrite(page, "Payload", '{\n  "sub": "ada",\n  "n": 12345678901234567890.10\n}');
  await expect.poll(async () => (await parts(page)).payload).toBe('{"sub":"ada","n":12345678901234567890.10}');
});

test("signs byte for byte when told to", async ({ debuggerPage: page }) => {
  await page.getByLabel("Byte for byte").check();
  await rewrite(page, "Payload", '{ "a":1,\n"a":2}');
  await rewrite(page, "Header", '{"typ":"x", "alg" : "ES256"}');
  await expect.poll(async () => (await parts(page)).payload).toBe('{ "a":1,\n"a":2}');
  expect((await parts(page)).header).toBe('{"typ":"x", "alg" : "ES256"}');
  await expect(page.getByText("A verifier would object")).toBeVisible();
});

test("keeps the decoded token when crossing over, to the byte", async ({ debuggerPage: page }) => {
  await page.getByRole("link", { name: "Decode" }).click();
  const payload = '{"z":1e2, "a":"é","big":123456789012345678901234567890}';
  await pasteToken(page, unsigned({ alg: "HS256", kid: "k" }, payload));
  await page.getByRole("link", { name: "Encode" }).click();
  await expect(editor(page, "Payload")).toContainText("123456789012345678901234567890");
  await expect(page.getByLabel("Algorithm")).toHaveValue("HS256");
  await page.getByLabel("Byte for byte").check();
  await page.getByRole("textbox", { name: "Signing key" }).fill(SECRET);
  await expect.poll(async () => (await parts(page)).payload).toBe(payload);
});

test("completes registered names, and says what they mean", async ({ debuggerPage: page }) => {
  await rewrite(page, "Payload", "{");
  await page.keyboard.type('"au');
  const options = page.getByRole("listbox");
  await expect(options.getByRole("option").first()).toContainText("audAudience");
  await expect(page.getByText("RFC 7519 §4.1.3")).toBeVisible();
  // A list that has only just opened takes no Enter, lest it surprise those who type on.
  await page.waitForTimeout(150);
  await page.keyboard.press("Enter");
  await page.keyboard.type('"x"');
  await expect(editor(page, "Payload")).toContainText('{"aud": "x"');
  await rewrite(page, "Header", '{"alg": ');
  await page.keyboard.type('"ML');
  await expect(options.getByRole("option")).toHaveText([/ML-DSA-44/, /ML-DSA-65/, /ML-DSA-87/]);
});

test("says what is wrong while typing, at its exact place", async ({ debuggerPage: page }) => {
  await rewrite(page, "Payload", '{"sub":"é","exp":"soon"}');
  const wrong = page.locator(".cm-lintRange-error");
  await expect(wrong).toHaveText('"soon"');
  await expect(page.getByText("Line 1, column 18: exp is a string, expected a number of seconds since 1970")).toBeVisible();
  await page.getByRole("button", { name: "Line 1, column 18" }).click();
  await page.keyboard.insertText("5");
  await expect(editor(page, "Payload")).toHaveText('{"sub":"é","exp":5}');
  await rewrite(page, "Payload", '{"a":1,}');
  await expect(wrong).toHaveText("}");
});

test("sets lifetimes by buttons and leaves the rest alone", async ({ debuggerPage: page }) => {
  await rewrite(page, "Payload", '{"sub":"ada","n":1.0,"exp":5}');
  for (const [name, length] of [["15 min", 900], ["1 day", 86_400]] as const) {
    await page.getByRole("button", { name, exact: true }).click();
    const { sub, iat, exp } = JSON.parse((await parts(page)).payload) as { sub: string; iat: number; exp: number };
    expect(sub).toBe("ada");
    expect(exp - iat).toBe(length);
    expect(Math.abs(iat - seconds())).toBeLessThan(5);
  }
  expect((await parts(page)).payload).toContain('"n":1.0');
});

test("makes a key for the chosen algorithm", async ({ debuggerPage: page }) => {
  await page.getByLabel("Algorithm").selectOption("Ed25519");
  await expect(page.getByText("No token yet")).toBeVisible();
  await page.getByRole("button", { name: "New key for Ed25519" }).click();
  await expect.poll(async () => (await parts(page)).header).toContain('"alg":"Ed25519"');
  await expect(page.getByRole("textbox", { name: "Signing key" })).toHaveValue(/"crv": "Ed25519"/);
});

test("signs under several keys", async ({ debuggerPage: page }) => {
  await page.getByRole("button", { name: "Add a signature" }).click();
  await page.getByRole("button", { name: "New key for ES256" }).last().click();
  await expect(page.locator("pre[aria-label=Token]")).toContainText('"signatures"');
  const signatures = async () => (JSON.parse((await parts(page)).text) as { signatures: unknown[] }).signatures.length;
  await expect.poll(signatures).toBe(2);
});

test("refuses a weak secret until told otherwise", async ({ debuggerPage: page }) => {
  await page.getByLabel("Algorithm").selectOption("HS256");
  await page.getByRole("textbox", { name: "Signing key" }).fill("short");
  await expect(page.getByText("key_weak")).toBeVisible();
  await page.getByLabel("Sign under a weak key too").check();
  await expect(token(page)).toBeVisible();
  expect((await parts(page)).header).toContain('"alg":"HS256"');
});

test("what is made stays while other views are looked at", async ({ debuggerPage: page }) => {
  await rewrite(page, "Payload", '{"sub":"stays"}');
  await page.getByRole("link", { name: "Learn" }).click();
  await page.getByRole("link", { name: "Encode" }).click();
  await expect(editor(page, "Payload")).toContainText("stays");
});

test.describe("encryption", () => {
  const segments = async (page: Page) => (await parts(page)).text.split(".").length;

  test("for a key pair, and the decoder opens it", async ({ debuggerPage: page }) => {
    await page.getByText("Encrypt", { exact: true }).click();
    await page.getByRole("button", { name: "New key for ECDH-ES+A256KW" }).click();
    await expect.poll(() => segments(page)).toBe(5);
    expect((await parts(page)).header).toContain('"enc":"A256GCM"');
    await page.getByRole("button", { name: "Open in the decoder" }).click();
    await expect(page.getByText("Ada Lovelace").first()).toBeVisible();
  });

  test("of a signed token, which the decoder opens as a tree", async ({ debuggerPage: page }) => {
    await page.getByText("Sign, then encrypt").click();
    await page.getByRole("button", { name: "New key for ECDH-ES+A256KW" }).click();
    await expect.poll(() => segments(page)).toBe(5);
    expect((await parts(page)).header).toContain('"cty":"JWT"');
    await page.getByRole("button", { name: "Open in the decoder" }).click();
    await expect(page.getByText("Ada Lovelace").first()).toBeVisible();
  });

  test("under a password is made when asked for, and goes when what it was made of changes", async ({ debuggerPage: page }) => {
    await page.getByText("Encrypt", { exact: true }).click();
    await page.getByLabel("Algorithm").selectOption("PBES2-HS256+A128KW");
    await page.getByRole("textbox", { name: "Recipient's key" }).fill("correct horse battery staple");
    await page.getByRole("button", { name: "Encrypt", exact: true }).click();
    await expect.poll(() => segments(page), { timeout: 20_000 }).toBe(5);
    await rewrite(page, "Payload", '{"other":1}');
    await expect(page.locator("pre[aria-label=Token]")).toHaveCount(0);
  });
});
