import { SECRET_NAME, lines, publicPem, type Pinned, type Snippet } from "./pinned";
import { quote } from "./quote";

/** Verifying code on jeton-jose, which holds every rule of a policy. */
export function rust(pinned: Pinned): Snippet {
  const secret = pinned.key.kind === "secret";
  const text = lines(
    "// cargo add jeton-jose",
    "use std::error::Error;",
    !byText(pinned) && times(pinned) ? "use std::time::{Duration, SystemTime};" : "use std::time::SystemTime;",
    "",
    "use jeton_jose::backend::AwsLc;",
    secret && "use jeton_jose::jwk::Jwk;",
    "use jeton_jose::jwt::{self, Policy};",
    secret ? "use jeton_jose::key::{KeyMaterial, VerifyingKey};" : "use jeton_jose::key::{self, VerifyingKey};",
    secret ? `use jeton_jose::{Algorithm, Secret, UnixTime${decoded(pinned)}};` : "use jeton_jose::{Algorithm, UnixTime};",
    "",
    "/// The claims of a token that may be accepted.",
    "pub fn verify(token: &str) -> Result<jwt::Verified, Box<dyn Error>> {",
    `    let key = VerifyingKey::new(&${secret ? "secret" : "public_key"}()?, ${algorithm(pinned)}, &AwsLc)?;`,
    "    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;",
    "    let now = UnixTime::from_seconds(0).saturating_add(since_1970);",
    `    Ok(jwt::verify(token, &key.into(), &policy()${byText(pinned) ? "?" : ""}, now)?)`,
    "}",
    "",
    policy(pinned),
    "",
    ...(secret ? readSecret(pinned) : readPublic(pinned)),
  );
  return { text, omitted: [] };
}

function algorithm(pinned: Pinned): string {
  const name = pinned.algorithm.replace(/^ML-DSA-/, "MlDsa");
  return `Algorithm::${name}`;
}

/** Whether the policy has rules that read better as its file. */
function byText(pinned: Pinned): boolean {
  const further = (pinned.policy?.further.length ?? 0) > 0;
  return pinned.policy !== undefined && (further || pinned.typeOptional === true);
}

function times(pinned: Pinned): boolean {
  return pinned.leeway > 0 || pinned.maxAge !== undefined;
}

function policy(pinned: Pinned): string {
  if (byText(pinned) && pinned.policy) {
    const rows = pinned.policy.toml.trimEnd().split("\n");
    const text = rows.map((row) => `        ${quote("rust", row)},`);
    return ["fn policy() -> Result<Policy, Box<dyn Error>> {", "    let text = [", ...text, "    ];", '    Ok(Policy::from_toml(&text.join("\\n"))?)', "}"].join("\n");
  }
  const rules = [
    ...pinned.issuers.map((issuer) => `.issuer(${quote("rust", issuer)})`),
    ...pinned.audiences.map((audience) => `.audience(${quote("rust", audience)})`),
    ...(pinned.subject === undefined ? [] : [`.subject(${quote("rust", pinned.subject)})`]),
    ...pinned.types.map((type) => `.typ(${quote("rust", type)})`),
    ...pinned.required.map((claim) => `.require(${quote("rust", claim)})`),
    ...(pinned.leeway > 0 ? [`.leeway(Duration::from_secs(${pinned.leeway}))`] : []),
    ...(pinned.maxAge === undefined ? [] : [`.max_age(Duration::from_secs(${pinned.maxAge}))`]),
  ];
  const chain = [`    Policy::new(${algorithm(pinned)})`, ...rules.map((rule) => `        ${rule}`)];
  return ["fn policy() -> Policy {", ...chain, "}"].join("\n");
}

function readPublic(pinned: Pinned): string[] {
  const pem = publicPem(pinned.key);
  const source = pem === undefined ? 'std::fs::read("public.pem")?' : "PUBLIC_KEY.as_bytes()";
  return [
    ...(pem === undefined ? [] : [`const PUBLIC_KEY: &str = "${pem}\n";`, ""]),
    "fn public_key() -> Result<jeton_jose::Jwk, Box<dyn Error>> {",
    `    let read = key::read(${pem === undefined ? `&${source}` : source}, &AwsLc)?;`,
    '    Ok(read.keys.into_iter().next().ok_or("no key")?)',
    "}",
  ];
}

function decoded(pinned: Pinned): string {
  return pinned.key.kind === "secret" && pinned.key.encoding.startsWith("base64") ? ", base64url" : "";
}

function readSecret(pinned: Pinned): string[] {
  const encoding = pinned.key.kind === "secret" ? pinned.key.encoding : "utf8";
  const bytes = {
    utf8: ["    let bytes = text.into_bytes();"],
    base64: [
      "    let text = text.replace('+', \"-\").replace('/', \"_\");",
      "    let bytes = base64url::decode(text.trim_end_matches('='))?;",
    ],
    base64url: ["    let bytes = base64url::decode(text.trim_end_matches('='))?;"],
    hex: [
      "    let pairs = (0..text.len()).step_by(2).map(|at| text.get(at..at + 2).unwrap_or_default());",
      "    let bytes = pairs.map(|pair| u8::from_str_radix(pair, 16)).collect::<Result<_, _>>()?;",
    ],
  }[encoding];
  return [
    "fn secret() -> Result<Jwk, Box<dyn Error>> {",
    `    let text = std::env::var(${quote("rust", SECRET_NAME)})?;`,
    ...bytes,
    "    Ok(Jwk::from(KeyMaterial::Oct(Secret::new(bytes))))",
    "}",
  ];
}
