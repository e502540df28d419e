// The keyboard of the page. Single keys work only while nothing that takes text has the focus.

import { clock } from "../state/clock.svelte";
import { preferences } from "../state/preferences.svelte";
import { route, VIEWS } from "../state/route.svelte";

export const SHORTCUTS = [
  [["1", "…", "5"], "view"],
  [["t"], "token"],
  [["k"], "key"],
  [["v"], "verdict"],
  [["n"], "clock"],
  [["d"], "theme"],
  [["?"], "help"],
  [["Esc"], "leave"],
  [["Tab"], "next"],
  [["Enter"], "accept"],
] as const;

export interface Actions {
  help: () => void;
  /** Announces the verdict once more. */
  verdict: () => void;
}

/** Listens; gives back how to stop. */
export function listen(actions: Actions): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const focused = deepest(document.activeElement);
    if (event.key === "Escape" && takesText(focused)) focused?.blur();
    if (takesText(focused) || document.querySelector("dialog[open]")) return;
    if (act(event.key, actions)) event.preventDefault();
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}

function act(key: string, actions: Actions): boolean {
  const view = VIEWS[Number(key) - 1];
  if (view) route.go(view);
  else if (key === "?") actions.help();
  else if (key === "v") actions.verdict();
  else if (key === "n") clock.set = null;
  else if (key === "d") preferences.nextTheme();
  else if (key === "t") focus("#token-editor");
  else if (key === "k") focus("#key textarea, #key input.field");
  else return false;
  return true;
}

function focus(selector: string): void {
  const element = document.querySelector<HTMLElement>(selector);
  const inside = element?.shadowRoot?.querySelector<HTMLElement>("[contenteditable]");
  (inside ?? element)?.focus();
}

/** What has the focus, inside an editor's shadow root too. */
function deepest(element: Element | null): HTMLElement | null {
  let found = element;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found instanceof HTMLElement ? found : null;
}

function takesText(element: HTMLElement | null): boolean {
  if (!element) return false;
  if (element instanceof HTMLInputElement) return !["checkbox", "radio", "button", "file"].includes(element.type);
  return element.isContentEditable || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;
}
