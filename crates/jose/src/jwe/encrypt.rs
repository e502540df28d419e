use super::authenticated_data;
use super::content::{Cipher, Sealed};
use crate::alg::{ContentEncryption, KeyManagementFamily};
use crate::backend::Randomness;
use crate::base64url;
use crate::code::Code;
use crate::json;
use crate::jwk::Jwk;
use crate::key::{EncryptingKey, EncryptionError, Managed, Parameters, Parties, Purpose};
use crate::secret::Secret;

/// The protected header of a JWE to be made. `alg` and its parameters always come from the key.
#[derive(Clone, Debug)]
pub struct HeaderBuilder {
    encryption: ContentEncryption,
    typ: Option<String>,
    content_type: Option<String>,
    key_id: Option<String>,
    parties: Parties,
    /// Further parameters with the JSON text of their values.
    parameters: Vec<(String, String)>,
}

impl HeaderBuilder {
    /// A header of `alg`, `enc` and, where the key has one, `kid`.
    pub fn new(encryption: ContentEncryption) -> Self {
        Self {
            encryption,
            typ: None,
            content_type: None,
            key_id: None,
            parties: Parties::default(),
            parameters: Vec::new(),
        }
    }

    /// Sets `typ` (RFC 7516 §4.1.11).
    #[must_use]
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.typ = Some(typ.into());
        self
    }

    /// Sets `cty` (RFC 7516 §4.1.12).
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Sets `kid` (RFC 7516 §4.1.6); by default it is the key's own. In the general form each
    /// recipient keeps that of its key.
    #[must_use]
    pub fn key_id(mut self, key_id: impl Into<String>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    /// Names the parties of a key agreement, `apu` the producer and `apv` the recipient
    /// (RFC 7518 §4.6.1.2, §4.6.1.3). An empty name is left out, and both are where no key agrees.
    #[must_use]
    pub fn parties(mut self, producer: &[u8], recipient: &[u8]) -> Self {
        self.parties = Parties {
            u: producer.to_vec(),
            v: recipient.to_vec(),
        };
        self
    }

    /// Sets any other parameter; a second value for a name replaces the first.
    ///
    /// Those that the key or a setter provides are refused, and so are `crit` and `zip`: nothing
    /// is compressed here (RFC 8725 §3.6).
    pub fn parameter(
        mut self,
        name: &str,
        value: &(impl serde::Serialize + ?Sized),
    ) -> Result<Self, EncryptError> {
        const RESERVED: [&str; 14] = [
            "alg", "enc", "zip", "crit", "typ", "cty", "kid", "epk", "apu", "apv", "iv", "tag",
            "p2s", "p2c",
        ];
        if RESERVED.contains(&name) {
            return Err(EncryptError::Header {
                problem: "the parameter cannot be set by hand",
            });
        }
        let text = json::to_string(value)?;
        self.parameters.retain(|(known, _)| known != name);
        self.parameters.push((name.to_owned(), text));
        Ok(self)
    }

    fn purpose<'a>(&'a self, random: &'a dyn Randomness) -> Purpose<'a> {
        Purpose {
            encryption: self.encryption,
            parties: &self.parties,
            random,
        }
    }

    /// The base64url text of the protected header for these keys, with what one recipient adds.
    fn encode(&self, recipient: Members, keys: &[&EncryptingKey]) -> String {
        let mut members = recipient;
        members.string("enc", self.encryption.name());
        for (name, value) in [("typ", &self.typ), ("cty", &self.content_type)] {
            if let Some(value) = value {
                members.string(name, value);
            }
        }
        let agrees =
            |key: &&EncryptingKey| key.algorithm().row().family == KeyManagementFamily::EcdhEs;
        if keys.iter().any(agrees) {
            members.bytes("apu", &self.parties.u);
            members.bytes("apv", &self.parties.v);
        }
        for (name, value) in &self.parameters {
            members.raw(name, value);
        }
        base64url::encode(members.finish().as_bytes())
    }

    /// What concerns one recipient: `alg`, `kid`, and the parameters of the algorithm.
    fn recipient(key: &EncryptingKey, key_id: Option<&str>, parameters: &Parameters) -> Members {
        let mut members = Members::new();
        members.string("alg", key.algorithm().name());
        if let Some(key_id) = key_id {
            members.string("kid", key_id);
        }
        if let Some(public) = &parameters.ephemeral {
            members.raw("epk", Jwk::from(public.clone()).to_json().as_str());
        }
        members.bytes("iv", &parameters.iv);
        members.bytes("tag", &parameters.tag);
        members.bytes("p2s", &parameters.salt);
        if let Some(iterations) = parameters.iterations {
            members.raw("p2c", &iterations.to_string());
        }
        members
    }
}

/// A token for one recipient, before it is written down.
pub(super) struct One {
    /// In base64url.
    pub(super) protected: String,
    pub(super) encrypted_key: Vec<u8>,
    pub(super) content: Sealed,
}

/// A token for several recipients, before it is written down.
pub(super) struct Many {
    /// In base64url.
    pub(super) protected: String,
    pub(super) recipients: Vec<ForOne>,
    pub(super) content: Sealed,
}

/// What one of several recipients gets.
pub(super) struct ForOne {
    /// As JSON.
    pub(super) header: String,
    pub(super) encrypted_key: Vec<u8>,
}

