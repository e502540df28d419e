use crate::alg::{Algorithm, AlgorithmSet, AnyAlgorithm, KeyManagementSet};
use crate::code::Code;
use crate::key::KeyMaterial;

/// Why a key was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The input is in no form that is understood.
    #[error("not a readable key: {reason}")]
    Format {
        /// What it is, or what was expected instead.
        reason: &'static str,
    },
    /// A member is missing, malformed or contradicts another.
    #[error("key member `{member}` {problem}")]
    Invalid {
        /// JWK member name, or the ASN.1 field's.
        member: &'static str,
        /// What is wrong with it: "is missing", "is not base64url", ...
        problem: &'static str,
    },
    /// Too weak for its algorithm.
    #[error("weak key: {0}")]
    Weak(Weakness),
    /// Type or curve does not fit the algorithm.
    #[error("the {found} key cannot serve {algorithm}")]
    Type {
        /// The algorithm that was wanted.
        algorithm: AnyAlgorithm,
        /// `kty` or `crv` of the key.
        found: &'static str,
    },
    /// The key's own `alg` is another one.
    #[error("the key is for {own}, not for {wanted}")]
    AlgorithmMismatch {
        /// The key's `alg`.
        own: AnyAlgorithm,
        /// The algorithm that was wanted.
        wanted: AnyAlgorithm,
    },
    /// Several algorithms would fit and nothing chooses.
    #[error("the key could serve any of {candidates}; name one")]
    AlgorithmAmbiguous {
        /// What the key could serve.
        candidates: AlgorithmSet,
    },
    /// None of the algorithms the key could serve is wanted.
    #[error("the key is for {candidates}, which is not allowed here")]
    NotAllowed {
        /// What the key could serve.
        candidates: AlgorithmSet,
    },
    /// Several ways to manage the content key would fit and nothing chooses.
    #[error("the key could serve any of {candidates}; name one")]
    KeyManagementAmbiguous {
        /// What the key could serve.
        candidates: KeyManagementSet,
    },
    /// None of the ways to manage the content key that the key could serve is wanted.
    #[error("the key is for {candidates}, which is not allowed here")]
    KeyManagementNotAllowed {
        /// What the key could serve.
        candidates: KeyManagementSet,
    },
    /// The backend lacks the operation.
    #[error("the {backend} backend does not support {operation}")]
    NotSupported {
        /// Backend name.
        backend: &'static str,
        /// "verifying PS256 with RSA under 2048 bits", ...
        operation: &'static str,
    },
    /// The private half is needed.
    #[error("the private key is needed, only the public half was given")]
    PrivateMissing,
    /// `use` or `key_ops` forbids it.
    #[error("the key's `{member}` does not allow {operation}")]
    Usage {
        /// `use` or `key_ops`.
        member: &'static str,
        /// "sign", "verify", "encrypt", "decrypt".
        operation: &'static str,
    },
    /// The certificate chain of the key leads to no anchor, or breaks a rule on its way.
    #[error("the certificate chain is not trusted: {problem}")]
    Untrusted {
        /// What is wrong: "it leads to none of the anchors", ...
        problem: &'static str,
    },
    /// The key is encrypted and no passphrase was given.
    #[error("the private key is encrypted, and no passphrase was given")]
    PassphraseMissing,
    /// The passphrase does not open the key.
    #[error("the passphrase does not open the private key")]
    PassphraseWrong,
    /// A file holds more than the one key that is read from it.
    #[error("not read: {what}, since only the first key of a file counts")]
    Surplus {
        /// "a further certificate", ...
        what: &'static str,
    },
    /// A set mixes secrets and public keys.
    #[error("the key set mixes secrets with public keys")]
    SetMixed,
    /// The key's JSON is not acceptable JSON.
    #[error("the key is not acceptable JSON: {0}")]
    Json(#[from] crate::json::Error),
}

