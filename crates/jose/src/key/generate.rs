//! Fresh keys.

use crate::alg::Curve;
use crate::backend::{Backend, GenerateKind};
use crate::key::{KeyError, KeyMaterial};

/// Longest secret in bytes.
const LONGEST_SECRET: usize = 1024;

/// A fresh key from the backend's own randomness.
///
/// # Errors
/// A size that is not offered, or a backend that lacks the operation.
pub fn generate(kind: GenerateKind, backend: &dyn Backend) -> Result<KeyMaterial, KeyError> {
    match kind {
        GenerateKind::Oct { bytes } if !(16..=LONGEST_SECRET).contains(&bytes) => {
            Err(KeyError::Invalid {
                member: "k",
                problem: "must have between 16 and 1024 bytes",
            })
        }
        GenerateKind::Rsa { bits } if !matches!(bits, 2048 | 3072 | 4096) => {
            Err(KeyError::Invalid {
                member: "n",
                problem: "must have 2048, 3072 or 4096 bits",
            })
        }
        _ => backend.generate(kind),
    }
}

impl GenerateKind {
    /// What to generate for an algorithm if nothing else is said: the shortest sound key.
    pub fn for_algorithm(algorithm: crate::Algorithm) -> Self {
        let row = algorithm.row();
        match row.curve {
            Some(curve) => Self::Curve(curve),
            None if row.key_type == crate::alg::KeyType::Oct => Self::Oct {
                bytes: row.min_key_bits / 8,
            },
            None => Self::Rsa {
                bits: row.min_key_bits,
            },
        }
    }
}

impl From<Curve> for GenerateKind {
    fn from(curve: Curve) -> Self {
        Self::Curve(curve)
    }
}
