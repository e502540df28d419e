//! The forms keys come in, recognised from their content.

use core::fmt;

use crate::backend::Backend;
use crate::json::{Document, Options};
use crate::jwk::{Jwk, JwkSet};
use crate::key::{KeyError, der, openssh, pem};
use crate::secret::Secret;

/// Longest PEM or DER input in bytes; a chain of large certificates is far below. JSON has the
/// reader's own limit.
const LONGEST_INPUT: usize = 64 * 1024;

/// Reads the keys in `bytes`, which may be a JWK, a JWK Set, PEM, DER or OpenSSH's public form.
///
/// The form follows from the content alone. Text in no known form is refused, never taken for a
/// secret. `backend` completes private keys that were stored without their public half.
///
/// # Errors
/// The form is unknown or unsupported (the message names it), or the key in it is broken. A set
/// tolerates broken members and lists them in [`ReadKeys::skipped`].
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use jeton_jose::backend::RustCrypto;
/// use jeton_jose::key::{self, KeyForm, Structure};
///
/// let file = "-----BEGIN PUBLIC KEY-----\n\
///     MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n\
///     -----END PUBLIC KEY-----\n";
/// let found = key::read(file.as_bytes(), &RustCrypto)?;
/// assert_eq!(found.form, KeyForm::Pem(Structure::Spki));
/// println!("{}: {}", found.form, found.keys[0].to_json().as_str());
///
/// // Text in no known form is an error, not a secret.
/// assert!(key::read(b"correct horse battery staple", &RustCrypto).is_err());
/// # }
/// # Ok::<(), jeton_jose::key::KeyError>(())
/// ```
pub fn read(bytes: &[u8], backend: &dyn Backend) -> Result<ReadKeys, KeyError> {
    read_form(bytes, None, backend)
}

/// Like [`read`], but opens a PKCS#8 key that is encrypted under `passphrase` (PBES2, RFC 8018
/// §6.2). What is not encrypted is read as it is.
///
/// # Errors
/// As for `read`; the passphrase is wrong; deriving the key from it would cost more than two
/// million iterations of PBKDF2 or 256 MiB of scrypt, which is refused beforehand.
pub fn read_with_passphrase(
    bytes: &[u8],
    passphrase: &Secret,
    backend: &dyn Backend,
) -> Result<ReadKeys, KeyError> {
    read_form(bytes, Some(passphrase), backend)
}

fn read_form(
    bytes: &[u8],
    passphrase: Option<&Secret>,
    backend: &dyn Backend,
) -> Result<ReadKeys, KeyError> {
    match bytes.trim_ascii_start().first() {
        None => Err(KeyError::Format {
            reason: "the input is empty",
        }),
        Some(b'{') => read_json(bytes),
        Some(_) if bytes.len() > LONGEST_INPUT => Err(KeyError::Format {
            reason: "the input is longer than 64 KiB and no JSON",
        }),
        Some(_) if der::is_sequence(bytes) => {
            let (structure, key) = der::read_any(bytes, passphrase, backend)?;
            Ok(ReadKeys::one(KeyForm::Der(structure), key))
        }
        Some(_) if pem::is_pem(bytes) => pem::read(bytes, passphrase, backend),
        Some(_) if openssh::is_openssh(bytes) => openssh::read(bytes),
        Some(_) => Err(KeyError::Format {
            reason: unsupported(bytes),
        }),
    }
}

/// What [`read`] found.
#[derive(Clone, Debug)]
pub struct ReadKeys {
    /// The form of the input.
    pub form: KeyForm,
    /// The keys; exactly one unless the form is [`KeyForm::JwkSet`].
    pub keys: Vec<Jwk>,
    /// What was left out, with the reason.
    pub skipped: Vec<Skipped>,
}

impl ReadKeys {
    pub(crate) fn one(form: KeyForm, key: Jwk) -> Self {
        Self {
            form,
            keys: vec![key],
            skipped: Vec::new(),
        }
    }
}

