//! JSON Web Encryption (RFC 7516): compact, flattened and general serialization.
//!
//! Each form parses into an `Encrypted` value and decrypts into [`Decrypted`]. That a token
//! decrypts says nothing about who wrote it, unless only they share the key: a plaintext is never
//! a [`crate::jws::Verified`] payload, and the claims of a nested token are those of its inner
//! signature ([`crate::jwt::nested`]).
//!
//! The order of the checks is the order of the variants of [`Error`]; all that comes after a key
//! was found fails as one. Nothing is compressed here, and what others compressed inflates up to a
//! limit.

pub mod compact;
mod content;
mod encrypt;
mod error;
pub mod flattened;
pub mod general;
mod header;
pub mod stages;

pub use crate::malformed::{Malformed, Part};
pub use encrypt::{EncryptError, HeaderBuilder};
pub use error::Error;
pub use header::Header;

use core::fmt;

use content::Cipher;

use crate::alg::{ContentEncryption, ContentEncryptionSet, KeyManagement, KeyManagementSet};
use crate::key::{DecryptingKey, DecryptingKeySet, FEWEST_ITERATIONS, Parameters};
use crate::limits::Limits;
use crate::secret::Secret;

/// What an encrypted token must satisfy, whatever it carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncryptionRules {
    /// How the content key may reach the recipient; in no way by default. List a PBES2 algorithm
    /// only where passwords are meant: whoever sends tokens decides what they cost.
    pub key_management: KeyManagementSet,
    /// How the content may be encrypted; in no way by default.
    pub content_encryption: ContentEncryptionSet,
    /// Extensions that the caller implements and so accepts in `crit` (RFC 7516 §4.1.13).
    pub critical: Vec<String>,
    /// Sizes, and the iterations of PBES2.
    pub limits: Limits,
    /// Take `enc` from an unprotected header of a JSON form if there is no protected one, as
    /// RFC 7520 §5.12 shows it.
    pub dangerous_unprotected_encryption: bool,
}

impl EncryptionRules {
    /// Rules that accept these algorithms and nothing unusual.
    pub fn new(
        key_management: impl Into<KeyManagementSet>,
        content_encryption: impl Into<ContentEncryptionSet>,
    ) -> Self {
        Self {
            key_management: key_management.into(),
            content_encryption: content_encryption.into(),
            ..Self::default()
        }
    }
}

/// A plaintext with the header it came under and the key that brought it back.
#[derive(Clone)]
pub struct Decrypted {
    header: Header,
    plaintext: Secret,
    key: DecryptingKey,
}

impl Decrypted {
    /// The header; only its protected part is authenticated.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The plaintext, inflated if it was compressed.
    pub fn plaintext(&self) -> &[u8] {
        self.plaintext.expose()
    }

    /// The plaintext, taken out.
    pub fn into_plaintext(self) -> Secret {
        self.plaintext
    }

    /// The key that decrypted.
    pub fn key(&self) -> &DecryptingKey {
        &self.key
    }
}

impl fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decrypted")
            .field("header", &self.header)
            .field("plaintext_len", &self.plaintext.len())
            .finish_non_exhaustive()
    }
}

/// What all serializations come to.
#[derive(Clone)]
struct Message {
    recipients: Vec<Recipient>,
    content: content::Sealed,
    /// The additional authenticated data as RFC 7516 §5.1 step 14 forms it.
    aad: Vec<u8>,
}

/// A recipient: the header that concerns it, and the content key encrypted to it.
#[derive(Clone)]
struct Recipient {
    header: Header,
    encrypted_key: Vec<u8>,
}

/// Most times that one token makes keys work, over all its recipients.
const MOST_ATTEMPTS: usize = 16;

/// What one token may still cost.
struct Budget {
    attempts: usize,
    iterations: u32,
}

impl Message {
    /// The one place where a token is decrypted: for the first recipient that `keys` can serve.
    ///
    /// Of several failures, that of the recipient that came furthest is told.
    fn decrypt(
        &self,
        keys: &DecryptingKeySet,
        rules: &EncryptionRules,
    ) -> Result<Decrypted, Error> {
        let mut budget = Budget {
            attempts: MOST_ATTEMPTS,
            iterations: rules.limits.pbes2_iterations,
        };
        let mut failure = None;
        for recipient in &self.recipients {
            match self.decrypt_for(recipient, keys, rules, &mut budget) {
                Err(error) if failure.is_none() || error == Error::Decryption => {
                    failure = Some(error);
                }
                Err(_) => {}
                decrypted => return decrypted,
            }
        }
        Err(failure.unwrap_or(Error::Decryption))
    }

