// A family of refresh tokens as an issuer keeps it: one generation is current, those before it are
// spent, and a spent one that comes back ends them all.

import { ask } from "../../state/ask.svelte";
import { learn } from "../../texts/learn";

const words = learn.refresh.log;
const LIFETIME = 300;

export class Family {
  readonly began = Math.floor(Date.now() / 1000);
  minute = $state(0);
  generation = $state(1);
  ended = $state(false);
  log: string[] = $state([words.login]);
  readonly #key;
  #token = $state("");

  readonly access = $derived.by(() => ask("tokens/verify", { token: this.#token, key: this.#key, at: this.#now }));

  constructor() {
    const made = ask("keys/generate", { alg: "ES256" });
    this.#key = { text: made.ok ? JSON.stringify(made.answer.private) : "" };
    this.#issue();
  }

  get #now(): number {
    return this.began + this.minute * 60;
  }

  wait(): void {
    this.minute += 3;
    this.#say(words.waited);
  }

  refresh(): void {
    if (this.ended) return this.#say(words.refused);
    this.generation += 1;
    this.#issue();
    this.#say(words.refreshed(this.generation));
  }

  /** The thief has the token before the current one. */
  replay(): void {
    if (this.ended) return this.#say(words.refused);
    this.ended = true;
    this.#say(words.replayed(this.generation - 1));
  }

  logOut(): void {
    this.ended = true;
    this.#say(words.loggedOut);
  }

  #issue(): void {
    const payload = JSON.stringify({ sub: "ada", iat: this.#now, exp: this.#now + LIFETIME });
    const signed = ask("tokens/sign", { payload, keys: [this.#key] });
    this.#token = signed.ok && typeof signed.answer.token === "string" ? signed.answer.token : "";
  }

  #say(event: string): void {
    this.log = [event, ...this.log].slice(0, 6);
  }
}
