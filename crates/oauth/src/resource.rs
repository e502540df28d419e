//! Resource indicators (RFC 8707): for which API a token is meant.

use serde::de::Error as _;

use crate::error::{ErrorCode, OAuthError};
use crate::form::Parameters;
use crate::redirect_uri::scheme;

/// An absolute URI without fragment that names an API. Compared as a whole string.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct Resource(String);

impl Resource {
    /// Takes a text if it can be a resource indicator (RFC 8707 §2).
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let printable = text.bytes().all(|byte| matches!(byte, 0x21..=0x7e));
        let absolute = scheme(text).is_some_and(|(_, rest)| !rest.is_empty());
        if !printable || !absolute || text.contains('#') || text.len() > 2048 {
            return Err(OAuthError::new(
                ErrorCode::InvalidTarget,
                "`resource` has to be an absolute URI without a fragment",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// All that a request names, each once.
    pub fn all(parameters: &Parameters) -> Result<Vec<Self>, OAuthError> {
        let mut resources: Vec<Self> = parameters
            .all("resource")
            .map(Self::parse)
            .collect::<Result<_, _>>()?;
        resources.sort();
        resources.dedup();
        Ok(resources)
    }

    /// What a request for `asked` gets of what was `granted` (RFC 8707 §2.2): all where nothing
    /// was asked for, and never another.
    pub fn narrow(granted: &[Self], asked: Vec<Self>) -> Result<Vec<Self>, OAuthError> {
        if asked.is_empty() {
            return Ok(granted.to_vec());
        }
        if asked.iter().all(|resource| granted.contains(resource)) {
            return Ok(asked);
        }
        Err(OAuthError::new(
            ErrorCode::InvalidTarget,
            "a resource was asked for that was not granted",
        ))
    }

    /// The URI.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> serde::Deserialize<'de> for Resource {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| D::Error::custom(error.description()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_an_absolute_uri_without_fragment() {
        for text in [
            "https://api.example",
            "https://api.example/v1?x=1",
            "urn:example:api",
        ] {
            assert!(Resource::parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "api",
            "/v1",
            "https:",
            "https://a#b",
            "https://a b",
            "1a:b",
            "a\u{e9}:b",
        ] {
            let refusal = Resource::parse(text).unwrap_err();
            assert_eq!(refusal.code(), ErrorCode::InvalidTarget, "{text}");
        }
    }

    #[test]
    fn only_what_was_granted_is_given() {
        let of = |text: &str| Resource::parse(text).unwrap();
        let granted = [of("https://a.example"), of("https://b.example")];
        assert_eq!(Resource::narrow(&granted, vec![]).unwrap(), granted);
        assert_eq!(
            Resource::narrow(&granted, vec![of("https://b.example")]).unwrap(),
            [of("https://b.example")]
        );
        assert!(Resource::narrow(&granted, vec![of("https://c.example")]).is_err());
    }
}