    fn decrypt_for(
        &self,
        recipient: &Recipient,
        keys: &DecryptingKeySet,
        rules: &EncryptionRules,
        budget: &mut Budget,
    ) -> Result<Decrypted, Error> {
        let header = &recipient.header;
        header.check_critical(&rules.critical)?;
        let algorithm = header.allowed_key_management(rules)?;
        let encryption = header.allowed_encryption(rules)?;
        let compressed = header.is_compressed()?;
        let parameters = header.key_parameters(algorithm)?;
        for key in keys.candidates(algorithm, header.key_id())? {
            budget.spend(&parameters, &rules.limits)?;
            let Some(plaintext) = self.open(key, recipient, &parameters, encryption) else {
                continue;
            };
            let plaintext = if compressed {
                content::inflate(&plaintext, rules.limits.inflated_bytes)?
            } else {
                plaintext
            };
            return Ok(Decrypted {
                header: header.clone(),
                plaintext,
                key: key.clone(),
            });
        }
        Err(Error::Decryption)
    }

    /// Opens the content with what the key makes of the encrypted key. If it makes nothing, the
    /// content is tried all the same, so that the time tells no difference (RFC 7516 §11.5).
    fn open(
        &self,
        key: &DecryptingKey,
        recipient: &Recipient,
        parameters: &Parameters,
        encryption: ContentEncryption,
    ) -> Option<Secret> {
        let unwrapped = key.content_key(parameters, &recipient.encrypted_key, encryption);
        let found = unwrapped.is_some();
        let content_key =
            unwrapped.unwrap_or_else(|| Secret::new(vec![0; encryption.row().key_len]));
        let cipher = Cipher {
            backend: key.backend(),
            encryption,
            key: &content_key,
        };
        let opened = cipher.open(&self.content, &self.aad);
        opened.filter(|_| found)
    }
}

impl Budget {
    /// Pays for one attempt before it is made.
    fn spend(&mut self, parameters: &Parameters, limits: &Limits) -> Result<(), Error> {
        self.attempts = self.attempts.checked_sub(1).ok_or(Error::Decryption)?;
        let Some(iterations) = parameters.iterations else {
            return Ok(());
        };
        let refused = Error::Iterations {
            least: FEWEST_ITERATIONS,
            most: limits.pbes2_iterations,
        };
        if iterations.get() < FEWEST_ITERATIONS {
            return Err(refused);
        }
        self.iterations = self
            .iterations
            .checked_sub(iterations.get())
            .ok_or(refused)?;
        Ok(())
    }
}

/// The encrypted key of a recipient, its length checked first.
fn encrypted_key(text: &str) -> Result<Vec<u8>, Malformed> {
    if text.len() > LONGEST_ENCRYPTED_KEY {
        return Err(Malformed::Format {
            expected: "an encrypted key of at most 1024 bytes",
        });
    }
    crate::malformed::decode(Part::EncryptedKey, text)
}

/// In base64url: RSA of 8192 bits, the longest that any algorithm makes.
const LONGEST_ENCRYPTED_KEY: usize = 1366;

/// What the tag authenticates beside the ciphertext (RFC 7516 §5.1 step 14).
fn authenticated_data(protected: &str, aad: Option<&str>) -> Vec<u8> {
    let mut data = protected.as_bytes().to_vec();
    if let Some(aad) = aad {
        data.push(b'.');
        data.extend_from_slice(aad.as_bytes());
    }
    data
}

/// The algorithm of a header by its name, or why it is none.
fn known_key_management(name: &str) -> Result<KeyManagement, Error> {
    match (KeyManagement::from_name(name), crate::alg::refusal(name)) {
        (Some(algorithm), _) => Ok(algorithm),
        (None, Some(reason)) => Err(Error::AlgorithmRefused { reason }),
        (None, None) => Err(Error::AlgorithmUnknown),
    }
}
