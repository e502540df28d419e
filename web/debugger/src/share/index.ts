/** Tokens in links: harmless ones out, those of other tools in. */
import { defuse, type Refusal } from "./defuse";

export { claimNames, MARKER, MASK, type Refusal } from "./defuse";
export { readFragment, takeFragment, type Arrived } from "./fragment";

/** Claims that name a person, a session or a device: masked unless somebody decides otherwise. */
export const PERSONAL: ReadonlySet<string> = new Set([
  "sub", "jti", "sid", "nonce", "name", "given_name", "family_name", "middle_name", "nickname",
  "preferred_username", "profile", "picture", "website", "email", "gender", "birthdate", "zoneinfo",
  "phone_number", "address", "upn", "unique_name", "oid", "ipaddr", "act", "cnf", "credentialSubject",
]);

/** A link that shows the token and can't be used as one. */
export function shareLink(page: string, token: string, masked: ReadonlySet<string>): { link: string } | { refused: Refusal } {
  const defused = defuse(token, masked);
  if ("refused" in defused) return defused;
  return { link: `${page.replace(/#.*$/, "")}#token=${encodeURIComponent(defused.text)}` };
}
