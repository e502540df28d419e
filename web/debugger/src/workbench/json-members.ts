// The members of a JSON object by where they stand, so that one can be changed and the rest stays
// byte for byte: order, duplicates, big numbers and layout.

/** A member of a JSON object, by where it stands in the text. */
export interface MemberSpan {
  name: string;
  /** Where the name begins. */
  at: number;
  /** Of the value, end exclusive. */
  from: number;
  to: number;
}

/** The members of the outermost object. */
export function memberSpans(text: string): MemberSpan[] | undefined {
  if (!isObject(text)) return undefined;
  const spans: MemberSpan[] = [];
  let at = space(text, text.indexOf("{") + 1);
  while (text[at] === '"') {
    const nameEnd = stringEnd(text, at);
    const name = String(JSON.parse(text.slice(at, nameEnd)));
    const from = space(text, space(text, nameEnd) + 1);
    const to = valueEnd(text, from);
    spans.push({ name, at, from, to });
    at = space(text, to);
    if (text[at] === ",") at = space(text, at + 1);
  }
  return spans;
}

/** The value of a member, if there is such a member; of duplicates the last. */
export function member(text: string, name: string): unknown {
  const span = memberSpans(text)?.findLast((candidate) => candidate.name === name);
  return span && JSON.parse(text.slice(span.from, span.to));
}

/** The object with this member set, in its place or as the last. What is no object stays as it is. */
export function setMember(text: string, name: string, value: unknown): string {
  const spans = memberSpans(text);
  if (!spans) return text;
  const written = JSON.stringify(value);
  const span = spans.findLast((candidate) => candidate.name === name);
  if (span) return text.slice(0, span.from) + written + text.slice(span.to);
  const last = spans.at(-1);
  if (!last) return `{${text.includes("\n") ? "\n  " : ""}${JSON.stringify(name)}: ${written}${text.includes("\n") ? "\n" : ""}}`;
  // Laid out as the last member is.
  const before = /[,{](\s*)$/.exec(text.slice(0, last.at))?.[1] ?? "";
  const colon = /\s/.test(text.slice(last.at, last.from)) ? ": " : ":";
  return `${text.slice(0, last.to)},${before}${JSON.stringify(name)}${colon}${written}${text.slice(last.to)}`;
}

/** The object without these members. */
export function withoutMembers(text: string, names: readonly string[]): string {
  const spans = memberSpans(text);
  if (!spans?.some(({ name }) => names.includes(name))) return text;
  const kept = spans.filter(({ name }) => !names.includes(name));
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last || kept.length === 0) return "{}";
  const layout = text.slice(text.indexOf("{") + 1, first.at);
  const members = kept.map(({ at, to }) => text.slice(at, to)).join(`,${layout}`);
  return text.slice(0, first.at) + members + text.slice(last.to);
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
