import { SECRET_NAME, comparableTypes, lines, publicPem, type Pinned, type Snippet, type Unsupported } from "./pinned";
import { quote, quoteAll } from "./quote";

const KNOWN = /^(HS|RS|PS)(256|384|512)$|^ES(256|384|512)$|^Ed25519$|^EdDSA$/;

/** Verifying code on the npm package jose, version 6. */
export function node(pinned: Pinned): Snippet | Unsupported {
  if (!KNOWN.test(pinned.algorithm)) return { unsupported: pinned.algorithm };
  const [names, reading] = readKey(pinned);
  const manual = pinned.types.length > 1 || (pinned.types.length === 1 && pinned.typeOptional === true);
  const text = lines(
    "// npm install jose",
    ...names,
    "",
    ...reading,
    "",
    "const expected = {",
    `  algorithms: [${quote("node", pinned.algorithm)}],`,
    some("issuer", pinned.issuers),
    some("audience", pinned.audiences),
    pinned.subject !== undefined && `  subject: ${quote("node", pinned.subject)},`,
    !manual && pinned.types[0] !== undefined && `  typ: ${quote("node", pinned.types[0])},`,
    pinned.required.length > 0 && `  requiredClaims: [${quoteAll("node", pinned.required)}],`,
    pinned.leeway > 0 && `  clockTolerance: ${pinned.leeway},`,
    pinned.maxAge !== undefined && `  maxTokenAge: ${pinned.maxAge},`,
    "};",
    "",
    "/** The claims of a token that may be accepted; throws for every other. */",
    "export async function verify(token) {",
    `  const { payload${manual ? ", protectedHeader" : ""} } = await jwtVerify(token, key, expected);`,
    ...(manual ? checkType(pinned) : []),
    "  return payload;",
    "}",
  );
  return { text, omitted: pinned.policy?.further ?? [] };
}

function some(name: string, values: string[]): string | false {
  if (values.length === 0) return false;
  const literal = quoteAll("node", values);
  return `  ${name}: ${values.length === 1 ? literal : `[${literal}]`},`;
}

function checkType(pinned: Pinned): string[] {
  const absent = pinned.typeOptional === true ? "type !== undefined && " : "";
  return [
    '  const type = protectedHeader.typ?.toLowerCase().replace(/^application\\//, "");',
    `  if (${absent}![${quoteAll("node", comparableTypes(pinned))}].includes(type)) {`,
    '    throw new Error("unexpected typ");',
    "  }",
  ];
}

function readKey(pinned: Pinned): [string[], string[]] {
  if (pinned.key.kind === "secret") {
    const { encoding } = pinned.key;
    return [
      ['import { jwtVerify } from "jose";'],
      [`const key = Buffer.from(process.env.${SECRET_NAME}, ${quote("node", encoding)});`],
    ];
  }
  const imports = 'import { importSPKI, jwtVerify } from "jose";';
  const algorithm = quote("node", pinned.algorithm);
  const pem = publicPem(pinned.key);
  if (pem !== undefined) return [[imports], [`const publicKey = \`${pem}\`;`, `const key = await importSPKI(publicKey, ${algorithm});`]];
  return [
    ['import { readFile } from "node:fs/promises";', imports],
    [`const key = await importSPKI(await readFile("public.pem", "utf8"), ${algorithm});`],
  ];
}
