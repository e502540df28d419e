// The shapes of `tokens/diff`.

export type Sameness = "identical" | "formatting" | "order" | "different";

export type Change = { path: (string | number)[] } & (
  | { kind: "added"; right: unknown }
  | { kind: "removed"; left: unknown }
  | { kind: "changed"; left: unknown; right: unknown }
  | { kind: "set"; added: string[]; removed: string[]; kept: number }
  | { kind: "time"; left: unknown; right: unknown; seconds: number; words: string }
);

export interface PartDiff {
  sameness: Sameness;
  changes: Change[];
  left_out: number;
  opaque?: { left_bytes: number; right_bytes: number; first_difference?: number };
}

export interface DiffAnswer {
  content: Sameness;
  same_text: boolean;
  header: PartDiff;
  unprotected_header?: PartDiff;
  payload: PartDiff;
  key: {
    left: { alg?: string; kid?: string };
    right: { alg?: string; kid?: string };
    sameness: "same" | "other_algorithm" | "other" | "not_named";
  };
  lifetime?: { left_seconds?: number; right_seconds?: number; words: string };
  signature: { same: boolean; left_bytes: number; right_bytes: number; words: string };
}

export interface DiffRequest {
  before: string;
  after: string;
}
