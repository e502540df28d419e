import { expect, it } from "vitest";
import type { Inspection } from "../../workbench/operations/inspect";
import { segmentsOf } from "./segments";

function inspection(text: string, start: number, mended: string, spans: [number, number][]): Inspection {
  const names = ["header", "payload", "signature"];
  return {
    found: { span: { start, end: text.length }, kind: "compact_jws", source: { where: "bare" }, text: mended, repairs: [] },
    kind: "compact_jws",
    size: mended.length,
    detached: false,
    parts: spans.map(([from, to], index) => ({
      name: names[index] ?? "header",
      span: { start: from, end: to },
      text: mended.slice(from, to),
      size: 0,
    })),
    header: [],
    claims: [],
    findings: [],
  };
}

const shown = (text: string, tokens: Inspection[]) =>
  segmentsOf(text, tokens).map(({ from, to }) => text.slice(from, to));

it("places parts behind other text, counted in bytes", () => {
  const text = "é: aa.bb.cc";
  expect(shown(text, [inspection(text, 4, "aa.bb.cc", [[0, 2], [3, 5], [6, 8]])])).toEqual(["aa", "bb", "cc"]);
});

it("places parts of a token that was mended", () => {
  const text = "aa.\n b b.cc";
  expect(shown(text, [inspection(text, 0, "aa.bb.cc", [[0, 2], [3, 5], [6, 8]])])).toEqual(["aa", "b b", "cc"]);
});

it("places nothing that isn't there", () => {
  expect(shown("%61a.b", [inspection("%61a.b", 0, "zz.b", [[0, 2], [3, 4]])])).toEqual([]);
});
