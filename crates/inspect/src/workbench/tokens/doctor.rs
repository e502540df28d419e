use jeton_jose::backend::Backend;
use jeton_jose::base64url;
use jeton_jose::json::{Document, Options, RawJson};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::doctor::{Bounds, Diagnosis, Fixed, Given, Subject, diagnose};
use crate::sent::{Form, Sent};

/// What the doctor says, as an answer shows it.
#[derive(Clone, Debug)]
pub struct Doctor {
    /// What it found.
    pub diagnosis: Diagnosis,
    /// Which signature of several it is about, counted from 0.
    pub signature: Option<usize>,
    /// Whether the corrected input is shown, which may be a secret.
    pub with_fix: bool,
}

impl Doctor {
    /// Whether it knows why the signature does not match.
    pub fn knows(&self) -> bool {
        self.diagnosis.cause.is_some()
    }
}

/// Asks the doctor about each signature in turn, within the bounds of one diagnosis: the first cause
/// found, or else what was tried for the first that does not match.
pub(super) fn examine(
    sent: &Sent,
    detached: Option<&[u8]>,
    given: Given<'_>,
    backend: &dyn Backend,
) -> Option<Doctor> {
    let count = sent.signatures.len().clamp(1, MOST_SIGNATURES);
    let whole = Bounds::default();
    let bounds = Bounds {
        macs: whole.macs / count,
        public_key_operations: whole.public_key_operations / count,
        bytes: whole.bytes / count,
    };
    let mut first = None;
    for (index, signature) in sent.signatures.iter().enumerate().take(MOST_SIGNATURES) {
        let own = sent.payload.as_deref().unwrap_or_default();
        let encoded = if signature.is_encoded() {
            base64url::encode(own).into_bytes()
        } else {
            own.to_vec()
        };
        let subject = match (sent.form, detached) {
            (Form::Compact, None) => Subject::Compact(&sent.text),
            (_, payload) => Subject::Parts {
                protected: &signature.protected,
                payload: payload.unwrap_or(&encoded),
                signature: &signature.text,
                detached: payload.is_some(),
            },
        };
        let diagnosis = diagnose(subject, given, backend, bounds);
        if diagnosis.verifies {
            continue;
        }
        let doctor = Doctor {
            diagnosis,
            signature: (sent.signatures.len() > 1).then_some(index),
            with_fix: false,
        };
        if doctor.knows() {
            return Some(doctor);
        }
        first = first.or(Some(doctor));
    }
    first
}

/// Most signatures that are examined.
const MOST_SIGNATURES: usize = 4;

impl Serialize for Doctor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let diagnosis = &self.diagnosis;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("cause", &diagnosis.cause.as_ref().map(|cause| cause.code))?;
        if let Some(index) = self.signature {
            map.serialize_entry("signature", &index)?;
        }
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
