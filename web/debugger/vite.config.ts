import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { offline } from "./build/offline.ts";
import { singleFile } from "./build/single-file.ts";

// Two builds: the page that is served, and with `--mode export` the same in one file.
export default defineConfig(({ mode }) => {
  const exported = mode === "export";
  return {
    base: exported ? "./" : "/debugger/",
    define: { __EXPORTED__: JSON.stringify(exported) },
    plugins: [svelte(), exported ? singleFile("export.html") : offline()],
    publicDir: exported ? false : "public",
    build: {
      target: "es2023",
      cssTarget: ["chrome123", "firefox120", "safari17.5"],
      outDir: exported ? "../dist" : "../dist/debugger",
      emptyOutDir: !exported,
      assetsInlineLimit: exported ? () => true : 0,
      cssCodeSplit: !exported,
      modulePreload: exported ? false : { polyfill: false },
      rolldownOptions: exported ? { output: { codeSplitting: false } } : {},
      chunkSizeWarningLimit: 4096,
      reportCompressedSize: !exported,
    },
    worker: { format: "es" },
    server: { fs: { allow: [".."] } },
    test: { include: ["src/**/*.test.ts"] },
  };
});
