import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { quote, shellWord, type Language } from "./quote";

const HOSTILE = "a'b\"c\\d\n\r\t\0\u001b[31m`${x}`\u2028\u202e\ufeff é 字 😀 \u{e0001} \\u0022 --x";

describe("a value as a literal", () => {
  const languages: Language[] = ["rust", "node", "python", "go", "java", "csharp"];

  it.each(languages)("holds nothing invisible or reordering in %s", (language) => {
    const literal = quote(language, HOSTILE);
    expect(literal).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(literal.slice(1, -1).replaceAll(/\\./gu, "")).not.toContain('"');
    expect(literal).toContain("é 字 😀");
  });

  it("is the same value in Node", () => {
    const program = `process.stdout.write(${quote("node", HOSTILE)})`;
    expect(execFileSync("node", ["-e", program], { encoding: "utf8" })).toBe(HOSTILE);
  });

  it("is the same value in Python", () => {
    const program = `import sys; sys.stdout.buffer.write(${quote("python", HOSTILE)}.encode())`;
    expect(execFileSync("python3", ["-c", program], { encoding: "utf8" })).toBe(HOSTILE);
  });

  it("never writes a Java escape that is read before the string is", () => {
    expect(quote("java", 'x"\n\\u0022')).toBe('"x\\"\\n\\\\u0022"');
    expect(quote("java", "\u0000\u001b")).toBe('"\\000\\033"');
    expect(quote("java", "\u{e0001}")).toBe('"\\udb40\\udc01"');
  });

  it("spells code points as each language does", () => {
    expect(quote("rust", "\u202e\u{e0001}")).toBe('"\\u{202e}\\u{e0001}"');
    expect(quote("go", "\u202e\u{e0001}")).toBe('"\\u202e\\U000e0001"');
    expect(quote("csharp", "\0\u{e0001}")).toBe('"\\u0000\\U000e0001"');
    expect(quote("go", "\ud800")).toBe('"\ufffd"');
  });
});

describe("a word of a shell", () => {
  const word = (text: string) => execFileSync("bash", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" });

  it.each(["plain", "two words", "it's", "$(id) `id` \"x\" \\", "", "*", "~root", "a;b&c|d"])("is %j again", (text) => {
    expect(word(text)).toBe(text);
  });

  it("is itself again with control characters, which are never sent to a terminal raw", () => {
    const text = "a\u001b[201~\nrm -rf 'x' \\ é\u202e";
    expect(shellWord(text)).not.toMatch(/[\p{C}\n]/u);
    expect(word(text)).toBe(text);
  });
});
