// The shapes of `tokens/sign` and `tokens/encrypt`.

import type { KeyInput } from "./keys";

export type Form = "compact" | "flattened" | "general";

/** A key, and the algorithm it is to serve where it could serve several. */
export interface KeyForAlgorithm extends KeyInput {
  alg?: string;
}

export interface SignRequest {
  payload: string;
  /** The text of a JSON object. */
  header?: string;
  keys: KeyForAlgorithm[];
  form?: Form;
  detached?: boolean;
  b64?: boolean;
  /** Sign the header byte for byte. */
  exact?: boolean;
  allow_weak?: boolean;
}

export interface SignAnswer {
  /** A string in the compact form, an object in the others. */
  token: unknown;
  payload?: string;
  keys: { alg: string; kid: string | null }[];
  warnings: { code: string; message: string }[];
}

export interface EncryptRequest {
  plaintext?: string;
  payload_base64url?: string;
  token?: string;
  recipients: KeyForAlgorithm[];
  enc?: string;
  header?: string;
  form?: Form;
}

export interface EncryptAnswer {
  token: unknown;
  form: Form;
  encryption: string;
  algorithms: string[];
  nested: boolean;
}

/** A token as it is written down. */
export function tokenText(token: unknown): string {
  return typeof token === "string" ? token : JSON.stringify(token, undefined, 2);
}
