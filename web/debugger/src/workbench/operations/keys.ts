// The shapes of `keys/...`.

export type Encoding = "utf8" | "base64" | "base64url" | "hex";

/** A key as a person has it: exactly one of `text`, `der` and `secret`. */
export interface KeyInput {
  text?: string;
  der?: string;
  secret?: string;
  encoding?: Encoding;
  passphrase?: string;
  kid?: string;
}

export interface GenerateRequest {
  alg?: string;
  kty?: string;
  crv?: string;
  size?: number;
  kid?: string;
}

export interface GenerateAnswer {
  private: Record<string, unknown>;
  public?: Record<string, unknown> | null;
  pem?: string | null;
  public_pem?: string | null;
  kid: string | null;
  thumbprint: string | null;
}

export type KeyForm = "jwk" | "jwks" | "pem" | "der" | "pkcs8" | "spki" | "pkcs1" | "sec1";

export interface ConvertRequest {
  key: KeyInput;
  to: KeyForm;
  public?: boolean;
}

export interface ConvertAnswer {
  text?: string;
  base64url?: string;
  form: string;
}

/** What is to be said of one key without showing it. */
export interface KeyFacts {
  form?: string;
  kty: string;
  crv?: string | null;
  bits?: number | null;
  private: boolean;
  kid: string | null;
  alg: string | null;
  use?: string | null;
  algorithms: string[];
  thumbprint: string | null;
  problem: string | null;
}
