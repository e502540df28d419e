import { createHash } from "node:crypto";
import { hs256, seconds, SECRET } from "./samples.ts";
import { expect, keyField, pasteToken, test, verdict } from "./support.ts";

const encode = (text: string) => Buffer.from(text).toString("base64url");
const digest = (disclosure: string) => createHash("sha256").update(disclosure).digest("base64url");

test("disclosures are shown, and where they go; the whole is verified", async ({ debuggerPage: page }) => {
  const shown = encode('["salt-1","given_name","Ada"]');
  const kept = encode('["salt-2","birthdate","1815-12-10"]');
  const issued = hs256({ iss: "https://id.example", exp: seconds() + 60, _sd_alg: "sha-256", _sd: [digest(shown), digest(kept)] });
  await pasteToken(page, `${issued}~${shown}~`);
  const disclosures = page.getByRole("region", { name: "Disclosures" });
  await expect(disclosures).toContainText("1 disclosed, 1 kept back");
  await expect(disclosures.getByRole("listitem")).toContainText(["given_name"]);
  await expect(disclosures).toContainText("goes to /given_name");
  await expect(page.getByRole("region", { name: "Claims as disclosed" }).first()).toContainText('"given_name": "Ada"');
  await keyField(page).fill(SECRET);
  await expect(verdict(page)).toContainText("Verified under the key you gave");
  await pasteToken(page, `${issued}~${encode('["salt-1","given_name","Eve"]')}~`);
  await expect(verdict(page)).toHaveAttribute("data-tone", "bad");
});
