// One npm library's turn in `cargo xtask bench --peers`: node turn.mjs LIBRARY, then lines of JSON.
import { createPrivateKey, createPublicKey, createSecretKey } from "node:crypto";
import { createInterface } from "node:readline";

// Each: what the library lacks, and how it verifies and signs under keys made ready once.
const libraries = {
  "fast-jwt": async ({ alg, secret, privatePem, publicPem, iss, aud, claims, token }) => {
    const { createSigner, createVerifier } = await import("fast-jwt");
    const rules = { algorithms: [alg], allowedIss: iss, allowedAud: aud, requiredClaims: ["exp"] };
    const verifier = createVerifier({ key: secret ?? publicPem, ...rules });
    const signer = createSigner({ key: secret ?? privatePem, algorithm: alg });
    return { verify: () => verifier(token), sign: () => signer(claims) };
  },

  jose: async ({ alg, secretKey, privateKey, publicKey, iss, aud, claims, token }) => {
    const { jwtVerify, SignJWT } = await import("jose");
    const rules = { algorithms: [alg], issuer: iss, audience: aud, requiredClaims: ["exp"] };
    const [signing, verifying] = [secretKey ?? privateKey, secretKey ?? publicKey];
    return {
      verify: () => jwtVerify(token, verifying, rules),
      sign: () => new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT" }).sign(signing),
    };
  },

  jsonwebtoken: async ({ alg, secretKey, privateKey, publicKey, iss, aud, claims, token }) => {
    if (alg === "EdDSA") return undefined;
    const { default: jwt } = await import("jsonwebtoken");
    const rules = { algorithms: [alg], issuer: iss, audience: aud };
    const [signing, verifying] = [secretKey ?? privateKey, secretKey ?? publicKey];
    return {
      verify: () => jwt.verify(token, verifying, rules),
      sign: () => jwt.sign(claims, signing, { algorithm: alg }),
    };
  },
};

function keys({ secret, private: privatePem, public: publicPem }) {
  if (secret) {
    const bytes = Buffer.from(secret, "base64");
    return { secret: bytes, secretKey: createSecretKey(bytes) };
  }
  const [privateKey, publicKey] = [createPrivateKey(privatePem), createPublicKey(publicPem)];
  return { secret: undefined, privatePem, publicPem, privateKey, publicKey };
}

let turn;

async function answer(request) {
  if (request.op === "prepare") {
    turn = await libraries[process.argv[2]]({ ...request, ...keys(request) });
    return { ready: turn !== undefined };
  }
  const work = turn[request.op];
  const first = work();
  const waits = first instanceof Promise;
  if (waits) await first;
  const began = process.hrtime.bigint();
  for (let count = 0; count < request.times; count += 1) {
    if (waits) await work();
    else work();
  }
  return { ns: Number(process.hrtime.bigint() - began) / request.times };
}

for await (const line of createInterface({ input: process.stdin })) {
  const said = await answer(JSON.parse(line)).catch((error) => ({ failure: String(error) }));
  process.stdout.write(JSON.stringify(said) + "\n");
}
