// The key set that is looked at; it stays while other views are looked at.

import { member } from "../../workbench/json-members";
import { ask } from "../../state/ask.svelte";

class KeySet {
  text = $state("");

  /** Whether a single key was pasted. */
  readonly isOne: boolean = $derived(member(this.text, "kty") !== undefined && member(this.text, "keys") === undefined);

  readonly outcome = $derived.by(() => {
    if (this.text.trim() === "") return undefined;
    return ask("jwks/inspect", { text: this.isOne ? `{"keys":[${this.text}]}` : this.text });
  });

  /** A set with a fresh key in it, and with mistakes that are met in the wild. */
  loadExample(): void {
    const made = ["ES256", "EdDSA"].map((alg) => ask("keys/generate", { alg }));
    const [good, published] = made.map((outcome) => (outcome.ok ? outcome.answer : undefined));
    const keys = [
      good?.public,
      { ...published?.private, kid: good?.kid },
      { kty: "oct", k: "c2VjcmV0LXNlY3JldA" },
      { kty: "RSA", kid: "legacy", n: "sXch", e: "AQAB" },
    ];
    this.text = JSON.stringify({ keys }, undefined, 2);
  }
}

export const keySet = new KeySet();
