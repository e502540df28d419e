use crate::alg::{ContentEncryption, KeyManagement};
use crate::code::Code;
use crate::key::NoKey;
use crate::malformed::Malformed;

/// Why a token was not decrypted, in the order of the checks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is no JWE, or a header parameter is missing or wrong.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// `crit` names an extension that is not understood.
    #[error("header parameter `crit` names an extension that is not understood")]
    CritUnsupported,
    /// `alg` is broken and refused by name.
    #[error("the algorithm is refused: {reason}")]
    AlgorithmRefused {
        /// Its name, and what is wrong with it.
        reason: &'static str,
    },
    /// `alg` is no key management algorithm of the table.
    #[error("the header names an unknown key management algorithm")]
    AlgorithmUnknown,
    /// `alg` is not on the allow-list.
    #[error("{algorithm} is not an allowed algorithm")]
    AlgorithmNotAllowed {
        /// What the header names.
        algorithm: KeyManagement,
    },
    /// `enc` is no content encryption of the table.
    #[error("the header names an unknown content encryption")]
    EncryptionUnknown,
    /// `enc` is not on the allow-list.
    #[error("{encryption} is not an allowed content encryption")]
    EncryptionNotAllowed {
        /// What the header names.
        encryption: ContentEncryption,
    },
    /// No key of the set is the one.
    #[error(transparent)]
    NoKey(#[from] NoKey<KeyManagement>),
    /// `p2c` is out of bounds, alone or summed up over recipients and keys. Nothing was derived
    /// beyond the bound.
    #[error("`p2c` must be at least {least}, and {most} in all at most")]
    Iterations {
        /// Fewest iterations.
        least: u32,
        /// [`crate::Limits::pbes2_iterations`].
        most: u32,
    },
    /// Some step of the decryption failed. Which one is not known to anybody.
    #[error("the token does not decrypt")]
    Decryption,
    /// The authentic content is compressed and inflates beyond the limit.
    #[error("the content inflates to more than {limit} bytes")]
    Inflated {
        /// [`crate::Limits::inflated_bytes`].
        limit: usize,
    },
}

impl Error {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Malformed(error) => error.code(),
            Self::CritUnsupported => Code::CritUnsupported,
            Self::AlgorithmRefused { .. } => Code::AlgorithmRefused,
            Self::AlgorithmUnknown | Self::EncryptionUnknown => Code::AlgorithmUnknown,
            Self::AlgorithmNotAllowed { .. } | Self::EncryptionNotAllowed { .. } => {
                Code::AlgorithmNotAllowed
            }
            Self::NoKey(error) => error.code(),
            Self::Iterations { .. } => Code::IterationsRefused,
            Self::Decryption => Code::DecryptionFailed,
            Self::Inflated { .. } => Code::PlaintextTooLarge,
        }
    }
}
