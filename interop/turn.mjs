// One npm library's turn in `cargo xtask bench --peers`: node turn.mjs LIBRARY, then lines of JSON.
import { createPrivateKey, createPublicKey, createSecretKey } from "node:crypto";
import { createInterface } from "node:readline";

// Each: what the library lacks, and how it takes (verifies, decrypts) and makes (signs, encrypts)
// tokens under keys made ready once.
const libraries = {
  "fast-jwt": async ({ alg, enc, secret, privatePem, publicPem, iss, aud, claims, token }) => {
    if (enc) return undefined;
    const { createSigner, createVerifier } = await import("fast-jwt");
    const rules = { algorithms: [alg], allowedIss: iss, allowedAud: aud, requiredClaims: ["exp"] };
    const verifier = createVerifier({ key: secret ?? publicPem, ...rules });
    const signer = createSigner({ key: secret ?? privatePem, algorithm: alg });
    return { take: () => verifier(token), make: () => signer(claims) };
  },

  jose: async ({ alg, enc, secret, secretKey, privateKey, publicKey, iss, aud, claims, token }) => {
    const { CompactEncrypt, compactDecrypt, jwtVerify, SignJWT } = await import("jose");
    if (enc) {
      const [decrypting, encrypting] = [secret ?? privateKey, secret ?? publicKey];
      const plaintext = new TextEncoder().encode(JSON.stringify(claims));
      return {
        take: () => compactDecrypt(token, decrypting),
        make: () =>
          new CompactEncrypt(plaintext).setProtectedHeader({ alg, enc }).encrypt(encrypting),
      };
    }
    const rules = { algorithms: [alg], issuer: iss, audience: aud, requiredClaims: ["exp"] };
    const [signing, verifying] = [secretKey ?? privateKey, secretKey ?? publicKey];
    return {
      take: () => jwtVerify(token, verifying, rules),
      make: () => new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT" }).sign(signing),
    };
  },

  jsonwebtoken: async ({ alg, enc, secretKey, privateKey, publicKey, iss, aud, claims, token }) => {
    if (enc || alg === "EdDSA") return undefined;
    const { default: jwt } = await import("jsonwebtoken");
    const rules = { algorithms: [alg], issuer: iss, audience: aud };
    const [signing, verifying] = [secretKey ?? privateKey, secretKey ?? publicKey];
    return {
      take: () => jwt.verify(token, verifying, rules),
      make: () => jwt.sign(claims, signing, { algorithm: alg }),
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
