// The shapes of `policies/show` and the policy file itself.

export type OneOrMany = string | string[];

/** The keys of a policy file that the page edits; all others are kept as they are. */
export interface PolicyFile {
  preset?: string;
  algorithms?: string[];
  issuer?: OneOrMany;
  subject?: string;
  audience?: OneOrMany;
  type?: OneOrMany;
  required?: string[];
  max_age?: string;
  leeway?: string;
  [other: string]: unknown;
}

export interface PolicyRequest {
  policy: string | PolicyFile;
}

export interface PolicyAnswer {
  toml: string;
  json: PolicyFile;
}
