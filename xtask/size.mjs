// Says how large files are, as they lie and as they travel: node size.mjs FILE...
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const kilobytes = (bytes) => `${(bytes.length / 1000).toFixed(1)} kB`;
for (const file of process.argv.slice(2)) {
  const bytes = await readFile(file);
  const gzip = kilobytes(gzipSync(bytes, { level: 9 }));
  const brotli = kilobytes(brotliCompressSync(bytes));
  console.log(`    ${basename(file)}: ${kilobytes(bytes)}, gzip ${gzip}, brotli ${brotli}`);
}
