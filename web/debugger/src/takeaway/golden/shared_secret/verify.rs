// cargo add jeton-jose
use std::error::Error;
use std::time::SystemTime;

use jeton_jose::backend::AwsLc;
use jeton_jose::jwk::Jwk;
use jeton_jose::jwt::{self, Policy};
use jeton_jose::key::{KeyMaterial, VerifyingKey};
use jeton_jose::{Algorithm, Secret, UnixTime, base64url};

/// The claims of a token that may be accepted.
pub fn verify(token: &str) -> Result<jwt::Verified, Box<dyn Error>> {
    let key = VerifyingKey::new(&secret()?, Algorithm::HS256, &AwsLc)?;
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let now = UnixTime::from_seconds(0).saturating_add(since_1970);
    Ok(jwt::verify(token, &key.into(), &policy()?, now)?)
}

fn policy() -> Result<Policy, Box<dyn Error>> {
    let text = [
        "algorithms = [\"HS256\"]",
        "issuer = [\"https://issuer.example\", \"https://other.example\"]",
        "type = [\"JWT\", \"application/notes+jwt\"]",
        "type_optional = true",
        "required = [\"exp\", \"sub\"]",
        "forbidden = [\"nonce\"]",
    ];
    Ok(Policy::from_toml(&text.join("\n"))?)
}

fn secret() -> Result<Jwk, Box<dyn Error>> {
    let text = std::env::var("TOKEN_SECRET")?;
    let bytes = base64url::decode(text.trim_end_matches('='))?;
    Ok(Jwk::from(KeyMaterial::Oct(Secret::new(bytes))))
}
