import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { hs256, seconds, SECRET } from "./samples.ts";
import { expect, keyField, pasteToken, test, verdict } from "./support.ts";

const claims = () => ({ iss: "https://issuer.example/o'hara", aud: "https://api.example", sub: "ada", email: "ada@example", exp: seconds() + 600 });

test.describe("taking it elsewhere", () => {
  test("the command and the code are pinned to what the token has", async ({ debuggerPage: page }) => {
    const token = hs256(claims());
    await pasteToken(page, token);
    await keyField(page).fill(SECRET);
    await page.getByRole("button", { name: "Take away" }).click();
    const code = page.getByRole("dialog").locator("pre");
    await expect(code).toContainText("--secret-env TOKEN_SECRET");
    await expect(code).toContainText("--iss='https://issuer.example/o'\\''hara'");
    for (const [name, text] of [
      ["Rust", 'Policy::new(Algorithm::HS256)'],
      ["Node", 'algorithms: ["HS256"]'],
      ["Python", 'algorithms=["HS256"]'],
      ["Go", 'jwt.WithValidMethods([]string{"HS256"})'],
      ["Java", 'JWSAlgorithm.parse("HS256")'],
      ["C#", 'ValidAlgorithms = ["HS256"]'],
    ] as const) {
      await page.getByRole("dialog").getByRole("radio", { name, exact: true }).check();
      await expect(code).toContainText(text);
      await expect(code).toContainText("https://issuer.example/o'hara");
      await expect(code).toContainText("TOKEN_SECRET");
      expect(await code.textContent()).not.toContain(SECRET);
      expect(await code.textContent()).not.toContain(token.split(".")[2]);
    }
    await expect(page.getByRole("dialog")).toContainText("Taken from the token");
  });

  test("the token is in a command only when asked for", async ({ debuggerPage: page }) => {
    const token = hs256(claims());
    await pasteToken(page, token);
    await page.getByRole("button", { name: "Take away" }).click();
    await page.getByRole("dialog").getByRole("radio", { name: "curl" }).check();
    const code = page.getByRole("dialog").locator("pre");
    await expect(code).toHaveText('curl --header "Authorization: Bearer $TOKEN" \\\n  https://api.example\n');
    await page.getByLabel("With the token in it").check();
    await expect(code).toContainText(token);
  });

  test("expectations become the policy file", async ({ debuggerPage: page }) => {
    await pasteToken(page, hs256(claims()));
    await page.getByLabel("Issuer", { exact: true }).fill("https://expected.example");
    await page.getByRole("button", { name: "Take away" }).click();
    await page.getByRole("dialog").getByRole("radio", { name: "Policy file" }).check();
    await expect(page.getByRole("dialog").locator("pre")).toContainText('issuer = "https://expected.example"');
    await page.getByRole("dialog").getByRole("radio", { name: "Rust" }).check();
    await expect(page.getByRole("dialog").locator("pre")).toContainText('.issuer("https://expected.example")');
  });

  test("an empty page says what is missing", async ({ debuggerPage: page }) => {
    await page.getByRole("button", { name: "Take away" }).click();
    await expect(page.getByRole("dialog")).toContainText("Decode a token that is signed first");
  });
});

test.describe("sharing", () => {
  test("the link has no signature, no key, and no masked value; it opens", async ({ debuggerPage: page, home }) => {
    const token = hs256(claims());
    await pasteToken(page, token);
    await keyField(page).fill(SECRET);
    await page.getByRole("button", { name: "Share" }).click();
    const link = await page.getByRole("dialog").getByLabel("Link").inputValue();
    expect(link.startsWith(`${home}#token=`)).toBe(true);
    expect(link).not.toContain(token.split(".")[2]);
    expect(link).not.toContain(SECRET);
    await page.goto("about:blank");
    await page.goto(link);
    await expect(page.locator("code.value", { hasText: "•••" })).toHaveCount(2);
    await expect(page.getByText("https://issuer.example/o'hara").first()).toBeVisible();
    await expect(page.getByText("ada@example")).toHaveCount(0);
    expect(new URL(page.url()).hash).toBe("");
    await keyField(page).fill(SECRET);
    await expect(verdict(page)).toHaveAttribute("data-tone", "bad");
  });

  test("what is masked is chosen", async ({ debuggerPage: page }) => {
    await pasteToken(page, hs256(claims()));
    await page.getByRole("button", { name: "Share" }).click();
    const dialog = page.getByRole("dialog");
    const link = () => dialog.getByLabel("Link").inputValue();
    const payload = async () => Buffer.from((await link()).split("#token=")[1]?.split(".")[1] ?? "", "base64url").toString();
    await expect(dialog.getByLabel("email")).toBeChecked();
    await dialog.getByLabel("email").uncheck();
    expect(await payload()).toContain("ada@example");
    await dialog.getByRole("button", { name: "All" }).click();
    expect(await payload()).toMatch(/^\{("[a-z]+":"•••",?)+\}$/);
  });
});

test.describe("links of other tools", () => {
  for (const name of ["token", "id_token", "access_token", "value"]) {
    test(`#${name}= opens, and leaves the address bar`, async ({ page, home }) => {
      await page.goto(`${home}#state=x&${name}=${hs256({ sub: `by-${name}` })}`);
      await expect(page.locator("code.value", { hasText: `by-${name}` })).toBeVisible();
      expect(page.url()).toBe(home);
      expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
    });
  }

  test("an access token beside an id token is held against it", async ({ page, home }) => {
    const access = "an.access.token";
    const digest = createHash("sha256").update(access).digest();
    const [pem, token] = es256({ at_hash: digest.subarray(0, 16).toString("base64url") });
    const open = async (accessToken: string) => {
      await page.goto("about:blank");
      await page.goto(`${home}#id_token=${token}&access_token=${accessToken}&publicKey=${encodeURIComponent(pem)}`);
    };
    await open(access);
    await expect(verdict(page)).toHaveAttribute("data-tone", "good");
    await expect(page.locator("#beside .match")).toContainText("at_hash");
    await open("another.access.token");
    await expect(verdict(page)).toHaveAttribute("data-tone", "bad");
    await expect(page.locator("#beside .mismatch")).toContainText("at_hash");
    await page.getByRole("button", { name: "Leave it out" }).click();
    await expect(verdict(page)).toHaveAttribute("data-tone", "good");
    await expect(page.locator("#beside")).toHaveCount(0);
  });

  test("#debugger-io brings its public key", async ({ page, home }) => {
    const [pem, token] = es256();
    await page.goto(`${home}#debugger-io?token=${token}&publicKey=${encodeURIComponent(pem)}`);
    await expect(verdict(page)).toHaveAttribute("data-tone", "good");
    expect(page.url()).toBe(home);
  });
});

/** A public key and a token under it. */
function es256(claims: object = {}): [string, string] {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "ES256" })}.${part({ sub: "ada", ...claims })}`;
  const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return [publicKey.export({ type: "spki", format: "pem" }).toString(), `${signed}.${signature.toString("base64url")}`];
}
