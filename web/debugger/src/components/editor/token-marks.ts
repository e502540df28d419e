// Shows the segments in the token editor: coloured, with a border style each, and named.

import { RangeSetBuilder, StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, type DecorationSet } from "@codemirror/view";
import { toneOf, type Segment } from "./segments";

export interface Marks {
  segments: readonly Segment[];
  /** The token that is looked at; the others are faint. */
  chosen: number;
  /** What a segment is called. */
  name: (part: string) => string;
}

export const setMarks = StateEffect.define<Marks>();

class Name extends WidgetType {
  readonly text: string;
  readonly tone: string;

  constructor(text: string, tone: string) {
    super();
    this.text = text;
    this.tone = tone;
  }

  override eq(other: Name): boolean {
    return other.text === this.text && other.tone === this.tone;
  }

  override toDOM(): HTMLElement {
    const element = document.createElement("span");
    element.className = `name name-${this.tone}`;
    element.textContent = this.text;
    element.ariaHidden = "true";
    return element;
  }
}

function decorate({ segments, chosen, name }: Marks, length: number): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  let last = 0;
  for (const { from, to, part, token, broken } of segments) {
    if (from < last || to > length || from >= to) continue;
    const tone = toneOf(part);
    const faint = token === chosen ? "" : " faint";
    if (token === chosen) {
      builder.add(from, from, Decoration.widget({ widget: new Name(name(part), tone), side: -1 }));
    }
    const mark = Decoration.mark({ class: `segment segment-${tone}${faint}` });
    if (broken && broken.at < to && broken.at >= from) {
      const after = broken.at + 1;
      if (broken.at > from) builder.add(from, broken.at, mark);
      const wrong = `segment segment-broken`;
      builder.add(broken.at, after, Decoration.mark({ class: wrong, attributes: { title: broken.message } }));
      if (to > after) builder.add(after, to, mark);
    } else {
      builder.add(from, to, mark);
    }
    last = to;
  }
  return builder.finish();
}

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) return decorate(effect.value, transaction.newDoc.length);
    }
    return marks.map(transaction.changes);
  },
  provide: (marks) => EditorView.decorations.from(marks),
});

const tones = Object.fromEntries(
  Object.entries({ header: "solid", payload: "dashed", signature: "dotted", opaque: "double" }).flatMap(
    ([tone, border]) => [
      [
        `.segment-${tone}`,
        {
          color: `var(--${tone})`,
          backgroundColor: `var(--${tone}-wash)`,
          borderBottom: `2px ${border} var(--${tone})`,
        },
      ],
      [`.name-${tone}`, { color: `var(--${tone})` }],
    ],
  ),
);

const look = EditorView.theme({
  ".cm-line": { wordBreak: "break-all" },
  ".segment": { boxDecorationBreak: "clone", borderRadius: "2px", paddingBottom: "1px" },
  ".segment.faint": { opacity: "0.75", backgroundColor: "transparent" },
  ".name": {
    fontFamily: "var(--sans)",
    fontSize: "0.6875rem",
    fontWeight: "650",
    padding: "0 0.3em 0 0.15em",
    userSelect: "none",
    display: "inline-block",
    lineHeight: "1",
    whiteSpace: "nowrap",
  },
  ...tones,
  ".segment-broken": {
    color: "var(--bad)",
    backgroundColor: "var(--bad-wash)",
    outline: "2px solid var(--bad)",
    borderRadius: "2px",
  },
});

export const tokenMarks: Extension = [field, look];
