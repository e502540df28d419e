// What is wrong in the header or payload being written: the core reads them as a verifier would.

import type { Diagnostic } from "@codemirror/lint";
import { encodeText } from "../../workbench/base64url-text";
import { ByteText } from "../../workbench/bytes";
import type { Severity } from "../../workbench/operations/inspect";
import { ask } from "../../state/ask.svelte";
import type { Role } from "./completion";

const SEVERITIES: Record<Severity, Diagnostic["severity"]> = { problem: "error", warning: "warning", note: "info" };

/** In the order of the text, each at its exact place. What has no place is not about the text. */
export function problemsOf(role: Role, text: string): Diagnostic[] {
  const [header, payload] = role === "header" ? [text, "{}"] : ['{"alg":"HS256"}', text];
  // The signature only makes it a token; nothing is verified.
  const read = ask("tokens/inspect", { text: `${encodeText(header)}.${encodeText(payload)}.AA` });
  if (!read.ok) return [];
  const [token] = read.answer.tokens;
  const part = token?.parts.find(({ name }) => name === role);
  if (!token || !part) return [];
  const bytes = new ByteText(text);
  const broken = part.broken;
  if (broken) return [breakage(bytes, broken.at, said(broken))];
  return token.findings.flatMap(({ place, severity, message, remedy }): Diagnostic[] => {
    if (place?.part !== role || !place.bytes) return [];
    const from = bytes.index(place.bytes.start);
    const to = Math.max(bytes.index(place.bytes.end), from);
    return [{ from, to, severity: SEVERITIES[severity], message: `${sentence(message)} ${remedy}` }];
  }).sort((one, other) => one.from - other.from);
}

/** The place is said by line and column; what is expected, once. */
function said({ message, expected }: { message: string; expected: string }): string {
  const placeless = message.replace(/ at byte \d+$/, "");
  return placeless.startsWith("expected") ? placeless : `${placeless}; expected ${expected}`;
}

function breakage(bytes: ByteText, at: number, message: string): Diagnostic {
  const from = Math.min(bytes.index(at), bytes.text.length);
  return { from, to: Math.min(from + 1, bytes.text.length), severity: "error", message: sentence(message) };
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