pub(super) fn for_one(
    key: &EncryptingKey,
    header: &HeaderBuilder,
    aad: Option<&[u8]>,
    plaintext: &[u8],
    random: &dyn Randomness,
) -> Result<One, EncryptError> {
    let purpose = header.purpose(random);
    let managed = key.manage(purpose)?;
    let key_id = header.key_id.as_deref().or(key.key_id());
    let protected = header.encode(
        HeaderBuilder::recipient(key, key_id, &managed.parameters),
        &[key],
    );
    let authenticated = authenticated(&protected, aad);
    Ok(One {
        content: seal(
            key,
            purpose,
            &managed.content_key,
            &authenticated,
            plaintext,
        )?,
        protected,
        encrypted_key: managed.encrypted,
    })
}

pub(super) fn for_many(
    keys: &[&EncryptingKey],
    header: &HeaderBuilder,
    aad: Option<&[u8]>,
    plaintext: &[u8],
    random: &dyn Randomness,
) -> Result<Many, EncryptError> {
    let Some((first, rest)) = keys.split_first() else {
        return Err(EncryptError::Recipients {
            problem: "there are none",
        });
    };
    if !rest.is_empty() && keys.iter().any(|key| key.algorithm().is_direct()) {
        return Err(EncryptError::Recipients {
            problem: "a key that makes the content key itself can be the only one",
        });
    }
    let purpose = header.purpose(random);
    let managed = first.manage(purpose)?;
    let content_key = managed.content_key.clone();
    let mut recipients = vec![for_recipient(first, managed)];
    for key in rest {
        recipients.push(for_recipient(
            key,
            key.protect(content_key.clone(), purpose)?,
        ));
    }
    let protected = header.encode(Members::new(), keys);
    let authenticated = authenticated(&protected, aad);
    Ok(Many {
        content: seal(first, purpose, &content_key, &authenticated, plaintext)?,
        protected,
        recipients,
    })
}

/// Encrypts the content under a fresh initialization vector.
fn seal(
    key: &EncryptingKey,
    purpose: Purpose<'_>,
    content_key: &Secret,
    aad: &[u8],
    plaintext: &[u8],
) -> Result<Sealed, EncryptError> {
    let encryption = purpose.encryption;
    let cipher = Cipher {
        backend: key.backend(),
        encryption,
        key: content_key,
    };
    let mut iv = vec![0; encryption.row().iv_len];
    purpose
        .random
        .fill(&mut iv)
        .and_then(|()| cipher.seal(iv, aad, plaintext))
        .ok_or(EncryptError::Encryption(key.failed()))
}

fn for_recipient(key: &EncryptingKey, managed: Managed) -> ForOne {
    ForOne {
        header: HeaderBuilder::recipient(key, key.key_id(), &managed.parameters).finish(),
        encrypted_key: managed.encrypted,
    }
}

fn authenticated(protected: &str, aad: Option<&[u8]>) -> Vec<u8> {
    authenticated_data(protected, aad.map(base64url::encode).as_deref())
}

/// Appends what follows the recipients in the JSON forms.
pub(super) fn push_content(text: &mut String, aad: Option<&[u8]>, content: &Sealed) {
    if let Some(aad) = aad {
        push_member(text, "aad", aad);
    }
    push_member(text, "iv", &content.iv);
    push_member(text, "ciphertext", &content.ciphertext);
    push_member(text, "tag", &content.tag);
}

/// Appends a further member of bytes in base64url.
pub(super) fn push_member(text: &mut String, name: &str, bytes: &[u8]) {
    text.push_str(",\"");
    text.push_str(name);
    text.push_str("\":\"");
    base64url::encode_to(bytes, text);
    text.push('"');
}

/// A JSON object under construction. What is empty is left out.
struct Members(String);

impl Members {
    fn new() -> Self {
        Self(String::from("{"))
    }

    fn string(&mut self, name: &str, value: &str) {
        let mut text = String::with_capacity(value.len() + 2);
        json::write_string(&mut text, value);
        self.raw(name, &text);
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.string(name, &base64url::encode(bytes));
        }
    }

    fn raw(&mut self, name: &str, json: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        json::write_string(&mut self.0, name);
        self.0.push(':');
        self.0.push_str(json);
    }

    fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// Why nothing was encrypted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EncryptError {
    /// The header cannot be made.
    #[error("header: {problem}")]
    Header {
        /// What is wrong.
        problem: &'static str,
    },
    /// The recipients do not go together.
    #[error("recipients: {problem}")]
    Recipients {
        /// What is wrong.
        problem: &'static str,
    },
    /// A value cannot be JSON.
    #[error(transparent)]
    Json(#[from] json::SerializeError),
    /// The content of a nested token is no signed one.
    #[error("only a signed token can be nested: {0}")]
    NotSigned(crate::malformed::Malformed),
    /// The key or its backend failed.
    #[error(transparent)]
    Encryption(#[from] EncryptionError),
}

impl EncryptError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Header { .. } => Code::HeaderInvalid,
            Self::Recipients { .. } => Code::EncryptionFailed,
            Self::Json(_) => Code::JsonInvalid,
            Self::NotSigned(error) => error.code(),
            Self::Encryption(error) => error.code(),
        }
    }
}
