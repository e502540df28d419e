import { createCipheriv, randomBytes } from "node:crypto";
import { hs256, seconds, SECRET } from "./samples.ts";
import { expect, keyField, pasteToken, test, verdict } from "./support.ts";

const KEY = Buffer.from("0123456789abcdef0123456789abcdef");

/** A compact JWE, encrypted directly under the shared key. */
function encrypted(plaintext: string, header: object = {}): string {
  const protectedHeader = Buffer.from(JSON.stringify({ alg: "dir", enc: "A256GCM", ...header })).toString("base64url");
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", KEY, iv).setAAD(Buffer.from(protectedHeader));
  const text = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  return [protectedHeader, "", iv.toString("base64url"), text.toString("base64url"), cipher.getAuthTag().toString("base64url")].join(".");
}

const decryptionKey = (page: Parameters<typeof verdict>[0]) => page.locator("#decryption-key textarea:not([readonly])");

test("an encrypted token opens with its key, the inner one as a tree, and is verified with the other", async ({ debuggerPage: page }) => {
  await pasteToken(page, encrypted(hs256({ sub: "inner", exp: seconds() + 60 }), { cty: "JWT" }));
  await expect(verdict(page)).toContainText("Encrypted, not verified");
  await expect(page.locator("#token-editor .name-opaque")).toHaveText(["IV", "ciphertext", "tag"]);
  await decryptionKey(page).fill(KEY.toString());
  await expect(verdict(page)).toContainText("Decrypted, not verified");
  const tree = page.getByRole("region", { name: "Tokens inside this one" });
  await expect(tree).toContainText("Signed token");
  await expect(tree.locator("code.value", { hasText: /^inner$/ })).toBeVisible();
  await keyField(page).fill(SECRET);
  await expect(verdict(page)).toContainText("Decrypted and verified");
  await keyField(page).fill(`${SECRET}!`);
  await expect(verdict(page)).toHaveAttribute("data-tone", "bad");
});

test("content that is no token is shown as it is", async ({ debuggerPage: page }) => {
  await pasteToken(page, encrypted('{"sub":"inner","n":123456789012345678901234567890}'));
  await decryptionKey(page).fill(KEY.toString("hex"));
  await expect(verdict(page)).toHaveAttribute("data-tone", "bad");
  await page.locator("#decryption-key").getByRole("radio", { name: "hex", exact: true }).check();
  await expect(verdict(page)).toContainText("Decrypted, not verified");
  await expect(page.getByText("123456789012345678901234567890").first()).toBeVisible();
});
