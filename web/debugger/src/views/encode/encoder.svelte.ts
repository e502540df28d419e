// What is being made, and what becomes of it. It stays while other views are looked at.

import type { KeyInput } from "../../workbench/operations/keys";
import { tokenText, type EncryptRequest, type Form, type KeyForAlgorithm, type SignAnswer } from "../../workbench/operations/sign";
import { member, setMember, withoutMembers } from "../../workbench/json-members";
import { jsonTokens, pretty } from "../../workbench/json-text";
import type { Failure, Outcome } from "../../workbench/door";
import { clock } from "../../state/clock.svelte";
import { ask, askLater } from "../../state/ask.svelte";
import { emptyKey, keyFromText, keyInput, type KeyDraft } from "../../state/key-draft";

export type Mode = "sign" | "nested" | "encrypt";

/** A key and the algorithm it is to serve. */
export interface KeyRow {
  id: number;
  key: KeyDraft;
  alg: string;
}

export type Made = { ok: true; text: string; warnings: SignAnswer["warnings"] } | { ok: false; failure: Failure };

const FIRST_ALGORITHM = "ES256";
let lastId = 0;

function row(alg: string, key: KeyDraft = emptyKey()): KeyRow {
  lastId += 1;
  return { id: lastId, key, alg };
}

class Encoder {
  mode: Mode = $state("sign");
  header = $state("{}");
  furtherHeader = $state("{}");
  payload = $state("{}");
  signers: KeyRow[] = $state([row(FIRST_ALGORITHM)]);
  recipients: KeyRow[] = $state([row("ECDH-ES+A256KW")]);
  enc = $state("A256GCM");
  form: Form = $state("compact");
  exact = $state(false);
  unencoded = $state(false);
  detached = $state(false);
  allowWeak = $state(false);
  /** The text of the token that was last taken over, or made from here. */
  #taken: string | undefined;
  #originals = { header: "", payload: "" };

