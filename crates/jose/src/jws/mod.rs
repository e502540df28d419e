//! JSON Web Signature (RFC 7515): compact, flattened and general serialization.
//!
//! Parse first, then verify: each form parses into an `Unverified` value whose content is only
//! reachable under names that say so, and verifies into [`Verified`]. What a payload means is not
//! known here; [`crate::jwt`] reads claims. The order of the checks is the order of the variants of
//! [`Error`].

pub mod compact;
mod error;
pub mod flattened;
pub mod general;
mod header;
mod sign;

pub use crate::malformed::{Malformed, Part};
pub use error::Error;
pub use header::{Header, HeaderAlgorithm};
pub use sign::{HeaderBuilder, SignError};

use crate::alg::AlgorithmSet;
use crate::key::{VerifyingKey, VerifyingKeySet};
use crate::limits::Limits;
use crate::malformed::{check_size, decode};

/// What a signature must satisfy, whatever it signs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignatureRules {
    /// The algorithms that may verify; none by default.
    pub algorithms: AlgorithmSet,
    /// Extensions that the caller implements and so accepts in `crit` (RFC 7515 §4.1.11). `b64` is
    /// implemented here and needs no mention.
    pub critical: Vec<String>,
    /// Sizes of a detached payload and of claims; a token's own are given where it is parsed.
    pub limits: Limits,
    /// Take `alg` from the unprotected header of a JSON form if there is no protected one, as
    /// RFC 7520 §4.7 shows it. Then nothing signed says which algorithm was meant; the key still
    /// does.
    pub dangerous_unprotected_algorithm: bool,
}

impl SignatureRules {
    /// Rules that accept these algorithms and nothing unusual.
    pub fn new(algorithms: impl Into<AlgorithmSet>) -> Self {
        Self {
            algorithms: algorithms.into(),
            ..Self::default()
        }
    }
}

/// A payload whose signature was verified, with the header that this signature covers.
#[derive(Clone)]
pub struct Verified {
    pub(crate) header: Header,
    pub(crate) payload: Vec<u8>,
    pub(crate) key: VerifyingKey,
}

impl Verified {
    /// The header that the verified signature covers.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The signed bytes.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The signed bytes, taken out.
    pub fn into_payload(self) -> Vec<u8> {
        self.payload
    }

    /// The key that verified.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }
}

impl core::fmt::Debug for Verified {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Verified")
            .field("header", &self.header)
            .field("payload_len", &self.payload.len())
            .finish_non_exhaustive()
    }
}

/// The one place where a signature is accepted; answers the key that did it.
fn verify_signature(
    header: &Header,
    message: &[u8],
    signature: &[u8],
    keys: &VerifyingKeySet,
    rules: &SignatureRules,
) -> Result<VerifyingKey, Error> {
    header.check_critical(&rules.critical)?;
    let algorithm = match header.signing_algorithm(rules.dangerous_unprotected_algorithm) {
        HeaderAlgorithm::Known(algorithm) => algorithm,
        HeaderAlgorithm::None => return Err(Error::AlgorithmNone),
        HeaderAlgorithm::Unknown => return Err(Error::AlgorithmUnknown),
        HeaderAlgorithm::Absent => {
            return Err(Error::Malformed(Malformed::Header {
                parameter: "alg",
                problem: "is missing from the protected header",
            }));
        }
    };
    if !rules.algorithms.contains(algorithm) {
        return Err(Error::AlgorithmNotAllowed { algorithm });
    }
    if signature.is_empty() {
        return Err(Error::SignatureMissing);
    }
    keys.candidates(algorithm, header.key_id())?
        .find(|key| key.verify(message, signature))
        .cloned()
        .ok_or(Error::SignatureMismatch)
}

/// The bytes that are signed when the payload is not part of the text (RFC 7515 §5.1, RFC 7797 §3).
fn detached_message(base64_payload: bool, protected: &str, payload: &[u8]) -> Vec<u8> {
    let mut message = String::with_capacity(protected.len() + 1 + payload.len() * 4 / 3 + 4);
    message.push_str(protected);
    message.push('.');
    if base64_payload {
        crate::base64url::encode_to(payload, &mut message);
        return message.into_bytes();
    }
    let mut message = message.into_bytes();
    message.extend_from_slice(payload);
    message
}
