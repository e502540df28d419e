//! Fresh keys.

use crate::alg::{Algorithm, Curve, KeyManagementFamily, KeyType};
use crate::backend::{Backend, GenerateKind};
use crate::key::{KeyError, KeyMaterial};

/// Longest secret in bytes.
const LONGEST_SECRET: usize = 1024;

/// A fresh key from the backend's own randomness.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use jeton_jose::alg::Hash;
/// use jeton_jose::backend::{GenerateKind, RustCrypto};
/// use jeton_jose::key::{self, KeyForm, SigningKey, Structure};
/// use jeton_jose::{Algorithm, Jwk};
///
/// let material = key::generate(GenerateKind::for_algorithm(Algorithm::ES256), &RustCrypto)?;
/// let jwk = Jwk::from(material).with_algorithm(Algorithm::ES256);
/// let name = jwk.thumbprint(Hash::Sha256, &RustCrypto);
/// let jwk = jwk.with_key_id(name);
///
/// let file = key::write(&jwk, KeyForm::Pem(Structure::Pkcs8))?;
/// let key = SigningKey::new(&jwk, Algorithm::ES256, &RustCrypto)?;
/// # let _ = (file, key);
/// # }
/// # Ok::<(), jeton_jose::key::KeyError>(())
/// ```
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
        GenerateKind::Akp(algorithm) if algorithm.row().key_type != KeyType::Akp => {
            Err(KeyError::Type {
                algorithm: algorithm.into(),
                found: KeyType::Akp.name(),
            })
        }
        _ => backend.generate(kind),
    }
}

impl GenerateKind {
    /// What to generate for an algorithm if nothing else is said: the shortest sound key.
    pub fn for_algorithm(algorithm: Algorithm) -> Self {
        let row = algorithm.row();
        match row.curve {
            Some(curve) => Self::Curve(curve),
            None => match row.key_type {
                KeyType::Oct => Self::Oct {
                    bytes: row.min_key_bits / 8,
                },
                KeyType::Akp => Self::Akp(algorithm),
                _ => Self::Rsa {
                    bits: row.min_key_bits,
                },
            },
        }
    }
}

impl GenerateKind {
    /// What to generate for a key management algorithm if nothing else is said: RSA of 2048 bits,
    /// P-256, the exact length of an AES key, and 256 bits for `dir` and in place of a password.
    pub fn for_key_management(algorithm: crate::KeyManagement) -> Self {
        let row = algorithm.row();
        match (row.family, row.wrapping_key_len) {
            (KeyManagementFamily::RsaOaep, _) => Self::Rsa { bits: 2048 },
            (KeyManagementFamily::EcdhEs, _) => Self::Curve(Curve::P256),
            (KeyManagementFamily::AesKw | KeyManagementFamily::AesGcmKw, Some(bytes)) => {
                Self::Oct { bytes }
            }
            _ => Self::Oct { bytes: 32 },
        }
    }
}

impl From<Curve> for GenerateKind {
    fn from(curve: Curve) -> Self {
        Self::Curve(curve)
    }
}
