import {
  SECRET_NAME, comparableTypes, lines, publicPem, withIssuedAt,
  type Pinned, type SecretEncoding, type Snippet, type Unsupported,
} from "./pinned";
import { quote, quoteAll } from "./quote";

const KNOWN = /^(HS|RS|PS|ES)(256|384|512)$/;

/** Verifying code on Microsoft.IdentityModel.JsonWebTokens, version 8, and .NET 8. */
export function csharp(pinned: Pinned): Snippet | Unsupported {
  if (!KNOWN.test(pinned.algorithm)) return { unsupported: pinned.algorithm };
  const manual = withIssuedAt(pinned).filter((claim) => claim !== "exp");
  const checks = manual.length > 0 || pinned.subject !== undefined || pinned.maxAge !== undefined;
  const text = lines(
    "// dotnet add package Microsoft.IdentityModel.JsonWebTokens",
    "using System;",
    (checks || pinned.typeOptional === true) && "using System.Linq;",
    "using System.Security.Cryptography;",
    "using System.Text;",
    "using System.Threading.Tasks;",
    "using Microsoft.IdentityModel.JsonWebTokens;",
    "using Microsoft.IdentityModel.Tokens;",
    "",
    "public static class TokenVerifier",
    "{",
    "    private static readonly TokenValidationParameters Expected = new()",
    "    {",
    "        IssuerSigningKey = ReadKey(),",
    `        ValidAlgorithms = [${quote("csharp", pinned.algorithm)}],`,
    some("ValidIssuers", pinned.issuers) ?? "        ValidateIssuer = false,",
    some("ValidAudiences", pinned.audiences) ?? "        ValidateAudience = false,",
    pinned.types.length > 0 && types(pinned),
    `        RequireExpirationTime = ${pinned.required.includes("exp")},`,
    `        ClockSkew = TimeSpan.FromSeconds(${pinned.leeway}),`,
    "    };",
    "",
    "    /// <summary>The token, if it may be accepted; throws for every other.</summary>",
    "    public static async Task<JsonWebToken> VerifyAsync(string token)",
    "    {",
    "        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, Expected);",
    "        if (!result.IsValid) throw result.Exception;",
    "        var verified = (JsonWebToken)result.SecurityToken;",
    manual.length > 0 && `        string[] names = [${quoteAll("csharp", manual)}];`,
    ...(manual.length > 0 ? refuse("!names.All(name => verified.TryGetPayloadValue<object>(name, out _))", "a required claim is missing") : []),
    ...(pinned.subject === undefined ? [] : refuse(`verified.Subject != ${quote("csharp", pinned.subject)}`, "unexpected subject")),
    ...(pinned.maxAge === undefined ? [] : refuse(`DateTime.UtcNow - verified.IssuedAt > TimeSpan.FromSeconds(${pinned.maxAge + pinned.leeway})`, "issued too long ago")),
    "        return verified;",
    "    }",
    "",
    ...readKey(pinned),
    "}",
  );
  return { text, omitted: pinned.policy?.further ?? [] };
}

function some(name: string, values: string[]): string | undefined {
  return values.length === 0 ? undefined : `        ${name} = [${quoteAll("csharp", values)}],`;
}

function types(pinned: Pinned): string {
  const spelled = new Set([...pinned.types, ...comparableTypes(pinned).flatMap((type) => [type, `application/${type}`])]);
  const forms = quoteAll("csharp", [...spelled]);
  // A handler that is given types refuses a token without one.
  if (pinned.typeOptional !== true) return `        ValidTypes = [${forms}],`;
  return [
    "        TypeValidator = (type, _, _) => string.IsNullOrEmpty(type)",
    `            || new[] { ${forms} }.Contains(type, StringComparer.OrdinalIgnoreCase)`,
    '            ? type : throw new SecurityTokenInvalidTypeException("unexpected typ"),',
  ].join("\n");
}

function refuse(condition: string, message: string): string[] {
  return [`        if (${condition})`, `            throw new SecurityTokenValidationException("${message}");`];
}

function readKey(pinned: Pinned): string[] {
  if (pinned.key.kind === "secret") return readSecret(pinned.key.encoding);
  const pem = publicPem(pinned.key);
  const [create, wrap] = pinned.algorithm.startsWith("ES") ? ["ECDsa", "ECDsaSecurityKey"] : ["RSA", "RsaSecurityKey"];
  const text = pem === undefined ? 'System.IO.File.ReadAllText("public.pem")' : "PublicKey";
  return [
    ...(pem === undefined ? [] : ['    private const string PublicKey = """', ...pem.split("\n").map((line) => `        ${line}`), '        """;', ""]),
    "    private static SecurityKey ReadKey()",
    "    {",
    `        var key = ${create}.Create();`,
    `        key.ImportFromPem(${text});`,
    `        return new ${wrap}(key);`,
    "    }",
  ];
}

function readSecret(encoding: SecretEncoding): string[] {
  const bytes = {
    utf8: "Encoding.UTF8.GetBytes(text)",
    base64: "Convert.FromBase64String(text)",
    base64url: "Base64UrlEncoder.DecodeBytes(text)",
    hex: "Convert.FromHexString(text)",
  }[encoding];
  return [
    "    private static SecurityKey ReadKey()",
    "    {",
    `        var text = Environment.GetEnvironmentVariable("${SECRET_NAME}")`,
    `            ?? throw new InvalidOperationException("${SECRET_NAME} is not set");`,
    `        return new SymmetricSecurityKey(${bytes});`,
    "    }",
  ];
}
