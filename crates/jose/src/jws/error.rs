use crate::alg::Algorithm;
use crate::code::Code;
use crate::key::NoKey;
use crate::malformed::Malformed;

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
