// The shapes of `names` and `examples`: what there is to choose from.

export interface RegisteredName {
  name: string;
  label: string;
  meaning: string;
  kind: string;
  /** What the value is meant to be, in words. */
  value: string;
  reference: string;
}

export interface AlgorithmName {
  name: string;
  family: string;
  kty: string;
  crv: string | null;
  min_key_bits: number;
  signature_bytes: number | null;
  note: string;
  reference: string;
}

export interface KeyManagementName {
  name: string;
  family: string;
  kty: string[];
  key_bits: number | null;
  note: string;
  reference: string;
}

export interface ContentEncryptionName {
  name: string;
  family: string;
  key_bits: number;
  note: string;
  reference: string;
}

export interface NamesAnswer {
  header_parameters: RegisteredName[];
  claims: RegisteredName[];
  signature_algorithms: AlgorithmName[];
  key_management: KeyManagementName[];
  content_encryption: ContentEncryptionName[];
  presets: { name: string; reference: string }[];
}

export interface Example {
  alg: string;
  token: string;
  private: Record<string, unknown> | null;
  verify_with: Record<string, unknown> | null;
}

export interface ExamplesRequest {
  alg?: string;
}

export interface ExamplesAnswer {
  examples: Example[];
}
