use jeton_jose::backend::Backend;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{self, KeyForm, KeyMaterial, ReadKeys};
use jeton_jose::{Secret, base64url};
use serde::{Deserialize, Deserializer};

use super::Failure;

/// A key as a person has it: exactly one of `text`, `der` and `secret`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyInput {
    /// PEM of any kind, a JWK, a JWK Set, or an OpenSSH public key.
    #[serde(default, deserialize_with = "confidential")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    text: Option<Secret>,
    /// DER of any kind, in base64url.
    #[serde(default, deserialize_with = "confidential")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    der: Option<Secret>,
    /// A shared secret, written as `encoding` says.
    #[serde(default, deserialize_with = "confidential")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    secret: Option<Secret>,
    /// How `secret` is written.
    #[serde(default)]
    encoding: Encoding,
    /// What opens an encrypted PKCS#8 key.
    #[serde(default, deserialize_with = "confidential")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    passphrase: Option<Secret>,
    /// The member of a set to take.
    #[serde(default)]
    pub kid: Option<String>,
    /// The algorithm that it is to serve, where it could serve several.
    #[serde(default)]
    pub alg: Option<String>,
    /// What failures call it: "the key" unless a face knows better.
    #[serde(skip)]
    name: Option<String>,
}

/// How a secret is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SecretEncoding))]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Its UTF-8 bytes are the secret.
    #[default]
    Utf8,
    /// Base64, with or without padding (RFC 4648 §4).
    Base64,
    /// Base64url, with or without padding (RFC 4648 §5).
    Base64url,
    /// Hexadecimal digits.
    Hex,
}

impl KeyInput {
    /// A key in any form but a plain secret, as the bytes of its file.
    pub fn from_file(bytes: Secret) -> Self {
        Self {
            text: Some(bytes),
            ..Self::default()
        }
    }

    /// A shared secret, as its bytes are.
    pub fn from_secret(secret: Secret) -> Self {
        Self {
            secret: Some(secret),
            ..Self::default()
        }
    }

    /// With the name that failures call it by: "the key from `issuer.pem`".
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// With what opens it, if it is encrypted.
    #[must_use]
    pub fn with_passphrase(mut self, passphrase: Option<Secret>) -> Self {
        self.passphrase = passphrase;
        self
    }

    /// What failures call it.
    pub(super) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or("the key")
    }

    /// The bytes of the key's file, unless it is a plain secret.
    pub(super) fn bytes(&self) -> Option<Secret> {
        match (&self.text, &self.der) {
            (Some(text), _) => Some(text.clone()),
            (None, Some(der)) => {
                let text = core::str::from_utf8(der.expose()).unwrap_or_default();
                let bytes = base64url::decode(text.trim_end_matches('=')).ok();
                bytes.map(Secret::new)
            }
            (None, None) => None,
        }
    }

    /// What was given. `backend` completes private keys.
    ///
    /// # Errors
    /// Nothing or more than one was given, or it is no key.
    pub fn read(&self, backend: &dyn Backend) -> Result<ReadKeys, Failure> {
        match (&self.text, &self.der, &self.secret) {
            (Some(text), None, None) => self.read_key(text.expose(), backend),
            (None, Some(der), None) => {
                let text = core::str::from_utf8(der.expose()).unwrap_or_default();
                let der = base64url::decode(text.trim_end_matches('=')).map_err(|error| {
                    Failure::content("`der` is no base64url").cause(error.to_string())
                })?;
                self.read_key(Secret::new(der).expose(), backend)
            }
            (None, None, Some(secret)) => Ok(ReadKeys {
                form: KeyForm::Jwk,
                keys: vec![Jwk::from(KeyMaterial::Oct(self.encoding.decode(secret)?))],
                skipped: Vec::new(),
            }),
            _ => Err(Failure::usage(
                "give a key as one of `text`, `der` and `secret`",
            )),
        }
    }

    fn read_key(&self, bytes: &[u8], backend: &dyn Backend) -> Result<ReadKeys, Failure> {
        let read = match &self.passphrase {
            Some(passphrase) => key::read_with_passphrase(bytes, passphrase, backend),
            None => key::read(bytes, backend),
        };
        read.map_err(|error| Failure::key(self.name(), &error))
    }

    /// The one key, or of a set the one that `kid` names.
    ///
    /// # Errors
    /// As for [`read`](Self::read), or there are several and `kid` names none or two of them.
    pub fn read_one(&self, backend: &dyn Backend) -> Result<Jwk, Failure> {
        let mut keys = self.read(backend)?.keys;
        if keys.len() > 1 {
            let Some(kid) = &self.kid else {
                return Err(
                    Failure::usage(format!("this is a set of {} keys", keys.len()))
                        .hint("name one by its `kid`"),
                );
            };
            keys.retain(|key| key.key_id() == Some(kid));
        }
        match (keys.pop(), keys.is_empty()) {
            (Some(key), true) => Ok(key),
            (Some(_), false) => Err(Failure::usage("several keys of the set have this `kid`")),
            (None, _) => Err(Failure::content("there is no usable key of this `kid`")),
        }
    }
}

impl Encoding {
    /// The bytes of a secret that is written this way.
    fn decode(self, written: &Secret) -> Result<Secret, Failure> {
        let text = core::str::from_utf8(written.expose()).unwrap_or_default();
        let (decoded, name) = match self {
            Self::Utf8 => return Ok(written.clone()),
            Self::Base64 => (standard(text), "base64"),
            Self::Base64url => (url_safe(text), "base64url"),
            Self::Hex => (hexadecimal(text), "hexadecimal"),
        };
        match decoded {
            Some(bytes) => Ok(Secret::new(bytes)),
            None => Err(Failure::content(format!("the secret is not {name}"))
                .hint("choose how it is written, or take its text as it is")),
        }
    }
}

fn url_safe(text: &str) -> Option<Vec<u8>> {
    base64url::decode(text.trim_ascii().trim_end_matches('=')).ok()
}

fn standard(text: &str) -> Option<Vec<u8>> {
    if text.contains(['-', '_']) {
        return None;
    }
    let url = Secret::new(text.replace('+', "-").replace('/', "_").into_bytes());
    url_safe(core::str::from_utf8(url.expose()).ok()?)
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(high)? * 16 + digit(low)?).ok(),
            _ => None,
        })
        .collect()
}

/// A string that is zeroized after use and never shown.
pub(super) fn confidential<'d, D: Deserializer<'d>>(
    deserializer: D,
) -> Result<Option<Secret>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(|text| Secret::new(text.into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(encoding: Encoding, text: &str) -> Option<Vec<u8>> {
        let secret = encoding.decode(&Secret::new(text.as_bytes().to_vec()));
        secret.ok().map(|secret| secret.expose().to_vec())
    }

    #[test]
    fn a_secret_in_each_encoding() {
        assert_eq!(decoded(Encoding::Utf8, "a\n"), Some(b"a\n".to_vec()));
        assert_eq!(decoded(Encoding::Base64, "+/8="), Some(vec![0xfb, 0xff]));
        assert_eq!(decoded(Encoding::Base64url, "-_8"), Some(vec![0xfb, 0xff]));
        assert_eq!(decoded(Encoding::Hex, "00fF"), Some(vec![0, 255]));
        assert_eq!(decoded(Encoding::Base64, "-_8"), None);
        assert_eq!(decoded(Encoding::Hex, "0"), None);
    }
}
