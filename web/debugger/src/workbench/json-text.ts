// JSON as it is written: big numbers, order, duplicate names and odd escapes stay. Nothing is
// parsed into values, so nothing is changed; broken JSON is laid out as far as it goes.

export type JsonTokenKind = "name" | "string" | "number" | "word" | "mark" | "space" | "broken";

export interface JsonToken {
  kind: JsonTokenKind;
  text: string;
  /** The index in the text. */
  at: number;
}

const TOKEN =
  /(?<string>"(?:[^"\\\u0000-\u001f]|\\.)*")|(?<number>-?\d[\d.eE+-]*)|(?<word>true|false|null)|(?<mark>[{}[\]:,])|(?<space>[ \t\r\n]+)|(?<broken>"(?:[^"\\]|\\.)*$|.)/gsu;

export function jsonTokens(text: string): JsonToken[] {
  const tokens: JsonToken[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const kind = Object.entries(match.groups ?? {}).find(([, part]) => part !== undefined)?.[0];
    tokens.push({ kind: (kind ?? "broken") as JsonTokenKind, text: match[0], at: match.index });
  }
  return named(tokens);
}

/** Strings before a colon are names. */
function named(tokens: JsonToken[]): JsonToken[] {
  let last: JsonToken | undefined;
  for (const token of tokens) {
    if (token.kind === "mark" && token.text === ":" && last?.kind === "string") last.kind = "name";
    if (token.kind !== "space") last = token;
  }
  return tokens;
}

/** The tokens with the spaces that make them readable instead of their own. */
export function pretty(text: string): JsonToken[] {
  // Other text is not laid out: an inner token, for one.
  if (!/^\s*[{["]/.test(text)) return text === "" ? [] : [{ kind: "space", text, at: 0 }];
  const out: JsonToken[] = [];
  let depth = 0;
  const space = (content: string, at: number) => out.push({ kind: "space", text: content, at });
  const line = (at: number) => space(`\n${"  ".repeat(Math.max(depth, 0))}`, at);
  const tokens = jsonTokens(text).filter((token) => token.kind !== "space");
  tokens.forEach((token, index) => {
    const before = tokens[index - 1];
    const closes = token.kind === "mark" && (token.text === "}" || token.text === "]");
    const opened = before?.kind === "mark" && (before.text === "{" || before.text === "[");
    if (closes) {
      depth -= 1;
      if (!opened) line(token.at);
    } else if (opened) {
      line(token.at);
    }
    out.push(token);
    if (token.kind !== "mark") return;
    if (token.text === "{" || token.text === "[") depth += 1;
    else if (token.text === ",") line(token.at);
    else if (token.text === ":") space(" ", token.at);
  });
  return out;
}

/** The exact text of the value of a member: what follows its name and the colon. */
export function valueOf(member: string): string {
  const name = /^\s*"(?:[^"\\]|\\.)*"\s*:\s*/s.exec(member);
  return name ? member.slice(name[0].length) : member;
}

/** The text of a JSON string without its quotes, if there is nothing in it to be escaped. */
export function plainString(value: string): string | undefined {
  return /^"[^"\\]*"$/s.test(value) ? value.slice(1, -1) : undefined;
}
