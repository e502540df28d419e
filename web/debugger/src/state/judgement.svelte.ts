// What the core says of the session's token: everything follows from what was given.

import type { Inspection } from "../workbench/operations/inspect";
import type { DecryptRequest } from "../workbench/operations/decrypt";
import type { PolicyFile } from "../workbench/operations/policies";
import type { VerifyRequest } from "../workbench/operations/verify";
import { ask } from "./ask.svelte";
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

  readonly disclosing: boolean = $derived(this.token?.kind === "sd_jwt");

  /** What is said of the chosen token alone. */
  readonly read = $derived.by(() => {
    if (this.tokens.length < 2 || !this.token) return this.inspected;
    return ask("tokens/inspect", { text: this.token.found.text, leeway: leeway() });
  });

  /** What `tokens/verify` is asked, if there is a key. */
  readonly request: VerifyRequest | undefined = $derived.by(() => {
    const key = keyInput(session.key);
    if (!this.token || !key || this.encrypted || this.isKey || this.disclosing) return undefined;
    const asked: VerifyRequest = { token: this.token.found.text, key, leeway: leeway(), doctor: false };
    if (session.accessToken !== "") asked.beside = { access_token: session.accessToken };
    // Rules are for claims; of other payloads the signature alone is judged.
    if (isClaims(this.token) && !this.token.detached) return { ...asked, ...rules() };
    const request: VerifyRequest = { ...asked, signature_only: true };
    if (this.token.detached && session.detached !== "") {
      request.payload = session.detached;
    }
    return request;
  });

  readonly verified = $derived(this.request ? ask("tokens/verify", this.request) : undefined);

  /** An encrypted token, opened. Whatever is signed inside is held against the other key. */
  readonly opened = $derived.by(() => {
    const key = keyInput(session.decryptionKey);
    if (!this.token || !this.encrypted || !key) return undefined;
    const request: DecryptRequest = { token: this.token.found.text, key, leeway: leeway(), diagnose: true };
    const inner = keyInput(session.key);
    if (!inner) return ask("tokens/decrypt", request);
    return ask("tokens/decrypt", { ...request, verify_key: inner, ...rules() });
  });

  /** A token that discloses by choice, verified. */
  readonly disclosed = $derived.by(() => {
    const key = keyInput(session.key);
    if (!this.token || !this.disclosing || !key) return undefined;
    return ask("tokens/sd-verify", { token: this.token.found.text, key, leeway: leeway(), ...rules() });
  });

  /** The token as far as the keys open it. */
  readonly shown: Inspection | undefined = $derived(this.opened?.ok ? this.opened.answer.inspection : this.token);
}

function rules(): { policy?: PolicyFile } {
  return Object.keys(session.policy).length > 0 ? { policy: $state.snapshot(session.policy) } : {};
}

function leeway(): string {
  return `${session.leeway}s`;
}

/** Whether the token is a JWT: compact, with claims. All else is a signature over some payload. */
function isClaims(token: Inspection): boolean {
  return token.kind === "compact_jws" || token.kind === "broken";
}

export const judgement = new Judgement();
