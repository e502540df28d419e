// The verdict in words: what the answers of the core come to.

import type { Failure, Outcome } from "../workbench/door";
import type { DecryptAnswer } from "../workbench/operations/decrypt";
import type { SdVerifyAnswer } from "../workbench/operations/sd";
import type { InspectAnswer, Inspection } from "../workbench/operations/inspect";
import type { KeyUsed, VerifyAnswer } from "../workbench/operations/verify";
import { texts } from "../texts";

export type Tone = "empty" | "good" | "bad" | "calm" | "warn";

export interface Standing {
  tone: Tone;
  title: string;
  detail: string;
  code?: string;
  key?: KeyUsed;
}

const words = texts.verdict;

/** Of a text without a token. */
export const NOTHING: Standing = { tone: "empty", title: words.empty.title, detail: words.empty.detail };

export function ofFailure(failure: Failure, title: string = words.failure): Standing {
  return { tone: "warn", title, detail: inWords(failure), code: failure.code };
}

/** Of a token that no key was given for. Its times can refuse it nevertheless. */
export function ofInspection(read: Outcome<InspectAnswer>, token: Inspection): Standing {
  if (!read.ok) return ofFailure(read.failure);
  const { verdict, message, hint, code } = read.answer;
  if (verdict === "invalid") {
    return { tone: "bad", title: words.broken(message.replace("; nothing was verified", "")), detail: sentences([hint]), ...coded(code) };
  }
  const state = (token.validity?.with_leeway ?? token.validity)?.state;
  if (state === "expired" || state === "not_yet") {
    const title = state === "expired" ? words.expired : words.notYet;
    return { tone: "bad", title, detail: words.noKey, code: state === "expired" ? "token_expired" : "token_not_yet_valid" };
  }
  const carries = token.header.some(({ name }) => ["jwk", "jku", "x5c", "x5u"].includes(name));
  return { tone: "calm", title: words.unverified, detail: carries ? words.carriesKey : words.noKey };
}

export function ofVerification(verified: Outcome<VerifyAnswer>): Standing {
  if (!verified.ok) return ofFailure(verified.failure);
  const { verdict, message, hint, code, key } = verified.answer;
  const detail = sentences([message, hint]);
  if (verdict === "invalid") {
    return { tone: "bad", title: words.invalidBecause(message), detail: sentences([hint]) || words.invalidDetail, ...coded(code) };
  }
  if (verdict === "unverified") return { tone: "calm", title: words.unverified, detail, ...coded(code) };
  const standing: Standing = { tone: key?.weakness ? "warn" : "good", title: words.valid, detail };
  if (key) standing.key = key;
  return standing;
}

/** Of an encrypted token: who wrote it is another question than whether it opens. */
export function ofDecryption(opened: Outcome<DecryptAnswer>): Standing {
  if (!opened.ok) return ofFailure(opened.failure);
  const { verdict, message, hint, code, doctor } = opened.answer;
  if (verdict === "valid") return { tone: "good", title: words.decryptedValid, detail: sentences([message]) };
  if (verdict === "decrypted") return { tone: "calm", title: words.decrypted, detail: words.decryptedDetail };
  const cause = doctor?.cause;
  const detail = sentences(cause ? [cause.explanation, cause.fix] : [hint]);
  return { tone: "bad", title: words.invalidBecause(message), detail, ...coded(code) };
}

export function ofDisclosure(disclosed: Outcome<SdVerifyAnswer>): Standing {
  if (!disclosed.ok) return ofFailure(disclosed.failure);
  const { key, ...answer } = disclosed.answer;
  const standing = ofVerification({ ok: true, answer: { ...answer, key: null, findings: [] } });
  if (!key || standing.tone !== "good") return standing;
  const { algorithm, kid = null, weakness = null } = key;
  standing.key = { alg: algorithm, kid, weakness, kty: "", thumbprint: null };
  return { ...standing, tone: weakness ? "warn" : "good" };
}

function coded(code: string | null): { code?: string } {
  return code === null ? {} : { code };
}

/** What went wrong, why, and what to do. */
export function inWords({ message, causes, hint }: Failure): string {
  return sentences([message, ...causes, hint]);
}

/** Messages of the core are lower case and without a full stop; here they become sentences. */
export function sentences(messages: readonly (string | null | undefined)[]): string {
  return messages
    .filter((message) => message !== null && message !== undefined && message !== "")
    .map((message) => `${message?.charAt(0).toUpperCase()}${message?.slice(1)}.`)
    .join(" ");
}
