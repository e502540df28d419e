//! The cryptography, as values: [`AwsLc`] natively, [`RustCrypto`] for wasm32 and cross-checking.
//!
//! A backend computes; it decides nothing. Strength, lengths, ranges and usage are judged before
//! it is asked (see [`crate::key`]), so that both give the same verdict on the same input. To add
//! one, implement [`Backend`] and run the suites over it.

use core::fmt;

use crate::alg::{Algorithm, Curve, Hash};
use crate::key::{EcKey, KeyError, KeyMaterial};

mod encryption;

#[cfg(all(feature = "aws-lc", not(target_arch = "wasm32")))]
mod aws_lc;
#[cfg(all(feature = "aws-lc", not(target_arch = "wasm32")))]
mod rfc3394;
#[cfg(feature = "rustcrypto")]
mod rustcrypto;
#[cfg(test)]
pub(crate) mod tests;

pub use encryption::{Encryption, KeyAgreement, KeyDecryptor, KeyEncryptor, Randomness};

#[cfg(all(feature = "aws-lc", not(target_arch = "wasm32")))]
pub use aws_lc::AwsLc;
#[cfg(feature = "rustcrypto")]
pub use rustcrypto::RustCrypto;

/// An implementation of the primitives of signatures and keys. One that encrypts too is an
/// [`Encryption`].
pub trait Backend: fmt::Debug + Send + Sync {
    /// `aws-lc` or `rustcrypto`, as errors and reports name it.
    fn name(&self) -> &'static str;

    /// The hash of `data`: the first `hash.output_len()` bytes of the answer.
    fn digest(&self, hash: Hash, data: &[u8]) -> Digest;

    /// The SHA-1 of a certificate in DER, by which `x5t` names it (RFC 7515 §4.1.7, RFC 7517 §4.8).
    /// A name and no proof: certificates that share one can be made.
    fn certificate_sha1(&self, der: &[u8]) -> [u8; 20];

    /// The native verifying form of a public (or symmetric) key.
    fn verifier(
        &self,
        algorithm: Algorithm,
        key: &KeyMaterial,
    ) -> Result<Box<dyn Verifier>, KeyError>;

    /// The native signing form of a private (or symmetric) key. Refuses halves that do not belong
    /// together.
    fn signer(&self, algorithm: Algorithm, key: &KeyMaterial) -> Result<Box<dyn Signer>, KeyError>;

    /// A fresh key.
    fn generate(&self, kind: GenerateKind) -> Result<KeyMaterial, KeyError>;

    /// The public coordinates (`x`, `y`; `y` empty for OKP curves) of a private scalar or seed, for
    /// key files that leave them out.
    fn derive_public(&self, curve: Curve, private: &[u8]) -> Result<(Vec<u8>, Vec<u8>), KeyError>;

    /// The public key of an ML-DSA seed of 32 bytes (FIPS 204 §6.1).
    fn expand_seed(&self, algorithm: Algorithm, seed: &[u8]) -> Result<Vec<u8>, KeyError>;
}

/// What to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GenerateKind {
    /// A random secret of this many bytes.
    Oct {
        /// Length in bytes.
        bytes: usize,
    },
    /// RSA with public exponent 65537.
    Rsa {
        /// 2048, 3072 or 4096.
        bits: usize,
    },
    /// An EC or OKP pair.
    Curve(Curve),
    /// A pair of an ML-DSA algorithm.
    Akp(Algorithm),
}

/// A key in the form that verifies.
pub trait Verifier: Send + Sync {
    /// Whether `signature` (of the length the algorithm prescribes) belongs to `message`.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;
}

/// A key in the form that signs.
pub trait Signer: Send + Sync {
    /// Appends the signature in its JWS form (RFC 7518 §3) to `out`; `None` if the backend fails,
    /// in which case `out` is unchanged.
    fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Option<()>;
}

/// The output of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    bytes: [u8; 64],
    len: usize,
}

impl Digest {
    /// Takes up to 64 bytes.
    pub fn new(bytes: &[u8]) -> Self {
        let mut digest = Self {
            bytes: [0; 64],
            len: bytes.len().min(64),
        };
        for (to, from) in digest.bytes.iter_mut().zip(bytes) {
            *to = *from;
        }
        digest
    }
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&[])
    }
}

/// The uncompressed SEC 1 form of a point.
pub(crate) fn sec1_point(key: &EcKey) -> Vec<u8> {
    let mut point = Vec::with_capacity(1 + key.x.len() + key.y.len());
    point.push(4);
    point.extend_from_slice(&key.x);
    point.extend_from_slice(&key.y);
    point
}

/// The coordinates of a point in uncompressed SEC 1 form.
pub(crate) fn split_point(curve: Curve, point: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let len = curve.coordinate_len();
    let coordinates = point.strip_prefix(&[4])?;
    if coordinates.len() != 2 * len {
        return None;
    }
    let (x, y) = coordinates.split_at_checked(len)?;
    Some((x.to_vec(), y.to_vec()))
}
