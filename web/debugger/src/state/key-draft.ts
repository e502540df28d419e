// A key as it is being given: what was typed, pasted or dropped, and how it is to be read.

import type { Encoding, KeyInput } from "../workbench/operations/keys";

export interface KeyDraft {
  /** What was typed or pasted. */
  text: string;
  /** The bytes of a dropped file that is no text, in base64url. */
  der: string;
  /** The name of the file that was dropped or chosen. */
  file: string;
  /** Take a text that looks like a key file as a secret nevertheless. */
  literal: boolean;
  encoding: Encoding;
  passphrase: string;
  /** The member of a set to take; empty for the one that the token names. */
  kid: string;
}

export function emptyKey(): KeyDraft {
  return { text: "", der: "", file: "", literal: false, encoding: "utf8", passphrase: "", kid: "" };
}

export function keyFromText(text: string): KeyDraft {
  return { ...emptyKey(), text };
}

export function isEmpty(draft: KeyDraft): boolean {
  return draft.text === "" && draft.der === "";
}

/** Whether a text looks like a key file; every other text is a secret. */
export function looksLikeKey(text: string): boolean {
  return /^\s*(?:\{|\[|-----BEGIN|---- BEGIN|ssh-|ecdsa-|sk-ssh-)/.test(text);
}

export function isSecret(draft: KeyDraft): boolean {
  return draft.der === "" && (draft.literal || !looksLikeKey(draft.text));
}

/** What the core is given, or nothing if there is nothing. */
export function keyInput(draft: KeyDraft): KeyInput | undefined {
  if (isEmpty(draft)) return undefined;
  if (isSecret(draft)) return { secret: draft.text, encoding: draft.encoding };
  const input: KeyInput = draft.der === "" ? { text: draft.text } : { der: draft.der };
  if (draft.passphrase !== "") input.passphrase = draft.passphrase;
  if (draft.kid !== "") input.kid = draft.kid;
  return input;
}
