import type { Core } from "./door";
import { loadCore } from "./load";
import type { Question, Reply } from "./second";

let core: Promise<Core> | undefined;

self.onmessage = async ({ data }: MessageEvent<Question>) => {
  const { id, name, request, now } = data;
  core ??= loadCore();
  const outcome = (await core).ask(name, request as never, now);
  self.postMessage({ id, outcome } satisfies Reply);
};
