// The shapes of `tokens/sd-verify`: a token that discloses by choice (RFC 9901).

import type { KeyInput } from "./keys";
import type { PolicyFile } from "./policies";

export interface SdVerifyRequest {
  token: string;
  key: KeyInput;
  policy?: string | PolicyFile;
  leeway?: string;
}

export interface SdVerifyAnswer {
  verdict: "valid" | "invalid" | "unverified";
  provenance: string;
  code: string | null;
  message: string;
  hint: string | null;
  key: { algorithm: string; kid?: string; weakness?: string } | null;
  disclosed: string[];
  undisclosed: number;
  key_binding: "verified" | "refused" | "not_checked" | "absent";
}
