import type { Inspection } from "../../workbench/operations/inspect";
import type { PolicyFile } from "../../workbench/operations/policies";
import { setField } from "../../state/policy-form";

/** Expects what a token says. Whether that is right, only the person knows. */
export function fromToken(token: Inspection, policy: PolicyFile): void {
  const claim = (wanted: string) => token.claims.find(({ name }) => name === wanted)?.value;
  const texts = (value: unknown) =>
    (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === "string");
  setField(policy, "issuer", texts(claim("iss")));
  setField(policy, "audience", texts(claim("aud")));
  setField(policy, "algorithms", texts(token.algorithm));
}

/** Hands a text to the browser as a file to save. */
export function saveText(name: string, text: string): void {
  const link = document.createElement("a");
  link.download = name;
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.click();
  URL.revokeObjectURL(link.href);
}
