use jeton_jose::base64url;
use jeton_jose::json::{Document, Options, RawJson};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::doctor::{Diagnosis, Fixed};

/// What the doctor says, as an answer shows it.
#[derive(Clone, Debug)]
pub struct Doctor {
    /// What it found.
    pub diagnosis: Diagnosis,
    /// Whether the corrected input is shown, which may be a secret.
    pub with_fix: bool,
}

impl Doctor {
    /// Whether it knows why the signature does not match.
    pub fn knows(&self) -> bool {
        self.diagnosis.cause.is_some()
    }
}

impl Serialize for Doctor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let diagnosis = &self.diagnosis;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("cause", &diagnosis.cause.as_ref().map(|cause| cause.code))?;
        if let Some(cause) = &diagnosis.cause {
            map.serialize_entry("explanation", cause.explanation)?;
            map.serialize_entry("detail", &cause.detail)?;
            map.serialize_entry("fix", cause.fix)?;
            map.serialize_entry("also", &cause.also)?;
            map.serialize_entry("confirmed", &cause.confirmed)?;
            if let Some(fixed) = cause.fixed.as_ref().filter(|_| self.with_fix) {
                map.serialize_entry("fixed", &Shown(fixed))?;
            }
        }
        map.serialize_entry("tried", &diagnosis.tried)?;
        map.serialize_entry("attempts", &diagnosis.attempts)?;
        map.serialize_entry("exhausted", &diagnosis.exhausted)?;
        map.end()
    }
}

/// The corrected input, in clear.
struct Shown<'f>(&'f Fixed);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.0 {
            Fixed::Secret(secret) => {
                map.serialize_entry("kind", "secret")?;
                if let Ok(text) = core::str::from_utf8(secret.expose()) {
                    map.serialize_entry("value", text)?;
                } else {
                    map.serialize_entry("value", &base64url::encode(secret.expose()))?;
                    map.serialize_entry("encoding", "base64url")?;
                }
            }
            Fixed::Key(key) => {
                map.serialize_entry("kind", "key")?;
                let json = key.to_json();
                let document = Document::parse(json.as_bytes(), &Options::lossless()).ok();
                let value = document
                    .as_ref()
                    .map(|document| RawJson::from(document.root()));
                map.serialize_entry("value", &value)?;
            }
            Fixed::Token(token) => {
                map.serialize_entry("kind", "token")?;
                map.serialize_entry("value", token)?;
            }
            Fixed::Algorithm(algorithm) => {
                map.serialize_entry("kind", "algorithm")?;
                map.serialize_entry("value", algorithm.name())?;
            }
        }
        map.end()
    }
}
