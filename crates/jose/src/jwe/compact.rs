//! The compact serialization (RFC 7516 §7.1): one recipient, everything protected.

use core::fmt;
use std::sync::Arc;

use super::content::Sealed;
use super::encrypt::{self, EncryptError};
use super::{
    Decrypted, EncryptionRules, Error, Header, HeaderBuilder, Malformed, Message, Part, Recipient,
    authenticated_data, encrypted_key,
};
use crate::backend::Randomness;
use crate::base64url;
use crate::key::{DecryptingKeySet, EncryptingKey};
use crate::limits::Limits;
use crate::malformed::{check_size, decode, read_json};

/// A compact JWE that nobody has decrypted.
///
/// Each part is base64url without padding in its one canonical form; anything else, white space
/// included, is refused.
#[derive(Clone)]
pub struct Encrypted {
    header: Header,
    message: Message,
}

impl Encrypted {
    /// Splits and decodes; the size is checked first.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, Malformed> {
        check_size(text.len(), limits)?;
        let [protected, key, iv, ciphertext, tag] = split(text)?;
        let document = read_json(Part::Header, decode(Part::Header, protected)?, limits)?;
        let header = Header::new(Arc::new(document), None, None)?;
        let recipient = Recipient {
            header: header.clone(),
            encrypted_key: encrypted_key(key)?,
        };
        let content = Sealed {
            iv: decode(Part::Iv, iv)?,
            ciphertext: decode(Part::Ciphertext, ciphertext)?,
            tag: decode(Part::Tag, tag)?,
        };
        Ok(Self {
            header,
            message: Message {
                recipients: vec![recipient],
                content,
                aad: authenticated_data(protected, None),
            },
        })
    }

    /// The header as it was sent.
    pub fn unverified_header(&self) -> &Header {
        &self.header
    }

    /// Lengths in bytes of what was sent: encrypted key, initialization vector, ciphertext, tag.
    pub fn lengths(&self) -> [usize; 4] {
        self.message.lengths(0)
    }

    pub(super) fn into_message(self) -> Message {
        self.message
    }

    /// Decrypts.
    pub fn decrypt(
        &self,
        keys: &DecryptingKeySet,
        rules: &EncryptionRules,
    ) -> Result<Decrypted, Error> {
        self.message.decrypt(keys, rules)
    }
}

impl fmt::Debug for Encrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encrypted")
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

/// Encrypts a plaintext. The content key (where it is not shared or agreed), the initialization
/// vectors and the salt come from `random`, usually the backend itself.
pub fn encrypt(
    key: &EncryptingKey,
    header: &HeaderBuilder,
    plaintext: &[u8],
    random: &dyn Randomness,
) -> Result<String, EncryptError> {
    let one = encrypt::for_one(key, header, None, plaintext, random)?;
    let mut token = one.protected;
    let parts = [
        &one.encrypted_key,
        &one.content.iv,
        &one.content.ciphertext,
        &one.content.tag,
    ];
    for part in parts {
        token.push('.');
        base64url::encode_to(part, &mut token);
    }
    Ok(token)
}

/// The five parts; no more dots than needed are looked for.
fn split(text: &str) -> Result<[&str; 5], Malformed> {
    let mut found = [""; 5];
    let mut parts = text.split('.');
    let mut count = 0;
    for (slot, part) in found.iter_mut().zip(&mut parts) {
        *slot = part;
        count += 1;
    }
    match (count, parts.next()) {
        (5, None) => Ok(found),
        (3, _) => Err(Malformed::Signed),
        _ => Err(Malformed::Format {
            expected: "five parts joined by four dots",
        }),
    }
}
