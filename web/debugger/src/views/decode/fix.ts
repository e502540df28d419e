import type { Fix } from "../../workbench/operations/verify";
import { emptyKey, keyFromText } from "../../state/key-draft";
import { session } from "../../state/session.svelte";

/** Corrects an input as the doctor says. The verdict then follows from the input, as ever. */
export function applyFix({ kind, value, encoding }: Fix): void {
  switch (kind) {
    case "secret":
      session.setKey({ ...emptyKey(), text: value, encoding: encoding ?? "utf8", literal: true });
      break;
    case "key":
      session.setKey(keyFromText(value));
      break;
    case "token":
      session.setText(value);
      break;
    case "algorithm":
      session.policy.algorithms = [value];
      break;
  }
}
