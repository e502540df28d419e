import { readFile } from "node:fs/promises";
import { der, ecPair, es256, hs256, jwk, pem, seconds, SECRET } from "./samples.ts";
import { expect, keyField, pasteToken, test, verdict } from "./support.ts";

const good = (page: Parameters<typeof verdict>[0]) => expect(verdict(page)).toHaveAttribute("data-tone", "good");

test.describe("keys", () => {
  test("a secret in each encoding, shown or hidden", async ({ debuggerPage: page }) => {
    const bytes = Buffer.from(SECRET);
    await pasteToken(page, hs256({ sub: "a" }));
    for (const [encoding, text] of [
      ["UTF-8", SECRET],
      ["base64", bytes.toString("base64")],
      ["base64url", bytes.toString("base64url")],
      ["hex", bytes.toString("hex")],
    ] as const) {
      await keyField(page).fill(text);
      await page.getByRole("radio", { name: encoding, exact: true }).check();
      await good(page);
    }
    await expect(keyField(page)).toHaveCSS("-webkit-text-security", "disc");
    await page.locator("#key").getByRole("button", { name: "Show" }).click();
    await expect(keyField(page)).toHaveCSS("-webkit-text-security", "none");
  });

  test("PEM, DER file, JWK and JWK Set are recognised", async ({ debuggerPage: page }) => {
    const [pair, other] = [ecPair(), ecPair()];
    await pasteToken(page, es256({ sub: "a" }, pair, { kid: "mine" }));
    await keyField(page).fill(pem(pair));
    await good(page);
    await page.locator("#key input[type=file]").setInputFiles({ name: "key.der", mimeType: "application/octet-stream", buffer: der(pair) });
    await good(page);
    await expect(page.locator("#key input.field").first()).toHaveValue(/key\.der/);
    await page.locator("#key").getByRole("button", { name: "Clear" }).click();
    await keyField(page).fill(JSON.stringify(jwk(pair, "mine")));
    await good(page);
    await keyField(page).fill(JSON.stringify({ keys: [jwk(other, "other"), jwk(pair, "mine")] }));
    await good(page);
    await expect(page.locator("#key li", { hasText: "mine" })).toContainText("verifies it");
    await expect(page.locator("#key li", { hasText: "other" })).not.toContainText("verifies it");
  });

  test("a key file can be dropped", async ({ debuggerPage: page }) => {
    const pair = ecPair();
    await pasteToken(page, es256({ sub: "a" }, pair));
    const dropped = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], "issuer.pem"));
      return transfer;
    }, pem(pair));
    await page.locator("#key .drop").dispatchEvent("drop", { dataTransfer: dropped });
    await good(page);
  });

  test("a key that was given is not thrown away", async ({ debuggerPage: page }) => {
    await pasteToken(page, hs256({ sub: "a" }));
    await keyField(page).fill(SECRET);
    await page.locator("#key").getByRole("button", { name: "Clear" }).click();
    await expect(verdict(page)).toContainText("Not verified");
    await page.locator("#key").getByRole("button", { name: /^Secret/ }).click();
    await good(page);
    await pasteToken(page, hs256({ sub: "another" }));
    await good(page);
  });

  test("keys are generated and converted", async ({ debuggerPage: page }) => {
    await page.getByText("Generate, convert, fetch").click();
    await page.locator("#key").getByRole("combobox", { name: "Algorithm" }).selectOption("ES384");
    await page.locator("#key").getByRole("button", { name: "Generate" }).click();
    await expect(keyField(page)).toHaveValue(/"crv": "P-384"/);
    await expect(page.locator("#key textarea[readonly]")).toHaveValue(/BEGIN PUBLIC KEY/);
    await page.locator("#key").getByRole("button", { name: "Use as the key" }).click();
    await expect(keyField(page)).toHaveValue(/BEGIN PUBLIC KEY/);
    await expect(page.locator("#key")).toContainText("P-384");
  });

  test("a set is fetched on a click that names the host", async ({ debuggerPage: page }) => {
    const pair = ecPair();
    const asked: string[] = [];
    await page.route("**/api/jwks/fetch", async (route) => {
      asked.push(route.request().postData() ?? "");
      await route.fulfill({ json: { text: JSON.stringify({ keys: [jwk(pair, "mine")] }) } });
    });
    await pasteToken(page, es256({ iss: "https://id.example" }, pair, { kid: "mine" }));
    await page.getByText("Generate, convert, fetch").click();
    expect(asked).toEqual([]);
    await page.getByRole("button", { name: "Fetch from id.example" }).click();
    await good(page);
    expect(asked).toEqual([JSON.stringify({ url: "https://id.example/.well-known/jwks.json", confirm_host: "id.example" })]);
  });
});

