import {
  SECRET_NAME, comparableTypes, lines, publicPem, withIssuedAt, type Pinned, type Snippet, type Unsupported,
} from "./pinned";
import { quote, quoteAll } from "./quote";

const KNOWN = /^(HS|RS|PS|ES)(256|384|512)$|^ES256K$|^EdDSA$/;

/** Verifying code on PyJWT, version 2.10 or later. */
export function python(pinned: Pinned): Snippet | Unsupported {
  if (!KNOWN.test(pinned.algorithm)) return { unsupported: pinned.algorithm };
  const secret = pinned.key.kind === "secret" ? pinned.key.encoding : undefined;
  const pem = publicPem(pinned.key);
  const required = withIssuedAt(pinned);
  const options = [
    ...(required.length > 0 ? [`"require": [${quoteAll("python", required)}]`] : []),
    // Without it PyJWT refuses a token that has an audience.
    ...(pinned.audiences.length === 0 ? ['"verify_aud": False'] : []),
  ];
  const text = lines(
    `# pip install "pyjwt${secret === undefined ? "[crypto]" : ""}"`,
    ...imports(pinned),
    "",
    "import jwt",
    "",
    ...readKey(secret, pem),
    "",
    "",
    "def verify(token: str) -> dict:",
    '    """The claims of a token that may be accepted; raises jwt.InvalidTokenError for every other."""',
    "    decoded = jwt.decode_complete(",
    "        token,",
    "        KEY,",
    `        algorithms=[${quote("python", pinned.algorithm)}],`,
    some("issuer", pinned.issuers),
    some("audience", pinned.audiences),
    pinned.subject !== undefined && `        subject=${quote("python", pinned.subject)},`,
    pinned.leeway > 0 && `        leeway=${pinned.leeway},`,
    options.length > 0 && `        options={${options.join(", ")}},`,
    "    )",
    ...(pinned.types.length > 0 ? checkType(pinned) : []),
    ...(pinned.maxAge === undefined ? [] : checkAge(pinned.maxAge + pinned.leeway)),
    '    return decoded["payload"]',
  );
  return { text, omitted: pinned.policy?.further ?? [] };
}

function imports(pinned: Pinned): string[] {
  const { key } = pinned;
  const encoded = key.kind === "secret" && key.encoding.startsWith("base64");
  return [
    ...(encoded ? ["import base64"] : []),
    ...(key.kind === "secret" ? ["import os"] : []),
    ...(pinned.maxAge === undefined ? [] : ["import time"]),
    ...(key.kind === "public" && publicPem(key) === undefined ? ["from pathlib import Path"] : []),
  ];
}

function readKey(encoding: string | undefined, pem: string | undefined): string[] {
  const named = `os.environ["${SECRET_NAME}"]`;
  switch (encoding) {
    case undefined:
      return pem === undefined ? ['KEY = Path("public.pem").read_text()'] : [`KEY = """${pem}"""`];
    case "base64":
      return [`KEY = base64.b64decode(${named})`];
    case "base64url":
      return [`KEY = base64.urlsafe_b64decode(${named} + "==")`];
    case "hex":
      return [`KEY = bytes.fromhex(${named})`];
    default:
      return [`KEY = ${named}.encode()`];
  }
}

function some(name: string, values: string[]): string | false {
  if (values.length === 0) return false;
  const literal = quoteAll("python", values);
  return `        ${name}=${values.length === 1 ? literal : `[${literal}]`},`;
}

function checkType(pinned: Pinned): string[] {
  const known = [...comparableTypes(pinned).map((type) => quote("python", type)), ...(pinned.typeOptional ? ["None"] : [])];
  return [
    '    kind = decoded["header"].get("typ")',
    "    if isinstance(kind, str):",
    '        kind = kind.lower().removeprefix("application/")',
    `    if kind not in [${known.join(", ")}]:`,
    '        raise jwt.InvalidTokenError("unexpected typ")',
  ];
}

function checkAge(seconds: number): string[] {
  return [
    `    if time.time() - int(decoded["payload"]["iat"]) > ${seconds}:`,
    '        raise jwt.InvalidTokenError("issued too long ago")',
  ];
}
