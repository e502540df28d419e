import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** Stands for a worker, which would be a file of its own. */
const NO_WORKER = "\0no-worker";

/**
 * Puts script and style into the page itself, with a policy in its own head that names them by
 * their hashes and lets nothing connect anywhere: the page works from a disk.
 */
export function singleFile(name: string): Plugin {
  return {
    name: "single-file",
    enforce: "pre",
    resolveId: (source) => (source.endsWith("?worker") ? NO_WORKER : undefined),
    load: (id) => (id === NO_WORKER ? "export default undefined;" : undefined),
    generateBundle: { order: "post", handler(_, bundle) {
      const page = bundle["index.html"];
      if (page?.type !== "asset") this.error("there is no index.html to put everything into");
      const scripts: string[] = [readFileSync("public/theme.js", "utf8")];
      const styles: string[] = [];
      for (const [file, output] of Object.entries(bundle)) {
        if (output.type === "chunk") scripts.push(output.code);
        else if (file.endsWith(".css")) styles.push(String(output.source));
        else if (file !== "index.html") this.error(`${file} was not put into the page`);
      }
      if (scripts.length !== 2) this.error(`${scripts.length} scripts, expected 2`);
      for (const file of Object.keys(bundle)) delete bundle[file];
      const source = assemble(String(page.source), scripts, styles.join("\n"));
      this.emitFile({ type: "asset", fileName: name, source });
    } },
  };
}

function assemble(page: string, scripts: string[], style: string): string {
  const [theme = "", program = ""] = scripts.map(embeddable);
  const policy = [
    "default-src 'none'",
    `script-src ${hash(theme)} ${hash(program)} 'wasm-unsafe-eval'`,
    `style-src ${hash(style)}`,
    "img-src data:",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const head = [
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<script>${theme}</script>`,
    `<style>${style}</style>`,
    `<script type="module">${program}</script>`,
  ].join("\n");
  return page
    .replace(/\s*<script\b[^>]*><\/script>/g, "")
    .replace(/\s*<link\b[^>]*rel="(?:stylesheet|manifest|icon|modulepreload)"[^>]*>/g, "")
    .replace(/<meta charset="utf-8"\s*\/?>/, (charset) => `${charset}\n${head}`);
}

/** The end tag of a script, spelt so that it ends none. */
function embeddable(script: string): string {
  return script.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
