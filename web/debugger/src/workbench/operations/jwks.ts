// The shapes of `jwks/inspect`.

import type { Finding } from "./inspect";

export interface SetMember {
  index: number;
  kid?: string;
  kty?: string;
  crv?: string;
  bits?: number;
  alg?: string;
  use?: string;
  key_ops?: string[];
  algorithms: string[];
  thumbprint?: string;
  private: boolean;
  findings: Finding[];
}

export interface JwksAnswer {
  skipped: { index: number; kid: string | null; code: string; reason: string }[];
  findings: Finding[];
  report: { form: string; keys: SetMember[]; left_out: number; findings: Finding[] };
}

export interface JwksRequest {
  text: string;
}
