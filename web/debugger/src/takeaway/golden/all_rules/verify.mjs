// npm install jose
import { importSPKI, jwtVerify } from "jose";

const publicKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEITkUPQirbfwzGZ7b1SnsX5FDBGio
E0sTT5bIF0h/Vm5SditnquTfQdfbY5tPebZ/lfR19JkTSY58harms9JPZw==
-----END PUBLIC KEY-----`;
const key = await importSPKI(publicKey, "ES256");

const expected = {
  algorithms: ["ES256"],
  issuer: "https://issuer.example/a'b\"c\\d\n$x`{y}\u{202e}\u{e0001} é 字",
  audience: ["https://api.example", "it's"],
  subject: "ada \"the\" countess",
  typ: "at+jwt",
  requiredClaims: ["exp", "client_id"],
  clockTolerance: 30,
  maxTokenAge: 3600,
};

/** The claims of a token that may be accepted; throws for every other. */
export async function verify(token) {
  const { payload } = await jwtVerify(token, key, expected);
  return payload;
}
