// Runs a wasm32-wasip1 test program: node wasi.mjs PROGRAM [ARGUMENT...]
// The program sees the folder that holds the repository, and nothing else of the machine.
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { WASI } from "node:wasi";

// Node 20's quick path into its WASI crashes once the program's memory has grown.
setFlagsFromString("--no-turbo-fast-api-calls");

const beside = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
const [program, ...words] = process.argv.slice(2);
const wasi = new WASI({
  version: "preview1",
  args: [program, ...words],
  env: { RUST_BACKTRACE: "0" },
  preopens: { [beside]: beside },
});
const module = await WebAssembly.compile(await readFile(program));
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
process.exitCode = wasi.start(instance);
