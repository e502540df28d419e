// The shapes of `tokens/verify`.

import type { Finding } from "./inspect";
import type { KeyInput } from "./keys";
import type { PolicyFile } from "./policies";

export interface VerifyRequest {
  token: string;
  key?: KeyInput;
  policy?: string | PolicyFile;
  at?: string | number;
  leeway?: string;
  signature_only?: boolean;
  payload?: string;
  payload_base64url?: string;
  all_signatures?: boolean;
  strict?: boolean;
  /** Whether to look for what would make the signature match; takes longer. */
  doctor?: boolean;
  with_fix?: boolean;
  /** What came with the token and has to belong to it. */
  beside?: { access_token?: string };
}

export interface Check {
  rule: string;
  subject?: string;
  wanted: string;
  seen: unknown;
  outcome: "passed" | "failed" | "not_checked";
  proven: boolean;
  code?: string;
  message?: string;
}

/** Whether what came with the token belongs to it. */
export interface CrossCheck {
  check: string;
  answer: "match" | "mismatch" | "not_present" | "cannot_tell";
  words: string;
}

export interface KeyUsed {
  alg: string;
  kid: string | null;
  kty: string;
  crv?: string | null;
  bits?: number | null;
  thumbprint: string | null;
  weakness: string | null;
}

/** What would make the signature match, ready to be put into an input. */
export interface Fix {
  kind: "secret" | "key" | "token" | "algorithm";
  value: string;
  encoding?: "utf8" | "base64" | "base64url" | "hex";
}

export interface Diagnosis {
  cause?: string | null;
  explanation?: string;
  detail?: string;
  fix?: string;
  fixed?: Fix;
  also?: { cause?: string; explanation?: string }[];
  confirmed?: boolean;
  tried: { code: string | null; attempts: number }[];
  attempts: number;
  exhausted: boolean;
}

export interface VerifyAnswer {
  verdict: "valid" | "invalid" | "unverified";
  code: string | null;
  message: string;
  hint: string | null;
  key: KeyUsed | null;
  findings: Finding[];
  provenance?: string;
  checks?: Check[];
  doctor?: Diagnosis;
  cross_checks?: CrossCheck[];
}
