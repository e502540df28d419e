// cargo add jeton-jose
use std::error::Error;
use std::time::SystemTime;

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
}

fn public_key() -> Result<jeton_jose::Jwk, Box<dyn Error>> {
    let read = key::read(&std::fs::read("public.pem")?, &AwsLc)?;
    Ok(read.keys.into_iter().next().ok_or("no key")?)
}
