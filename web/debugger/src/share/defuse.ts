/**
 * A token made fit to be shown to others: it says the same and opens nothing. What proves
 * (signatures, tags, encrypted keys) is replaced by a marker, so that it can't be brought back.
 */
import { decodeText, encodeText } from "../workbench/base64url-text";
import { memberSpans } from "../workbench/json-members";

/** Canonical base64url, so that the token still reads; 24 bytes, which is no algorithm's length. */
export const MARKER = "SIGNATURE_REMOVED_BEFORE_SHARING";
export const MASK = "•••";

export type Refusal = "not_a_token" | "private_key";

export interface Defused {
  text: string;
}

/** A compact token, an SD-JWT, or a token in JSON. `masked` names claims whose values are hidden. */
export function defuse(text: string, masked: ReadonlySet<string>): Defused | { refused: Refusal } {
  const token = text.trim();
  const defused = token.startsWith("{") ? defuseJson(token, masked) : defuseCompact(token, masked);
  if (defused === undefined) return { refused: "not_a_token" };
  return holdsPrivateKey(defused) ? { refused: "private_key" } : { text: defused };
}

/** The names of the claims, each once; of an SD-JWT also the disclosed ones. */
export function claimNames(text: string): string[] {
  const [first = "", ...disclosures] = text.trim().split("~");
  const payload = first.startsWith("{") ? jsonPayload(first) : first.split(".")[1];
  const spans = memberSpans(decodeText(payload ?? "") ?? "") ?? [];
  const disclosed = disclosures.map(disclosedName).filter((name) => name !== undefined);
  return [...new Set([...spans.map((span) => span.name), ...disclosed])];
}

function defuseCompact(token: string, masked: ReadonlySet<string>): string | undefined {
  if (!/^[A-Za-z0-9_.~-]+$/.test(token)) return undefined;
  const [jwt = "", ...rest] = token.split("~");
  const parts = jwt.split(".");
  if (parts.length === 3) {
    const [header = "", payload = ""] = parts;
    const shown = `${defuseHeader(header)}.${maskPayload(payload, masked)}.${MARKER}`;
    if (rest.length === 0) return shown;
    const binding = rest.at(-1) ?? "";
    const disclosures = rest.slice(0, -1).filter((one) => !isMasked(one, masked)).map(neutralize);
    return [shown, ...disclosures, binding === "" ? "" : neutralize(binding)].join("~");
  }
  if (parts.length !== 5 || rest.length > 0) return undefined;
  const [header = "", encryptedKey = "", vector = ""] = parts;
  return [defuseHeader(header), encryptedKey === "" ? "" : MARKER, vector, MARKER, MARKER].join(".");
}

const PROOFS = new Set(["signature", "ciphertext", "tag", "encrypted_key"]);

/** Of the JSON serializations all is text: nothing is lost by reading and writing it. */
function defuseJson(token: string, masked: ReadonlySet<string>): string | undefined {
  try {
    let proofs = 0;
    const defused = JSON.stringify(JSON.parse(token), (name, value: unknown) => {
      if (typeof value !== "string") return value;
      if (PROOFS.has(name)) {
        proofs += 1;
        return MARKER;
      }
      if (name === "payload") return maskPayload(value, masked);
      if (name === "disclosures") return undefined;
      return name === "protected" ? defuseHeader(value) : defuseInner(value);
    });
    return proofs > 0 ? defused : undefined;
  } catch {
    return undefined;
  }
}

function jsonPayload(token: string): string | undefined {
  try {
    const { payload } = JSON.parse(token) as { payload?: unknown };
    return typeof payload === "string" ? payload : undefined;
  } catch {
    return undefined;
  }
}

function maskPayload(payload: string, masked: ReadonlySet<string>): string {
  const text = decodeText(payload);
  if (text === undefined) return neutralize(payload);
  const spans = memberSpans(text);
  // A payload that is no object has no claims to choose from: a nested token, or anything.
  if (spans === undefined) return encodeText(defuseInner(text));
  let shown = "";
  let done = 0;
  for (const span of spans.filter(({ name }) => masked.has(name))) {
    shown += text.slice(done, span.from) + JSON.stringify(MASK);
    done = span.to;
  }
  return encodeText(defuseInner(shown + text.slice(done)));
}

function defuseHeader(header: string): string {
  const text = decodeText(header);
  return text === undefined ? header : encodeText(defuseInner(text));
}

/** Tokens inside texts: a nested token, an access token in a claim, a key binding. */
function defuseInner(text: string): string {
  return text.replace(/eyJ[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){2,4}/g, (inner) => {
    const parts = inner.split(".");
    if (parts.length === 5) return [parts[0], MARKER, parts[2], MARKER, MARKER].join(".");
    return [parts[0], parts[1], MARKER].join(".");
  });
}

/** What is base64url without being known: the tokens in it are made harmless all the same. */
function neutralize(part: string): string {
  if (part.includes(".")) return defuseInner(part);
  const text = decodeText(part);
  return text === undefined ? part : encodeText(defuseInner(text));
}

/** A disclosure is dropped, not masked: its salt would let its value be guessed from the digest. */
function isMasked(disclosure: string, masked: ReadonlySet<string>): boolean {
  const name = disclosedName(disclosure);
  return name === undefined ? masked.size > 0 : masked.has(name);
}

function disclosedName(disclosure: string): string | undefined {
  try {
    const parts: unknown = JSON.parse(decodeText(disclosure) ?? "");
    return Array.isArray(parts) && parts.length === 3 && typeof parts[1] === "string" ? parts[1] : undefined;
  } catch {
    return undefined;
  }
}

/** A JWK with its private half, anywhere in what would be shared. */
function holdsPrivateKey(token: string): boolean {
  const texts = token.startsWith("{") ? jsonTexts(token) : token.split(/[.~]/);
  return [token, ...texts.map((part) => decodeText(part) ?? "")].some((text) => {
    try {
      return hasPrivate(JSON.parse(text));
    } catch {
      return false;
    }
  });
}

function jsonTexts(token: string): string[] {
  const texts: string[] = [];
  JSON.parse(token, (_, value: unknown) => {
    if (typeof value === "string") texts.push(value);
    return value;
  });
  return texts;
}

const PRIVATE = ["d", "k", "p", "q", "dp", "dq", "qi", "oth", "priv"];

function hasPrivate(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if ("kty" in value && PRIVATE.some((name) => name in value)) return true;
  return Object.values(value).some(hasPrivate);
}
