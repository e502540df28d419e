import {
  SECRET_NAME, comparableTypes, lines, publicPem, secretLength, withIssuedAt,
  type Pinned, type SecretEncoding, type Snippet, type Unsupported,
} from "./pinned";
import { quote, quoteAll } from "./quote";

const KNOWN = /^(HS|RS|PS|ES)(256|384|512)$|^EdDSA$/;

/** Verifying code on github.com/golang-jwt/jwt, version 5.2.3 or later. */
export function go(pinned: Pinned): Snippet | Unsupported {
  if (!KNOWN.test(pinned.algorithm)) return { unsupported: pinned.algorithm };
  const checks = [...checkRequired(pinned), ...checkIssuers(pinned), ...checkType(pinned), ...checkAge(pinned)];
  const usesToken = checks.some((line) => line.includes("parsed."));
  const text = lines(
    "// go get github.com/golang-jwt/jwt/v5",
    "package tokens",
    "",
    "import (",
    ...imports(pinned, checks.join("\n")).map((name) => `\t"${name}"`),
    "",
    '\t"github.com/golang-jwt/jwt/v5"',
    ")",
    "",
    ...publicKey(pinned),
    "// Verify gives the claims of a token that may be accepted.",
    "func Verify(token string) (jwt.MapClaims, error) {",
    "\tkey, err := readKey()",
    ...giveUp(),
    "\tclaims := jwt.MapClaims{}",
    `\t${usesToken ? "parsed" : "_"}, err ${usesToken ? ":" : ""}= jwt.ParseWithClaims(token, claims,`,
    "\t\tfunc(*jwt.Token) (any, error) { return key, nil },",
    `\t\tjwt.WithValidMethods([]string{${quote("go", pinned.algorithm)}}),`,
    pinned.issuers.length === 1 && `\t\tjwt.WithIssuer(${quoteAll("go", pinned.issuers)}),`,
    pinned.audiences.length > 0 && `\t\tjwt.WithAudience(${quoteAll("go", pinned.audiences)}),`,
    pinned.subject !== undefined && `\t\tjwt.WithSubject(${quote("go", pinned.subject)}),`,
    pinned.required.includes("exp") && "\t\tjwt.WithExpirationRequired(),",
    pinned.leeway > 0 && `\t\tjwt.WithLeeway(${pinned.leeway}*time.Second),`,
    "\t\tjwt.WithStrictDecoding(),",
    "\t)",
    ...giveUp(),
    ...checks,
    "\treturn claims, nil",
    "}",
    "",
    ...readKey(pinned),
  );
  return { text, omitted: pinned.policy?.further ?? [] };
}

function imports(pinned: Pinned, checks: string): string[] {
  const { key } = pinned;
  const used = [
    key.kind === "secret" && key.encoding.startsWith("base64") && "encoding/base64",
    key.kind === "secret" && key.encoding === "hex" && "encoding/hex",
    (checks.includes("errors.") || key.kind === "secret") && "errors",
    (key.kind === "secret" || publicPem(key) === undefined) && "os",
    checks.includes("slices.") && "slices",
    (checks.includes("strings.") || (key.kind === "secret" && key.encoding === "base64url")) && "strings",
    (checks.includes("time.") || pinned.leeway > 0) && "time",
  ];
  return used.filter((name) => name !== false);
}

function giveUp(): string[] {
  return ["\tif err != nil {", "\t\treturn nil, err", "\t}"];
}

function refuse(message: string): string[] {
  return [`\t\treturn nil, errors.New("${message}")`, "\t}"];
}

function checkRequired(pinned: Pinned): string[] {
  const manual = withIssuedAt(pinned).filter((claim) => claim !== "exp");
  if (manual.length === 0) return [];
  return [
    `\tfor _, name := range []string{${quoteAll("go", manual)}} {`,
    "\t\tif _, present := claims[name]; !present {",
    '\t\t\treturn nil, errors.New("a required claim is missing")',
    "\t\t}",
    "\t}",
  ];
}

function checkIssuers(pinned: Pinned): string[] {
  if (pinned.issuers.length < 2) return [];
  return [
    "\tissuer, err := claims.GetIssuer()",
    `\tif err != nil || !slices.Contains([]string{${quoteAll("go", pinned.issuers)}}, issuer) {`,
    ...refuse("unexpected issuer"),
  ];
}

function checkType(pinned: Pinned): string[] {
  if (pinned.types.length === 0) return [];
  const known = `[]string{${quoteAll("go", comparableTypes(pinned))}}`;
  const optional = pinned.typeOptional === true;
  return [
    ...(optional ? ['\t_, present := parsed.Header["typ"]'] : []),
    '\tkind, _ := parsed.Header["typ"].(string)',
    '\tkind = strings.TrimPrefix(strings.ToLower(kind), "application/")',
    `\tif ${optional ? "present && " : ""}!slices.Contains(${known}, kind) {`,
    ...refuse("unexpected typ"),
  ];
}

function checkAge(pinned: Pinned): string[] {
  if (pinned.maxAge === undefined) return [];
  return [
    "\tissued, err := claims.GetIssuedAt()",
    `\tif err != nil || issued == nil || time.Since(issued.Time) > ${pinned.maxAge + pinned.leeway}*time.Second {`,
    ...refuse("issued too long ago"),
  ];
}

function publicKey(pinned: Pinned): string[] {
  const pem = publicPem(pinned.key);
  return pem === undefined ? [] : [`const publicKey = \`${pem}\``, ""];
}

function readKey(pinned: Pinned): string[] {
  if (pinned.key.kind === "secret") return readSecret(pinned.algorithm, pinned.key.encoding);
  const kind = pinned.algorithm === "EdDSA" ? "Ed" : pinned.algorithm.startsWith("ES") ? "EC" : "RSA";
  const parse = `jwt.Parse${kind}PublicKeyFromPEM`;
  if (publicPem(pinned.key) !== undefined) {
    return ["func readKey() (any, error) {", `\treturn ${parse}([]byte(publicKey))`, "}"];
  }
  return [
    "func readKey() (any, error) {",
    '\tpem, err := os.ReadFile("public.pem")',
    ...giveUp(),
    `\treturn ${parse}(pem)`,
    "}",
  ];
}

function readSecret(algorithm: string, encoding: SecretEncoding): string[] {
  const text = `os.Getenv("${SECRET_NAME}")`;
  const read = {
    utf8: `\tsecret := []byte(${text})`,
    base64: `\tsecret, err := base64.StdEncoding.DecodeString(${text})`,
    base64url: `\tsecret, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(${text}, "="))`,
    hex: `\tsecret, err := hex.DecodeString(${text})`,
  }[encoding];
  return [
    "func readKey() (any, error) {",
    read,
    ...(encoding === "utf8" ? [] : giveUp()),
    `\tif len(secret) < ${secretLength(algorithm)} {`,
    `\t\treturn nil, errors.New("${SECRET_NAME} is missing or too short")`,
    "\t}",
    "\treturn secret, nil",
    "}",
  ];
}
