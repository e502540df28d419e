// The shapes of `tokens/decrypt`.

import type { Inspection } from "./inspect";
import type { KeyInput } from "./keys";
import type { PolicyFile } from "./policies";
import type { Check } from "./verify";

export interface DecryptRequest {
  token: string;
  key: KeyInput;
  /** Verifies the signed token inside. */
  verify_key?: KeyInput;
  policy?: string | PolicyFile;
  leeway?: string;
  /** Say why it does not decrypt; for whoever holds the key only. */
  diagnose?: boolean;
}

export interface DecryptAnswer {
  verdict: "decrypted" | "valid" | "invalid";
  code: string | null;
  message: string;
  hint: string | null;
  algorithm: string | null;
  encryption: string | null;
  plaintext: string | null;
  plaintext_base64url?: string;
  checks?: Check[];
  /** The token as a tree, with those inside it as far as it was decrypted. */
  inspection: Inspection;
  doctor?: {
    cause: { code: string; explanation: string; detail?: string; fix: string; confirmed: boolean } | null;
    attempts: number;
    exhausted: boolean;
  };
}
