//! A key that brings content keys back with one key management algorithm.

use core::fmt;
use std::sync::Arc;

use super::management::{self, Direction, Parameters};
use crate::alg::{ContentEncryption, Curve, KeyManagement, KeyManagementFamily};
use crate::backend::{Encryption, KeyAgreement, KeyDecryptor};
use crate::jwk::Jwk;
use crate::key::{KeyError, KeyMaterial, strength, unfit};
use crate::secret::Secret;

/// A private key or secret bound to one key management algorithm, in the native form of a
/// backend. Cheap to clone.
#[derive(Clone)]
pub struct DecryptingKey {
    algorithm: KeyManagement,
    /// What a shared key is bound to by its `alg`.
    encryption: Option<ContentEncryption>,
    key_id: Option<Arc<str>>,
    native: Arc<Native>,
    backend: &'static dyn Encryption,
}

enum Native {
    Rsa {
        decryptor: Box<dyn KeyDecryptor>,
        modulus_len: usize,
    },
    Agreement(Box<dyn KeyAgreement>),
    Secret(Secret),
}

impl DecryptingKey {
    /// Prepares the private half of `jwk` (or its secret) for `algorithm`. The key keeps the
    /// backend, which decrypts the content too.
    ///
    /// # Errors
    /// The private half is missing or does not belong to the public one; the key's `alg`, type,
    /// curve, length, `use` or `key_ops` does not allow it; it is weak; the backend lacks the
    /// operation.
    pub fn new(
        jwk: &Jwk,
        algorithm: KeyManagement,
        backend: &'static dyn Encryption,
    ) -> Result<Self, KeyError> {
        let encryption = management::check_description(jwk, algorithm, Direction::Decrypt)?;
        let material = jwk.material();
        strength::check_management(algorithm, material)?;
        if !material.is_private() {
            return Err(KeyError::PrivateMissing);
        }
        Ok(Self {
            algorithm,
            encryption,
            key_id: jwk.key_id().map(Arc::from),
            native: Arc::new(native(algorithm, material, backend)?),
            backend,
        })
    }

    /// The one algorithm.
    pub fn algorithm(&self) -> KeyManagement {
        self.algorithm
    }

    /// The `kid`; it is only ever compared.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    pub(crate) fn backend(&self) -> &'static dyn Encryption {
        self.backend
    }

    /// The content key, of exactly the length that `encryption` takes.
    pub(crate) fn content_key(
        &self,
        parameters: &Parameters,
        encrypted: &[u8],
        encryption: ContentEncryption,
    ) -> Option<Secret> {
        self.unwrapped(parameters, encrypted, encryption)
            .filter(|key| key.len() == encryption.row().key_len)
    }

    /// The content key, of whatever length it has.
    pub(crate) fn unwrapped(
        &self,
        parameters: &Parameters,
        encrypted: &[u8],
        encryption: ContentEncryption,
    ) -> Option<Secret> {
        if self.encryption.is_some_and(|bound| bound != encryption)
            || (self.algorithm.is_direct() && !encrypted.is_empty())
        {
            return None;
        }
        match &*self.native {
            Native::Rsa { modulus_len, .. } if encrypted.len() != *modulus_len => None,
            Native::Rsa { decryptor, .. } => decryptor.decrypt(encrypted),
            Native::Agreement(private) => {
                let shared = private.agree(parameters.ephemeral.as_ref()?)?;
                let agreed = management::agreed_key(
                    self.backend,
                    &shared,
                    self.algorithm,
                    encryption,
                    &parameters.parties,
                )?;
                if self.algorithm.is_direct() {
                    Some(agreed)
                } else {
                    self.backend.unwrap_key(agreed.expose(), encrypted)
                }
            }
            Native::Secret(secret) => self.unwrap_with(secret, parameters, encrypted),
        }
    }

    fn unwrap_with(
        &self,
        secret: &Secret,
        parameters: &Parameters,
        encrypted: &[u8],
    ) -> Option<Secret> {
        match self.algorithm.row().family {
            KeyManagementFamily::Direct => Some(secret.clone()),
            KeyManagementFamily::AesKw => self.backend.unwrap_key(secret.expose(), encrypted),
            KeyManagementFamily::AesGcmKw => {
                let iv = parameters.iv.as_slice().try_into().ok()?;
                let tag = parameters.tag.as_slice().try_into().ok()?;
                let mut key = zeroize::Zeroizing::new(encrypted.to_vec());
                self.backend
                    .gcm_open(secret.expose(), iv, &[], &mut key, tag)?;
                Some(Secret::new(core::mem::take(&mut *key)))
            }
            KeyManagementFamily::Pbes2 => {
                let wrapping = management::password_key(
                    self.backend,
                    secret,
                    self.algorithm,
                    &parameters.salt,
                    parameters.iterations?,
                )?;
                self.backend.unwrap_key(wrapping.expose(), encrypted)
            }
            KeyManagementFamily::RsaOaep | KeyManagementFamily::EcdhEs => None,
        }
    }
}

fn native(
    algorithm: KeyManagement,
    material: &KeyMaterial,
    backend: &dyn Encryption,
) -> Result<Native, KeyError> {
    Ok(match material {
        KeyMaterial::Oct(secret) => Native::Secret(secret.clone()),
        KeyMaterial::Rsa(rsa) => Native::Rsa {
            decryptor: backend.key_decryptor(algorithm.row().hash, rsa)?,
            modulus_len: rsa.n.len(),
        },
        KeyMaterial::Ec(ec) => agreement(ec.curve, ec.d.as_ref(), (&ec.x, &ec.y), backend)?,
        KeyMaterial::Akp(_) => return Err(unfit(algorithm, material)),
        KeyMaterial::Okp(okp) => agreement(okp.curve, okp.d.as_ref(), (&okp.x, &[]), backend)?,
    })
}

fn agreement(
    curve: Curve,
    private: Option<&Secret>,
    public: (&[u8], &[u8]),
    backend: &dyn Encryption,
) -> Result<Native, KeyError> {
    let private = private.ok_or(KeyError::PrivateMissing)?;
    let (x, y) = backend.derive_public(curve, private.expose())?;
    if (x.as_slice(), y.as_slice()) != public {
        return Err(KeyError::Invalid {
            member: "d",
            problem: "does not belong to the public key",
        });
    }
    backend.key_agreement(curve, private).map(Native::Agreement)
}

impl fmt::Debug for DecryptingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptingKey")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}
