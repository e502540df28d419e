// What the core says of the session's token: everything follows from what was given.

import type { Inspection } from "../core/operations/inspect";
import type { VerifyRequest } from "../core/operations/verify";
import { ask } from "./core.svelte";
import { keyInput } from "./key-draft";
import { session } from "./session.svelte";

class Judgement {
  /** What the text holds. */
  readonly inspected = $derived.by(() => {
    if (session.text.trim() === "") return undefined;
    return ask("tokens/inspect", { text: session.text, leeway: leeway() });
  });

  readonly tokens: Inspection[] = $derived(this.inspected?.ok ? this.inspected.answer.tokens : []);

  /** The token that is looked at. */
  readonly token: Inspection | undefined = $derived(this.tokens[session.chosen] ?? this.tokens[0]);

  readonly encrypted: boolean = $derived(this.token?.kind.endsWith("_jwe") ?? false);
  readonly isKey: boolean = $derived(this.token?.kind === "jwk" || this.token?.kind === "jwk_set");

  /** What is said of the chosen token alone. */
  readonly read = $derived.by(() => {
    if (this.tokens.length < 2 || !this.token) return this.inspected;
    return ask("tokens/inspect", { text: this.token.found.text, leeway: leeway() });
  });

  /** What `tokens/verify` is asked, if there is a key. */
  readonly request: VerifyRequest | undefined = $derived.by(() => {
    const key = keyInput(session.key);
    if (!this.token || !key || this.encrypted || this.isKey) return undefined;
    const request: VerifyRequest = { token: this.token.found.text, key, leeway: leeway() };
    if (Object.keys(session.policy).length > 0) request.policy = $state.snapshot(session.policy);
    if (this.token.detached && session.detached !== "") {
      request.payload = session.detached;
      request.signature_only = true;
    } else if (!isClaims(this.token)) {
      request.signature_only = true;
    }
    return request;
  });

  readonly verified = $derived(this.request ? ask("tokens/verify", this.request) : undefined);
}

function leeway(): string {
  return `${session.leeway}s`;
}

/** Whether the token is a JWT: compact, with claims. All else is a signature over some payload. */
function isClaims(token: Inspection): boolean {
  return token.kind === "compact_jws" || token.kind === "broken";
}

export const judgement = new Judgement();
