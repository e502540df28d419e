//! SD-JWTs (RFC 9901): issue, present, verify.

pub mod issue;
mod pointer;
pub mod present;
#[cfg(test)]
mod tests;
pub mod verify;

use jeton_jose::Algorithm;
use jeton_jose::key::SigningKey;

use super::sign::{known, refused};
use crate::workbench::{Failure, KeyInput, Setting};

/// The key that signs, with the algorithm that the input names or that is the key's own. A weak one
/// is refused.
fn signing_key(input: &KeyInput, setting: &Setting<'_>) -> Result<SigningKey, Failure> {
    let jwk = input.read_one(setting.backend)?;
    let named = input.alg.as_deref().map(known).transpose()?;
    let own = jwk.material().algorithms().contains(Algorithm::Ed25519);
    let algorithm = match named {
        Some(algorithm) => Ok(algorithm),
        // Of the two names of the same signature, the fully specified one (RFC 9864).
        None if own && jwk.algorithm_name().is_none() => Ok(Algorithm::Ed25519),
        None => jwk.only_algorithm(),
    };
    algorithm
        .and_then(|algorithm| SigningKey::new(&jwk, algorithm, setting.backend))
        .map_err(|error| refused(input.name(), &error))
}
