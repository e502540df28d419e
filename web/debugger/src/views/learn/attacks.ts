// The classic attacks, made on the spot with fresh keys. Every one is a token and what a verifier
// asks of it; none may be accepted.

import type { Core } from "../../workbench/door";
import { encodeText } from "../../workbench/base64url-text";
import type { KeyInput } from "../../workbench/operations/keys";
import type { VerifyRequest } from "../../workbench/operations/verify";
import type { learn } from "../../texts/learn";

export type AttackId = keyof (typeof learn)["attacks"]["list"];

export interface Attack {
  id: AttackId;
  request: VerifyRequest;
}

export interface Attacks {
  genuine: VerifyRequest;
  attacks: Attack[];
}

type Ask = Core["ask"];

/** Who signs and who verifies: one issuer, with a key pair. */
class Scene {
  readonly #ask: Ask;
  readonly #now: number;
  readonly #key: KeyInput;
  readonly publicKey: KeyInput;
  readonly publicPem: string;

  constructor(ask: Ask, now: number, alg: string) {
    this.#ask = ask;
    this.#now = now;
    const made = ask("keys/generate", { alg, kid: "2026-01" });
    this.#key = { text: JSON.stringify(made.ok ? made.answer.private : {}) };
    this.publicKey = { text: JSON.stringify(made.ok ? made.answer.public : {}) };
    this.publicPem = (made.ok ? made.answer.public_pem : undefined) ?? "";
  }

  claims(others: object = {}): string {
    const now = this.#now;
    const usual = { iss: "https://issuer.example", sub: "mallory", aud: "https://api.example", iat: now - 60, exp: now + 840 };
    return JSON.stringify({ ...usual, admin: false, ...others });
  }

  sign(payload: string, header: object = {}, key: KeyInput = this.#key, alg?: string): string {
    const request = { payload, header: JSON.stringify({ typ: "at+jwt", ...header }), exact: false, allow_weak: true };
    const signed = this.#ask("tokens/sign", { ...request, keys: [alg === undefined ? key : { ...key, alg }] }, this.#now);
    return signed.ok && typeof signed.answer.token === "string" ? signed.answer.token : "";
  }

  /** A token with parts that nobody would sign. */
  forge(header: object, payload: string, signature: string): string {
    return `${encodeText(JSON.stringify(header))}.${encodeText(payload)}.${signature}`;
  }

  asked(token: string, policy: VerifyRequest["policy"] = EXPECTED): VerifyRequest {
    return { token, key: this.publicKey, policy };
  }
}

const EXPECTED = { issuer: "https://issuer.example", audience: "https://api.example", type: "at+jwt" };

export function attacks(ask: Ask, now: number): Attacks {
  const scene = new Scene(ask, now, "ES256");
  const stranger = new Scene(ask, now, "ES256");
  const genuine = scene.sign(scene.claims());
  const [header = "", , signature = ""] = genuine.split(".");
  const admin = scene.claims({ admin: true });
  const named = { alg: "ES256", typ: "at+jwt", kid: "2026-01" };
  const own = stranger.publicKey.text === undefined ? {} : (JSON.parse(stranger.publicKey.text) as object);

  const tokens: Record<AttackId, string> = {
    none: scene.forge({ ...named, alg: "none" }, admin, ""),
    none_case: scene.forge({ ...named, alg: "nOnE" }, admin, ""),
    confusion: scene.sign(admin, { kid: "2026-01" }, { secret: scene.publicPem }, "HS256"),
    changed: `${header}.${encodeText(admin)}.${signature}`,
    stripped: `${header}.${encodeText(admin)}.`,
    zeros: `${header}.${encodeText(admin)}.${"A".repeat(86)}`,
    embedded: stranger.sign(admin, { kid: "2026-01", jwk: own }),
    kid: scene.sign(admin, { kid: "../../dev/null" }, { secret: "\0".repeat(32) }, "HS256"),
    crit: scene.sign(admin, { crit: ["scope-of-use"], "scope-of-use": "tests only" }),
    duplicate: scene.sign(scene.claims().replace('"admin":false', '"admin":false,"admin":true')),
    expired: scene.sign(scene.claims({ iat: now - 7200, exp: now - 3600 })),
    audience: scene.sign(scene.claims({ aud: "https://photos.example" })),
    type: scene.sign(scene.claims({ nonce: "n-0S6" }), { typ: "JWT" }),
    lifetime: scene.sign(scene.claims().replace(/"exp":\d+/, '"exp":1e400')),
  };
  const ids = Object.keys(tokens) as AttackId[];
  const requests = ids.map((id) => ({ id, request: scene.asked(tokens[id]) }));
  // A path for a name only tempts a verifier that has secrets under names.
  const secrets = { text: `{"keys":[{"kty":"oct","kid":"2026-01","alg":"HS256","k":"${encodeText("0".repeat(32))}"}]}` };
  for (const { id, request } of requests) if (id === "kid") request.key = secrets;
  return { genuine: scene.asked(genuine), attacks: requests };
}
