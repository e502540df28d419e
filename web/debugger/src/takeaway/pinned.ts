/** What verifying code is pinned to. Times are in seconds. */
export interface Pinned {
  algorithm: string;
  issuers: string[];
  audiences: string[];
  subject?: string | undefined;
  types: string[];
  typeOptional?: boolean | undefined;
  required: string[];
  leeway: number;
  maxAge?: number | undefined;
  key: PinnedKey;
  /** The policy as TOML, and the rules of it that no library has an option for. */
  policy?: { toml: string; further: string[] } | undefined;
}

/** A public key may stand in code; a secret is read from the environment. */
export type PinnedKey =
  | { kind: "public"; pem?: string | undefined }
  | { kind: "secret"; encoding: SecretEncoding };

export type SecretEncoding = "utf8" | "base64" | "base64url" | "hex";

export interface Snippet {
  text: string;
  /** Rules of the policy that this code does not hold. */
  omitted: string[];
}

/** Why there is no code: the library lacks the algorithm. */
export interface Unsupported {
  unsupported: string;
}

export const SECRET_NAME = "TOKEN_SECRET";
export const TOKEN_NAME = "TOKEN";

/** The PEM, if it is a public key and nothing else, so that it can stand in any quotes. */
export function publicPem(key: PinnedKey): string | undefined {
  if (key.kind !== "public" || key.pem === undefined) return undefined;
  const pem = key.pem.trim().replaceAll("\r\n", "\n");
  const form = /^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=]+\n)+-----END PUBLIC KEY-----$/;
  return form.test(pem) ? pem : undefined;
}

/** HMAC output in bytes, the least that its secret may have. */
export function secretLength(algorithm: string): number {
  return Number(algorithm.slice(2)) / 8;
}

/** The types as they are compared: lower case, without `application/`. */
export function comparableTypes(pinned: Pinned): string[] {
  const bare = pinned.types.map((type) => type.toLowerCase().replace(/^application\//, ""));
  return [...new Set(bare)];
}

export function withIssuedAt(pinned: Pinned): string[] {
  const names = pinned.maxAge === undefined ? pinned.required : [...pinned.required, "iat"];
  return [...new Set(names)];
}

/** Lines of code; what is `undefined` or `false` is left out. */
export type Line = string | false | undefined;

export function lines(...parts: (Line | Line[])[]): string {
  const kept = parts.flat().filter((part): part is string => typeof part === "string");
  return `${kept.join("\n")}\n`;
}
