use core::fmt;
use core::str::FromStr;
use std::path::PathBuf;
use std::sync::Arc;

use http::Uri;
use http::uri::Scheme;
use jeton_jose::UnixTime;
use jeton_jose::key::VerifyingKeySet;
use jeton_settings::SecretReference;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::{FileKeySet, KeySetError, RemoteKeySet, Retrieval, discovery, file};

/// Where a key set is, as configuration says it: `file:PATH`, `env:NAME`, `https://…` or
/// `issuer:https://…`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum Source {
    /// In a file: a JWK Set, a JWK, PEM or DER.
    File(PathBuf),
    /// In an environment variable, in the same forms.
    Environment(String),
    /// At a URL.
    Url(String),
    /// Where the metadata of an issuer says.
    Issuer(String),
}

/// A text says of no place where keys could be. It is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected where the key set is: `file:PATH`, `env:NAME`, `https://` and so on, or `issuer:` \
     before the issuer's `https` URL"
)]
pub struct InvalidSource;

/// A key set over time, wherever it is.
#[derive(Debug)]
#[non_exhaustive]
pub enum LiveKeySet {
    /// As it was at the start: the environment of a process does not change.
    Fixed(Arc<VerifyingKeySet>),
    /// In a file.
    File(FileKeySet),
    /// Served by somebody else.
    Remote(RemoteKeySet),
}

impl Source {
    /// The set that is there. Neither a file that is missing nor a server that is down is an error
    /// before somebody asks for keys, so that neither keeps anything from starting.
    ///
    /// # Errors
    /// The variable is not set or holds no keys, or the URL is none that is fetched.
    pub fn open(&self, retrieval: &Arc<Retrieval>) -> Result<LiveKeySet, KeySetError> {
        let reading = retrieval.reading();
        let remote = match self {
            Self::File(path) => {
                let max_stale = retrieval.caching().max_stale.value();
                return Ok(LiveKeySet::File(FileKeySet::new(path, reading, max_stale)));
            }
            Self::Environment(name) => {
                let text = SecretReference::Environment(name.clone()).read();
                let text = text.map_err(|error| KeySetError::Environment(Arc::new(error)))?;
                let keys = file::keys_in(&text, reading).map_err(|error| KeySetError::Content {
                    place: self.to_string(),
                    error,
                })?;
                return Ok(LiveKeySet::Fixed(Arc::new(keys)));
            }
            Self::Url(url) => RemoteKeySet::new(url, Arc::clone(retrieval)),
            Self::Issuer(issuer) => RemoteKeySet::of_issuer(issuer, Arc::clone(retrieval)),
        };
        remote.map(LiveKeySet::Remote)
    }
}

impl LiveKeySet {
    /// The keys for a token with this `kid`; see [`RemoteKeySet::keys_for`].
    ///
    /// # Errors
    /// There are none, or none that are young enough.
    pub async fn keys_for(
        &self,
        key_id: Option<&str>,
        now: UnixTime,
    ) -> Result<Arc<VerifyingKeySet>, KeySetError> {
        match self {
            Self::Fixed(keys) => Ok(Arc::clone(keys)),
            Self::File(file) => file.keys(now),
            Self::Remote(remote) => remote.keys_for(key_id, now).await,
        }
    }

    /// Keys that are newer than those which a token was found not to be signed with, if there are
    /// any; see [`RemoteKeySet::newer_than`].
    pub async fn newer_than(
        &self,
        known: &Arc<VerifyingKeySet>,
        now: UnixTime,
    ) -> Option<Arc<VerifyingKeySet>> {
        match self {
            Self::Fixed(_) => None,
            Self::File(file) => {
                let keys = file.keys(now).ok()?;
                (!Arc::ptr_eq(&keys, known)).then_some(keys)
            }
            Self::Remote(remote) => remote.newer_than(known, now).await,
        }
    }
}

impl FromStr for Source {
    type Err = InvalidSource;

    fn from_str(text: &str) -> Result<Self, InvalidSource> {
        if let Some(issuer) = text.strip_prefix("issuer:") {
            discovery::locations(issuer).map_err(|_| InvalidSource)?;
            return Ok(Self::Issuer(issuer.to_owned()));
        }
        if let Ok(reference) = text.parse() {
            return Ok(match reference {
                SecretReference::Environment(name) => Self::Environment(name),
                SecretReference::File(path) => Self::File(path),
            });
        }
        let uri: Uri = text.parse().map_err(|_| InvalidSource)?;
        let is_url = uri.scheme() == Some(&Scheme::HTTPS) && uri.host().is_some();
        is_url
            .then(|| Self::Url(text.to_owned()))
            .ok_or(InvalidSource)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Environment(name) => write!(f, "env:{name}"),
            Self::Url(url) => f.write_str(url),
            Self::Issuer(issuer) => write!(f, "issuer:{issuer}"),
        }
    }
}

impl TryFrom<String> for Source {
    type Error = InvalidSource;

    fn try_from(text: String) -> Result<Self, InvalidSource> {
        text.parse()
    }
}

impl From<Source> for String {
    fn from(source: Source) -> Self {
        source.to_string()
    }
}

impl PartialSchema for Source {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(
                "^(file:.+|env:[A-Za-z_][A-Za-z0-9_]*|(issuer:)?https://.+)$",
            ))
            .description(Some(
                "Where a key set is: `file:PATH`, `env:NAME`, its `https` URL, or `issuer:` before \
                 the `https` URL of an issuer whose metadata names it.",
            ))
            .examples([
                "file:keys.json",
                "https://issuer.example/jwks",
                "issuer:https://issuer.example",
            ])
            .into()
    }
}

impl ToSchema for Source {}

#[cfg(test)]
mod tests;
