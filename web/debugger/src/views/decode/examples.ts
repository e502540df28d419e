// An example token for each algorithm, made by the core on the spot with the key that verifies it.

import type { Example } from "../../workbench/operations/names";
import { ask } from "../../state/ask.svelte";
import { emptyKey, keyFromText, type KeyDraft } from "../../state/key-draft";
import { session } from "../../state/session.svelte";

/** Puts a fresh token and its key into the session. */
export function makeExample(alg: string): void {
  const made = ask("examples", { alg });
  const example = made.ok ? made.answer.examples[0] : undefined;
  if (!example) return;
  session.setText(example.token);
  session.setKey(verifyingKey(example));
}

export function algorithms(): string[] {
  const names = ask("names", {});
  return names.ok ? names.answer.signature_algorithms.map(({ name }) => name) : [];
}

/** A secret is shown as one; every other key as a JWK. */
function verifyingKey({ verify_with }: Example): KeyDraft {
  if (verify_with?.kty === "oct" && typeof verify_with.k === "string") {
    return { ...emptyKey(), text: verify_with.k, encoding: "base64url" };
  }
  return keyFromText(JSON.stringify(verify_with, undefined, 2));
}
