//! Why a text is no token: the errors that JWS and JWE share, and the checks that raise them.

use core::fmt;

use crate::code::Code;
use crate::limits::Limits;
use crate::{base64url, json};

/// A part of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The (protected) header.
    Header,
    /// The payload.
    Payload,
    /// The signature.
    Signature,
    /// The encrypted key.
    EncryptedKey,
    /// The initialization vector.
    Iv,
    /// The ciphertext.
    Ciphertext,
    /// The authentication tag.
    Tag,
    /// The additional authenticated data of a JSON form.
    Aad,
    /// The whole text, for the JSON forms.
    Token,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
            Self::EncryptedKey => "encrypted key",
            Self::Iv => "initialization vector",
            Self::Ciphertext => "ciphertext",
            Self::Tag => "authentication tag",
            Self::Aad => "additional authenticated data",
            Self::Token => "token",
        })
    }
}

/// Why a text is no token at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// Longer than the limit.
    #[error("the token is longer than {limit} bytes")]
    TooLarge {
        /// [`crate::Limits::token_bytes`].
        limit: usize,
    },
    /// Not in the expected serialization.
    #[error("not a token: expected {expected}")]
    Format {
        /// What was expected, in words.
        expected: &'static str,
    },
    /// Five parts: a JWE.
    #[error("the token is encrypted, not signed")]
    Encrypted,
    /// Three parts: a JWS.
    #[error("the token is signed (three parts), not encrypted")]
    Signed,
    /// A part is not canonical base64url.
    #[error("the {part} is not base64url: {error}")]
    Base64 {
        /// Which part.
        part: Part,
        /// What and where in that part.
        error: base64url::Error,
    },
    /// A part is not acceptable JSON.
    #[error("the {part} is not acceptable JSON: {error}")]
    Json {
        /// Which part.
        part: Part,
        /// What and where in that part, decoded.
        error: json::Error,
    },
    /// A parameter is missing, of the wrong type or in the wrong place.
    #[error("header parameter `{parameter}` {problem}")]
    Header {
        /// Its name.
        parameter: &'static str,
        /// What is wrong: "is missing", "is not a string", ...
        problem: &'static str,
    },
    /// `crit` breaks RFC 7515 §4.1.11.
    #[error("header parameter `crit` {problem}")]
    Crit {
        /// What is wrong.
        problem: &'static str,
    },
}

impl Malformed {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::TooLarge { .. } => Code::TokenTooLarge,
            Self::Format { .. } => Code::TokenFormat,
            Self::Encrypted => Code::TokenEncrypted,
            Self::Signed => Code::TokenSigned,
            Self::Base64 { .. } => Code::Base64Invalid,
            Self::Json { error, .. } => error.code(),
            Self::Header { .. } => Code::HeaderInvalid,
            Self::Crit { .. } => Code::CritInvalid,
        }
    }
}

pub(crate) fn check_size(len: usize, limits: &Limits) -> Result<(), Malformed> {
    if len > limits.token_bytes {
        return Err(Malformed::TooLarge {
            limit: limits.token_bytes,
        });
    }
    Ok(())
}

pub(crate) fn decode(part: Part, text: &str) -> Result<Vec<u8>, Malformed> {
    base64url::decode(text).map_err(|error| Malformed::Base64 { part, error })
}

/// Reads a token in a JSON form; the size is checked first.
pub(crate) fn read_token<'t>(
    text: &'t str,
    limits: &Limits,
) -> Result<json::Document<'t>, Malformed> {
    check_size(text.len(), limits)?;
    json::Document::parse(text.as_bytes(), &json_options(limits)).map_err(|error| Malformed::Json {
        part: Part::Token,
        error,
    })
}

/// Reads a JSON part; the limits hold for its size and depth.
pub(crate) fn read_json(
    part: Part,
    text: Vec<u8>,
    limits: &Limits,
) -> Result<json::Document<'static>, Malformed> {
    json::Document::from_vec(text, &json_options(limits))
        .map_err(|error| Malformed::Json { part, error })
}

fn json_options(limits: &Limits) -> json::Options {
    json::Options {
        max_depth: limits.json_depth,
        max_len: limits.token_bytes,
        ..json::Options::strict()
    }
}
