// The shapes of `tokens/inspect`: what a text holds, decoded as far as it goes. Nothing is proven.

/** A range of bytes. */
export interface Span {
  start: number;
  end: number;
}

export type Kind =
  | "compact_jws"
  | "compact_jwe"
  | "sd_jwt"
  | "flattened_jws"
  | "general_jws"
  | "flattened_jwe"
  | "general_jwe"
  | "jwk"
  | "jwk_set"
  | "broken"
  | (string & {});

export type PartName =
  | "token"
  | "header"
  | "unprotected_header"
  | "payload"
  | "signature"
  | "encrypted_key"
  | "initialization_vector"
  | "ciphertext"
  | "tag"
  | "additional_data"
  | "disclosure"
  | "key_binding"
  | "key"
  | (string & {});

export interface Source {
  where: string;
  scheme?: string;
  name?: string;
  pointer?: string;
}

export interface Found {
  span: Span;
  kind: Kind;
  source: Source;
  /** The token itself, mended; `span` is its place in the text, damage included. */
  text: string;
  repairs: string[];
}

export interface Broken {
  layer: "base64url" | "utf8" | "json";
  at: number;
  text_at: number;
  message: string;
  expected: string;
}

export interface Part {
  name: PartName;
  index?: number;
  span: Span;
  text: string;
  size: number;
  utf8?: string;
  json?: unknown;
  broken?: Broken;
}

/** A header parameter or claim; its exact value is the text at `span` of the decoded part. */
export interface Described {
  part: PartName;
  index?: number;
  name: string;
  pointer: string;
  span: Span;
  value: unknown;
  label?: string;
  meaning?: string;
  reference?: string;
  value_kind: string;
  kind: "registered" | "public" | "private" | (string & {});
  explained?: string;
  duplicate: boolean;
}

export interface Moment {
  seconds: number;
  utc: string;
  relative: string;
}

export type State = "not_yet" | "accepted" | "expired";

export interface Validity {
  issued?: Moment;
  accepted_from?: Moment;
  accepted_until?: Moment;
  lifetime?: { seconds: number; words?: string };
  state: State;
  with_leeway?: {
    leeway: string;
    accepted_from?: Moment;
    accepted_until?: Moment;
    state: State;
  };
}

export type Severity = "note" | "warning" | "problem";

export interface Finding {
  code: string;
  severity: Severity;
  place?: { part: PartName; bytes?: Span; pointer?: string };
  message: string;
  remedy: string;
  reference?: string;
}

export interface Inspection {
  found: Found;
  kind: Kind;
  size: number;
  algorithm?: string;
  detached: boolean;
  parts: Part[];
  header: Described[];
  claims: Described[];
  validity?: Validity;
  findings: Finding[];
  nested?: Inspection[];
  /** What an SD-JWT discloses. */
  disclosing?: Disclosing;
}

export interface Disclosed {
  salt?: string;
  name?: string;
  value?: unknown;
  digest?: string;
  pointer?: string;
}

export interface Disclosing {
  hash: string;
  disclosures: Disclosed[];
  undisclosed: number;
  key_binding?: { sd_hash?: string; fits: boolean };
  claims: Described[];
  json?: unknown;
  fault?: string;
}

export interface InspectRequest {
  text: string;
  at?: string | number;
  leeway?: string;
}

export interface InspectAnswer {
  verdict: "unverified" | "invalid";
  code: string | null;
  message: string;
  hint: string | null;
  findings: Finding[];
  tokens: Inspection[];
}
