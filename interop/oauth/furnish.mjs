// Makes a data folder of `jeton serve` with the clients, the APIs and the user that flows need, and
// prints its setting (see flows.mjs): node furnish.mjs JETON FOLDER [CONFIG]
//
// The server runs while it is done, and has ended afterwards. It goes on with the same URL.
import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Browser } from "./browser.mjs";

const [jeton, folder, config] = process.argv.slice(2);
const user = { username: "ada", password: "correct horse battery staple", email: "ada@example.com" };
const api = { resource: "https://orders.example", scope: "orders:read" };
const other = { resource: "https://billing.example", scope: "orders:read" };
const SCOPES = {
  [api.resource]: { "orders:read": "See orders", "orders:write": "Change orders" },
  [other.resource]: { "orders:read": "See the orders of a bill" },
};

const options = ["serve", "--json", "--listen", "127.0.0.1:0", "--data", folder];
if (config) options.push("--config", config);
const server = spawn(jeton, options, { stdio: ["ignore", "pipe", "inherit"] });
const ended = once(server, "exit");
let announced = "";
for await (const line of createInterface({ input: server.stdout })) {
  announced += line;
  if (line === "}") break;
}
const { issuer, setup } = JSON.parse(announced);

// The first administrator is whoever has the link.
await new Browser().fill(setup, user);

// The socket of the command line, which takes what the administration API takes.
function administer(method, path, content) {
  const socketPath = join(folder, "control.sock");
  const body = JSON.stringify(content);
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, method, path, headers }, async (response) => {
      const text = (await response.toArray()).join("");
      if (response.statusCode >= 300) reject(new Error(`${method} ${path}: ${text}`));
      else resolve(text && JSON.parse(text));
    });
    request.on("error", reject);
    request.end(body);
  });
}

for (const [resource, scopes] of Object.entries(SCOPES)) {
  await administer("PUT", `/admin/apis/${encodeURIComponent(resource)}`, { name: resource, scopes });
}
const permissions = Object.values(SCOPES).flatMap((scopes) => Object.keys(scopes));
await administer("PUT", "/admin/roles/clerk", { description: "Works with orders", permissions });
await administer("PATCH", `/admin/users/${user.username}`, { roles: ["clerk"] });

// Many people at once are many accounts: one alone would be taken for somebody who guesses.
for (let guest = 0; guest < 16; guest += 1) {
  await administer("POST", "/admin/users", { username: `guest-${guest}`, password: user.password });
}

const clients = {};
const registrations = JSON.parse(readFileSync(new URL("clients.json", import.meta.url)));
for (const [name, registration] of Object.entries(registrations)) {
  const known = { client_id: name };
  if (registration.token_endpoint_auth_method === "private_key_jwt") {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const about = { alg: "ES256", use: "sig", kid: name };
    registration.jwks = { keys: [{ ...publicKey.export({ format: "jwk" }), ...about }] };
    known.jwk = { ...privateKey.export({ format: "jwk" }), ...about };
  }
  const made = await administer("POST", "/admin/clients", { client_id: name, registration });
  clients[name] = { ...known, client_secret: made.client_secret };
}

server.kill("SIGTERM");
await ended;
console.log(JSON.stringify({ issuer, user, clients, api, other, lacks: [] }));
