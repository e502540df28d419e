// The core for tests, which run in Node: the same WebAssembly that the page loads.

import { readFileSync } from "node:fs";
import { Core, type Door } from "./door";

export async function loadCoreInNode(): Promise<Core> {
  const generated = new URL("../../../generated/", import.meta.url);
  const module = (await import(/* @vite-ignore */ new URL("jeton_wasm.js", generated).href)) as {
    default: (init: { module_or_path: BufferSource }) => Promise<unknown>;
    call: Door;
  };
  await module.default({ module_or_path: readFileSync(new URL("jeton_wasm_bg.wasm", generated)) });
  return new Core(module.call);
}
