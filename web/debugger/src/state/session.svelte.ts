// What a person works on. It crosses between the views and lives in memory alone: tokens and keys
// are never stored.

import type { PolicyFile } from "../workbench/operations/policies";
import { emptyKey, isEmpty, type KeyDraft } from "./key-draft";

/** Earlier keys that can be taken back. */
const MOST_EARLIER_KEYS = 8;

class Session {
  /** What was pasted: a token, or a text that holds some. */
  text = $state("");
  /** Which of the tokens in the text is looked at. */
  chosen = $state(0);
  /** The key to verify with. */
  key: KeyDraft = $state(emptyKey());
  /** The key to decrypt with. */
  decryptionKey: KeyDraft = $state(emptyKey());
  /** Keys that were replaced; a key that was given is not thrown away. */
  earlierKeys: KeyDraft[] = $state([]);
  /** The payload of a token that does not hold its own. */
  detached = $state("");
  /** The access token that came with an id token. */
  accessToken = $state("");
  /** What is expected of the token. */
  policy: PolicyFile = $state({});
  /** How far clocks may differ, in seconds. */
  leeway = $state(0);

  /** Takes another text; what came with the one before goes with it. */
  setText(text: string, accessToken = ""): void {
    if (text === this.text && accessToken === "") return;
    this.text = text;
    this.accessToken = accessToken;
    this.chosen = 0;
  }

  /** Takes another key and keeps the one that was there. */
  setKey(key: KeyDraft): void {
    this.#keep(this.key);
    this.key = { ...key };
  }

  setDecryptionKey(key: KeyDraft): void {
    this.#keep(this.decryptionKey);
    this.decryptionKey = { ...key };
  }

  #keep(key: KeyDraft): void {
    if (isEmpty(key)) return;
    const same = (other: KeyDraft) => other.text === key.text && other.der === key.der && other.encoding === key.encoding;
    const others = this.earlierKeys.filter((other) => !same(other));
    this.earlierKeys = [{ ...key }, ...others].slice(0, MOST_EARLIER_KEYS);
  }
}

export const session = new Session();
