//! A key that protects content keys with one key management algorithm.

use core::fmt;
use core::num::NonZeroU32;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::management::{self, Direction, FEWEST_ITERATIONS, Parameters, Parties};
use crate::alg::{ContentEncryption, KeyManagement, KeyManagementFamily};
use crate::backend::{Encryption, GenerateKind, KeyEncryptor, Randomness};
use crate::code::Code;
use crate::jwk::Jwk;
use crate::key::{EcKey, KeyError, KeyMaterial, OkpKey, strength, unfit};
use crate::secret::Secret;

/// Iterations of PBKDF2 unless the key says otherwise, as advised for passwords in 2023.
const ITERATIONS: u32 = 600_000;
/// Length in bytes of a fresh salt of PBES2.
const SALT_LEN: usize = 16;

/// A public key or secret bound to one key management algorithm, in the native form of a backend.
/// Cheap to clone.
#[derive(Clone)]
pub struct EncryptingKey {
    algorithm: KeyManagement,
    /// What a shared key is bound to by its `alg`.
    encryption: Option<ContentEncryption>,
    key_id: Option<Arc<str>>,
    native: Arc<Native>,
    iterations: NonZeroU32,
    backend: &'static dyn Encryption,
}

enum Native {
    Rsa(Box<dyn KeyEncryptor>),
    Public(KeyMaterial),
    Secret(Secret),
}

/// A content key and how its recipient comes by it.
pub(crate) struct Managed {
    pub(crate) content_key: Secret,
    pub(crate) encrypted: Vec<u8>,
    pub(crate) parameters: Parameters,
}

/// What is to be encrypted, for the derivations, and where randomness comes from.
#[derive(Clone, Copy)]
pub(crate) struct Purpose<'a> {
    pub(crate) encryption: ContentEncryption,
    pub(crate) parties: &'a Parties,
    pub(crate) random: &'a dyn Randomness,
}

impl EncryptingKey {
    /// Prepares the public half of `jwk` (or its secret) for `algorithm`. The key keeps the
    /// backend, which encrypts the content too.
    ///
    /// # Errors
    /// The key's `alg`, type, curve, length, `use` or `key_ops` does not allow it; its numbers are
    /// no key; it is weak; the backend lacks the operation.
    pub fn new(
        jwk: &Jwk,
        algorithm: KeyManagement,
        backend: &'static dyn Encryption,
    ) -> Result<Self, KeyError> {
        let encryption = management::check_description(jwk, algorithm, Direction::Encrypt)?;
        let material = jwk.material();
        strength::check_management(algorithm, material)?;
        let native = match material {
            KeyMaterial::Oct(secret) => Native::Secret(secret.clone()),
            KeyMaterial::Rsa(rsa) => Native::Rsa(backend.key_encryptor(algorithm.row().hash, rsa)?),
            KeyMaterial::Ec(ec) => Native::Public(KeyMaterial::Ec(EcKey {
                d: None,
                ..ec.clone()
            })),
            KeyMaterial::Akp(_) => return Err(unfit(algorithm, material)),
            KeyMaterial::Okp(okp) => Native::Public(KeyMaterial::Okp(OkpKey {
                d: None,
                ..okp.clone()
            })),
        };
        Ok(Self {
            algorithm,
            encryption,
            key_id: jwk.key_id().map(Arc::from),
            native: Arc::new(native),
            iterations: NonZeroU32::new(ITERATIONS).unwrap_or(NonZeroU32::MAX),
            backend,
        })
    }

    /// With this many iterations of PBKDF2 (`p2c`), at least 1,000 (RFC 7518 §4.8.1.2). By default
    /// 600,000; recipients refuse what they find too costly.
    #[must_use]
    pub fn with_iterations(mut self, iterations: u32) -> Self {
        let iterations = iterations.max(FEWEST_ITERATIONS);
        self.iterations = NonZeroU32::new(iterations).unwrap_or(self.iterations);
        self
    }

    /// The one algorithm.
    pub fn algorithm(&self) -> KeyManagement {
        self.algorithm
    }

