// The core once it is there. Views are only shown when it is.

import type { Core, Outcome } from "../workbench/door";
import type { AnswerOf, OperationName, RequestOf } from "../workbench/operations";
import { askBeside } from "../workbench/second";
import { clock } from "./clock.svelte";

let core: Core | undefined = $state.raw();

export function provideCore(loaded: Core): void {
  core = loaded;
}

export function isReady(): boolean {
  return core !== undefined;
}

/** Asks the core at the time of the page's clock. */
export function ask<N extends OperationName>(name: N, request: RequestOf<N>): Outcome<AnswerOf<N>> {
  if (!core) {
    const message = "the core is still loading";
    return { ok: false, failure: { code: "loading", message, causes: [], hint: null } };
  }
  return core.ask(name, request, clock.seconds);
}

/** Asks without keeping the page waiting. */
export async function askLater<N extends OperationName>(
  name: N,
  request: RequestOf<N>,
): Promise<Outcome<AnswerOf<N>>> {
  return core ? askBeside(core, name, request, clock.seconds) : ask(name, request);
}
