// Runs flows one after the other and says of each `ok NAME`, `skip NAME` or `fail NAME REASON`.
//
// What they need comes as JSON on standard input:
//   issuer     the server's URL
//   user       { username, password } of somebody who may orders:read and orders:write
//   clients    by the names of clients.json: { client_id, client_secret?, jwk? (private) }
//   api        { resource, scope } of the API that most tokens are for
//   other      { resource, scope } of the API that only `orders` may call, with a scope of both
//   lacks      names of what the server does not have; flows that need it are skipped
import { createHash } from "node:crypto";
import { json } from "node:stream/consumers";

export const setting = await json(process.stdin);

// A flow is [name, work, needs?].
export async function run(flows) {
  let isGood = true;
  for (const [name, work, needs] of flows) {
    if (needs && setting.lacks?.includes(needs)) {
      console.log(`skip ${name}`);
      continue;
    }
    try {
      await work();
      console.log(`ok ${name}`);
    } catch (error) {
      isGood = false;
      console.log(`fail ${name} ${reason(error)}`);
      if (process.env.VERBOSE) console.error(error);
    }
  }
  // Clients keep connections alive; nothing is waited for any more.
  process.exit(isGood ? 0 : 1);
}

export function expect(condition, what) {
  if (!condition) throw new Error(`expected ${what}`);
}

// Waits for a refusal and holds it against the OAuth error code that it should have.
export async function refused(work, code) {
  let answer;
  try {
    answer = await work();
  } catch (error) {
    // A client that stops at the challenge leaves the body for whoever wants to know more.
    const body = error.response?.bodyUsed === false ? await error.response.json() : undefined;
    const got = body?.error ?? error.error ?? error.cause?.error ?? error.message;
    expect(got === code, `${code}, got ${got}`);
    return;
  }
  throw new Error(`expected ${code}, got ${Object.keys(answer ?? {})}`);
}

export function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
}

export function headerOf(token) {
  return JSON.parse(Buffer.from(token.split(".")[0], "base64url"));
}

// OpenID Connect Core §3.1.3.6, for algorithms over SHA-256.
export function halfHash(text) {
  return createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url");
}

function reason(error) {
  const parts = [];
  for (let cause = error; cause && parts.length < 4; cause = cause.cause) {
    const said = cause.error_description ? `${cause.error}: ${cause.error_description}` : "";
    parts.push([cause.message, said].filter(Boolean).join(" ") || JSON.stringify(cause));
  }
  return parts.join("; ").replace(/\s+/g, " ");
}
