// Tokens made here, with Node's own cryptography, so that the page is held against another maker.

import { createHmac, generateKeyPairSync, sign, type KeyObject } from "node:crypto";

export const SECRET = "a shared secret that is long enough for HS256";

const part = (content: string | Buffer) => Buffer.from(content).toString("base64url");

export function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

export function hs256(payload: object, secret: string | Buffer = SECRET, header: object = {}): string {
  const input = `${part(JSON.stringify({ alg: "HS256", typ: "JWT", ...header }))}.${part(JSON.stringify(payload))}`;
  return `${input}.${part(createHmac("sha256", secret).update(input).digest())}`;
}

export interface Pair {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export function ecPair(): Pair {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

export function es256(payload: object, { privateKey }: Pair, header: object = {}): string {
  const input = `${part(JSON.stringify({ alg: "ES256", typ: "JWT", ...header }))}.${part(JSON.stringify(payload))}`;
  return `${input}.${part(sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" }))}`;
}

export function pem({ publicKey }: Pair): string {
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}

export function der({ publicKey }: Pair): Buffer {
  return publicKey.export({ type: "spki", format: "der" });
}

export function jwk({ publicKey }: Pair, kid: string): object {
  return { ...publicKey.export({ format: "jwk" }), kid, alg: "ES256", use: "sig" };
}
