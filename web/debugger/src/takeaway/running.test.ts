// The code for Node and Python is really run: it accepts what it should, and refuses all else.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importJWK, SignJWT, type JWTHeaderParameters } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HOSTILE_ISSUER, allRules, sharedSecret, testKey } from "./testing";
import { node } from "./node";
import { python } from "./python";
import type { Pinned, Snippet, Unsupported } from "./pinned";

// PyJWT is among the peers that `cargo xtask test` installs.
const installed = join(import.meta.dirname, "../../../../target/interop/venv/bin/python");
const imports = (python: string) => spawnSync(python, ["-c", "import jwt, cryptography"]).status === 0;
const found = [process.env.JETON_PYTHON ?? installed, "python3"].find(imports);
const PYTHON = found ?? "python3";
const hasPyJwt = found !== undefined;
const now = Math.floor(Date.now() / 1000);

let folder = "";
beforeAll(() => {
  // Inside the package, so that Node finds jose.
  folder = mkdtempSync(join(import.meta.dirname, "..", "..", ".takeaway-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Case {
  what: string;
  accepted: boolean;
  header?: { typ: string | undefined };
  claims?: Record<string, unknown>;
}

const publicKeyCases: Case[] = [
  { what: "as expected", accepted: true },
  { what: "another audience of the list", accepted: true, claims: { aud: ["x", "it's"] } },
  { what: "the type with its prefix", accepted: true, header: { typ: "application/AT+jwt" } },
  { what: "expired within the leeway", accepted: true, claims: { exp: now - 10 } },
  { what: "expired", accepted: false, claims: { exp: now - 60 } },
  { what: "no exp", accepted: false, claims: { exp: undefined } },
  { what: "another issuer", accepted: false, claims: { iss: "https://issuer.example/" } },
  { what: "no issuer", accepted: false, claims: { iss: undefined } },
  { what: "another audience", accepted: false, claims: { aud: "https://api.example/" } },
  { what: "another subject", accepted: false, claims: { sub: "bob" } },
  { what: "another type", accepted: false, header: { typ: "JWT" } },
  { what: "no type", accepted: false, header: { typ: undefined } },
  { what: "a required claim missing", accepted: false, claims: { client_id: undefined } },
  { what: "issued too long ago", accepted: false, claims: { iat: now - 4000 } },
  { what: "no iat", accepted: false, claims: { iat: undefined } },
];

const secretCases: Case[] = [
  { what: "as expected", accepted: true },
  { what: "the other issuer", accepted: true, claims: { iss: "https://other.example" } },
  { what: "no type", accepted: true, header: { typ: undefined } },
  { what: "the other type without its prefix", accepted: true, header: { typ: "notes+JWT" } },
  { what: "a third issuer", accepted: false, claims: { iss: "https://third.example" } },
  { what: "another type", accepted: false, header: { typ: "at+jwt" } },
  { what: "a required claim missing", accepted: false, claims: { sub: undefined } },
];

describe("Node, public key", () => run(allRules, publicKeyCases, node, runNode));
describe("Node, secret", () => run(sharedSecret, secretCases, node, runNode));
describe.runIf(hasPyJwt)("Python, public key", () => run(allRules, publicKeyCases, python, runPython));
describe.runIf(hasPyJwt)("Python, secret", () => run(sharedSecret, secretCases, python, runPython));

type Writer = (pinned: Pinned) => Snippet | Unsupported;

function run(pinned: () => Pinned, cases: Case[], write: Writer, execute: (code: string, tokens: string[], env: object) => boolean[]) {
  it("accepts and refuses", async () => {
    const { algorithm, key } = pinned();
    const snippet = write(pinned());
    if ("unsupported" in snippet) throw new Error(snippet.unsupported);
    const tokens = await Promise.all(cases.map((one) => sign(algorithm, one)));
    const env = key.kind === "secret" ? { TOKEN_SECRET: testKey(algorithm).k } : {};
    const seen = execute(snippet.text, tokens, env);
    expect(Object.fromEntries(cases.map(({ what }, at) => [what, seen[at]]))).toEqual(
      Object.fromEntries(cases.map(({ what, accepted }) => [what, accepted])),
    );
  });
}

async function sign(algorithm: string, { header, claims }: Case): Promise<string> {
  const usual = algorithm === "ES256"
    ? { iss: HOSTILE_ISSUER, aud: "https://api.example", sub: 'ada "the" countess', client_id: "c" }
    : { iss: "https://issuer.example", sub: "ada" };
  const type = algorithm === "ES256" ? "at+jwt" : "JWT";
  return new SignJWT({ exp: now + 300, iat: now - 5, ...usual, ...claims })
    .setProtectedHeader({ alg: algorithm, typ: type, ...header } as JWTHeaderParameters)
    .sign(await importJWK(testKey(algorithm), algorithm));
}

function runNode(code: string, tokens: string[], env: object): boolean[] {
  writeFileSync(join(folder, "verify.mjs"), code);
  const program = `import { verify } from "./verify.mjs";
    const seen = await Promise.all(${JSON.stringify(tokens)}.map((token) => verify(token).then(() => true, () => false)));
    console.log(JSON.stringify(seen));`;
  writeFileSync(join(folder, "run.mjs"), program);
  return answers(execFileSync("node", ["run.mjs"], { cwd: folder, env: { ...process.env, ...env }, encoding: "utf8" }));
}

function runPython(code: string, tokens: string[], env: object): boolean[] {
  writeFileSync(join(folder, "verify.py"), code);
  const program = `import json, jwt, verify
def accepted(token):
    try:
        return bool(verify.verify(token))
    except jwt.InvalidTokenError:
        return False
print(json.dumps([accepted(token) for token in ${JSON.stringify(tokens)}]))`;
  return answers(execFileSync(PYTHON, ["-c", program], { cwd: folder, env: { ...process.env, ...env }, encoding: "utf8" }));
}

function answers(text: string): boolean[] {
  return JSON.parse(text) as boolean[];
}
