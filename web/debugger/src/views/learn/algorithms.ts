import { ask } from "../../state/ask.svelte";

export type Advised = "HS256" | "ES256" | "Ed25519" | "RS256" | "ML-DSA-44";

/** What to take first, and what else would do. */
export function advise(verifiers: "self" | "others", software: "current" | "old", decades: "no" | "yes"): Advised[] {
  if (verifiers === "self") return ["HS256"];
  if (software === "old") return ["RS256"];
  return decades === "yes" ? ["ML-DSA-44"] : ["ES256", "Ed25519"];
}

export interface Measured {
  alg: string;
  /** In bytes. */
  token: number;
  signature: number;
  /** The median of a verification. */
  milliseconds: number;
}

const MEASURED = ["HS256", "RS256", "PS256", "ES256", "Ed25519", "ML-DSA-44"];
const ROUNDS = 15;

export function measure(): Measured[] {
  return MEASURED.flatMap((alg) => {
    const made = ask("examples", { alg });
    const example = made.ok ? made.answer.examples[0] : undefined;
    if (!example) return [];
    const request = { token: example.token, key: { text: JSON.stringify(example.verify_with) } };
    const times = Array.from({ length: ROUNDS }, () => {
      const began = performance.now();
      ask("tokens/verify", request);
      return performance.now() - began;
    }).sort((one, other) => one - other);
    const signature = (example.token.split(".")[2]?.length ?? 0) * 0.75;
    return [{ alg, token: example.token.length, signature: Math.floor(signature), milliseconds: times[Math.floor(ROUNDS / 2)] ?? 0 }];
  });
}