impl KeyError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Format { .. } | Self::Surplus { .. } => Code::KeyFormat,
            Self::Invalid { .. } => Code::KeyInvalid,
            Self::Weak(_) => Code::KeyWeak,
            Self::Type { .. } => Code::KeyType,
            Self::AlgorithmMismatch { .. } => Code::AlgorithmMismatch,
            Self::AlgorithmAmbiguous { .. } | Self::KeyManagementAmbiguous { .. } => {
                Code::AlgorithmAmbiguous
            }
            Self::NotAllowed { .. } | Self::KeyManagementNotAllowed { .. } => {
                Code::AlgorithmNotAllowed
            }
            Self::NotSupported { .. } => Code::AlgorithmNotSupported,
            Self::PrivateMissing => Code::KeyPrivateMissing,
            Self::Untrusted { .. } => Code::CertificateUntrusted,
            Self::PassphraseMissing => Code::KeyEncrypted,
            Self::PassphraseWrong => Code::PassphraseWrong,
            Self::Usage { .. } => Code::KeyUsage,
            Self::SetMixed => Code::KeySetMixed,
            Self::Json(error) => error.code(),
        }
    }
}

impl Weakness {
    /// Whether a signature under such a key says nothing at all, because anybody can make one.
    /// Not even the `dangerous_` doors open these.
    pub fn is_void(self) -> bool {
        matches!(self, Self::RsaExponent | Self::SmallOrder)
    }
}

/// Why no key of a set can be tried; `A` is the algorithm of its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoKey<A = Algorithm> {
    /// No key has this `kid` and algorithm.
    #[error("no key fits the token's `kid` and algorithm {wanted}")]
    NotFound {
        /// The token's algorithm.
        wanted: A,
    },
    /// The key is for another algorithm.
    #[error("the token says {wanted}, the key is for {own}")]
    AlgorithmMismatch {
        /// The key's algorithm, or the first of them.
        own: A,
        /// The token's algorithm.
        wanted: A,
    },
    /// Several keys share the token's `kid` and algorithm, or the token names none and there are
    /// too many to try.
    #[error("{count} keys fit the token's `kid` and algorithm {wanted}")]
    Ambiguous {
        /// The token's algorithm.
        wanted: A,
        /// How many fit.
        count: usize,
    },
}

impl<A> NoKey<A> {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::NotFound { .. } => Code::KeyNotFound,
            Self::AlgorithmMismatch { .. } => Code::AlgorithmMismatch,
            Self::Ambiguous { .. } => Code::KeyAmbiguous,
        }
    }
}

/// The backend could not make a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {algorithm} signature could not be made")]
pub struct SigningError {
    /// The algorithm of the key.
    pub algorithm: Algorithm,
}

impl SigningError {
    /// The stable code.
    pub fn code(&self) -> Code {
        Code::SigningFailed
    }
}

/// What makes a key weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Weakness {
    /// The RSA modulus is short.
    #[error("the RSA modulus has {bits} bits, {wanted} are the least")]
    RsaShort {
        /// Bits found.
        bits: usize,
        /// Bits wanted.
        wanted: usize,
    },
    /// The RSA public exponent is 1, even, or under 3.
    #[error("the RSA public exponent is even or below 3")]
    RsaExponent,
    /// The HMAC secret is shorter than the hash output (RFC 7518 §3.2).
    #[error("the HMAC secret has {bits} bits, {wanted} are the least")]
    HmacShort {
        /// Bits found.
        bits: usize,
        /// Bits wanted.
        wanted: usize,
    },
    /// The Ed25519 public key has small order: anyone can make signatures for it.
    #[error("the Ed25519 public key has small order")]
    SmallOrder,
}

pub(crate) fn invalid(member: &'static str, problem: &'static str) -> KeyError {
    KeyError::Invalid { member, problem }
}

/// Of a private member.
#[cfg(any(feature = "aws-lc", feature = "rustcrypto"))]
pub(crate) fn mismatch(member: &'static str) -> KeyError {
    invalid(member, "does not belong to the public key")
}

pub(crate) fn unfit(algorithm: impl Into<AnyAlgorithm>, key: &KeyMaterial) -> KeyError {
    KeyError::Type {
        algorithm: algorithm.into(),
        found: key.key_type().name(),
    }
}
