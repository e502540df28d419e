// The two tokens; they stay while other views are looked at.

import { ask } from "../../state/ask.svelte";
import { judgement } from "../../state/judgement.svelte";
import { session } from "../../state/session.svelte";

class Compared {
  left = $state("");
  right = $state("");

  readonly ready: boolean = $derived(this.left.trim() !== "" && this.right.trim() !== "");
  readonly outcome = $derived(this.ready ? ask("tokens/diff", { before: this.left, after: this.right }) : undefined);

  swap(): void {
    [this.left, this.right] = [this.right, this.left];
  }

  /** The first empty side, or the second, takes what the decoder has. */
  takeDecoded(): void {
    const token = judgement.token?.found.text ?? session.text;
    if (this.left.trim() === "") this.left = token;
    else this.right = token;
  }

  /** The same claims an hour later, with more scope. */
  loadExample(): void {
    const key = ask("keys/generate", { alg: "ES256" });
    if (!key.ok) return;
    const keys = [{ text: JSON.stringify(key.answer.private) }];
    const sign = (claims: object) => {
      const signed = ask("tokens/sign", { payload: JSON.stringify(claims), header: '{"typ":"at+jwt"}', keys });
      return signed.ok && typeof signed.answer.token === "string" ? signed.answer.token : "";
    };
    const shared = { iss: "https://issuer.example", sub: "ada", aud: "https://api.example" };
    const now = Math.floor(Date.now() / 1000);
    this.left = sign({ ...shared, scope: "read profile", iat: now - 3600, exp: now - 2700 });
    this.right = sign({ ...shared, scope: "profile read write", iat: now, exp: now + 900, admin: true });
  }
}

export const compared = new Compared();
