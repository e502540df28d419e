// How the JSON editors look, in the custom properties of the page.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent)" },
  { tag: tags.string, color: "var(--payload)" },
  { tag: tags.number, color: "var(--signature)" },
  { tag: [tags.bool, tags.null], color: "var(--header)" },
]);

// The underlines that come with the linter are images, which the page's policy refuses.
const shapes = EditorView.theme({
  ".cm-lintRange": { backgroundImage: "none !important", textDecoration: "underline wavy 1px", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { textDecorationColor: "var(--bad)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--warn)" },
  ".cm-lintRange-info": { textDecoration: "underline dotted 1px var(--ink-faint)" },
  ".cm-gutters": { background: "none", border: "0" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0.35rem 0 0 0.25rem" },
  ".cm-lint-marker": { content: "''", width: "0.5rem", height: "0.5rem", borderRadius: "50%" },
  ".cm-lint-marker-error": { background: "var(--bad)", content: "''", borderRadius: "1px" },
  ".cm-lint-marker-warning": { background: "var(--warn)", content: "''" },
  ".cm-lint-marker-info": { background: "none", border: "1.5px solid var(--ink-faint)", content: "''" },
  ".cm-tooltip": {
    background: "var(--surface)",
    border: "1px solid var(--line)",
    borderRadius: "var(--radius-small)",
    boxShadow: "var(--shadow-raised)",
    fontFamily: "var(--sans)",
    maxWidth: "24rem",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "14rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent-wash)", color: "var(--ink)" },
  ".cm-completionDetail": { color: "var(--ink-soft)", fontStyle: "normal", fontFamily: "var(--sans)" },
  ".cm-completionInfo": { padding: "0.5rem 0.75rem", lineHeight: "1.45" },
  ".cm-diagnostic": { borderLeftWidth: "3px", padding: "0.375rem 0.625rem" },
  ".cm-matchingBracket": { background: "none" },
  "&.cm-focused .cm-matchingBracket": { background: "var(--accent-wash)" },
});

export const look: Extension = [syntaxHighlighting(colours), shapes];
