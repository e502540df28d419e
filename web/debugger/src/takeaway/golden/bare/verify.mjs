// npm install jose
import { readFile } from "node:fs/promises";
import { importSPKI, jwtVerify } from "jose";

const key = await importSPKI(await readFile("public.pem", "utf8"), "ES256");

const expected = {
  algorithms: ["ES256"],
};

/** The claims of a token that may be accepted; throws for every other. */
export async function verify(token) {
  const { payload } = await jwtVerify(token, key, expected);
  return payload;
}
