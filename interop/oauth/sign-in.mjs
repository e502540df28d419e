// Signs the user of a setting in and prints refresh tokens for the API alone: node sign-in.mjs COUNT
import { createHash, randomBytes } from "node:crypto";
import { Browser } from "./browser.mjs";
import { setting } from "./flows.mjs";

const { issuer, user, api } = setting;
const { web } = setting.clients;
const redirect_uri = "https://app.example/callback";
const found = await fetch(`${issuer}/.well-known/openid-configuration`);
const about = await found.json();
const basic = Buffer.from(`${web.client_id}:${web.client_secret}`).toString("base64");

async function signIn() {
  const code_verifier = randomBytes(32).toString("base64url");
  const code_challenge = createHash("sha256").update(code_verifier).digest("base64url");
  const url = new URL(about.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: web.client_id,
    response_type: "code",
    redirect_uri,
    scope: api.scope,
    resource: api.resource,
    code_challenge,
    code_challenge_method: "S256",
  });
  const until = (at) => at.href.startsWith(redirect_uri);
  const code = (await new Browser().walk(url, { user, until })).searchParams.get("code");
  const grant_type = "authorization_code";
  const response = await fetch(about.token_endpoint, {
    method: "POST",
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type, code, redirect_uri, code_verifier }),
  });
  const { refresh_token, error_description } = await response.json();
  if (!refresh_token) throw new Error(`no refresh token: ${error_description}`);
  return refresh_token;
}

const tokens = [];
for (let count = 0; count < Number(process.argv[2]); count += 1) tokens.push(await signIn());
console.log(JSON.stringify(tokens));
