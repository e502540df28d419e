use crate::code::Code;
use crate::{jws, jwt};

/// Why an SD-JWT was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The issuer's token: its form, signature or claims.
    #[error(transparent)]
    Token(#[from] jwt::Error),
    /// A disclosure is malformed or does not belong here.
    #[error("disclosure {} {problem}", .index + 1)]
    Disclosure {
        /// Its position, from zero.
        index: usize,
        /// What is wrong: "is not base64url", "is not referenced by the token", ...
        problem: &'static str,
    },
    /// The digests in the payload break RFC 9901 §4.
    #[error("the digests in the token: {problem}")]
    Digests {
        /// What is wrong.
        problem: &'static str,
    },
    /// Nothing that can be disclosed is at the pointer.
    #[error("there is nothing to disclose at a pointer that was asked for")]
    NotDisclosable,
    /// Key binding is required, and there is no key-binding JWT.
    #[error("the key-binding JWT is missing")]
    KeyBindingMissing,
    /// The key-binding JWT does not fit.
    #[error("key binding: {problem}")]
    KeyBindingMismatch {
        /// What is wrong.
        problem: &'static str,
    },
    /// The key-binding JWT by itself is not good.
    #[error("key-binding JWT: {0}")]
    KeyBinding(jwt::Error),
    /// Its nonce is not the one that was asked for.
    #[error("the nonce of the key-binding JWT is not the one that was asked for")]
    Nonce,
}

impl From<jws::Malformed> for Error {
    fn from(error: jws::Malformed) -> Self {
        Self::Token(error.into())
    }
}

impl From<jws::Error> for Error {
    fn from(error: jws::Error) -> Self {
        Self::Token(error.into())
    }
}

impl Error {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Token(error) | Self::KeyBinding(error) => error.code(),
            Self::Disclosure { .. } | Self::Digests { .. } | Self::NotDisclosable => {
                Code::DisclosureInvalid
            }
            Self::KeyBindingMissing => Code::KeyBindingMissing,
            Self::KeyBindingMismatch { .. } => Code::KeyBindingMismatch,
            Self::Nonce => Code::NonceMismatch,
        }
    }
}
