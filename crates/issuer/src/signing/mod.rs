//! The keys that tokens are signed with: made by schedule, sealed at rest, chosen by the time.
//!
//! Where a private half lives is a [`Vault`]'s affair: [`LocalVault`] seals it under the master key
//! and signs in this process. One that keeps keys in hardware or with a cloud provider implements
//! the same two functions, and hands out a [`SigningKey`] that asks it.

mod ring;
pub(crate) mod rotation;
mod vault;

use jeton_jose::Algorithm;
use jeton_jose::jwe::EncryptError;
use jeton_jose::jws::SignError;
use jeton_jose::key::KeyError;
use jeton_store::StoreError;

pub(crate) use ring::KeyRing;
pub(crate) use vault::LocalVault;
pub use vault::{Planned, Vault};

use crate::random::NoRandomness;
use crate::sealing::Unsealable;

/// Why there is no key to sign with, or no signature.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// No key of the algorithm is active.
    #[error("no key of {} is active", .0.name())]
    NoKey(Algorithm),
    /// A key was sealed under another master key.
    #[error("the signing key `{key_id}` cannot be unsealed; was the master key replaced?")]
    Sealed {
        /// Its `kid`.
        key_id: String,
    },
    /// A key cannot be used.
    #[error("the signing key cannot be used")]
    Key(#[from] KeyError),
    /// A key cannot be sealed.
    #[error("the signing key cannot be sealed")]
    Seal(#[from] EncryptError),
    /// The signature failed.
    #[error("the token cannot be signed")]
    Sign(#[from] SignError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Randomness failed.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

impl SigningError {
    fn sealed(key_id: &str) -> impl FnOnce(Unsealable) -> Self {
        move |_| Self::Sealed {
            key_id: key_id.to_owned(),
        }
    }
}
