import type { PolicyFile } from "../workbench/operations/policies";
import type { Pinned, PinnedKey } from "./pinned";

/** What the code is pinned to, and what of it only the token said. */
export interface Pinning {
  pinned: Pinned;
  /** Names of what nobody expected, and the token therefore decided. */
  fromToken: string[];
}

interface Token {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

/** The expectations; where they are silent, what this token has. */
export function pin(token: Token, policy: PolicyFile, toml: string, key: PinnedKey): Pinning | undefined {
  const fromToken: string[] = [];
  const orToken = (name: string, expected: string[], seen: string[]): string[] => {
    if (expected.length > 0 || seen.length === 0) return expected;
    fromToken.push(name);
    return seen;
  };
  const algorithms = policy.algorithms?.length === 1 ? policy.algorithms : [];
  const algorithm = orToken("alg", algorithms, texts(token.header.alg))[0];
  if (algorithm === undefined) return undefined;
  const required = [...new Set(policy.required ?? [])];
  if (!required.includes("exp") && token.claims.exp !== undefined) {
    required.push("exp");
    fromToken.push("exp");
  }
  const pinned: Pinned = {
    algorithm,
    issuers: orToken("iss", texts(policy.issuer), texts(token.claims.iss)),
    audiences: orToken("aud", texts(policy.audience), texts(token.claims.aud)),
    subject: policy.subject,
    types: orToken("typ", texts(policy.type), texts(token.header.typ)),
    typeOptional: policy.type_optional === true,
    required,
    leeway: seconds(policy.leeway) ?? 0,
    maxAge: seconds(policy.max_age),
    key,
    policy: { toml, further: Object.keys(policy).filter((name) => FURTHER.includes(name)) },
  };
  return { pinned, fromToken };
}

/** What of a policy no library has an option for. */
const FURTHER = ["forbidden", "claim", "critical", "limits"];

const UNITS: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600, d: 86400 };

/** A duration as policies write it: `30s`, or a number of seconds. */
export function seconds(duration: unknown): number | undefined {
  if (typeof duration === "number") return duration;
  const parts = typeof duration === "string" ? /^(\d{1,10})([smhd]?)$/.exec(duration) : null;
  return parts ? Number(parts[1]) * (UNITS[parts[2] ?? ""] ?? 1) : undefined;
}

function texts(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return [...new Set(all.filter((one): one is string => typeof one === "string"))];
}
