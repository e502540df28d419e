// A second core beside the page's, for questions that take longer than a frame. The file that is
// everything in one has no worker; there the question is asked when nothing else is to do.

import type { Core, Outcome } from "./door";
import type { AnswerOf, OperationName, RequestOf } from "./operations";
import SecondWorker from "./second.worker?worker";

export interface Question {
  id: number;
  name: OperationName;
  request: unknown;
  now: number;
}

export interface Reply {
  id: number;
  outcome: Outcome<unknown>;
}

const waiting = new Map<number, (outcome: Outcome<never>) => void>();
let worker: Worker | undefined;
let last = 0;

function started(): Worker {
  if (worker) return worker;
  const made = new SecondWorker();
  made.onmessage = ({ data }: MessageEvent<Reply>) => {
    waiting.get(data.id)?.(data.outcome as Outcome<never>);
    waiting.delete(data.id);
  };
  worker = made;
  return made;
}

/** Asks without keeping the page waiting. */
export function askBeside<N extends OperationName>(
  core: Core,
  name: N,
  request: RequestOf<N>,
  now: number,
): Promise<Outcome<AnswerOf<N>>> {
  return new Promise((resolve) => {
    if (__EXPORTED__) {
      setTimeout(() => resolve(core.ask(name, request, now)));
      return;
    }
    last += 1;
    waiting.set(last, resolve as (outcome: Outcome<never>) => void);
    started().postMessage({ id: last, name, request, now } satisfies Question);
  });
}