/// A member of a set, or a block of a PEM file, that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its position, from zero.
    pub index: usize,
    /// Its `kid`, if it has one.
    pub key_id: Option<String>,
    /// The reason.
    pub error: KeyError,
}

/// The form of a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyForm {
    /// A JSON Web Key (RFC 7517 §4).
    Jwk,
    /// A JWK Set (RFC 7517 §5).
    JwkSet,
    /// Text armour around DER (RFC 7468).
    Pem(Structure),
    /// Plain DER.
    Der(Structure),
    /// A line as in `id_ed25519.pub` (RFC 4253 §6.6).
    OpenSsh,
}

/// An ASN.1 structure that carries a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Structure {
    /// `RSAPublicKey` (RFC 8017 §A.1.1).
    Pkcs1Public,
    /// `RSAPrivateKey` (RFC 8017 §A.1.2).
    Pkcs1Private,
    /// `PrivateKeyInfo` (RFC 5208, RFC 5958).
    Pkcs8,
    /// `EncryptedPrivateKeyInfo` (RFC 5208, RFC 5958).
    EncryptedPkcs8,
    /// `ECPrivateKey` (RFC 5915).
    Sec1,
    /// `SubjectPublicKeyInfo` (RFC 5280 §4.1).
    Spki,
    /// An X.509 certificate (RFC 5280 §4).
    Certificate,
}

impl Structure {
    /// The PEM label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pkcs1Public => "RSA PUBLIC KEY",
            Self::Pkcs1Private => "RSA PRIVATE KEY",
            Self::Pkcs8 => "PRIVATE KEY",
            Self::EncryptedPkcs8 => "ENCRYPTED PRIVATE KEY",
            Self::Sec1 => "EC PRIVATE KEY",
            Self::Spki => "PUBLIC KEY",
            Self::Certificate => "CERTIFICATE",
        }
    }

    /// The name people know it by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pkcs1Public => "PKCS#1 public key",
            Self::Pkcs1Private => "PKCS#1 private key",
            Self::Pkcs8 => "PKCS#8 private key",
            Self::EncryptedPkcs8 => "encrypted PKCS#8 private key",
            Self::Sec1 => "SEC 1 private key",
            Self::Spki => "SPKI public key",
            Self::Certificate => "X.509 certificate",
        }
    }
}

impl fmt::Display for KeyForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jwk => f.write_str("JWK"),
            Self::JwkSet => f.write_str("JWK Set"),
            Self::OpenSsh => f.write_str("OpenSSH public key"),
            Self::Pem(structure) => write!(f, "{} in PEM", structure.name()),
            Self::Der(structure) => write!(f, "{} in DER", structure.name()),
        }
    }
}

fn read_json(bytes: &[u8]) -> Result<ReadKeys, KeyError> {
    let document = Document::parse(bytes, &Options::strict())?;
    let root = document.root();
    if root
        .as_object()
        .is_some_and(|object| object.get("keys").is_some())
    {
        let set = JwkSet::from_value(root)?;
        return Ok(ReadKeys {
            form: KeyForm::JwkSet,
            keys: set.keys,
            skipped: set.skipped,
        });
    }
    Ok(ReadKeys::one(KeyForm::Jwk, Jwk::from_value(root)?))
}

/// Names the forms that are known but not read, so that nobody has to guess.
fn unsupported(bytes: &[u8]) -> &'static str {
    let text = bytes.trim_ascii_start();
    let starts = |prefix: &[u8]| text.starts_with(prefix);
    if starts(b"PuTTY-User-Key-File") {
        "this is a PuTTY key, which is not supported"
    } else if starts(b"\xef\xbb\xbf") {
        "the text begins with a byte order mark"
    } else if starts(b"eyJ") {
        "this looks like a token"
    } else {
        "expected a JWK, a JWK Set, PEM, DER or an OpenSSH public key"
    }
}

#[cfg(test)]
mod tests;
