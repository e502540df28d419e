//! A key that verifies one algorithm.

use core::fmt;
use std::sync::Arc;

use crate::alg::{Algorithm, Curve, Family};
use crate::backend::{Backend, Verifier};
use crate::jwk::Jwk;
use crate::key::{KeyError, KeyMaterial, Weakness, scalar, strength};

/// A key bound to one algorithm, in the native form of a backend. Cheap to clone.
///
/// There is no way to make one from text: what looks like a public key can never become an HMAC
/// secret.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use jeton_jose::backend::RustCrypto;
/// use jeton_jose::key::VerifyingKey;
/// use jeton_jose::{Algorithm, Jwk};
///
/// let jwk = Jwk::parse(br#"{"kty":"OKP","crv":"Ed25519",
///     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#)?;
/// let key = VerifyingKey::new(&jwk, Algorithm::Ed25519, &RustCrypto)?;
/// assert!(!key.verify(b"message", &[0; 64]));
/// assert!(VerifyingKey::new(&jwk, Algorithm::ES256, &RustCrypto).is_err());
/// # }
/// # Ok::<(), jeton_jose::key::KeyError>(())
/// ```
#[derive(Clone)]
pub struct VerifyingKey {
    algorithm: Algorithm,
    signature_len: usize,
    weakness: Option<Weakness>,
    key_id: Option<Arc<str>>,
    native: Arc<dyn Verifier>,
}

impl VerifyingKey {
    /// Prepares the public half of `jwk` (or its secret) for `algorithm`.
    ///
    /// # Errors
    /// The key's `alg`, type, curve, `use` or `key_ops` does not allow it; its numbers are no key;
    /// it is weak; the backend lacks the algorithm.
    pub fn new(jwk: &Jwk, algorithm: Algorithm, backend: &dyn Backend) -> Result<Self, KeyError> {
        match judge(jwk, algorithm)? {
            Some(weakness) => Err(KeyError::Weak(weakness)),
            None => Self::open(jwk, algorithm, None, backend),
        }
    }

    /// Like [`VerifyingKey::new`], but opens short keys as well, so that a person can look at a
    /// token that was signed with one. Ask [`VerifyingKey::weakness`] and say so.
    ///
    /// # Errors
    /// As for `new`; a key under which anybody can sign ([`Weakness::is_void`]) stays refused.
    pub fn dangerous_allow_weak(
        jwk: &Jwk,
        algorithm: Algorithm,
        backend: &dyn Backend,
    ) -> Result<Self, KeyError> {
        Self::open(jwk, algorithm, judge(jwk, algorithm)?, backend)
    }

    /// Whether `signature` belongs to `message`. A signature of any but the exact length, and an
    /// ECDSA signature whose halves are out of range, is refused before the backend is asked.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        if signature.len() != self.signature_len {
            return false;
        }
        let row = self.algorithm.row();
        if let (Family::Ecdsa, Some(curve)) = (row.family, row.curve) {
            return self.verify_ecdsa(curve, message, signature);
        }
        self.native.verify(message, signature)
    }

    /// The one algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The `kid`; it is only ever compared.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// What is weak about it, if it came through the `dangerous_` door.
    pub fn weakness(&self) -> Option<Weakness> {
        self.weakness
    }

    /// The exact length in bytes of its signatures.
    pub fn signature_len(&self) -> usize {
        self.signature_len
    }

    fn open(
        jwk: &Jwk,
        algorithm: Algorithm,
        weakness: Option<Weakness>,
        backend: &dyn Backend,
    ) -> Result<Self, KeyError> {
        let native = match jwk.material().public() {
            Some(public) => backend.verifier(algorithm, &public)?,
            None => backend.verifier(algorithm, jwk.material())?,
        };
        Ok(Self {
            algorithm,
            signature_len: signature_len(algorithm, jwk.material()),
            weakness,
            key_id: jwk.key_id().map(Arc::from),
            native: Arc::from(native),
        })
    }

    fn verify_ecdsa(&self, curve: Curve, message: &[u8], signature: &[u8]) -> bool {
        let Some(order) = scalar::order(curve) else {
            return false;
        };
        let in_range = signature
            .chunks_exact(order.len())
            .all(|half| scalar::public_in_range(half, order));
        if !in_range {
            return false;
        }
        match <[u8; 64]>::try_from(signature) {
            Ok(mut low_s) if curve == Curve::Secp256k1 => {
                scalar::to_low_s(&mut low_s);
                self.native.verify(message, &low_s)
            }
            _ => self.native.verify(message, signature),
        }
    }
}

/// All that can be said without a backend, so that every backend's keys fail alike.
fn judge(jwk: &Jwk, algorithm: Algorithm) -> Result<Option<Weakness>, KeyError> {
    jwk.check_algorithm(algorithm)?;
    strength::check_sound(algorithm, jwk.material())?;
    jwk.check_verifies()?;
    strength::opened_weakness(algorithm, jwk.material())
}

/// The length of the signatures: the algorithm's, or the modulus's (RFC 8017 §8.2.2).
fn signature_len(algorithm: Algorithm, key: &KeyMaterial) -> usize {
    match (algorithm.row().signature_len, key) {
        (Some(len), _) => len,
        (None, KeyMaterial::Rsa(rsa)) => rsa.n.len(),
        (None, _) => 0,
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("algorithm", &self.algorithm)
            .field("weakness", &self.weakness)
            .finish_non_exhaustive()
    }
}
