// The one thing that goes out, and only on a click: the local server fetches a key set.

import type { Inspection } from "../../workbench/operations/inspect";
import { sentences } from "../../state/standing";
import { texts } from "../../texts";

/** Where the key set may be, by the token's own word. It is only put into a field. */
export function likelyAddress(token: Inspection | undefined): string | undefined {
  const value = (members: Inspection["header"] | undefined, wanted: string) => {
    const found = members?.find(({ name }) => name === wanted)?.value;
    return typeof found === "string" && found.startsWith("https://") ? found : undefined;
  };
  const issuer = value(token?.claims, "iss");
  return value(token?.header, "jku") ?? (issuer && `${issuer.replace(/\/$/, "")}/.well-known/jwks.json`);
}

interface Problem {
  title?: string;
  detail?: string;
  hint?: string | null;
}

/** The host is repeated: the server fetches only what a person has agreed to. */
export async function fetchSet(url: string, host: string): Promise<{ text: string } | { problem: string }> {
  const body = JSON.stringify({ url, confirm_host: host });
  const request = { method: "POST", headers: { "Content-Type": "application/json" }, body };
  try {
    const response = await fetch("/api/jwks/fetch", request);
    if (response.ok) return (await response.json()) as { text: string };
    const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
    if (!problem) return { problem: texts.keys.fetchOffline };
    return { problem: sentences([texts.keys.fetchFailed, problem.detail ?? problem.title, problem.hint]) };
  } catch {
    return { problem: texts.keys.fetchOffline };
  }
}
