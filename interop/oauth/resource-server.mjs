// express-oauth2-jwt-bearer (npm): an API that knows the server by its discovery URL alone.
import express from "express";
import { auth, requiredScopes } from "express-oauth2-jwt-bearer";
import { SignJWT, generateKeyPair } from "jose";
import { claimsOf, expect, headerOf, run, setting } from "./flows.mjs";

const { issuer, api, other } = setting;
const { basic } = setting.clients;
const LATER = 7200;

const about = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();

async function token(scope = api.scope) {
  const { client_id, client_secret } = basic;
  const response = await fetch(about.token_endpoint, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials", resource: api.resource, scope }),
  });
  const { access_token, error_description } = await response.json();
  if (!access_token) throw new Error(error_description);
  return access_token;
}

// The API as it is written: any algorithm that discovery names, a JWT that says it is an at+jwt.
async function serve(rules) {
  const app = express();
  app.use(auth({ issuerBaseURL: issuer, audience: api.resource, strict: true, ...rules }));
  app.get("/orders", requiredScopes(api.scope), (request, response) => {
    response.json(request.auth.payload);
  });
  app.post("/orders", requiredScopes("orders:write"), (_, response) => response.json({}));
  app.use((error, _request, response, _next) => {
    response.status(error.status ?? 500).set(error.headers).json({ error: error.code ?? error.message });
  });
  const server = app.listen(0, "127.0.0.1");
  await new Promise((ready) => server.once("listening", ready));
  const url = `http://127.0.0.1:${server.address().port}/orders`;
  return (token, method = "GET") =>
    fetch(url, { method, headers: token ? { authorization: `Bearer ${token}` } : {} });
}

const ask = await serve({});

async function refusal(response, status, error) {
  const challenge = response.headers.get("www-authenticate") ?? "";
  expect(response.status === status, `status ${status}, got ${response.status}: ${challenge}`);
  expect(challenge.includes(error), `${error}, got ${challenge}`);
}

const flows = [
  ["good-token", async () => {
    const response = await ask(await token());
    const payload = await response.json();
    expect(response.status === 200, `status 200, got ${response.status}: ${JSON.stringify(payload)}`);
    expect(payload.iss === issuer && payload.client_id === basic.client_id, "the claims");
  }],
  ["type-at-jwt", async () => {
    expect(headerOf(await token()).typ === "at+jwt", "typ at+jwt");
  }],
  ["no-token", async () => {
    const response = await ask();
    expect(response.status === 401, "status 401");
  }],
  ["missing-scope", async () => {
    await refusal(await ask(await token(), "POST"), 403, "insufficient_scope");
  }],
  ["expired", async () => {
    // An API that tolerates less than nothing: it takes itself to be two hours ahead.
    const ahead = await serve({ clockTolerance: -LATER });
    await refusal(await ahead(await token()), 401, "invalid_token");
  }],
  ["wrong-audience", async () => {
    const elsewhere = await serve({ audience: other.resource });
    await refusal(await elsewhere(await token()), 401, "invalid_token");
  }],
  ["foreign-key", async () => {
    const good = await token();
    const { privateKey } = await generateKeyPair(headerOf(good).alg);
    const forged = await new SignJWT(claimsOf(good)).setProtectedHeader(headerOf(good)).sign(privateKey);
    await refusal(await ask(forged), 401, "invalid_token");
  }],
  ["changed-claims", async () => {
    const [header, , signature] = (await token()).split(".");
    const claims = Buffer.from(JSON.stringify({ ...claimsOf(await token()), scope: "orders:write" }));
    const forged = [header, claims.toString("base64url"), signature].join(".");
    await refusal(await ask(forged, "POST"), 401, "invalid_token");
  }],
];

await run(flows);
