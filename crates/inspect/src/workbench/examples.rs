//! An example token for each algorithm, with its key, fresh each time.
//!
//! The keys are made on the spot; only the RSA key is always the same one, since making one takes
//! seconds in a browser. It is published here, so it protects nothing.

use jeton_jose::alg::{Hash, KeyType};
use jeton_jose::backend::{Backend, GenerateKind};
use jeton_jose::json::RawJson;
use jeton_jose::jwk::Jwk;
use jeton_jose::key;
use jeton_jose::{Algorithm, UnixTime};
use serde::{Deserialize, Serialize};

use super::keys::json;
use super::tokens::sign::{Content, Signer, refused, sign};
use super::{Failure, Setting};
use crate::sent::Form;

const RSA: &str = include_str!("example_rsa.json");

/// For which algorithm; all of them if none is named.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// The one signature algorithm.
    pub alg: Option<String>,
}

/// The examples.
#[derive(Clone, Debug, Serialize)]
pub struct Examples {
    /// In the order of the table of algorithms.
    pub examples: Vec<Example>,
}

/// A token and its key.
#[derive(Clone, Debug, Serialize)]
pub struct Example {
    /// The algorithm.
    pub alg: &'static str,
    /// The token, valid for an hour.
    pub token: String,
    /// What signs: a private key or a secret, as a JWK.
    pub private: Option<RawJson>,
    /// What verifies: the public half, or the secret.
    pub verify_with: Option<RawJson>,
}

pub(super) fn answer(request: &Request, setting: &Setting<'_>) -> Result<Examples, Failure> {
    let chosen: Vec<Algorithm> = match request.alg.as_deref() {
        None => Algorithm::ALL.to_vec(),
        Some(name) => vec![Algorithm::from_name(name).ok_or_else(|| {
            Failure::usage("there is no such signature algorithm")
                .hint("names are case-sensitive: ES256, Ed25519")
        })?],
    };
    let examples = chosen
        .into_iter()
        .map(|algorithm| example(algorithm, setting.backend, setting.now))
        .collect::<Result<_, _>>()?;
    Ok(Examples { examples })
}

/// One example.
///
/// # Errors
/// The backend does not sign with this algorithm.
pub fn example(
    algorithm: Algorithm,
    backend: &dyn Backend,
    now: UnixTime,
) -> Result<Example, Failure> {
    let jwk = example_key(algorithm, backend).map_err(|error| refused("the example", &error))?;
    let signer = Signer::new(&jwk, Some(algorithm), false, backend)
        .map_err(|error| refused("the example", &error))?;
    let seconds = now.seconds();
    let payload = format!(
        r#"{{"iss":"https://issuer.example","sub":"248289761001","aud":"https://api.example","name":"Ada Lovelace","admin":true,"iat":{seconds},"exp":{}}}"#,
        seconds.saturating_add(3600)
    );
    let content = Content {
        payload: payload.as_bytes(),
        header: r#"{"typ":"JWT"}"#,
        form: Form::Compact,
        detached: false,
        unencoded: false,
        exact: false,
    };
    let signed = sign(&[signer], &content, now)?;
    Ok(Example {
        alg: algorithm.name(),
        token: signed.text,
        private: json(&jwk),
        verify_with: json(&jwk.public().unwrap_or(jwk)),
    })
}

fn example_key(algorithm: Algorithm, backend: &dyn Backend) -> Result<Jwk, key::KeyError> {
    if algorithm.row().key_type == KeyType::Rsa {
        let mut read = key::read(RSA.as_bytes(), backend)?;
        let missing = key::KeyError::Format {
            reason: "the example key is missing",
        };
        let jwk = read.keys.pop().ok_or(missing)?;
        return Ok(jwk.with_algorithm(algorithm));
    }
    let material = key::generate(GenerateKind::for_algorithm(algorithm), backend)?;
    let jwk = Jwk::from(material).with_algorithm(algorithm);
    let key_id = jwk.thumbprint(Hash::Sha256, backend);
    // Short, as an example should be.
    Ok(jwk.with_key_id(key_id.get(..8).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use jeton_jose::Policy;
    use jeton_jose::jwt;
    use jeton_jose::key::{VerifyingKey, VerifyingKeySet};
    use jeton_testkit::BACKEND;
    use jeton_testkit::NOW;

    use super::*;

    #[test]
    fn every_example_verifies_with_the_key_beside_it() {
        for algorithm in Algorithm::ALL {
            let example = example(*algorithm, BACKEND, NOW).unwrap();
            let key = example.verify_with.unwrap();
            let read = key::read(key.text().as_bytes(), BACKEND).unwrap();
            let key = VerifyingKey::new(&read.keys[0], *algorithm, BACKEND).unwrap();
            let keys = VerifyingKeySet::from(key);
            let verified = jwt::verify(&example.token, &keys, &Policy::new(*algorithm), NOW);
            assert!(verified.is_ok(), "{algorithm}");
            assert_eq!(
                read.keys[0].material().is_private(),
                algorithm.row().key_type == KeyType::Oct,
                "{algorithm}"
            );
        }
    }
}
