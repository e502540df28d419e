//! The flattened JSON serialization (RFC 7515 §7.2.2): one signature.

use super::general::{self, read_form, read_signature, write_payload, write_signature};
use super::{Error, Header, HeaderBuilder, Malformed, SignError, SignatureRules, Verified};
use crate::key::{SigningKey, VerifyingKeySet};
use crate::limits::Limits;

/// A flattened JWS that nobody has verified.
#[derive(Clone, Debug)]
pub struct Unverified(general::Unverified);

impl Unverified {
    /// Reads the JSON text; the size is checked first.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, Malformed> {
        let document = read_form(text, limits)?;
        let object = document.root().as_object().ok_or(NOT_FLATTENED)?;
        if object.get("signatures").is_some() {
            return Err(NOT_FLATTENED);
        }
        let signature = read_signature(object, limits)?;
        general::Unverified::new(object, vec![signature]).map(Self)
    }

    /// The header as it was sent, protected and unprotected.
    pub fn unverified_header(&self) -> Option<&Header> {
        self.0
            .unverified_signatures()
            .first()
            .map(general::Signature::unverified_header)
    }

    /// The payload as it was sent; `None` if it is detached.
    pub fn unverified_payload(&self) -> Option<Vec<u8>> {
        self.0.unverified_payload()
    }

    /// Verifies the signature.
    pub fn verify(
        &self,
        keys: &VerifyingKeySet,
        rules: &SignatureRules,
    ) -> Result<Verified, Error> {
        self.0.verify_any(keys, rules)
    }

    /// Verifies the signature over a payload that travelled apart (RFC 7515 Appendix F).
    pub fn verify_detached(
        &self,
        payload: Vec<u8>,
        keys: &VerifyingKeySet,
        rules: &SignatureRules,
    ) -> Result<Verified, Error> {
        self.0.verify_any_detached(payload, keys, rules)
    }
}

/// Signs a payload.
pub fn sign(key: &SigningKey, header: &HeaderBuilder, payload: &[u8]) -> Result<String, SignError> {
    let mut text = String::from("{\"payload\":");
    write_payload(&mut text, payload, header.has_unencoded_payload())?;
    text.push(',');
    write_signature(&mut text, key, header, payload)?;
    text.push('}');
    Ok(text)
}

const NOT_FLATTENED: Malformed = Malformed::Format {
    expected: "a JSON object with `payload` and `signature`",
};
