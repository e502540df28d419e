import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import type { Plugin } from "vite";

/** Writes the service worker, which knows every file of this build by name. */
export function offline(): Plugin {
  return {
    name: "offline",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const published = readdirSync("public");
      const files = [...Object.keys(bundle), ...published].filter((file) => file !== "sw.js").sort();
      const version = createHash("sha256");
      for (const file of files) {
        const output = bundle[file];
        version.update(file);
        if (output) version.update(output.type === "chunk" ? output.code : output.source);
        else version.update(readFileSync(`public/${file}`));
      }
      const template = readFileSync("src/offline/sw.js", "utf8");
      const source = template
        .replace("__VERSION__", version.digest("hex").slice(0, 16))
        .replace("__FILES__", JSON.stringify(files.map((file) => (file === "index.html" ? "./" : file))));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}
