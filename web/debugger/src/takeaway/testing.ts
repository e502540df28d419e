// Fixed input of the tests of this folder: the values are as hostile as claims can be.

import { readFileSync } from "node:fs";
import { createPublicKey, type JsonWebKey } from "node:crypto";
import type { Pinned } from "./pinned";

type TestKey = JsonWebKey & { kid: string; alg: string };

const file = new URL("../../../../crates/testkit/src/test_keys.json", import.meta.url);
const { keys } = JSON.parse(readFileSync(file, "utf8")) as { keys: TestKey[] };

export function testKey(algorithm: string): TestKey {
  const key = keys.find((candidate) => candidate.alg === algorithm);
  if (!key) throw new Error(`no test key for ${algorithm}`);
  return key;
}

export function publicPemOf(algorithm: string): string {
  const pem = createPublicKey({ key: testKey(algorithm), format: "jwk" }).export({ type: "spki", format: "pem" });
  return pem.toString();
}

export const HOSTILE_ISSUER = "https://issuer.example/a'b\"c\\d\n$x`{y}\u202e\u{e0001} é 字";

/** Everything that code can be pinned to, under a public key. */
export function allRules(): Pinned {
  return {
    algorithm: "ES256",
    issuers: [HOSTILE_ISSUER],
    audiences: ["https://api.example", "it's"],
    types: ["at+jwt"],
    required: ["exp", "client_id"],
    leeway: 30,
    maxAge: 3600,
    subject: 'ada "the" countess',
    key: { kind: "public", pem: publicPemOf("ES256") },
  };
}

/** Under a secret, with the rules for which libraries have no option. */
export function sharedSecret(): Pinned {
  return {
    algorithm: "HS256",
    issuers: ["https://issuer.example", "https://other.example"],
    audiences: [],
    types: ["JWT", "application/notes+jwt"],
    typeOptional: true,
    required: ["exp", "sub"],
    leeway: 0,
    key: { kind: "secret", encoding: "base64url" },
    policy: {
      toml: 'algorithms = ["HS256"]\nissuer = ["https://issuer.example", "https://other.example"]\ntype = ["JWT", "application/notes+jwt"]\ntype_optional = true\nrequired = ["exp", "sub"]\nforbidden = ["nonce"]\n',
      further: ["forbidden"],
    },
  };
}

/** As little as possible; the key is in a file. */
export function bare(): Pinned {
  return { algorithm: "ES256", issuers: [], audiences: [], types: [], required: [], leeway: 0, key: { kind: "public" } };
}

export const CASES = { all_rules: allRules, shared_secret: sharedSecret, bare } as const;
