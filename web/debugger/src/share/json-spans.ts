/** A member of a JSON object, by where it stands in the text. */
export interface MemberSpan {
  name: string;
  /** Of the value, end exclusive. */
  from: number;
  to: number;
}

/**
 * The members of the outermost object. `JSON.parse` would lose duplicates, order and big numbers;
 * by spans, what is not masked stays byte for byte.
 */
export function memberSpans(text: string): MemberSpan[] | undefined {
  if (!isObject(text)) return undefined;
  const spans: MemberSpan[] = [];
  let at = space(text, text.indexOf("{") + 1);
  while (text[at] === '"') {
    const nameEnd = stringEnd(text, at);
    const name = String(JSON.parse(text.slice(at, nameEnd)));
    const from = space(text, space(text, nameEnd) + 1);
    const to = valueEnd(text, from);
    spans.push({ name, from, to });
    at = space(text, to);
    if (text[at] === ",") at = space(text, at + 1);
  }
  return spans;
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function space(text: string, at: number): number {
  while (" \t\n\r".includes(text[at] ?? "x")) at += 1;
  return at;
}

function stringEnd(text: string, at: number): number {
  at += 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

/** The text is known to be JSON, so that brackets balance. */
function valueEnd(text: string, at: number): number {
  let depth = 0;
  while (at < text.length) {
    const character = text[at] ?? "";
    if (depth === 0 && ",}] \t\n\r".includes(character)) return at;
    if (character === '"') {
      at = stringEnd(text, at);
    } else {
      if ("{[".includes(character)) depth += 1;
      if ("}]".includes(character)) depth -= 1;
      at += 1;
    }
    if (depth === 0 && "\"}]".includes(character)) return at;
  }
  return at;
}
