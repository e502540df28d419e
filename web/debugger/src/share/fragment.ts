/** What a link brought along. */
export interface Arrived {
  token: string;
  /** Given by links of other tools; a public key is no secret. */
  publicKey?: string;
  /** Of the same answer as an id token: its `at_hash` can be held against it. */
  accessToken?: string;
}

const LONGEST = 1 << 20;
const NAMES = ["token", "id_token", "access_token", "value"] as const;

/** Reads `#token=`, `#id_token=`, `#access_token=`, `#value=` and `#debugger-io?token=…`. */
export function readFragment(hash: string): Arrived | undefined {
  if (hash.length > LONGEST) return undefined;
  const text = hash.replace(/^#/, "").replace(/^\/?debugger-io\/?\?/, "");
  const fields = new Map<string, string>();
  for (const pair of text.split("&")) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(equals, 0));
    if (!fields.has(name)) fields.set(name, decode(pair.slice(equals + 1)));
  }
  const name = NAMES.find((candidate) => fields.get(candidate));
  const token = fields.get(name ?? "");
  if (name === undefined || token === undefined) return undefined;
  const arrived: Arrived = { token };
  const publicKey = fields.get("publicKey");
  if (publicKey) arrived.publicKey = publicKey;
  const accessToken = fields.get("access_token");
  if (accessToken && name !== "access_token") arrived.accessToken = accessToken;
  return arrived;
}

/** Reads the address once and takes the token out of it, so that no history or bookmark keeps it. */
export function takeFragment(location: Location, history: History): Arrived | undefined {
  const arrived = readFragment(location.hash);
  if (arrived) history.replaceState(history.state, "", location.pathname + location.search);
  return arrived;
}

/** Percent-decoded where that is possible. A plus sign is base64, unless a PEM shows it was a space. */
function decode(text: string): string {
  const spaced = text.startsWith("-----BEGIN+") ? text.replaceAll("+", " ") : text;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