    /// The `kid`.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    pub(crate) fn backend(&self) -> &'static dyn Encryption {
        self.backend
    }

    /// A content key with its protection: a fresh one, the shared one, or the agreed one.
    pub(crate) fn manage(&self, purpose: Purpose<'_>) -> Result<Managed, EncryptionError> {
        if !self.algorithm.is_direct() {
            let len = purpose.encryption.row().key_len;
            let content_key = self.draw(purpose.random, len).map(Secret::new)?;
            return self.protect(content_key, purpose);
        }
        match &*self.native {
            Native::Secret(secret) => {
                let encryption = purpose.encryption;
                if secret.len() != encryption.row().key_len
                    || self.encryption.is_some_and(|bound| bound != encryption)
                {
                    return Err(EncryptionError::ContentKey { encryption });
                }
                Ok(Managed {
                    content_key: secret.clone(),
                    encrypted: Vec::new(),
                    parameters: Parameters::default(),
                })
            }
            Native::Public(public) => {
                let (content_key, parameters) = self.agree(public, purpose)?;
                Ok(Managed {
                    content_key,
                    encrypted: Vec::new(),
                    parameters,
                })
            }
            Native::Rsa(_) => Err(self.failed()),
        }
    }

    /// Protects a content key that other recipients share.
    pub(crate) fn protect(
        &self,
        content_key: Secret,
        purpose: Purpose<'_>,
    ) -> Result<Managed, EncryptionError> {
        let (encrypted, parameters) = match &*self.native {
            Native::Rsa(public) => (public.encrypt(content_key.expose()), Parameters::default()),
            Native::Public(public) => {
                let (wrapping, parameters) = self.agree(public, purpose)?;
                (self.wrap(&wrapping, &content_key), parameters)
            }
            Native::Secret(secret) => match self.algorithm.row().family {
                KeyManagementFamily::AesKw => {
                    (self.wrap(secret, &content_key), Parameters::default())
                }
                KeyManagementFamily::AesGcmKw => self.wrap_gcm(secret, &content_key, purpose)?,
                KeyManagementFamily::Pbes2 => self.wrap_password(secret, &content_key, purpose)?,
                _ => (None, Parameters::default()),
            },
        };
        Ok(Managed {
            content_key,
            encrypted: encrypted.ok_or_else(|| self.failed())?,
            parameters,
        })
    }

    /// Agrees with a fresh ephemeral key; answers the key to use and the public half to send.
    fn agree(
        &self,
        public: &KeyMaterial,
        purpose: Purpose<'_>,
    ) -> Result<(Secret, Parameters), EncryptionError> {
        let curve = public.curve().ok_or_else(|| self.failed())?;
        let ephemeral = self
            .backend
            .generate(GenerateKind::Curve(curve))
            .map_err(|_| self.failed())?;
        let private = match &ephemeral {
            KeyMaterial::Ec(ec) => ec.d.as_ref(),
            KeyMaterial::Okp(okp) => okp.d.as_ref(),
            _ => None,
        };
        let key = private
            .and_then(|private| self.backend.key_agreement(curve, private).ok())
            .and_then(|private| private.agree(public))
            .and_then(|shared| {
                management::agreed_key(
                    self.backend,
                    &shared,
                    self.algorithm,
                    purpose.encryption,
                    purpose.parties,
                )
            });
        let parameters = Parameters {
            ephemeral: ephemeral.public(),
            ..Parameters::default()
        };
        Ok((key.ok_or_else(|| self.failed())?, parameters))
    }

    fn wrap(&self, wrapping: &Secret, content_key: &Secret) -> Option<Vec<u8>> {
        self.backend
            .wrap_key(wrapping.expose(), content_key.expose())
    }

    fn wrap_gcm(
        &self,
        secret: &Secret,
        content_key: &Secret,
        purpose: Purpose<'_>,
    ) -> Result<(Option<Vec<u8>>, Parameters), EncryptionError> {
        let mut iv = [0; 12];
        self.fill(purpose.random, &mut iv)?;
        let mut encrypted = content_key.expose().to_vec();
        let tag = self
            .backend
            .gcm_seal(secret.expose(), &iv, &[], &mut encrypted)
            .ok_or_else(|| self.failed())?;
        let parameters = Parameters {
            iv: iv.to_vec(),
            tag: tag.to_vec(),
            ..Parameters::default()
        };
        Ok((Some(encrypted), parameters))
    }

    fn wrap_password(
        &self,
        password: &Secret,
        content_key: &Secret,
        purpose: Purpose<'_>,
    ) -> Result<(Option<Vec<u8>>, Parameters), EncryptionError> {
        let salt = self.draw(purpose.random, SALT_LEN)?;
        let wrapping = management::password_key(
            self.backend,
            password,
            self.algorithm,
            &salt,
            self.iterations,
        );
        let encrypted = wrapping.and_then(|wrapping| self.wrap(&wrapping, content_key));
        let parameters = Parameters {
            salt,
            iterations: Some(self.iterations),
            ..Parameters::default()
        };
        Ok((encrypted, parameters))
    }

    fn draw(&self, random: &dyn Randomness, len: usize) -> Result<Vec<u8>, EncryptionError> {
        let mut bytes = Zeroizing::new(vec![0; len]);
        self.fill(random, &mut bytes)?;
        Ok(core::mem::take(&mut *bytes))
    }

    fn fill(&self, random: &dyn Randomness, bytes: &mut [u8]) -> Result<(), EncryptionError> {
        random.fill(bytes).ok_or_else(|| self.failed())
    }

    pub(crate) fn failed(&self) -> EncryptionError {
        EncryptionError::Failed {
            algorithm: self.algorithm,
        }
    }
}

impl fmt::Debug for EncryptingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptingKey")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// Why a key could not encrypt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncryptionError {
    /// The backend failed, or the recipient's public key is none.
    #[error("{algorithm} could not protect the content key")]
    Failed {
        /// The algorithm of the key.
        algorithm: KeyManagement,
    },
    /// A shared key (`dir`) that this content encryption cannot use: another length, or an `alg`
    /// that binds it to another one.
    #[error("the shared key does not serve {encryption}")]
    ContentKey {
        /// The content encryption that was wanted.
        encryption: ContentEncryption,
    },
}

impl EncryptionError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Failed { .. } => Code::EncryptionFailed,
            Self::ContentKey { .. } => Code::KeyType,
        }
    }
}
