// Fetches the core and compiles it while it arrives. In the exported file it is in the script.

import init, { call } from "../../../generated/jeton_wasm.js";
import wasm from "../../../generated/jeton_wasm_bg.wasm?url";
import { Core } from "./door";

export async function loadCore(): Promise<Core> {
  await init({ module_or_path: __EXPORTED__ ? embedded(wasm) : fetch(wasm) });
  return new Core(call);
}

/** The bytes of a `data:` URL; fetching one would be a connection, which the policy forbids. */
function embedded(url: string): Uint8Array<ArrayBuffer> {
  const text = atob(url.slice(url.indexOf(",") + 1));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