test("the doctor says what would match and corrects the key", async ({ debuggerPage: page }) => {
  const secret = Buffer.from(SECRET);
  await pasteToken(page, hs256({ sub: "a" }, secret));
  await keyField(page).fill(secret.toString("base64"));
  await expect(verdict(page)).toContainText("signature_mismatch");
  await expect(page.getByRole("region", { name: "Signature doctor" })).toContainText("base64");
  await expect(verdict(page)).toContainText("signature_mismatch");
  await page.getByRole("button", { name: "Correct the key" }).click();
  await good(page);
});

test.describe("claims and times", () => {
  test("claims are explained with their section", async ({ debuggerPage: page }) => {
    await pasteToken(page, hs256({ iss: "https://id.example", exp: seconds() + 3600 }));
    const claims = page.getByRole("region", { name: "Claims", exact: true }).first();
    await expect(claims).toContainText("Who made the token");
    await expect(claims.getByRole("link", { name: "RFC 7519 §4.1.1" })).toHaveAttribute("href", /rfc7519#section-4\.1\.1/);
    await expect(claims).toContainText(/in 59 minutes|in 1 hour/);
  });

  test("the clock and the leeway show when it is accepted", async ({ debuggerPage: page }) => {
    const now = seconds();
    await keyField(page).fill(SECRET);
    await pasteToken(page, hs256({ iat: now, nbf: now, exp: now + 600 }));
    await good(page);
    await expect(page.getByRole("img", { name: /^Timeline: By its times it is accepted/ })).toBeVisible();
    await page.locator("#times").getByRole("button", { name: "expires" }).click();
    await expect(verdict(page)).toContainText("token_expired");
    await page.locator("#leeway").focus();
    await page.keyboard.press("ArrowRight");
    await good(page);
    await page.locator("#clock").fill("2001-01-01T00:00:00");
    await expect(verdict(page)).toContainText("token_not_yet_valid");
    await page.locator("#times").getByRole("button", { name: "Now" }).click();
    await good(page);
  });
});

test.describe("expectations", () => {
  test("are checked in order, with what was wanted and seen", async ({ debuggerPage: page }) => {
    await keyField(page).fill(SECRET);
    await pasteToken(page, hs256({ iss: "https://id.example", aud: "api", iat: seconds() }));
    await page.getByLabel("Issuer").fill("https://other.example");
    await expect(verdict(page)).toContainText("issuer_mismatch");
    const check = page.locator("#checks li[data-rule=iss]");
    await expect(check).toContainText("https://other.example");
    await expect(check).toContainText("https://id.example");
    await page.getByRole("button", { name: "Take from the token" }).click();
    await good(page);
    await page.getByLabel("Required claims").fill("sub");
    await expect(verdict(page)).toContainText("claim_missing");
    await page.getByLabel("Required claims").fill("");
    await page.getByLabel("Preset").selectOption("id-token");
    await expect(verdict(page)).toHaveAttribute("data-tone", "bad");
    const rules = await page.locator("#checks li").evaluateAll((all) => all.map((each) => each.getAttribute("data-rule")));
    expect(rules.slice(0, 2)).toEqual(["form", "payload_encoding"]);
    expect(rules.indexOf("signature")).toBeLessThan(rules.indexOf("iss"));
  });

  test("go out and come in as a policy file", async ({ debuggerPage: page }) => {
    await page.getByLabel("Issuer").fill("https://id.example");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as policy file" }).click();
    const text = await readFile(await (await saved).path(), "utf8");
    expect(text).toContain("https://id.example");
    const file = { name: "policy.toml", mimeType: "application/toml", buffer: Buffer.from(`audience = "api"\n${text}`) };
    await page.locator("#expectations input[type=file]").setInputFiles(file);
    await expect(page.getByLabel("Audience")).toHaveValue("api");
    await expect(page.getByLabel("Issuer")).toHaveValue("https://id.example");
  });
});
