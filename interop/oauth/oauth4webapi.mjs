// oauth4webapi (npm): the same protocol one request and one check at a time, as strict as it gets.
import { importJWK } from "jose";
import * as oauth from "oauth4webapi";
import { Browser } from "./browser.mjs";
import { claimsOf, expect, refused, run, setting } from "./flows.mjs";

const CALLBACK = "https://app.example/callback";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const { user, api, other } = setting;
const { web, basic, post, signer, orders } = setting.clients;

const plain = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(setting.issuer);
const discover = async (algorithm) =>
  oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...plain }));
const as = await discover("oidc");
const client = { client_id: web.client_id };
const auth = oauth.ClientSecretBasic(web.client_secret);
const browser = new Browser();
let kept;

async function signIn(parameters = {}, { by = browser, ...checks } = {}) {
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: web.client_id,
    response_type: "code",
    redirect_uri: CALLBACK,
    scope: `openid email ${api.scope}`,
    resource: api.resource,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
    ...parameters,
  });
  const answer = await by.walk(url, { user, until: (at) => at.href.startsWith(CALLBACK) });
  const valid = oauth.validateAuthResponse(as, client, answer, state);
  const response = await oauth.authorizationCodeGrantRequest(
    as, client, auth, valid, CALLBACK, verifier, plain);
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
    ...checks,
  });
  // The signature of the id token, with the published keys.
  await oauth.validateApplicationLevelSignature(as, response, plain);
  return tokens;
}

async function refresh(token, more) {
  const options = { ...plain, additionalParameters: more };
  const response = await oauth.refreshTokenGrantRequest(as, client, auth, token, options);
  return oauth.processRefreshTokenResponse(as, client, response);
}

async function forItself(who, auth, parameters = { resource: api.resource, scope: api.scope }) {
  const client = { client_id: who.client_id };
  const response = await oauth.clientCredentialsGrantRequest(as, client, auth, parameters, plain);
  return oauth.processClientCredentialsResponse(as, client, response);
}

// What an API does with a token that comes along: RFC 9068 §4.
async function admit(token, audience = api.resource) {
  const request = new Request("https://orders.example/", {
    headers: { authorization: `Bearer ${token}` },
  });
  return oauth.validateJwtAccessToken(as, request, audience, plain);
}

async function introspect(token, who = web) {
  const client = { client_id: who.client_id };
  const auth = oauth.ClientSecretBasic(who.client_secret);
  const response = await oauth.introspectionRequest(as, client, auth, token, plain);
  return oauth.processIntrospectionResponse(as, client, response);
}

async function revoke(token) {
  const response = await oauth.revocationRequest(as, client, auth, token, plain);
  await oauth.processRevocationResponse(response);
}

