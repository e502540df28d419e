import { keyFromText } from "../state/key-draft";
import { session } from "../state/session.svelte";
import { takeFragment } from "./fragment";

/** Opens what the address holds, if it is one of the fragments that are known. */
export function openFragment(): void {
  const arrived = takeFragment(location, history);
  if (!arrived) return;
  session.setText(arrived.token, arrived.accessToken);
  if (arrived.publicKey !== undefined) session.setKey(keyFromText(arrived.publicKey));
}
