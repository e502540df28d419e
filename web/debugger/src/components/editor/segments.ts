// Where the parts of the tokens stand in the text that was pasted.

import { ByteText } from "../../workbench/bytes";
import type { Inspection, PartName } from "../../workbench/operations/inspect";

export interface Segment {
  from: number;
  to: number;
  part: PartName;
  /** Which of the tokens in the text it belongs to. */
  token: number;
  /** Where it breaks, and how. */
  broken?: { at: number; message: string };
}

/** The segments in the order of the text. Parts that can't be placed are left out. */
export function segmentsOf(text: string, tokens: readonly Inspection[]): Segment[] {
  const whole = new ByteText(text);
  const segments: Segment[] = [];
  tokens.forEach((inspection, token) => {
    const start = whole.index(inspection.found.span.start);
    const place = placer(text, start, inspection.found.text);
    if (!place) return;
    for (const part of inspection.parts) {
      if (part.span.end === part.span.start) continue;
      const segment: Segment = {
        from: place(part.span.start),
        to: place(part.span.end - 1) + 1,
        part: part.name,
        token,
      };
      const { broken } = part;
      if (broken) segment.broken = { at: place(broken.text_at), message: brokenText(broken) };
      segments.push(segment);
    }
  });
  return segments.sort((one, other) => one.from - other.from || other.to - one.to);
}

/** How a part is drawn: `header`, `payload`, `signature`, or `opaque` for what nobody reads. */
export function toneOf(part: string): string {
  if (part === "unprotected_header") return "header";
  return ["header", "payload", "signature"].includes(part) ? part : "opaque";
}

export function brokenText(broken: { message: string; expected: string }): string {
  return `${broken.message}; expected ${broken.expected}`;
}

/** From bytes of a mended token to places in the text it was mended from. */
function placer(text: string, start: number, mended: string): ((byte: number) => number) | undefined {
  const bytes = new ByteText(mended);
  if (text.startsWith(mended, start)) return (byte) => start + bytes.index(byte);
  // Mending takes characters away, so what is left stands in the text in the same order.
  const places = new Uint32Array(mended.length + 1);
  let at = start;
  for (let index = 0; index < mended.length; index += 1) {
    at = text.indexOf(mended.charAt(index), at);
    if (at < 0) return undefined;
    places[index] = at;
    at += 1;
  }
  places[mended.length] = at;
  return (byte) => places[bytes.index(byte)] ?? at;
}
