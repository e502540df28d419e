//! The core held against what the field has seen: published vectors, attacks, two backends.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod agreement;
mod agreement_encryption;
mod attacks_claims;
mod attacks_cost;
mod attacks_encryption;
mod attacks_format;
mod attacks_keys;
mod encryption;
mod mutations;
mod nested;
mod policies;
mod serializations;
mod vectors;
mod vectors_encryption;

use jeton_jose::backend::Backend;
use jeton_jose::jwt::{self, Policy};
use jeton_jose::{Algorithm, Code, base64url};
use jeton_testkit::{NOW, any_signing_key, verifying_key};

/// A token with exactly this header and payload, well signed with the test key of `algorithm`.
fn forge(algorithm: Algorithm, header: &str, payload: &str) -> String {
    let message = format!(
        "{}.{}",
        base64url::encode(header.as_bytes()),
        base64url::encode(payload.as_bytes())
    );
    let mut signature = Vec::new();
    any_signing_key(algorithm)
        .sign(message.as_bytes(), &mut signature)
        .unwrap();
    format!("{message}.{}", base64url::encode(&signature))
}

/// A well-signed HS256 token with this payload.
fn hs256(payload: &str) -> String {
    forge(Algorithm::HS256, r#"{"alg":"HS256"}"#, payload)
}

/// The verdict of one backend on a token under the HS256 test key.
fn verdict(token: &str, policy: &Policy, backend: &dyn Backend) -> Result<(), Code> {
    jwt::verify(
        token,
        &verifying_key(Algorithm::HS256, backend),
        policy,
        NOW,
    )
    .map(|_| ())
    .map_err(|error| error.code())
}

/// Asserts the same refusal on every backend.
#[track_caller]
fn refused(token: &str, policy: &Policy, code: Code) {
    for backend in jeton_testkit::backends() {
        assert_eq!(
            verdict(token, policy, backend),
            Err(code),
            "{} {token:.120}",
            backend.name()
        );
    }
}

/// Asserts acceptance on every backend.
#[track_caller]
fn accepted(token: &str, policy: &Policy) {
    for backend in jeton_testkit::backends() {
        assert_eq!(
            verdict(token, policy, backend),
            Ok(()),
            "{} {token:.120}",
            backend.name()
        );
    }
}
