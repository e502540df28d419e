import {
  SECRET_NAME, comparableTypes, lines, publicPem, withIssuedAt, type Pinned, type Snippet, type Unsupported,
} from "./pinned";
import { quote, quoteAll } from "./quote";

const KNOWN = /^(HS|RS|PS|ES)(256|384|512)$/;

/** Verifying code on com.nimbusds:nimbus-jose-jwt, version 9.23 or later, and Java 17. */
export function java(pinned: Pinned): Snippet | Unsupported {
  if (!KNOWN.test(pinned.algorithm)) return { unsupported: pinned.algorithm };
  const issuers = pinned.issuers.length > 1;
  const text = lines(
    "// Maven: com.nimbusds:nimbus-jose-jwt",
    ...imports(pinned).map((name) => `import ${name};`),
    "",
    "public final class TokenVerifier {",
    "    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();",
    "",
    "    public TokenVerifier() throws Exception {",
    "        processor.setJWSKeySelector(new SingleKeyJWSKeySelector<>(JWSAlgorithm.parse(" +
      `${quote("java", pinned.algorithm)}), readKey()));`,
    `        processor.setJWSTypeVerifier(${typeVerifier(pinned)});`,
    "        var claims = new DefaultJWTClaimsVerifier<>(",
    `            ${pinned.audiences.length > 0 ? `Set.of(${quoteAll("java", pinned.audiences)})` : "null"},`,
    `            ${exact(pinned)},`,
    `            Set.of(${required(pinned)}),`,
    "            null);",
    `        claims.setMaxClockSkew(${pinned.leeway});`,
    "        processor.setJWTClaimsSetVerifier(claims);",
    "    }",
    "",
    "    /** The claims of a token that may be accepted; throws for every other. */",
    "    public JWTClaimsSet verify(String token) throws ParseException, BadJOSEException, JOSEException {",
    "        JWTClaimsSet claims = processor.process(token, null);",
    ...(issuers ? refuse(`!Set.of(${quoteAll("java", pinned.issuers)}).contains(claims.getIssuer())`, "unexpected issuer") : []),
    ...(pinned.maxAge === undefined ? [] : checkAge(pinned.maxAge + pinned.leeway)),
    "        return claims;",
    "    }",
    "",
    ...readKey(pinned),
    "}",
  );
  return { text, omitted: pinned.policy?.further ?? [] };
}

/** Each once: Java's `Set.of` refuses a name that comes twice. */
function required(pinned: Pinned): string {
  const names = [...withIssuedAt(pinned), ...(pinned.issuers.length > 1 ? ["iss"] : [])];
  return quoteAll("java", [...new Set(names)]);
}

function imports(pinned: Pinned): string[] {
  const { key } = pinned;
  const secret = key.kind === "secret";
  const decodes = !secret || key.encoding.startsWith("base64");
  const names = [
    "com.nimbusds.jose.JOSEException",
    pinned.types.length > 0 && "com.nimbusds.jose.JOSEObjectType",
    "com.nimbusds.jose.JWSAlgorithm",
    "com.nimbusds.jose.proc.BadJOSEException",
    pinned.types.length > 0 && "com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier",
    "com.nimbusds.jose.proc.SecurityContext",
    "com.nimbusds.jose.proc.SingleKeyJWSKeySelector",
    "com.nimbusds.jwt.JWTClaimsSet",
    (pinned.issuers.length > 1 || pinned.maxAge !== undefined) && "com.nimbusds.jwt.proc.BadJWTException",
    "com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier",
    "com.nimbusds.jwt.proc.DefaultJWTProcessor",
    secret && key.encoding === "utf8" && "java.nio.charset.StandardCharsets",
    !secret && publicPem(key) === undefined && "java.nio.file.Files",
    !secret && publicPem(key) === undefined && "java.nio.file.Path",
    "java.security.Key",
    !secret && "java.security.KeyFactory",
    !secret && "java.security.spec.X509EncodedKeySpec",
    "java.text.ParseException",
    pinned.maxAge !== undefined && "java.time.Instant",
    decodes && "java.util.Base64",
    secret && key.encoding === "hex" && "java.util.HexFormat",
    "java.util.Set",
    secret && "javax.crypto.spec.SecretKeySpec",
  ];
  return names.filter((name) => name !== false);
}

function typeVerifier(pinned: Pinned): string {
  if (pinned.types.length === 0) return "(type, context) -> { }";
  const forms = comparableTypes(pinned).flatMap((type) => [type, `application/${type}`]);
  const types = forms.map((type) => `new JOSEObjectType(${quote("java", type)})`);
  if (pinned.typeOptional === true) types.push("null");
  return `new DefaultJOSEObjectTypeVerifier<>(${types.join(", ")})`;
}

function exact(pinned: Pinned): string {
  const issuer = pinned.issuers.length === 1 ? `.issuer(${quoteAll("java", pinned.issuers)})` : "";
  const subject = pinned.subject === undefined ? "" : `.subject(${quote("java", pinned.subject)})`;
  return `new JWTClaimsSet.Builder()${issuer}${subject}.build()`;
}

function refuse(condition: string, message: string): string[] {
  return [`        if (${condition}) {`, `            throw new BadJWTException("${message}");`, "        }"];
}

function checkAge(seconds: number): string[] {
  const oldest = `Instant.now().minusSeconds(${seconds})`;
  return refuse(`claims.getIssueTime().toInstant().isBefore(${oldest})`, "issued too long ago");
}

function readKey(pinned: Pinned): string[] {
  const body = pinned.key.kind === "secret" ? secretKey(pinned) : publicKey(pinned);
  return ["    private static Key readKey() throws Exception {", ...body, "    }"];
}

function secretKey(pinned: Pinned): string[] {
  const encoding = pinned.key.kind === "secret" ? pinned.key.encoding : "utf8";
  const bytes = {
    utf8: "text.getBytes(StandardCharsets.UTF_8)",
    base64: "Base64.getDecoder().decode(text)",
    base64url: "Base64.getUrlDecoder().decode(text)",
    hex: "HexFormat.of().parseHex(text)",
  }[encoding];
  return [
    `        String text = System.getenv("${SECRET_NAME}");`,
    `        return new SecretKeySpec(${bytes}, "HmacSHA${pinned.algorithm.slice(2)}");`,
  ];
}

function publicKey(pinned: Pinned): string[] {
  const pem = publicPem(pinned.key);
  const family = pinned.algorithm.startsWith("ES") ? "EC" : "RSA";
  const source =
    pem === undefined
      ? ['        String pem = Files.readString(Path.of("public.pem"));']
      : ['        String pem = """', ...pem.split("\n").map((line) => `            ${line}`), '            """;'];
  return [
    ...source,
    '        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));',
    `        return KeyFactory.getInstance("${family}").generatePublic(new X509EncodedKeySpec(der));`,
  ];
}