const flows = [
  ["discovery", async () => {
    expect((await discover("oauth2")).issuer === as.issuer, "the same by RFC 8414");
    expect(as.response_types_supported.includes("code"), "response type code");
    const methods = as.token_endpoint_auth_methods_supported;
    for (const method of ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"]) {
      expect(methods.includes(method), method);
    }
  }],
  ["code-with-pkce", async () => {
    kept = await signIn();
    expect(kept.token_type === "bearer" && kept.expires_in > 0, "a bearer token with its life");
  }],
  ["max-age", async () => {
    await signIn({ max_age: "600" }, { maxAge: 600 });
  }],
  ["sign-in-again", async () => {
    // Who signs in again in the same browser is still signed in elsewhere.
    const by = new Browser();
    const before = await signIn({}, { by });
    await signIn({ prompt: "login" }, { by, maxAge: 60 });
    await refresh(before.refresh_token);
  }, "sign-in-again"],
  ["acr-values-and-claims-locales-do-no-harm", async () => {
    await signIn({ acr_values: "1 2", claims_locales: "fr", ui_locales: "fr", display: "page" });
  }],
  ["userinfo", async () => {
    const tokens = await signIn({ scope: "openid email", resource: "" });
    const { sub } = oauth.getValidatedIdTokenClaims(tokens);
    const response = await oauth.userInfoRequest(as, client, tokens.access_token, plain);
    const info = await oauth.processUserInfoResponse(as, client, sub, response);
    expect(info.email && !info.name, "what scope email opens, no more");
  }],
  ["userinfo-without-a-token", async () => {
    const response = await fetch(as.userinfo_endpoint);
    expect(response.status === 401, "status 401");
    expect(/^Bearer/i.test(response.headers.get("www-authenticate")), "a challenge");
  }],
  ["at-jwt", async () => {
    const claims = await admit(kept.access_token);
    expect(claims.scope.split(" ").includes(api.scope), "the scope");
    const machine = await admit((await forItself(basic, oauth.ClientSecretBasic(basic.client_secret))).access_token);
    expect(machine.client_id === basic.client_id, "the client");
  }],
  ["at-jwt-elsewhere", async () => {
    const answer = await admit(kept.access_token, other.resource).catch(() => undefined);
    expect(answer === undefined, "no token for another API");
  }],
  ["refresh", async () => {
    const next = await refresh(kept.refresh_token);
    expect((await admit(next.access_token)).sub === claimsOf(kept.access_token).sub, "the same sub");
    kept = next;
  }],
  ["refresh-for-less", async () => {
    const next = await refresh(kept.refresh_token, { scope: "openid" });
    expect(!next.scope?.includes(api.scope), "less");
    await refused(() => refresh(next.refresh_token, { scope: "openid orders:write" }), "invalid_scope");
    kept = next;
  }],
  ["refresh-replay", async () => {
    const first = await signIn({}, { by: new Browser() });
    const second = await refresh(first.refresh_token);
    const third = await refresh(second.refresh_token);
    await refused(() => refresh(first.refresh_token), "invalid_grant");
    await refused(() => refresh(third.refresh_token), "invalid_grant");
  }],
  ["client-credentials-basic", () => forItself(basic, oauth.ClientSecretBasic(basic.client_secret))],
  ["client-credentials-post", () => forItself(post, oauth.ClientSecretPost(post.client_secret))],
  ["client-credentials-private-key-jwt", async () => {
    const key = await importJWK(signer.jwk, signer.jwk.alg);
    await forItself(signer, oauth.PrivateKeyJwt({ key, kid: signer.jwk.kid }));
  }],
  ["assertion-is-spent", async () => {
    const key = await importJWK(signer.jwk, signer.jwk.alg);
    const jti = "the-same-each-time";
    const modified = { [oauth.modifyAssertion]: (header, payload) => Object.assign(payload, { jti }) };
    const ask = () => forItself(signer, oauth.PrivateKeyJwt({ key, kid: signer.jwk.kid }, modified));
    await ask();
    await refused(ask, "invalid_client");
  }],
  ["wrong-method", async () => {
    const ask = () => forItself(basic, oauth.ClientSecretPost(basic.client_secret));
    await refused(ask, "invalid_client");
  }, "one-method-each"],
  ["unauthorized-grant", async () => {
    await refused(() => forItself(web, auth), "unauthorized_client");
  }, "unauthorized-grant"],
  ["unsupported-grant", async () => {
    const ask = async () => {
      const response = await oauth.genericTokenEndpointRequest(
        as, client, auth, "urn:example:unknown", {}, plain);
      return oauth.processGenericTokenEndpointResponse(as, client, response);
    };
    await refused(ask, "unsupported_grant_type");
  }],
  ["introspection", async () => {
    const found = await introspect(kept.refresh_token);
    expect(found.active && found.client_id === web.client_id, "active");
    expect((await introspect("unknown")).active === false, "inactive");
  }],
  ["introspection-of-at-jwt", async () => {
    const { access_token } = await forItself(basic, oauth.ClientSecretBasic(basic.client_secret));
    const found = await introspect(access_token, orders);
    const claims = claimsOf(access_token);
    expect(found.active && found.exp === claims.exp && found.jti === claims.jti, "what is inside");
  }, "introspection-of-jwt"],
  ["revocation", async () => {
    const tokens = await signIn({}, { by: new Browser() });
    await revoke(tokens.refresh_token);
    expect((await introspect(tokens.refresh_token)).active === false, "inactive");
    await refused(() => refresh(tokens.refresh_token), "invalid_grant");
    await revoke("unknown");
  }],
  ["token-exchange", async () => {
    const { access_token } = await signIn({}, { by: new Browser() });
    const client = { client_id: orders.client_id };
    const auth = oauth.ClientSecretBasic(orders.client_secret);
    const ask = async (parameters) => {
      const response = await oauth.genericTokenEndpointRequest(as, client, auth, TOKEN_EXCHANGE, {
        subject_token: access_token,
        subject_token_type: ACCESS_TOKEN,
        ...parameters,
      }, plain);
      return oauth.processGenericTokenEndpointResponse(as, client, response);
    };
    const { access_token: made } = await ask({ resource: other.resource, scope: other.scope });
    const claims = await admit(made, other.resource);
    expect(claims.act?.sub === orders.client_id, "who acts");
    await refused(() => ask({ resource: other.resource, scope: "orders:write" }), "invalid_scope");
  }, "token-exchange"],
];

await run(flows);
