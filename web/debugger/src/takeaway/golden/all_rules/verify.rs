// cargo add jeton-jose
use std::error::Error;
use std::time::{Duration, SystemTime};

use jeton_jose::backend::AwsLc;
use jeton_jose::jwt::{self, Policy};
use jeton_jose::key::{self, VerifyingKey};
use jeton_jose::{Algorithm, UnixTime};

/// The claims of a token that may be accepted.
pub fn verify(token: &str) -> Result<jwt::Verified, Box<dyn Error>> {
    let key = VerifyingKey::new(&public_key()?, Algorithm::ES256, &AwsLc)?;
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let now = UnixTime::from_seconds(0).saturating_add(since_1970);
    Ok(jwt::verify(token, &key.into(), &policy(), now)?)
}

fn policy() -> Policy {
    Policy::new(Algorithm::ES256)
        .issuer("https://issuer.example/a'b\"c\\d\n$x`{y}\u{202e}\u{e0001} é 字")
        .audience("https://api.example")
        .audience("it's")
        .subject("ada \"the\" countess")
        .typ("at+jwt")
        .require("exp")
        .require("client_id")
        .leeway(Duration::from_secs(30))
        .max_age(Duration::from_secs(3600))
}

const PUBLIC_KEY: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEITkUPQirbfwzGZ7b1SnsX5FDBGio
E0sTT5bIF0h/Vm5SditnquTfQdfbY5tPebZ/lfR19JkTSY58harms9JPZw==
-----END PUBLIC KEY-----
";

fn public_key() -> Result<jeton_jose::Jwk, Box<dyn Error>> {
    let read = key::read(PUBLIC_KEY.as_bytes(), &AwsLc)?;
    Ok(read.keys.into_iter().next().ok_or("no key")?)
}
