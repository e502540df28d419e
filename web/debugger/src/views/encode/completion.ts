// What can stand where the cursor is: registered names, and the values of some of them.

import { pickedCompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { jsonTokens } from "../../workbench/json-text";
import type { NamesAnswer, RegisteredName } from "../../workbench/operations/names";

export type Role = "header" | "payload";

export interface Place {
  /** Where what is being typed begins, its quote included. */
  from: number;
  /** The member whose value is being typed; none where a name is. */
  member?: string;
}

/** Where a name or a value is being typed in the outermost object. */
export function placeOf(before: string): Place | undefined {
  const open = jsonTokens(before).at(-1);
  const inString = open?.kind === "broken" && open.text.startsWith('"');
  const from = inString ? open.at : before.length - (/[A-Za-z0-9_]*$/.exec(before)?.[0].length ?? 0);
  const tokens = jsonTokens(before.slice(0, from)).filter(({ kind }) => kind !== "space");
  let depth = 0;
  for (const { kind, text } of tokens) {
    if (kind === "mark" && "{[".includes(text)) depth += 1;
    if (kind === "mark" && "}]".includes(text)) depth -= 1;
  }
  const last = tokens.at(-1)?.text;
  if (depth !== 1) return undefined;
  if (last === "{" || last === ",") return { from };
  const name = tokens.at(-2)?.text;
  return last === ":" && name ? { from, member: String(JSON.parse(name)) } : undefined;
}

const TYPES = ["JWT", "at+jwt", "dpop+jwt", "logout+jwt", "secevent+jwt", "client-authentication+jwt", "dc+sd-jwt"];

export function completionSource(role: Role, names: NamesAnswer) {
  return (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const place = placeOf(text.slice(0, context.pos));
    if (!place || (!context.explicit && place.from === context.pos)) return null;
    const options = place.member === undefined ? nameOptions(role, names) : valueOptions(role, names, place.member);
    // What is typed is held against the names without their quotes.
    const from = place.from + (text[place.from] === '"' ? 1 : 0);
    return options.length > 0 ? { from, options, validFor: /^[A-Za-z0-9_+#:/.-]*$/ } : null;
  };
}

/** Puts the whole literal where a part of it, with or without quotes, was typed. */
function put(after: string) {
  return (view: EditorView, completion: Completion, from: number, to: number): void => {
    const text = view.state.doc;
    const start = text.sliceString(from - 1, from) === '"' ? from - 1 : from;
    const end = text.sliceString(to, to + 1) === '"' ? to + 1 : to;
    const colon = after !== "" && /^\s*:/.test(text.sliceString(end, end + 20)) ? "" : after;
    const insert = `"${completion.label}"${colon}`;
    view.dispatch({
      changes: { from: start, to: end, insert },
      selection: { anchor: start + insert.length },
      annotations: pickedCompletion.of(completion),
    });
  };
}

function nameOptions(role: Role, names: NamesAnswer): Completion[] {
  const registered = role === "header" ? names.header_parameters : names.claims;
  return registered.map((one) => ({ label: one.name, detail: one.label, info: about(one), apply: put(": "), type: "property" }));
}

function about({ meaning, value, reference }: RegisteredName): string {
  return `${meaning} (${value}; ${reference})`;
}

function valueOptions(role: Role, names: NamesAnswer, member: string): Completion[] {
  const literal = (name: string, detail = "", info = ""): Completion => ({ label: name, detail, ...(info === "" ? {} : { info }), apply: put(""), type: "constant" });
  if (role === "payload") return [];
  switch (member) {
    case "alg":
      return names.signature_algorithms.map(({ name, family, note }) => literal(name, family, note));
    case "enc":
      return names.content_encryption.map(({ name, family, note }) => literal(name, family, note));
    case "typ":
      return TYPES.map((name) => literal(name));
    case "cty":
      return [literal("JWT")];
    default:
      return [];
  }
}
