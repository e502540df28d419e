//! The flattened JSON serialization (RFC 7516 §7.2.2): one recipient.

use super::encrypt::{self, EncryptError, push_member};
use super::general::{self, read_members};
use super::{Decrypted, EncryptionRules, Error, Header, HeaderBuilder, Malformed};
use crate::backend::Randomness;
use crate::key::{DecryptingKeySet, EncryptingKey};
use crate::limits::Limits;
use crate::malformed::read_token;

/// A flattened JWE that nobody has decrypted.
#[derive(Clone, Debug)]
pub struct Encrypted(general::Encrypted);

impl Encrypted {
    /// Reads the JSON text; the size is checked first.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, Malformed> {
        let document = read_token(text, limits)?;
        let object = document.root().as_object().ok_or(NOT_FLATTENED)?;
        if object.get("recipients").is_some() || object.get("ciphertext").is_none() {
            return Err(NOT_FLATTENED);
        }
        read_members(object, &[object], limits).map(Self)
    }

    /// The header as it was sent, protected and unprotected.
    pub fn unverified_header(&self) -> Option<&Header> {
        self.0.unverified_headers().next()
    }

    /// The additional authenticated data as it was sent.
    pub fn unverified_aad(&self) -> Option<&[u8]> {
        self.0.unverified_aad()
    }

    /// Lengths in bytes of what was sent: encrypted key, initialization vector, ciphertext, tag.
    pub fn lengths(&self) -> [usize; 4] {
        self.0.lengths(0)
    }

    pub(super) fn into_message(self) -> super::Message {
        self.0.into_message()
    }

    /// Decrypts. The additional data is then authenticated too: [`Encrypted::unverified_aad`].
    pub fn decrypt(
        &self,
        keys: &DecryptingKeySet,
        rules: &EncryptionRules,
    ) -> Result<Decrypted, Error> {
        self.0.decrypt(keys, rules)
    }
}

/// Encrypts a plaintext; `aad` is sent in the open and authenticated with it.
pub fn encrypt(
    key: &EncryptingKey,
    header: &HeaderBuilder,
    aad: Option<&[u8]>,
    plaintext: &[u8],
    random: &dyn Randomness,
) -> Result<String, EncryptError> {
    let one = encrypt::for_one(key, header, aad, plaintext, random)?;
    let mut text = String::from("{\"protected\":\"");
    text.push_str(&one.protected);
    text.push('"');
    if !one.encrypted_key.is_empty() {
        push_member(&mut text, "encrypted_key", &one.encrypted_key);
    }
    encrypt::push_content(&mut text, aad, &one.content);
    text.push('}');
    Ok(text)
}

const NOT_FLATTENED: Malformed = Malformed::Format {
    expected: "a JSON object with `ciphertext` and without `recipients`",
};
