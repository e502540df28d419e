// npm install jose
import { jwtVerify } from "jose";

const key = Buffer.from(process.env.TOKEN_SECRET, "base64url");

const expected = {
  algorithms: ["HS256"],
  issuer: ["https://issuer.example", "https://other.example"],
  requiredClaims: ["exp", "sub"],
};

/** The claims of a token that may be accepted; throws for every other. */
export async function verify(token) {
  const { payload, protectedHeader } = await jwtVerify(token, key, expected);
  const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, "");
  if (type !== undefined && !["jwt", "notes+jwt"].includes(type)) {
    throw new Error("unexpected typ");
  }
  return payload;
}
