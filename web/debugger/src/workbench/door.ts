// The core in the page: one synchronous door, typed. `load.ts` opens it.

import type { AnswerOf, OperationName, RequestOf } from "./operations";

/** Why a question could not be answered. A token that is not valid is an answer. */
export interface Failure {
  code: string;
  message: string;
  causes: string[];
  hint: string | null;
}

export type Outcome<T> = { ok: true; answer: T } | { ok: false; failure: Failure };

/** The door as WebAssembly has it: JSON in, JSON out; a failure is thrown as JSON. */
export type Door = (operation: string, request: string, now: number) => string;

export class Core {
  readonly #door: Door;

  constructor(door: Door) {
    this.#door = door;
  }

  /** Asks one question. `now` is in seconds; a time in the request takes precedence. */
  ask<N extends OperationName>(name: N, request: RequestOf<N>, now = Date.now() / 1000): Outcome<AnswerOf<N>> {
    try {
      const answer = this.#door(name, JSON.stringify(request), Math.floor(now));
      return { ok: true, answer: JSON.parse(answer) as AnswerOf<N> };
    } catch (thrown) {
      return { ok: false, failure: readFailure(thrown) };
    }
  }
}

function readFailure(thrown: unknown): Failure {
  if (typeof thrown === "string") {
    try {
      const read = JSON.parse(thrown) as Partial<Failure> & { error?: Partial<Failure> };
      const { code, message, causes, hint } = read.error ?? read;
      return {
        code: code ?? "internal",
        message: message ?? thrown,
        causes: causes ?? [],
        hint: hint ?? null,
      };
    } catch {
      return { code: "internal", message: thrown, causes: [], hint: null };
    }
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "internal", message, causes: [], hint: null };
}
