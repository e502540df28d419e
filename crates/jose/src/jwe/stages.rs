//! What a key makes of an encrypted token, stage by stage, for a person who looks for a mistake.
//!
//! This tells exactly what [`super::Error::Decryption`] keeps to itself. Whoever may send tokens and
//! see such answers can decrypt those of others (RFC 7516 §11.5, §11.6): they belong to whoever
//! holds the key, and nowhere else.

use subtle::ConstantTimeEq;

use super::content::Cipher;
use super::{Header, Malformed, Message, compact, flattened, general};
use crate::alg::ContentEncryption;
use crate::key::{DecryptingKey, FEWEST_ITERATIONS};
use crate::limits::Limits;
use crate::secret::Secret;

/// A token in any serialization whose steps can be taken one by one.
#[derive(Clone)]
pub struct Stages {
    message: Message,
    limits: Limits,
}

/// Content that nobody has authenticated.
#[derive(Clone, Debug)]
pub struct Unauthenticated {
    /// What it decrypts to, if its padding is sound; anybody may have written it.
    pub plaintext: Option<Secret>,
    /// The tag that it should have.
    pub tag: Vec<u8>,
    /// Whether the token has that tag.
    pub matches: bool,
}

impl Stages {
    /// Reads a compact, flattened or general token; the size is checked first.
    ///
    /// # Errors
    /// As for [`compact::Encrypted::parse`] and its siblings.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, Malformed> {
        let message = if !text.starts_with('{') {
            compact::Encrypted::parse(text, limits)?.into_message()
        } else if let Ok(token) = flattened::Encrypted::parse(text, limits) {
            token.into_message()
        } else {
            general::Encrypted::parse(text, limits)?.into_message()
        };
        Ok(Self {
            message,
            limits: *limits,
        })
    }

    /// The headers of the recipients as they were sent.
    pub fn unverified_headers(&self) -> impl Iterator<Item = &Header> {
        let recipients = self.message.recipients.iter();
        recipients.map(|recipient| &recipient.header)
    }

    /// Lengths in bytes of what was sent: encrypted key of the recipient at this position,
    /// initialization vector, ciphertext, tag.
    pub fn lengths(&self, recipient: usize) -> [usize; 4] {
        self.message.lengths(recipient)
    }

    /// The tag as it was sent.
    pub fn tag(&self) -> &[u8] {
        &self.message.content.tag
    }

    /// What the tag covers beside the content, as it was sent (RFC 7516 §5.1 step 14).
    pub fn authenticated_data(&self) -> &[u8] {
        &self.message.aad
    }

    /// The content key of a recipient under this key and its algorithm, whatever the header names
    /// and however long it is. PBES2 derives within the limits only.
    pub fn dangerous_content_key(
        &self,
        recipient: usize,
        key: &DecryptingKey,
        encryption: ContentEncryption,
    ) -> Option<Secret> {
        let recipient = self.message.recipients.get(recipient)?;
        let parameters = recipient.header.key_parameters(key.algorithm()).ok()?;
        if let Some(iterations) = parameters.iterations
            && !(FEWEST_ITERATIONS..=self.limits.pbes2_iterations).contains(&iterations.get())
        {
            return None;
        }
        key.unwrapped(&parameters, &recipient.encrypted_key, encryption)
    }

    /// The content under a content key, without regard to its tag; `None` if the content key or the
    /// initialization vector has another length than `encryption` takes. `aad` stands in for
    /// [`Self::authenticated_data`].
    pub fn dangerous_content(
        &self,
        key: &DecryptingKey,
        content_key: &Secret,
        encryption: ContentEncryption,
        aad: Option<&[u8]>,
    ) -> Option<Unauthenticated> {
        let cipher = Cipher {
            backend: key.backend(),
            encryption,
            key: content_key,
        };
        let content = &self.message.content;
        let (plaintext, tag) =
            cipher.dangerous_unauthenticated(content, aad.unwrap_or(&self.message.aad))?;
        Some(Unauthenticated {
            matches: tag.ct_eq(&content.tag).into(),
            plaintext,
            tag,
        })
    }
}

/// Shows no token bytes.
impl core::fmt::Debug for Stages {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Stages")
            .field("recipients", &self.message.recipients.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alg::KeyManagement;
    use crate::backend::tests::backends;
    use crate::jwe::HeaderBuilder;
    use crate::jwk::Jwk;
    use crate::key::{EncryptingKey, KeyMaterial};

    #[test]
    fn the_stages_come_to_what_decrypting_does() {
        for backend in backends() {
            for encryption in ContentEncryption::ALL.iter().copied() {
                let jwk = Jwk::from(KeyMaterial::Oct(Secret::new(vec![7; 16])));
                let key = EncryptingKey::new(&jwk, KeyManagement::A128KW, backend).unwrap();
                let header = HeaderBuilder::new(encryption);
                let token = compact::encrypt(&key, &header, b"content", backend).unwrap();
                let stages = Stages::parse(&token, &Limits::default()).unwrap();
                let key = DecryptingKey::new(&jwk, KeyManagement::A128KW, backend).unwrap();
                let content_key = stages.dangerous_content_key(0, &key, encryption).unwrap();
                assert_eq!(content_key.len(), encryption.row().key_len);
                let content = |aad| {
                    stages
                        .dangerous_content(&key, &content_key, encryption, aad)
                        .unwrap()
                };
                let opened = content(None);
                assert!(opened.matches && opened.tag == stages.tag());
                assert_eq!(opened.plaintext.unwrap().expose(), b"content");
                let other = content(Some(b"other"));
                assert!(!other.matches && other.tag != stages.tag());
                assert_eq!(other.plaintext.unwrap().expose(), b"content");
            }
        }
    }
}
