//! JWK Sets (RFC 7517 §5).

use crate::json::{Document, Options, Value};
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
    /// Not strict JSON, or `keys` is missing or no array. A member that is no usable key (an
    /// unknown `kty`, a broken number) is skipped instead.
    pub fn parse(json: &[u8]) -> Result<Self, KeyError> {
        let document = Document::parse(json, &Options::strict())?;
        Self::from_value(document.root())
    }

    /// Reads a set from JSON that is already parsed; see [`JwkSet::parse`].
    ///
    /// # Errors
    /// As for `parse`.
    pub fn from_value(value: Value<'_>) -> Result<Self, KeyError> {
        let members = value
            .as_object()
            .and_then(|object| object.get("keys"))
            .ok_or(KeyError::Format {
                reason: "a JWK Set is a JSON object with the member `keys`",
            })?
            .as_array()
            .ok_or(KeyError::Invalid {
                member: "keys",
                problem: "is not an array",
            })?;
        let mut set = Self::default();
        for (index, member) in members.iter().enumerate() {
            match Jwk::from_value(member) {
                Ok(key) => set.keys.push(key),
                Err(error) => set.skipped.push(Skipped {
                    index,
                    key_id: key_id(member),
                    error,
                }),
            }
        }
        Ok(set)
    }
}

impl FromIterator<Jwk> for JwkSet {
    fn from_iter<I: IntoIterator<Item = Jwk>>(keys: I) -> Self {
        Self {
            keys: keys.into_iter().collect(),
            skipped: Vec::new(),
        }
    }
}

fn key_id(member: Value<'_>) -> Option<String> {
    let key_id = member.as_object()?.get("kid")?.as_str()?;
    Some(key_id.to_owned())
}
