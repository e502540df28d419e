use core::fmt;

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
            (None, Some(der)) => Encoding::Base64url.decode(der.expose()),
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
                let der = Encoding::Base64url.decode(der.expose());
                let der = der.ok_or_else(|| Failure::content("`der` is no base64url"))?;
                self.read_key(der.expose(), backend)
            }
            (None, None, Some(secret)) => Ok(ReadKeys {
                form: KeyForm::Jwk,
                keys: vec![Jwk::from(KeyMaterial::Oct(self.decode(secret)?))],
                skipped: Vec::new(),
            }),
            _ => Err(Failure::usage(
                "give a key as one of `text`, `der` and `secret`",
            )),
        }
    }

    fn decode(&self, secret: &Secret) -> Result<Secret, Failure> {
        self.encoding.decode(secret.expose()).ok_or_else(|| {
            Failure::content(format!("the secret is not {}", self.encoding))
                .hint("choose how it is written, or take its text as it is")
        })
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
    pub fn decode(self, written: &[u8]) -> Option<Secret> {
        match self {
            Self::Utf8 => Some(Secret::new(written.to_vec())),
            Self::Base64 => url_safe(standard(written.trim_ascii())?.expose()),
            Self::Base64url => url_safe(written.trim_ascii()),
            Self::Hex => hexadecimal(written.trim_ascii()),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Base64 => "base64",
            Self::Base64url => "base64url",
            Self::Hex => "hexadecimal",
        })
    }
}

/// With up to two characters of padding.
fn url_safe(text: &[u8]) -> Option<Secret> {
    let unpadded = text.strip_suffix(b"==").or(text.strip_suffix(b"="));
    let unpadded = unpadded.unwrap_or(text);
    let mut bytes = vec![0; base64url::decoded_len(unpadded.len())?];
    let decoded = base64url::decode_slice(unpadded, &mut bytes);
    // Also what was decoded before a mistake is zeroized.
    let secret = Secret::new(bytes);
    decoded.is_ok().then_some(secret)
}

/// The same in the alphabet for URLs.
fn standard(text: &[u8]) -> Option<Secret> {
    if text.iter().any(|byte| matches!(byte, b'-' | b'_')) {
        return None;
    }
    let url = text.iter().map(|byte| match byte {
        b'+' => b'-',
        b'/' => b'_',
        other => *other,
    });
    Some(Secret::new(url.collect()))
}

fn hexadecimal(text: &[u8]) -> Option<Secret> {
    let (pairs, []) = text.as_chunks::<2>() else {
        return None;
    };
    // All digits are judged first, so that nothing half decoded is left behind.
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16)?).ok();
    if !text.iter().all(|byte| digit(*byte).is_some()) {
        return None;
    }
    let nibble = |byte: u8| digit(byte).unwrap_or_default();
    let bytes = pairs
        .iter()
        .map(|[high, low]| nibble(*high) << 4 | nibble(*low));
    Some(Secret::new(bytes.collect()))
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
        let secret = encoding.decode(text.as_bytes());
        secret.map(|secret| secret.expose().to_vec())
    }

    #[test]
    fn a_secret_in_each_encoding() {
        assert_eq!(decoded(Encoding::Utf8, "a\n"), Some(b"a\n".to_vec()));
        assert_eq!(decoded(Encoding::Base64, "+/8="), Some(vec![0xfb, 0xff]));
        assert_eq!(decoded(Encoding::Base64url, "-_8"), Some(vec![0xfb, 0xff]));
        assert_eq!(decoded(Encoding::Hex, "00fF"), Some(vec![0, 255]));
        assert_eq!(decoded(Encoding::Base64, " +/8\n"), Some(vec![0xfb, 0xff]));
        assert_eq!(decoded(Encoding::Base64url, "AA=="), Some(vec![0]));
    }

    #[test]
    fn a_broken_encoding_is_no_secret() {
        for (encoding, text) in [
            (Encoding::Base64, "-_8"),
            (Encoding::Base64, "a"),
            (Encoding::Base64, "AA===="),
            (Encoding::Base64url, "+/8"),
            (Encoding::Base64url, "AA==="),
            (Encoding::Hex, "0"),
            (Encoding::Hex, "zz"),
        ] {
            assert_eq!(decoded(encoding, text), None, "{text}");
        }
    }
}