  readonly signed: Made | undefined = $derived.by(() => (this.mode === "encrypt" ? undefined : this.#sign()));

  /** What is to be encrypted and for whom; nothing where the token to be nested is not there. */
  readonly encryption: EncryptRequest | undefined = $derived.by(() => {
    const inner = this.signed;
    if (this.mode === "nested" && inner?.ok !== true) return undefined;
    const content = inner?.ok ? { token: inner.text } : { plaintext: this.payload };
    const header = compact(this.furtherHeader) === "{}" ? {} : { header: this.furtherHeader };
    return { ...content, ...header, recipients: withKeys(this.recipients), enc: this.enc, form: this.form };
  });

  /** Takes the parts of a decoded token, unless they were taken already. */
  takeOver(token: string, header: string, payload: string): boolean {
    if (token === this.#taken) return false;
    this.#taken = token;
    this.#originals = { header, payload };
    this.mode = "sign";
    this.#show();
    const alg = member(header, "alg");
    if (this.signers.length > 1) this.signers = this.signers.slice(0, 1);
    if (typeof alg === "string" && this.signers[0]) this.signers[0].alg = alg;
    return true;
  }

  /** An example with its key. */
  loadExample(alg: string): void {
    const answer = ask("examples", { alg });
    const example = answer.ok ? answer.answer.examples[0] : undefined;
    if (!example) return;
    const read = ask("tokens/inspect", { text: example.token });
    const parts = read.ok ? read.answer.tokens[0]?.parts : undefined;
    const text = (name: string) => parts?.find((part) => part.name === name)?.utf8 ?? "{}";
    this.#originals = { header: text("header"), payload: text("payload") };
    this.#show();
    this.mode = "sign";
    this.signers = [row(alg, keyFromText(JSON.stringify(example.private, undefined, 2)))];
  }

  setExact(exact: boolean): void {
    this.exact = exact;
    const laidOut = (text: string) => indented(text);
    const untouched = this.header === laidOut(this.#originals.header) && this.payload === laidOut(this.#originals.payload);
    if (exact && untouched && this.#originals.header !== "") {
      this.header = this.#originals.header;
      this.payload = this.#originals.payload;
    }
  }

  /** Takes another algorithm; of one signer the header names it. */
  setAlgorithm(signer: KeyRow, alg: string): void {
    signer.alg = alg;
    if (this.signers.length === 1) this.header = setMember(withoutMembers(this.header, ["kid"]), "alg", alg);
  }

  addSigner(): void {
    this.form = "general";
    // Each signature has its own.
    this.header = withoutMembers(this.header, ["alg", "kid"]);
    this.signers.push(row(FIRST_ALGORITHM));
  }

  addRecipient(): void {
    this.form = "general";
    this.recipients.push(row("ECDH-ES+A256KW"));
  }

  remove(list: "signers" | "recipients", id: number): void {
    this[list] = this[list].filter((one) => one.id !== id);
    if (this[list].length === 1) this.form = "compact";
  }

  /** A fresh key for what the row is to do. RSA keys take a while, so the page doesn't wait. */
  async generate(target: KeyRow): Promise<Failure | undefined> {
    const made = await askLater("keys/generate", { alg: target.alg });
    if (!made.ok) return made.failure;
    target.key = keyFromText(JSON.stringify(made.answer.private, undefined, 2));
    if (this.signers.includes(target) && this.signers.length === 1) this.header = withoutMembers(this.header, ["kid"]);
    return undefined;
  }

  /** Accepted from the clock's time on, for so many seconds. */
  setLifetime(seconds: number): void {
    const now = clock.seconds;
    let payload = setMember(this.payload, "iat", now);
    if (member(payload, "nbf") !== undefined) payload = setMember(payload, "nbf", now);
    this.payload = setMember(payload, "exp", now + seconds);
  }

  encrypt(): Made | undefined {
    return this.encryption && made(ask("tokens/encrypt", this.encryption), () => []);
  }

  /** Where a password is stretched, which takes a second. */
  async encryptLater(request: EncryptRequest): Promise<Made> {
    return made(await askLater("tokens/encrypt", request), () => []);
  }

  /** What verifies a token made here: the public half, or the secret. */
  verifyingKey(): KeyDraft | undefined {
    const signer = this.signers[0];
    const key = signer && keyInput(signer.key);
    if (!signer || !key) return undefined;
    const converted = ask("keys/convert", { key, to: "jwk", public: true });
    return converted.ok && converted.answer.text !== undefined ? keyFromText(converted.answer.text) : { ...signer.key };
  }

  opened(text: string): void {
    this.#taken = text;
  }

  #show(): void {
    const { header, payload } = this.#originals;
    this.header = this.exact ? header : indented(header);
    this.payload = this.exact ? payload : indented(payload);
  }

  #sign(): Made {
    const request = {
      header: this.header,
      payload: this.exact ? this.payload : compact(this.payload),
      keys: withKeys(this.signers),
      form: this.form,
      exact: this.exact,
      allow_weak: this.allowWeak,
      ...(this.detached ? { detached: true } : {}),
      ...(this.unencoded ? { b64: false } : {}),
    };
    return made(ask("tokens/sign", request), ({ warnings }) => warnings);
  }
}

function withKeys(rows: readonly KeyRow[]): KeyForAlgorithm[] {
  return rows.flatMap(({ key, alg }) => {
    const input: KeyInput | undefined = keyInput(key);
    return input ? [{ ...input, alg }] : [];
  });
}

function made<A extends { token: unknown }>(outcome: Outcome<A>, warnings: (answer: A) => SignAnswer["warnings"]): Made {
  return outcome.ok ? { ok: true, text: tokenText(outcome.answer.token), warnings: warnings(outcome.answer) } : outcome;
}

function indented(text: string): string {
  return pretty(text).map((token) => token.text).join("");
}

/** Without the spaces between the tokens of JSON; what is no JSON stays as it is. */
export function compact(text: string): string {
  const tokens = jsonTokens(text);
  if (tokens.some(({ kind }) => kind === "broken")) return text;
  return tokens.filter(({ kind }) => kind !== "space").map((token) => token.text).join("");
}

export const encoder = new Encoder();
