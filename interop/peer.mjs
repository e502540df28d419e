// jose (npm), spoken to in lines of JSON: a request on standard input, its answer on standard output.
//
//   {"op":"algorithms"}                                  -> {"algorithms":[...]}
//   {"op":"generate","alg"}                              -> {"private":jwk,"public":jwk,"pem":{"private","public"}}
//   {"op":"sign","alg","key","header","payload"}         -> {"token"}
//   {"op":"verify","alg","key","token"}                  -> {"ok":true,"payload"} or {"ok":false,"error"}
//   {"op":"thumbprint","key"}                            -> {"thumbprint"}
//   {"op":"encryptions"}                                 -> {"alg":[...],"enc":[...]}
//   {"op":"encrypt","alg","enc","key","header","payload"} -> {"token"}
//   {"op":"decrypt","alg","enc","key","token"}           -> {"ok":true,"payload"} or {"ok":false,"error"}
//
// peer.py also speaks SD-JWT:
//   {"op":"sd_issue","claims","disclosable","key","holder"}         -> {"token"}
//   {"op":"sd_present","token","claims","nonce","aud","holder"}     -> {"token"}
//   {"op":"sd_verify","token","key","aud","nonce"}                  -> {"ok":true,"claims"} or {"ok":false,"error"}
//
// A key is {"jwk":{...}}, {"pem":"...","private":true} or {"pem":"...","private":false}; secrets are JWKs.
import { createInterface } from "node:readline";
import * as jose from "jose";

const ALGORITHMS = [
  "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
  "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
];

// Only where the platform's Web Cryptography has them: Node 24.7 and later.
const POST_QUANTUM = ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"];

async function algorithms() {
  const known = [...ALGORITHMS];
  for (const alg of POST_QUANTUM) {
    try {
      await jose.generateKeyPair(alg);
      known.push(alg);
    } catch (error) {
      if (error.code !== "ERR_JOSE_NOT_SUPPORTED" && error.name !== "NotSupportedError") throw error;
    }
  }
  return { algorithms: known };
}

const KEY_MANAGEMENT = [
  "RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512", "A128KW", "A192KW", "A256KW", "dir",
  "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW",
  "A128GCMKW", "A192GCMKW", "A256GCMKW",
  "PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW",
];
const CONTENT_ENCRYPTION = [
  "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512", "A128GCM", "A192GCM", "A256GCM",
];

async function importKey(alg, key) {
  if (key.jwk) return jose.importJWK(key.jwk, alg);
  return key.private ? jose.importPKCS8(key.pem, alg) : jose.importSPKI(key.pem, alg);
}

const operations = {
  algorithms,

  async generate({ alg }) {
    if (alg.startsWith("HS")) {
      const jwk = await jose.exportJWK(await jose.generateSecret(alg, { extractable: true }));
      return { private: jwk };
    }
    const { privateKey, publicKey } = await jose.generateKeyPair(alg, { extractable: true });
    return {
      private: await jose.exportJWK(privateKey),
      public: await jose.exportJWK(publicKey),
      pem: { private: await jose.exportPKCS8(privateKey), public: await jose.exportSPKI(publicKey) },
    };
  },

  async sign({ alg, key, header, payload }) {
    const token = new jose.CompactSign(new TextEncoder().encode(payload));
    token.setProtectedHeader({ ...header, alg });
    return { token: await token.sign(await importKey(alg, key)) };
  },

  async verify({ alg, key, token }) {
    const known = await importKey(alg, key);
    try {
      const { payload } = await jose.compactVerify(token, known, { algorithms: [alg] });
      return { ok: true, payload: new TextDecoder().decode(payload) };
    } catch (error) {
      return { ok: false, error: error.code ?? String(error) };
    }
  },

  encryptions: () => ({ alg: KEY_MANAGEMENT, enc: CONTENT_ENCRYPTION }),

  async encrypt({ alg, enc, key, header, payload }) {
    const token = new jose.CompactEncrypt(new TextEncoder().encode(payload));
    token.setProtectedHeader({ ...header, alg, enc });
    return { token: await token.encrypt(await importKey(alg, key)) };
  },

  async decrypt({ alg, enc, key, token }) {
    const known = await importKey(alg, key);
    const options = { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: [enc] };
    try {
      const { plaintext } = await jose.compactDecrypt(token, known, options);
      return { ok: true, payload: new TextDecoder().decode(plaintext) };
    } catch (error) {
      return { ok: false, error: error.code ?? String(error) };
    }
  },

  async thumbprint({ key }) {
    return { thumbprint: await jose.calculateJwkThumbprint(key.jwk) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = await operations[request.op](request);
  } catch (error) {
    answer = { failure: String(error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
