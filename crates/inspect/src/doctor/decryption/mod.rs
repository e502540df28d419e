//! The decryption doctor: why an encrypted token does not open with what was given.
//!
//! It takes the steps of decryption one by one and says at which one it ends, which is what the
//! core keeps to itself: the answer is for whoever holds the key, and must not reach whoever sent
//! the token ([`jeton_jose::jwe::stages`]). It never changes a verdict. Suspects are asked in turn,
//! the likeliest first; to add a cause, add its row and have a suspect name it.

mod case;
mod cause;
mod content;
mod key;
mod secret;
#[cfg(test)]
mod tests;

use jeton_jose::backend::Encryption;
use jeton_jose::jwe::EncryptionRules;
use jeton_jose::jwk::Jwk;
use serde::Serialize;

pub use cause::DecryptionCause;

use case::Case;

/// What was found, and how much was tried.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// The cause.
    pub cause: Option<Cause>,
    /// How often a key was tried.
    pub attempts: usize,
    /// Whether a bound kept it from trying everything.
    pub exhausted: bool,
}

/// Why a token does not decrypt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// The stable code.
    pub code: DecryptionCause,
    /// What happened.
    pub explanation: &'static str,
    /// What it was here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What to do.
    pub fix: &'static str,
    /// Whether the token was found to open under this supposition. Where it is `false`, the form of
    /// what was given says so alone.
    pub confirmed: bool,
}

impl Cause {
    fn confirmed(code: DecryptionCause, detail: impl Into<String>) -> Self {
        Self {
            confirmed: true,
            ..Self::seen(code, detail)
        }
    }

    /// Seen from the form alone.
    fn seen(code: DecryptionCause, detail: impl Into<String>) -> Self {
        Self {
            code,
            explanation: code.explanation(),
            detail: Some(detail.into()).filter(|detail| !detail.is_empty()),
            fix: code.fix(),
            confirmed: false,
        }
    }
}

/// Looks for the reason why a token does not decrypt with these keys under these rules.
///
/// Bounded in tokens ([`jeton_jose::Limits::token_bytes`]), in attempts, and in the iterations of
/// PBES2 over all attempts.
pub fn diagnose(
    token: &str,
    keys: &[Jwk],
    rules: &EncryptionRules,
    backend: &'static dyn Encryption,
) -> Diagnosis {
    if let Some(cause) = content::cut(token) {
        return Diagnosis {
            cause: Some(cause),
            ..Diagnosis::default()
        };
    }
    let Some(mut case) = Case::new(token, keys, rules, backend) else {
        return Diagnosis::default();
    };
    let mut cause = None;
    for suspect in SUSPECTS {
        if cause.is_none() && !case.opens {
            cause = suspect(&mut case);
        }
    }
    Diagnosis {
        cause,
        attempts: case.attempts,
        exhausted: case.exhausted,
    }
}

/// The likeliest and cheapest first.
const SUSPECTS: &[fn(&mut Case<'_>) -> Option<Cause>] = &[
    key::as_given,
    secret::variants,
    key::other_kind,
    key::other_algorithms,
    content::lengths,
    key::wrong,
];
