use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use jeton_jose::key::KeyError;
use jeton_settings::SecretError;

use crate::FetchError;

/// Why there are no keys. It repeats nothing of what was read.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeySetError {
    /// The set was not to be had from its URL.
    #[error("the key set could not be fetched")]
    Fetch(#[source] Arc<FetchError>),
    /// The metadata that names the set was not to be had.
    #[error("the metadata of the issuer could not be fetched")]
    Metadata(#[source] Arc<FetchError>),
    /// The metadata does not lead to a set.
    #[error("the metadata of the issuer {0}")]
    MetadataContent(&'static str),
    /// The issuer's identifier is none.
    #[error("the issuer is no `https` URL without query and fragment")]
    Issuer,
    /// More keys than anybody needs.
    #[error("the key set has {count} keys, {most} are the most")]
    TooMany {
        /// How many it has.
        count: usize,
        /// How many it may have.
        most: usize,
    },
    /// Nothing was fetched yet.
    #[error("the key set was not fetched yet")]
    Missing,
    /// The file cannot be read.
    #[error("`{}` cannot be read", .0.display())]
    File(PathBuf, #[source] Arc<io::Error>),
    /// The environment has no key.
    #[error("the environment has no key set")]
    Environment(#[source] Arc<SecretError>),
    /// What a file or variable holds is no key and no set of them.
    #[error("`{place}` has no key set")]
    Content {
        /// `file:PATH` or `env:NAME`.
        place: String,
        /// What is wrong with it.
        #[source]
        error: KeyError,
    },
}

impl From<FetchError> for KeySetError {
    fn from(error: FetchError) -> Self {
        Self::Fetch(Arc::new(error))
    }
}
