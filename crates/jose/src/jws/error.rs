use core::fmt;

use crate::alg::Algorithm;
use crate::code::Code;
use crate::key::NoKey;
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
    /// The whole text, for the JSON forms.
    Token,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
            Self::Token => "token",
        })
    }
}

/// Why a text is no JWS at all.
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
    /// A JWE: five parts, or a `ciphertext` member.
    #[error("the token is encrypted, not signed")]
    Encrypted,
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
            Self::Base64 { .. } => Code::Base64Invalid,
            Self::Json { error, .. } => error.code(),
            Self::Header { .. } => Code::HeaderInvalid,
            Self::Crit { .. } => Code::CritInvalid,
        }
    }
}

/// Why a signature was not accepted, in the order of the checks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is no JWS.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// `crit` names an extension that is not understood.
    #[error("header parameter `crit` names an extension that is not understood")]
    CritUnsupported,
    /// The payload is present although it should be detached, or cannot be unencoded here.
    #[error("payload: {problem}")]
    PayloadEncoding {
        /// What is wrong.
        problem: &'static str,
    },
    /// `alg` is `none`.
    #[error("the token is unsigned (`alg` is `none`)")]
    AlgorithmNone,
    /// `alg` is no algorithm of the table.
    #[error("the header names an unknown algorithm")]
    AlgorithmUnknown,
    /// `alg` is not on the allow-list.
    #[error("{algorithm} is not an allowed algorithm")]
    AlgorithmNotAllowed {
        /// What the header names.
        algorithm: Algorithm,
    },
    /// The signature part is empty.
    #[error("the signature is missing")]
    SignatureMissing,
    /// No key of the set is the one.
    #[error(transparent)]
    NoKey(#[from] NoKey),
    /// The cryptography says no.
    #[error("the signature does not match")]
    SignatureMismatch,
}

impl Error {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Malformed(error) => error.code(),
            Self::CritUnsupported => Code::CritUnsupported,
            Self::PayloadEncoding { .. } => Code::PayloadEncoding,
            Self::AlgorithmNone => Code::AlgorithmNone,
            Self::AlgorithmUnknown => Code::AlgorithmUnknown,
            Self::AlgorithmNotAllowed { .. } => Code::AlgorithmNotAllowed,
            Self::SignatureMissing => Code::SignatureMissing,
            Self::NoKey(error) => error.code(),
            Self::SignatureMismatch => Code::SignatureMismatch,
        }
    }
}
