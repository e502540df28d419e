use core::fmt;
use core::num::NonZeroU32;
use std::sync::Arc;

use super::{EncryptionRules, Error, Malformed, known_key_management};
use crate::alg::{ContentEncryption, KeyManagement, KeyManagementFamily};
use crate::base64url;
use crate::critical::{self, Critical};
use crate::json::{Document, Value};
use crate::jwk::Jwk;
use crate::key::{Parameters, Parties, SHORTEST_SALT};

/// The JOSE header of one recipient (RFC 7516 §4): the protected parameters and, in the JSON
/// forms, those that are shared by all recipients and those of this one.
#[derive(Clone)]
pub struct Header {
    protected: Arc<Document<'static>>,
    shared: Option<Arc<Document<'static>>>,
    recipient: Option<Arc<Document<'static>>>,
}

impl Header {
    /// Joins the parts; their names must be disjoint (RFC 7516 §7.2.1). The types of the
    /// parameters of RFC 7516 §4.1 that are present are checked; what they mean is checked when
    /// the token is decrypted.
    pub(super) fn new(
        protected: Arc<Document<'static>>,
        shared: Option<Arc<Document<'static>>>,
        recipient: Option<Arc<Document<'static>>>,
    ) -> Result<Self, Malformed> {
        let header = Self {
            protected,
            shared,
            recipient,
        };
        for (position, part) in header.parts().enumerate() {
            let object = part
                .as_object()
                .ok_or_else(|| invalid("header", "is not a JSON object"))?;
            for member in object {
                check_type(member.name, member.value)?;
                if position > 0 {
                    check_unprotected(member.name)?;
                }
                let mut earlier = header.parts().take(position);
                if earlier.any(|part| member_of(part, member.name).is_some()) {
                    return Err(invalid("header", "repeats a parameter of another header"));
                }
            }
        }
        Ok(header)
    }

    /// The `alg` (RFC 7516 §4.1.1) as written, wherever it is: it can only agree with a key.
    pub fn algorithm_name(&self) -> Option<&str> {
        self.any("alg")?.as_str()
    }

    /// The `alg`, if it is in the table.
    pub fn key_management(&self) -> Option<KeyManagement> {
        KeyManagement::from_name(self.algorithm_name()?)
    }

    /// The `enc` (RFC 7516 §4.1.2) as written, wherever it is.
    pub fn encryption_name(&self) -> Option<&str> {
        self.any("enc")?.as_str()
    }

    /// The `enc`, if it is in the table.
    pub fn content_encryption(&self) -> Option<ContentEncryption> {
        ContentEncryption::from_name(self.encryption_name()?)
    }

    /// The `kid` (RFC 7516 §4.1.6), wherever it is: a hint to be compared.
    pub fn key_id(&self) -> Option<&str> {
        self.any("kid")?.as_str()
    }

    /// The protected `typ` (RFC 7516 §4.1.11) as written.
    pub fn typ(&self) -> Option<&str> {
        self.get("typ")?.as_str()
    }

    /// The protected `cty` (RFC 7516 §4.1.12) as written.
    pub fn content_type(&self) -> Option<&str> {
        self.get("cty")?.as_str()
    }

