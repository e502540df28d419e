/**
 * Values as literals of other languages. Claims come from strangers, so all that is neither
 * visible nor a plain space is written as an escape: quotes can't be left, and text can't be
 * reordered or hidden on the screen.
 */

const UNSAFE = /[\p{C}\p{Zl}\p{Zp}"\\]|[^\S ]/gu;

export type Language = "rust" | "node" | "python" | "go" | "java" | "csharp";

/** A string literal in double quotes. */
export function quote(language: Language, text: string): string {
  const escaped = text.toWellFormed().replace(UNSAFE, (character) => {
    return SHORT[character] ?? BY_CODE[language](character.codePointAt(0) ?? 0);
  });
  return `"${escaped}"`;
}

/** Literals, separated by commas. */
export function quoteAll(language: Language, texts: string[]): string {
  return texts.map((text) => quote(language, text)).join(", ");
}

/** One word of a POSIX shell; with control characters, of bash, zsh and ksh. */
export function shellWord(text: string): string {
  const whole = text.toWellFormed();
  if (/^[A-Za-z0-9_./:@%+=-]+$/.test(whole)) return whole;
  if (!/[\p{C}\p{Zl}\p{Zp}]|[^\S ]/u.test(whole)) return `'${whole.replaceAll("'", `'\\''`)}'`;
  const escaped = whole.replace(/[\p{C}\p{Zl}\p{Zp}'\\]|[^\S ]/gu, (character) => {
    const bytes = new TextEncoder().encode(character);
    return [...bytes].map((byte) => `\\x${hex(byte, 2)}`).join("");
  });
  return `$'${escaped}'`;
}

const SHORT: Record<string, string> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

const BY_CODE: Record<Language, (code: number) => string> = {
  rust: (code) => `\\u{${code.toString(16)}}`,
  node: (code) => `\\u{${code.toString(16)}}`,
  python: fourOrEight,
  go: fourOrEight,
  csharp: fourOrEight,
  // Java reads \u before it reads strings, so that \u000a would end the line.
  java: (code) => (code < 0x80 ? `\\${code.toString(8).padStart(3, "0")}` : utf16(code)),
};

function fourOrEight(code: number): string {
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

function utf16(code: number): string {
  const units = String.fromCodePoint(code);
  return [...Array(units.length).keys()].map((at) => `\\u${hex(units.charCodeAt(at), 4)}`).join("");
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
