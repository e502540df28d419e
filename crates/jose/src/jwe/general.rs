//! The general JSON serialization (RFC 7516 §7.2.1): one content, several recipients.

use core::fmt;
use std::sync::Arc;

use super::content::Sealed;
use super::encrypt::{self, EncryptError, push_member};
use super::{
    Decrypted, EncryptionRules, Error, Header, HeaderBuilder, Malformed, Message, Part, Recipient,
    authenticated_data, encrypted_key,
};
use crate::backend::Randomness;
use crate::json::{Document, Object, Value};
use crate::key::{DecryptingKeySet, EncryptingKey};
use crate::limits::Limits;
use crate::malformed::{self, decode, read_token};

/// A JSON JWE that nobody has decrypted.
#[derive(Clone)]
pub struct Encrypted {
    message: Message,
    aad: Option<Vec<u8>>,
}

impl Encrypted {
    /// Reads the JSON text; the size is checked first. Unknown members are ignored, as
    /// RFC 7516 §7.2.1 asks, duplicate ones refused at every depth.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, Malformed> {
        let document = read_token(text, limits)?;
        let object = document.root().as_object().ok_or(NOT_GENERAL)?;
        let recipients = object
            .get("recipients")
            .and_then(Value::as_array)
            .ok_or(NOT_GENERAL)?;
        if object.get("encrypted_key").is_some() || object.get("header").is_some() {
            return Err(Malformed::Format {
                expected: "`recipients`, or `header` and `encrypted_key`, not both",
            });
        }
        if recipients.is_empty() || recipients.len() > limits.recipients {
            return Err(Malformed::Format {
                expected: "at least one recipient and no more than the limit",
            });
        }
        let recipients = recipients
            .iter()
            .map(|recipient| recipient.as_object().ok_or(NOT_GENERAL))
            .collect::<Result<Vec<_>, _>>()?;
        read_members(object, &recipients, limits)
    }

    /// The headers of the recipients as they were sent.
    pub fn unverified_headers(&self) -> impl Iterator<Item = &Header> {
        self.message
            .recipients
            .iter()
            .map(|recipient| &recipient.header)
    }

    /// The additional authenticated data as it was sent.
    pub fn unverified_aad(&self) -> Option<&[u8]> {
        self.aad.as_deref()
    }

    /// Lengths in bytes of what was sent: encrypted key of the recipient at this position (0 if
    /// there is none), initialization vector, ciphertext, tag.
    pub fn lengths(&self, recipient: usize) -> [usize; 4] {
        self.message.lengths(recipient)
    }

    pub(super) fn into_message(self) -> Message {
        self.message
    }

    /// Decrypts for the first recipient that the keys can serve. The additional data is then
    /// authenticated too: [`Encrypted::unverified_aad`].
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
        let headers: Vec<_> = self.unverified_headers().collect();
        f.debug_struct("Encrypted")
            .field("recipients", &headers)
            .finish_non_exhaustive()
    }
}

impl Message {
    pub(super) fn lengths(&self, recipient: usize) -> [usize; 4] {
        let key = self
            .recipients
            .get(recipient)
            .map_or(0, |recipient| recipient.encrypted_key.len());
        let content = &self.content;
        [
            key,
            content.iv.len(),
            content.ciphertext.len(),
            content.tag.len(),
        ]
    }
}

/// Encrypts a plaintext to several recipients, each under a key of its own; `aad` is sent in the
/// open and authenticated with it. `alg`, `kid` and what else concerns one recipient stands in its
/// unprotected header. A key that makes the content key itself (`dir`, `ECDH-ES`) can be the only
/// one.
pub fn encrypt(
    keys: &[&EncryptingKey],
    header: &HeaderBuilder,
    aad: Option<&[u8]>,
    plaintext: &[u8],
    random: &dyn Randomness,
) -> Result<String, EncryptError> {
    let many = encrypt::for_many(keys, header, aad, plaintext, random)?;
    let mut text = String::from("{\"protected\":\"");
    text.push_str(&many.protected);
    text.push_str("\",\"recipients\":[");
    for (position, recipient) in many.recipients.iter().enumerate() {
        text.push_str(if position == 0 { "{" } else { ",{" });
        text.push_str("\"header\":");
        text.push_str(&recipient.header);
        if !recipient.encrypted_key.is_empty() {
            push_member(&mut text, "encrypted_key", &recipient.encrypted_key);
        }
        text.push('}');
    }
    text.push(']');
    encrypt::push_content(&mut text, aad, &many.content);
    text.push('}');
    Ok(text)
}

/// Reads the members that all recipients share, and those of each.
pub(super) fn read_members(
    object: Object<'_>,
    recipients: &[Object<'_>],
    limits: &Limits,
) -> Result<Encrypted, Malformed> {
    let protected_text = text(object, "protected", "a string as `protected`")?.unwrap_or_default();
    let protected = match protected_text {
        "" => b"{}".to_vec(),
        text => decode(Part::Header, text)?,
    };
    let protected = Arc::new(malformed::read_json(Part::Header, protected, limits)?);
    let shared = unprotected(object.get("unprotected"), limits)?;
    let recipients = recipients
        .iter()
        .map(|member| {
            let own = unprotected(member.get("header"), limits)?;
            let key = text(*member, "encrypted_key", "a string as `encrypted_key`")?;
            Ok(Recipient {
                header: Header::new(Arc::clone(&protected), shared.clone(), own)?,
                encrypted_key: encrypted_key(key.unwrap_or_default())?,
            })
        })
        .collect::<Result<Vec<_>, Malformed>>()?;
    let aad_text = text(object, "aad", "a string as `aad`")?;
    let aad = aad_text.map(|aad| decode(Part::Aad, aad)).transpose()?;
    Ok(Encrypted {
        message: Message {
            recipients,
            content: read_content(object)?,
            aad: authenticated_data(protected_text, aad_text),
        },
        aad,
    })
}

fn read_content(object: Object<'_>) -> Result<Sealed, Malformed> {
    let part =
        |part, name, expected| decode(part, text(object, name, expected)?.unwrap_or_default());
    if object.get("ciphertext").is_none() {
        return Err(NOT_GENERAL);
    }
    Ok(Sealed {
        iv: part(Part::Iv, "iv", "a string as `iv`")?,
        ciphertext: part(Part::Ciphertext, "ciphertext", "a string as `ciphertext`")?,
        tag: part(Part::Tag, "tag", "a string as `tag`")?,
    })
}

fn unprotected(
    value: Option<Value<'_>>,
    limits: &Limits,
) -> Result<Option<Arc<Document<'static>>>, Malformed> {
    value
        .map(|value| {
            let text = value.source().as_bytes().to_vec();
            malformed::read_json(Part::Header, text, limits).map(Arc::new)
        })
        .transpose()
}

fn text<'d>(
    object: Object<'d>,
    name: &str,
    expected: &'static str,
) -> Result<Option<&'d str>, Malformed> {
    object
        .get(name)
        .map(|value| value.as_str().ok_or(Malformed::Format { expected }))
        .transpose()
}

const NOT_GENERAL: Malformed = Malformed::Format {
    expected: "a JSON object with `ciphertext` and `recipients`, an array of objects",
};
