//! The primitives of JWE (RFC 7518 §4, §5). What they are put together to is the same for all
//! backends and stands in [`crate::jwe`] and [`crate::key`].

use core::num::NonZeroU32;

use super::{Backend, Digest};
use crate::alg::{Curve, Hash};
use crate::key::{KeyError, KeyMaterial, RsaKey};
use crate::secret::Secret;

/// A source of bytes that nobody can foresee, for content keys, initialization vectors and salts.
///
/// Every backend that encrypts is one. Tests that reproduce published figures bring their own.
pub trait Randomness {
    /// Fills `bytes`; `None` if the source fails.
    fn fill(&self, bytes: &mut [u8]) -> Option<()>;
}

/// A backend that encrypts: ciphers, key wraps and derivations. AES keys have 16, 24 or 32 bytes; with any other
/// length, and where a backend fails, the answer is `None`.
pub trait Encryption: Backend + Randomness {
    /// Encrypts `data` in place with AES in GCM and answers the tag.
    fn gcm_seal(&self, key: &[u8], iv: &[u8; 12], aad: &[u8], data: &mut [u8]) -> Option<[u8; 16]>;

    /// Decrypts `data` in place with AES in GCM. What `data` holds where the tag does not match is
    /// unspecified and must not be used.
    fn gcm_open(
        &self,
        key: &[u8],
        iv: &[u8; 12],
        aad: &[u8],
        data: &mut [u8],
        tag: &[u8; 16],
    ) -> Option<()>;

    /// Pads (PKCS#7) and encrypts `data` with AES in CBC mode.
    fn cbc_encrypt(&self, key: &[u8], iv: &[u8; 16], data: &mut Vec<u8>) -> Option<()>;

    /// Decrypts `data` with AES in CBC mode and takes the padding off. Authenticate it first.
    fn cbc_decrypt(&self, key: &[u8], iv: &[u8; 16], data: &mut Vec<u8>) -> Option<()>;

    /// The HMAC of the parts, one after the other.
    fn hmac(&self, hash: Hash, key: &[u8], parts: &[&[u8]]) -> Option<Digest>;

    /// Wraps a key of whole 64-bit blocks, at least two (AES Key Wrap, RFC 3394 §2.2.1).
    fn wrap_key(&self, wrapping: &[u8], key: &[u8]) -> Option<Vec<u8>>;

    /// Unwraps a key and checks its integrity (RFC 3394 §2.2.2).
    fn unwrap_key(&self, wrapping: &[u8], wrapped: &[u8]) -> Option<Secret>;

    /// A key of `len` bytes from a password (PBKDF2 with HMAC, RFC 8018 §5.2).
    fn pbkdf2(
        &self,
        hash: Hash,
        password: &[u8],
        salt: &[u8],
        iterations: NonZeroU32,
        len: usize,
    ) -> Option<Secret>;

    /// The native form of an RSA public key for OAEP with this hash, SHA-1 if `None`.
    fn key_encryptor(
        &self,
        hash: Option<Hash>,
        key: &RsaKey,
    ) -> Result<Box<dyn KeyEncryptor>, KeyError>;

    /// The native form of an RSA private key for OAEP. Refuses halves that do not belong together.
    fn key_decryptor(
        &self,
        hash: Option<Hash>,
        key: &RsaKey,
    ) -> Result<Box<dyn KeyDecryptor>, KeyError>;

    /// The native form of a private key on a curve that agrees.
    fn key_agreement(
        &self,
        curve: Curve,
        private: &Secret,
    ) -> Result<Box<dyn KeyAgreement>, KeyError>;
}

/// An RSA public key that encrypts content keys (RFC 8017 §7.1.1).
pub trait KeyEncryptor: Send + Sync {
    /// The encrypted key, as long as the modulus.
    fn encrypt(&self, key: &[u8]) -> Option<Vec<u8>>;
}

/// An RSA private key that decrypts content keys (RFC 8017 §7.1.2).
pub trait KeyDecryptor: Send + Sync {
    /// The key; `None` whatever is wrong, after the same time.
    fn decrypt(&self, encrypted: &[u8]) -> Option<Secret>;
}

/// A private key that agrees on secrets (RFC 7518 §4.6, RFC 8037 §3.2).
pub trait KeyAgreement: Send + Sync {
    /// The shared secret in the length of the curve; `None` if the public key is on another curve
    /// or on none, or contributes nothing (X25519, RFC 7748 §6.1).
    fn agree(&self, public: &KeyMaterial) -> Option<Secret>;
}

#[cfg(test)]
mod tests;
