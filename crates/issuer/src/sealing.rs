//! What is kept secret at rest, under keys derived from the one master key.
//!
//! Sealed values are encrypted tokens of the core (`dir`, AES-256-GCM) whose `typ` says what they
//! are for, so that one can't be put in another's place.

use core::fmt;

use jeton_jose::alg::{ContentEncryption, KeyManagement};
use jeton_jose::backend::{AwsLc, Randomness};
use jeton_jose::jwe::{self, EncryptionRules, HeaderBuilder, compact};
use jeton_jose::key::{
    DecryptingKey, DecryptingKeySet, EncryptingKey, KeyError, KeyMaterial, SigningKey, VerifyingKey,
};
use jeton_jose::{Algorithm, Jwk, Limits, Secret};

use crate::limits::DeviceCookies;

/// Shortest master key in bytes.
pub const SHORTEST_MASTER_KEY: usize = 32;

/// The key that all others are derived from cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// Too short to be random enough.
    #[error("the master key has fewer than {SHORTEST_MASTER_KEY} bytes")]
    Short,
    /// The backend refused a derived key.
    #[error("no key can be derived from the master key")]
    Derive(#[from] KeyError),
}

/// A sealed value cannot be opened: it was sealed under another master key, for something else, or
/// was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value cannot be opened; was the master key replaced?")]
pub struct Unsealable;

/// Keys for each use, derived from the master key.
pub(crate) struct Secrets {
    sealer: Sealer,
    /// For refresh tokens.
    pub(crate) refresh: MacKey,
    /// For what pages hand out and take back.
    pub(crate) forms: MacKey,
    /// For the cookie of a browser that is known.
    devices: MacKey,
}

/// An HMAC key in both of its native forms.
pub(crate) struct MacKey {
    pub(crate) signing: SigningKey,
    pub(crate) verifying: [VerifyingKey; 1],
}

struct Sealer {
    encrypting: EncryptingKey,
    decrypting: DecryptingKeySet,
    rules: EncryptionRules,
}

impl Secrets {
    pub(crate) fn derive(master: &Secret) -> Result<Self, MasterKeyError> {
        if master.len() < SHORTEST_MASTER_KEY {
            return Err(MasterKeyError::Short);
        }
        let master = MacKey::new(master.clone())?;
        Ok(Self {
            sealer: Sealer::new(master.derive("jeton sealing 1")?)?,
            refresh: MacKey::new(master.derive("jeton refresh tokens 1")?)?,
            forms: MacKey::new(master.derive("jeton forms 1")?)?,
            devices: MacKey::new(master.derive("jeton devices 1")?)?,
        })
    }

    pub(crate) fn device_cookies(&self) -> DeviceCookies {
        let [verifying] = self.devices.verifying.clone();
        DeviceCookies::new(self.devices.signing.clone(), verifying)
    }

    /// Seals a value for one purpose.
    pub(crate) fn seal(
        &self,
        purpose: &str,
        value: &[u8],
        random: &dyn Randomness,
    ) -> Result<Vec<u8>, jwe::EncryptError> {
        let header = HeaderBuilder::new(ContentEncryption::A256GCM).typ(purpose);
        let sealed = compact::encrypt(&self.sealer.encrypting, &header, value, random)?;
        Ok(sealed.into_bytes())
    }

    /// Opens what was sealed for the same purpose.
    pub(crate) fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Secret, Unsealable> {
        let text = core::str::from_utf8(sealed).map_err(|_| Unsealable)?;
        let sealed = compact::Encrypted::parse(text, &self.sealer.rules.limits);
        let opened = sealed.map_err(|_| Unsealable)?;
        let opened = opened
            .decrypt(&self.sealer.decrypting, &self.sealer.rules)
            .map_err(|_| Unsealable)?;
        if opened.header().typ() != Some(purpose) {
            return Err(Unsealable);
        }
        Ok(opened.into_plaintext())
    }
}

impl MacKey {
    fn new(secret: Secret) -> Result<Self, KeyError> {
        let jwk = Jwk::from(KeyMaterial::Oct(secret));
        Ok(Self {
            signing: SigningKey::new(&jwk, Algorithm::HS256, &AwsLc)?,
            verifying: [VerifyingKey::new(&jwk, Algorithm::HS256, &AwsLc)?],
        })
    }

    /// A key for one use (the expansion of RFC 5869 §2.3, with one block).
    fn derive(&self, label: &str) -> Result<Secret, KeyError> {
        let mut derived = Vec::with_capacity(32);
        let message = [label.as_bytes(), &[1]].concat();
        self.signing
            .sign(&message, &mut derived)
            .map_err(|_| KeyError::PrivateMissing)?;
        Ok(Secret::new(derived))
    }
}

impl Sealer {
    fn new(key: Secret) -> Result<Self, KeyError> {
        let jwk = Jwk::from(KeyMaterial::Oct(key)).with_algorithm(ContentEncryption::A256GCM);
        let rules = EncryptionRules {
            limits: Limits::default(),
            ..EncryptionRules::new(KeyManagement::Dir, ContentEncryption::A256GCM)
        };
        Ok(Self {
            encrypting: EncryptingKey::new(&jwk, KeyManagement::Dir, &AwsLc)?,
            decrypting: DecryptingKey::new(&jwk, KeyManagement::Dir, &AwsLc)?.into(),
            rules,
        })
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(..)")
    }
}
