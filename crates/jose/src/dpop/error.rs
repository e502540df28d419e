use crate::code::Code;
use crate::jwt;
use crate::key::KeyError;

/// Why a proof was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Its form, algorithm, signature or claims.
    #[error(transparent)]
    Token(#[from] jwt::Error),
    /// The header carries no key.
    #[error("header parameter `jwk` is missing")]
    KeyMissing,
    /// The header carries a private key or a secret, which thereby is burnt.
    #[error("header parameter `jwk` holds a private key")]
    KeyPrivate,
    /// The key in the header cannot be used.
    #[error("header parameter `jwk`: {0}")]
    Key(#[from] KeyError),
    /// The nonce is missing or another one; the server answers with a fresh one (RFC 9449 §8).
    #[error("claim `nonce` is not the one that was asked for")]
    Nonce,
}

impl Error {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Token(error) => error.code(),
            Self::KeyMissing | Self::KeyPrivate => Code::HeaderInvalid,
            Self::Key(error) => error.code(),
            Self::Nonce => Code::NonceMismatch,
        }
    }
}
