//! JWK Sets (RFC 7517 §5).

use crate::jwk::Jwk;
use crate::key::{KeyError, Skipped};

/// Keys that belong together. Members that are not understood are left out and listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JwkSet {
    /// The keys, in their order.
    pub keys: Vec<Jwk>,
    /// The members left out, with their position and reason.
    pub skipped: Vec<Skipped>,
}

impl JwkSet {
    /// Reads a set.
    ///
    /// # Errors
    /// Not strict JSON, or `keys` is missing or no array. A member that is no usable key is
    /// skipped instead.
    pub fn parse(_json: &[u8]) -> Result<Self, KeyError> {
        Err(KeyError::Format { reason: "to come" })
    }

    /// Whether the JSON text is an object with the member `keys`.
    pub(crate) fn is_set(_json: &[u8]) -> Result<bool, KeyError> {
        Ok(false)
    }

    /// The keys as JSON, private members included.
    pub fn to_json(&self) -> zeroize::Zeroizing<String> {
        zeroize::Zeroizing::new(String::new())
    }

    /// The public halves as JSON, secrets left out.
    pub fn to_public_json(&self) -> String {
        String::new()
    }
}
