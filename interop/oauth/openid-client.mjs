// openid-client (npm), as an application's developer would use it.
import { createServer } from "node:http";
import { importJWK } from "jose";
import * as client from "openid-client";
import { Browser } from "./browser.mjs";
import { claimsOf, expect, halfHash, headerOf, refused, run, setting } from "./flows.mjs";

const CALLBACK = "https://app.example/callback";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const { issuer, user, api, other } = setting;
const { web, app, basic, post, signer, orders } = setting.clients;

const as = (who, auth, metadata) =>
  client.discovery(new URL(issuer), who.client_id, metadata, auth, {
    execute: [client.allowInsecureRequests],
  });
const config = await as(web, client.ClientSecretBasic(web.client_secret));
const browser = new Browser();
let kept;

// Sends the browser through an authorization request; what comes back is redeemed by `redeem`.
async function authorize(parameters, { config: asking = config, by = browser, ...walk } = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const [state, nonce] = [client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(asking, {
    redirect_uri: CALLBACK,
    scope: `openid profile email offline_access ${api.scope}`,
    resource: api.resource,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
    prompt: "consent",
    ...parameters,
  });
  const target = parameters?.redirect_uri ?? CALLBACK;
  const until = (at) => at.href.startsWith(target);
  const answer = await by.walk(url, { user, until, ...walk });
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
  return { answer, checks, config: asking };
}

async function redeem({ answer, checks, config: asking }, more = {}) {
  return client.authorizationCodeGrant(asking, answer, { ...checks, idTokenExpected: true, ...more });
}

async function forItself(who, auth) {
  const asking = await as(who, auth);
  const parameters = { scope: api.scope, resource: api.resource };
  const tokens = await client.clientCredentialsGrant(asking, parameters);
  const claims = claimsOf(tokens.access_token);
  expect(claims.aud === api.resource, "the API as the audience");
  expect(claims.client_id === who.client_id && claims.sub, "the client in client_id, and a sub");
  expect(claims.scope === api.scope, "the scope that was asked for");
  expect(headerOf(tokens.access_token).typ === "at+jwt", "typ at+jwt");
  expect(tokens.refresh_token === undefined, "no refresh token for a client alone");
}

const flows = [
  ["discovery", async () => {
    const about = config.serverMetadata();
    expect(about.issuer === issuer, "the issuer itself");
    expect(about.supportsPKCE(), "PKCE with S256");
    expect(about.authorization_response_iss_parameter_supported, "iss in responses");
    for (const name of ["jwks_uri", "userinfo_endpoint", "introspection_endpoint",
      "revocation_endpoint", "end_session_endpoint"]) {
      expect(about[name]?.startsWith(issuer), name);
    }
  }],
  ["oauth-metadata", async () => {
    const found = await client.discovery(new URL(issuer), "any", undefined, client.None(), {
      algorithm: "oauth2",
      execute: [client.allowInsecureRequests],
    });
    expect(found.serverMetadata().token_endpoint, "a token endpoint");
  }],
  ["code-with-pkce", async () => {
    const under = await authorize();
    expect(under.answer.searchParams.get("iss") === issuer, "iss in the response");
    kept = await redeem(under);
    const [token, claims] = [kept.id_token, kept.claims()];
    expect(headerOf(token).alg === "RS256", "an id token under RS256");
    expect(claims.aud === web.client_id && claims.iss === issuer, "aud and iss");
    expect(kept.refresh_token, "a refresh token");
    const access = claimsOf(kept.access_token);
    expect(access.sub === claims.sub, `the same sub, got ${access.sub}`);
    expect([access.aud].flat().includes(api.resource), `the API in aud, got ${access.aud}`);
  }],
  ["at-hash", async () => {
    expect(kept.claims().at_hash === halfHash(kept.access_token), "at_hash of the access token");
  }, "at_hash"],
  ["code-is-spent", async () => {
    const under = await authorize({}, { by: new Browser() });
    await redeem(under);
    await refused(() => redeem(under), "invalid_grant");
  }],
  ["wrong-verifier", async () => {
    const under = await authorize();
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    await refused(() => redeem(under, { pkceCodeVerifier }), "invalid_grant");
  }],
  ["pkce-is-required", async () => {
    const bare = { code_challenge: "", code_challenge_method: "" };
    const { answer } = await authorize(bare);
    expect(answer.searchParams.get("error") === "invalid_request", "invalid_request");
  }],
  ["denied-consent", async () => {
    const { answer } = await authorize({}, { decision: "deny", by: new Browser() });
    expect(answer.searchParams.get("error") === "access_denied", "access_denied");
    expect(answer.searchParams.get("iss") === issuer, "iss in the refusal");
  }, "deny"],
  ["unregistered-redirect", async () => {
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: "https://app.example/callback/",
      scope: "openid",
      code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
      code_challenge_method: "S256",
    });
    const { status, headers } = await browser.look(url);
    expect(status >= 400 && status < 500 && !headers.location, `a page, got ${status}`);
  }],
  ["public-client-on-loopback", async () => {
    // The port is any that was free: RFC 8252 §7.3.
    const server = createServer((_, response) => response.end());
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    const redirect_uri = `http://127.0.0.1:${server.address().port}/callback`;
    server.close();
    const asking = await as(app, client.None());
    const tokens = await redeem(await authorize({ redirect_uri }, { config: asking }));
    const next = await client.refreshTokenGrant(asking, tokens.refresh_token);
    expect(next.refresh_token !== tokens.refresh_token, "a public client's token rotates");
  }],
  ["max-age", async () => {
    const tokens = await redeem(await authorize({ max_age: "1000" }), { maxAge: 1000 });
    expect(Number.isInteger(tokens.claims().auth_time), "auth_time");
  }],
  ["prompt-none", async () => {
    await redeem(await authorize({ prompt: "none", scope: "openid" }));
    const stranger = await authorize({ prompt: "none" }, { by: new Browser() });
    expect(stranger.answer.searchParams.get("error") === "login_required", "login_required");
  }],
  ["userinfo", async () => {
    // Without an API in sight the token is for the server's own userinfo.
    const tokens = await redeem(await authorize({ resource: "", scope: "openid profile email" }));
    const info = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
    expect(info.email, "an e-mail address");
  }],
  ["refresh", async () => {
    const next = await client.refreshTokenGrant(config, kept.refresh_token);
    expect(next.refresh_token && next.refresh_token !== kept.refresh_token, "another one");
    const [before, after] = [kept, next].map((tokens) => claimsOf(tokens.access_token));
    expect(after.sub === before.sub && after.jti !== before.jti, "the same sub, another jti");
    kept = { ...kept, ...next };
  }],
  ["refresh-replay", async () => {
    const first = await redeem(await authorize({}, { by: new Browser() }));
    const second = await client.refreshTokenGrant(config, first.refresh_token);
    const third = await client.refreshTokenGrant(config, second.refresh_token);
    // Two generations old: no grace, and what descends from it ends as well.
    for (const { refresh_token } of [first, third]) {
      await refused(() => client.refreshTokenGrant(config, refresh_token), "invalid_grant");
    }
    // Another sign-in of the same person at the same client goes on.
    kept = { ...kept, ...(await client.refreshTokenGrant(config, kept.refresh_token)) };
  }],
  ["refresh-of-another-client", async () => {
    const asking = await as(app, client.None());
    await refused(() => client.refreshTokenGrant(asking, kept.refresh_token), "invalid_grant");
  }],
  ["client-credentials-basic", () => forItself(basic, client.ClientSecretBasic(basic.client_secret))],
  ["client-credentials-post", () => forItself(post, client.ClientSecretPost(post.client_secret))],
  ["client-credentials-private-key-jwt", async () => {
    const key = await importJWK(signer.jwk, signer.jwk.alg);
    await forItself(signer, client.PrivateKeyJwt({ key, kid: signer.jwk.kid }));
  }],
  ["wrong-secret", async () => {
    const asking = await as(basic, client.ClientSecretBasic(`${basic.client_secret}x`));
    const ask = () => client.clientCredentialsGrant(asking, { resource: api.resource });
    await refused(ask, "invalid_client");
  }],
  ["wrong-assertion-key", async () => {
    const { privateKey } = await crypto.subtle.generateKey(
      { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
    const asking = await as(signer, client.PrivateKeyJwt({ key: privateKey, kid: signer.jwk.kid }));
    const ask = () => client.clientCredentialsGrant(asking, { resource: api.resource });
    await refused(ask, "invalid_client");
  }],
  ["foreign-scope", async () => {
    const asking = await as(basic, client.ClientSecretBasic(basic.client_secret));
    const parameters = { resource: api.resource, scope: "orders:write" };
    const tokens = await client.clientCredentialsGrant(asking, parameters)
      .catch((error) => expect(error.error === "invalid_scope", "invalid_scope"));
    expect(!tokens?.scope?.includes("orders:write"), "no scope that the client does not have");
  }, "scopes-by-client"],
  ["unknown-resource", async () => {
    const asking = await as(basic, client.ClientSecretBasic(basic.client_secret));
    const parameters = { resource: "https://unknown.example" };
    await refused(() => client.clientCredentialsGrant(asking, parameters), "invalid_target");
  }],
  ["introspection-and-revocation", async () => {
    const tokens = await redeem(await authorize({}, { by: new Browser() }));
    const asked = await client.tokenIntrospection(config, tokens.refresh_token);
    expect(asked.active && asked.client_id === web.client_id, "an active refresh token");
    await client.tokenRevocation(config, tokens.refresh_token);
    const after = await client.tokenIntrospection(config, tokens.refresh_token);
    expect(after.active === false, "an inactive one");
    await refused(() => client.refreshTokenGrant(config, tokens.refresh_token), "invalid_grant");
    // RFC 7009 §2.2: what is not known is as good as revoked.
    await client.tokenRevocation(config, "unknown");
  }],
  ["introspection-of-at-jwt", async () => {
    const asking = await as(orders, client.ClientSecretBasic(orders.client_secret));
    const tokens = await redeem(await authorize({}, { by: new Browser() }));
    const asked = await client.tokenIntrospection(asking, tokens.access_token);
    expect(asked.active && asked.scope.split(" ").includes(api.scope), "active, with its scope");
    await client.tokenRevocation(config, tokens.access_token);
    const after = await client.tokenIntrospection(asking, tokens.access_token);
    expect(after.active === false && after.sub === undefined, "inactive and nothing else");
  }, "introspection-of-jwt"],
  ["token-exchange", async () => {
    const asking = await as(orders, client.ClientSecretBasic(orders.client_secret));
    const scope = "openid orders:read orders:write";
    const { access_token } = await redeem(await authorize({ scope }, { by: new Browser() }));
    const tokens = await client.genericGrantRequest(
      asking, "urn:ietf:params:oauth:grant-type:token-exchange", {
        subject_token: access_token,
        subject_token_type: ACCESS_TOKEN,
        resource: other.resource,
        scope: other.scope,
      });
    expect(tokens.issued_token_type === ACCESS_TOKEN, "an access token");
    const [before, after] = [access_token, tokens.access_token].map(claimsOf);
    expect(after.sub === before.sub && after.aud === other.resource, "the person, at the other API");
    expect(after.scope === other.scope, "less");
    expect(after.act?.sub === orders.client_id, "who acts");
    expect(after.exp <= before.exp, "no longer life");
  }, "token-exchange"],
  ["logout", async () => {
    const by = new Browser();
    const tokens = await redeem(await authorize({}, { by }));
    const url = client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: "https://app.example/bye",
      state: "over",
    });
    const until = (at) => at.href.startsWith("https://app.example/bye");
    const answer = await by.walk(url, { user, until });
    expect(answer.searchParams.get("state") === "over", "the state");
    const after = await authorize({ prompt: "none", scope: "openid" }, { by });
    expect(after.answer.searchParams.get("error") === "login_required", "login_required");
  }],
];

await run(flows);
