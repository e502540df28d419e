// The session's token and expectations as code can be pinned to.

import { ask } from "../state/ask.svelte";
import { judgement } from "../state/judgement.svelte";
import { isEmpty, isSecret, keyInput } from "../state/key-draft";
import { session } from "../state/session.svelte";
import { pin, type Pinning } from "./pin";
import type { PinnedKey } from "./pinned";

export interface Current extends Pinning {
  token: string;
  toml: string;
}

/** What there is to take away, if there is a signed token. */
export function current(): Current | undefined {
  const { token } = judgement;
  if (!token || judgement.encrypted || judgement.isKey) return undefined;
  const part = (name: string) => record(token.parts.find((one) => one.name === name)?.json);
  const policy = { ...session.policy, ...(session.leeway > 0 ? { leeway: `${session.leeway}s` } : {}) };
  const shown = ask("policies/show", { policy });
  const { toml, json } = shown.ok ? shown.answer : { toml: "", json: policy };
  const pinning = pin({ header: part("header"), claims: part("payload") }, json, toml, key(token.algorithm ?? ""));
  return pinning && { ...pinning, token: token.found.text, toml };
}

/** The kind of key is the algorithm's; the public key is the one that was given. */
function key(algorithm: string): PinnedKey {
  const { key: draft } = session;
  if (algorithm.startsWith("HS")) {
    const encoding = isSecret(draft) && !isEmpty(draft) ? draft.encoding : "base64url";
    return { kind: "secret", encoding };
  }
  const input = keyInput(draft);
  if (!input || isSecret(draft)) return { kind: "public" };
  const chosen = judgement.verified?.ok ? judgement.verified.answer.key?.kid : undefined;
  const converted = ask("keys/convert", { key: { ...(chosen ? { kid: chosen } : {}), ...input }, to: "spki", public: true });
  return { kind: "public", pem: converted.ok ? converted.answer.text : undefined };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
