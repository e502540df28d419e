// Asks the WebAssembly core what the native one was asked, and compares the answers byte by byte:
// node same.mjs FOLDER_OF_THE_MODULE FILE_OF_LINES
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const FEWEST = 1000;

const [folder, file] = process.argv.slice(2);
const module = join(resolve(folder), "jeton_wasm");
const core = await import(pathToFileURL(`${module}.js`));
core.initSync({ module: await readFile(`${module}_bg.wasm`) });

const counts = new Map();
let different = 0;
const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
for (const [index, line] of lines.entries()) {
  const { operation, request, now, ...native } = JSON.parse(line);
  const own = {};
  try {
    own.answer = core.call(operation, request, now);
  } catch (thrown) {
    own.failure = String(thrown);
  }
  for (const kind of ["answer", "failure"]) {
    if (own[kind] === native[kind]) continue;
    different += 1;
    if (different > 5) continue;
    console.error(`line ${index + 1}, ${operation}: the ${kind} differs`);
    console.error(`  request: ${request.slice(0, 1000)}`);
    console.error(`  native:  ${differing(native[kind], own[kind])}`);
    console.error(`  wasm:    ${differing(own[kind], native[kind])}`);
  }
  const kinds = counts.get(operation) ?? { answer: 0, failure: 0 };
  kinds["answer" in native ? "answer" : "failure"] += 1;
  counts.set(operation, kinds);
}

for (const [operation, { answer, failure }] of counts) {
  console.log(`    ${operation || "(no name)"}: ${answer} answers, ${failure} failures`);
}
if (lines.length < FEWEST) {
  console.error(`${lines.length} requests are fewer than the ${FEWEST} there have to be`);
  process.exit(1);
}
if (different > 0) {
  console.error(`${different} answers differ`);
  process.exit(1);
}
console.log(`    ${lines.length} requests, the same answers`);

// A text from a little before the place where it leaves the other one.
function differing(text, other) {
  if (text === undefined || other === undefined) return String(text).slice(0, 400);
  let at = 0;
  while (at < text.length && text[at] === other[at]) at += 1;
  return `…${text.slice(Math.max(0, at - 80), at + 200)}`;
}