    /// A protected parameter by name.
    pub fn get(&self, name: &str) -> Option<Value<'_>> {
        member_of(self.protected.root(), name)
    }

    /// The JSON text of the protected header; `{}` if there is none.
    pub fn text(&self) -> &str {
        self.protected.text()
    }

    /// The protected header as JSON.
    pub fn value(&self) -> Value<'_> {
        self.protected.root()
    }

    /// The unprotected parameters that all recipients share. Nothing authenticates them.
    pub fn shared_unprotected(&self) -> Option<Value<'_>> {
        self.shared.as_deref().map(Document::root)
    }

    /// The unprotected parameters of this recipient. Nothing authenticates them.
    pub fn unprotected(&self) -> Option<Value<'_>> {
        self.recipient.as_deref().map(Document::root)
    }

    pub(super) fn check_critical(&self, understood: &[String]) -> Result<(), Error> {
        let Some(critical) = self.get("crit") else {
            return Ok(());
        };
        match critical::check(self.value(), critical, &[], understood)? {
            Critical::Understood => Ok(()),
            Critical::Unsupported => Err(Error::CritUnsupported),
        }
    }

    pub(super) fn allowed_key_management(
        &self,
        rules: &EncryptionRules,
    ) -> Result<KeyManagement, Error> {
        let name = self
            .algorithm_name()
            .ok_or_else(|| invalid("alg", "is missing"))?;
        let algorithm = known_key_management(name)?;
        if !rules.key_management.contains(algorithm) {
            return Err(Error::AlgorithmNotAllowed { algorithm });
        }
        Ok(algorithm)
    }

    pub(super) fn allowed_encryption(
        &self,
        rules: &EncryptionRules,
    ) -> Result<ContentEncryption, Error> {
        let value = match self.get("enc") {
            None if rules.dangerous_unprotected_encryption => self.any("enc"),
            protected => protected,
        };
        let name = value
            .and_then(Value::as_str)
            .ok_or_else(|| invalid("enc", "is missing from the protected header"))?;
        let encryption = ContentEncryption::from_name(name).ok_or(Error::EncryptionUnknown)?;
        if !rules.content_encryption.contains(encryption) {
            return Err(Error::EncryptionNotAllowed { encryption });
        }
        Ok(encryption)
    }

    /// Whether the plaintext is compressed (RFC 7516 §4.1.3); `DEF` is the only way there is.
    pub(super) fn is_compressed(&self) -> Result<bool, Malformed> {
        match self.get("zip").and_then(Value::as_str) {
            None => Ok(false),
            Some("DEF") => Ok(true),
            Some(_) => Err(invalid("zip", "names an unknown compression")),
        }
    }

    /// The parameters that the algorithm needs, all of them present and of the right form.
    pub(super) fn key_parameters(&self, algorithm: KeyManagement) -> Result<Parameters, Malformed> {
        let mut parameters = Parameters::default();
        match algorithm.row().family {
            KeyManagementFamily::EcdhEs => {
                parameters.ephemeral = Some(self.ephemeral_key()?);
                parameters.parties = Parties {
                    u: self.bytes("apu")?.unwrap_or_default(),
                    v: self.bytes("apv")?.unwrap_or_default(),
                };
            }
            KeyManagementFamily::AesGcmKw => {
                parameters.iv = self.needed("iv")?;
                parameters.tag = self.needed("tag")?;
            }
            KeyManagementFamily::Pbes2 => {
                parameters.salt = self.needed("p2s")?;
                if parameters.salt.len() < SHORTEST_SALT {
                    return Err(invalid("p2s", "has fewer than 8 bytes"));
                }
                parameters.iterations = Some(self.iterations()?);
            }
            KeyManagementFamily::RsaOaep
            | KeyManagementFamily::AesKw
            | KeyManagementFamily::Direct => {}
        }
        Ok(parameters)
    }

    /// The `epk` (RFC 7518 §4.6.1.1). Whether it is on the curve is checked where it is used.
    fn ephemeral_key(&self) -> Result<crate::key::KeyMaterial, Malformed> {
        let value = self
            .any("epk")
            .ok_or_else(|| invalid("epk", "is missing"))?;
        let key = Jwk::from_value(value).map_err(|_| invalid("epk", "is not a sound key"))?;
        if key.material().is_private()
            || !key
                .material()
                .curve()
                .is_some_and(crate::alg::Curve::agrees)
        {
            return Err(invalid("epk", "is not a public key that agrees"));
        }
        Ok(key.material().clone())
    }

    /// The `p2c` (RFC 7518 §4.8.1.2). More than any limit is still a number.
    fn iterations(&self) -> Result<NonZeroU32, Malformed> {
        let value = self
            .any("p2c")
            .ok_or_else(|| invalid("p2c", "is missing"))?;
        value
            .as_number()
            .and_then(crate::json::Number::to_u64)
            .and_then(|count| NonZeroU32::new(u32::try_from(count).unwrap_or(u32::MAX)))
            .ok_or_else(|| invalid("p2c", "is not a positive integer"))
    }

    fn needed(&self, name: &'static str) -> Result<Vec<u8>, Malformed> {
        self.bytes(name)?.ok_or_else(|| invalid(name, "is missing"))
    }

    fn bytes(&self, name: &'static str) -> Result<Option<Vec<u8>>, Malformed> {
        let Some(value) = self.any(name) else {
            return Ok(None);
        };
        let text = value
            .as_str()
            .ok_or_else(|| invalid(name, "is not a string"))?;
        let bytes = base64url::decode(text).map_err(|_| invalid(name, "is not base64url"))?;
        Ok(Some(bytes))
    }

    /// A parameter by name, protected or not; it can only be in one place.
    fn any(&self, name: &str) -> Option<Value<'_>> {
        self.parts().find_map(|part| member_of(part, name))
    }

    fn parts(&self) -> impl Iterator<Item = Value<'_>> {
        let shared = self.shared.as_deref();
        let recipient = self.recipient.as_deref();
        core::iter::once(self.protected.as_ref())
            .chain(shared)
            .chain(recipient)
            .map(Document::root)
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header")
            .field("key_management", &self.key_management())
            .field("content_encryption", &self.content_encryption())
            .finish_non_exhaustive()
    }
}

fn member_of<'d>(part: Value<'d>, name: &str) -> Option<Value<'d>> {
    part.as_object()?.get(name)
}

fn check_type(name: &str, value: Value<'_>) -> Result<(), Malformed> {
    const STRINGS: [&str; 6] = ["alg", "enc", "zip", "kid", "typ", "cty"];
    match STRINGS.into_iter().find(|string| *string == name) {
        Some(name) if value.as_str().is_none() => Err(invalid(name, "is not a string")),
        _ => Ok(()),
    }
}

/// RFC 7516 §4.1.3, §4.1.13.
fn check_unprotected(name: &str) -> Result<(), Malformed> {
    const PROBLEM: &str = "must be in the protected header";
    match name {
        "crit" => Err(Malformed::Crit { problem: PROBLEM }),
        "zip" => Err(invalid("zip", PROBLEM)),
        _ => Ok(()),
    }
}

fn invalid(parameter: &'static str, problem: &'static str) -> Malformed {
    Malformed::Header { parameter, problem }
}
