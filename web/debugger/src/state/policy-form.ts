// A policy as a form edits it. The keys that the form does not know stay as they are.

import type { OneOrMany, PolicyFile } from "../workbench/operations/policies";

export type ListField = "issuer" | "audience" | "type" | "algorithms" | "required";

const KNOWN: readonly string[] = ["preset", "issuer", "audience", "type", "algorithms", "required", "max_age"];

/** How many rules there are, and which of them the form does not show. */
export function policyFields(policy: PolicyFile): { set: number; others: string[] } {
  const names = Object.keys(policy);
  return { set: names.length, others: names.filter((name) => !KNOWN.includes(name)) };
}

/** Several with commas; nothing for nothing. */
export function listed(text: string): string[] {
  return text.split(",").map((each) => each.trim()).filter((each) => each !== "");
}

export function lines(value: OneOrMany | undefined): string {
  return typeof value === "string" ? value : (value ?? []).join(", ");
}

/** Sets a rule, or takes it away if it is empty. */
export function setField(policy: PolicyFile, name: string, value: string | string[]): void {
  if (value.length === 0) delete policy[name];
  else policy[name] = value;
}
