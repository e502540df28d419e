// oidc-provider, the certified reference, as a server: what the clients' flows are proven on, and
// what the token service is timed beside. It prints its setting (see flows.mjs) as one line.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import Provider, { errors } from "oidc-provider";

const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

// What it does not bring along; nobody asks it for these.
const LACKS = [
  "at_hash", "deny", "introspection-of-jwt", "one-method-each", "scopes-by-client",
  "token-exchange", "unauthorized-grant",
];

// The API of every algorithm that is timed; flows use the first.
const APIS = {
  "https://orders.example": { alg: "ES256", scope: "orders:read orders:write" },
  "https://orders.example/rs256": { alg: "RS256", scope: "orders:read" },
  "https://orders.example/ed25519": { alg: "EdDSA", scope: "orders:read" },
  "https://billing.example": { alg: "ES256", scope: "orders:read" },
};

const keys = [
  ["ES256", "ec", { namedCurve: "P-256" }],
  ["RS256", "rsa", { modulusLength: 2048 }],
  ["EdDSA", "ed25519", {}],
].map(([alg, type, options]) => {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: "jwk" }), alg, use: "sig", kid: alg };
});

const registered = {};
const clients = Object.entries(JSON.parse(readFileSync(new URL("clients.json", import.meta.url))))
  .map(([name, { resources, ...metadata }]) => {
    const client = { ...metadata, client_id: name, redirect_uris: metadata.redirect_uris ?? [] };
    client.response_types = client.redirect_uris.length > 0 ? ["code"] : [];
    client.grant_types = client.grant_types.filter((grant) => grant !== TOKEN_EXCHANGE);
    // It knows the scopes of an API by the API alone.
    const scopes = client.scope.split(" ").filter((scope) => !scope.includes(":"));
    client.scope = scopes.join(" ") || undefined;
    registered[name] = { client_id: name };
    if (client.token_endpoint_auth_method === "none") {
      client.application_type = "native";
    } else if (client.token_endpoint_auth_method === "private_key_jwt") {
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const about = { alg: "ES256", use: "sig", kid: name };
      client.jwks = { keys: [{ ...publicKey.export({ format: "jwk" }), ...about }] };
      registered[name].jwk = { ...privateKey.export({ format: "jwk" }), ...about };
    } else {
      client.client_secret = randomBytes(32).toString("base64url");
      registered[name].client_secret = client.client_secret;
    }
    return client;
  });

const server = createServer();
await new Promise((ready) => server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients,
  jwks: { keys },
  cookies: { keys: [randomBytes(32).toString("base64url")] },
  scopes: ["openid", "offline_access", "profile", "email"],
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
  clientDefaults: { id_token_signed_response_alg: "RS256" },
  enabledJWA: { idTokenSigningAlgValues: ["RS256", "ES256", "EdDSA"] },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async (_, client) => client.grantTypeAllowed("refresh_token"),
  findAccount: async (_, sub) => ({
    accountId: sub,
    claims: () => ({ sub, name: sub, email: `${sub}@example.com`, email_verified: true }),
  }),
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      // A code that was asked for with one API is for that one, as RFC 8707 has it.
      useGrantedResource: async () => true,
      getResourceServerInfo: async (_, audience) => {
        if (!APIS[audience]) throw new errors.InvalidTarget();
        const { scope, alg } = APIS[audience];
        const accessTokenFormat = "jwt";
        return { scope, audience, accessTokenTTL: 300, accessTokenFormat, jwt: { sign: { alg } } };
      },
    },
  },
});
server.on("request", provider.callback());

const user = { username: "ada", password: "correct horse battery staple" };
const api = { resource: "https://orders.example", scope: "orders:read" };
const other = { resource: "https://billing.example", scope: "orders:read" };
const setting = { issuer, user, clients: registered, api, other, lacks: LACKS };
process.stdout.write(JSON.stringify(setting) + "\n");
