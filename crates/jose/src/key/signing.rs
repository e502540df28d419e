//! A key that signs with one algorithm.

use core::fmt;
use std::sync::Arc;

use crate::alg::{Algorithm, Curve};
use crate::backend::{Backend, Signer};
use crate::jwk::Jwk;
use crate::key::{KeyError, SigningError, Weakness, scalar, strength};

/// A private key or secret bound to one algorithm, in the native form of a backend. Cheap to clone.
#[derive(Clone)]
pub struct SigningKey {
    algorithm: Algorithm,
    weakness: Option<Weakness>,
    key_id: Option<Arc<str>>,
    native: Arc<dyn Signer>,
}

impl SigningKey {
    /// Prepares the private half of `jwk` (or its secret) for `algorithm`.
    ///
    /// # Errors
    /// The private half is missing or does not belong to the public one; the key's `alg`, type,
    /// curve, `use` or `key_ops` does not allow it; it is weak; the backend lacks the operation.
    pub fn new(jwk: &Jwk, algorithm: Algorithm, backend: &dyn Backend) -> Result<Self, KeyError> {
        match judge(jwk, algorithm)? {
            Some(weakness) => Err(KeyError::Weak(weakness)),
            None => Self::open(jwk, algorithm, None, backend),
        }
    }

    /// Like [`SigningKey::new`], but opens short keys as well.
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

    /// Appends the signature of `message` to `out`.
    ///
    /// # Errors
    /// The backend failed; `out` is as it was.
    pub fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), SigningError> {
        let start = out.len();
        if self.native.sign(message, out).is_none() {
            out.truncate(start);
            return Err(SigningError {
                algorithm: self.algorithm,
            });
        }
        if self.algorithm.row().curve == Some(Curve::Secp256k1)
            && let Some(signature) = out.get_mut(start..)
            && let Ok(signature) = <&mut [u8; 64]>::try_from(signature)
        {
            scalar::to_low_s(signature);
        }
        Ok(())
    }

    /// Without its `kid`, for tokens that carry or name the key otherwise.
    pub(crate) fn without_key_id(self) -> Self {
        Self {
            key_id: None,
            ..self
        }
    }

    /// The one algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The `kid`.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// What is weak about it, if it came through the `dangerous_` door.
    pub fn weakness(&self) -> Option<Weakness> {
        self.weakness
    }

    fn open(
        jwk: &Jwk,
        algorithm: Algorithm,
        weakness: Option<Weakness>,
        backend: &dyn Backend,
    ) -> Result<Self, KeyError> {
        Ok(Self {
            algorithm,
            weakness,
            key_id: jwk.key_id().map(Arc::from),
            native: Arc::from(backend.signer(algorithm, jwk.material())?),
        })
    }
}

/// All that can be said without a backend, so that every backend's keys fail alike.
fn judge(jwk: &Jwk, algorithm: Algorithm) -> Result<Option<Weakness>, KeyError> {
    jwk.check_algorithm(algorithm)?;
    strength::check_sound(algorithm, jwk.material())?;
    if !jwk.material().is_private() {
        return Err(KeyError::PrivateMissing);
    }
    jwk.check_signs()?;
    strength::opened_weakness(algorithm, jwk.material())
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .field("weakness", &self.weakness)
            .finish_non_exhaustive()
    }
}
