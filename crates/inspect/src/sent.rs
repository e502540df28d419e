//! What the text of a token shows before anything is checked; also of one that is not sound, as
//! far as it can be read.

use jeton_jose::json::{Document, Object, Options, Value};
use jeton_jose::jws::{HeaderAlgorithm, Malformed, compact, flattened, general};
use jeton_jose::{Algorithm, Limits, base64url};
use serde::{Deserialize, Serialize};

use crate::find::{Found, Kind, Source};
use crate::token::{self, Inspection};

/// Longest token, in bytes.
const LONGEST: usize = 16 << 20;

/// A token as it was sent. Nothing about it is verified.
#[derive(Debug)]
pub struct Sent {
    /// Its text.
    pub text: String,
    /// Its serialization.
    pub form: Form,
    /// One entry, unless the form is general.
    pub signatures: Vec<Signature>,
    /// `None` where it is detached or unreadable.
    pub payload: Option<Vec<u8>>,
    /// The payload, if it is a JSON object.
    pub claims: Option<Document<'static>>,
    /// Why it is no sound JWS.
    pub malformed: Option<Malformed>,
}

/// A serialization (RFC 7515 §7, RFC 7516 §7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Serialization))]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Parts of base64url with dots between them.
    #[default]
    Compact,
    /// A JSON object with one signature or recipient.
    Flattened,
    /// A JSON object with any number of signatures or recipients.
    General,
}

/// A header and the signature that covers it.
#[derive(Debug, Default)]
pub struct Signature {
    /// The protected header, if it is an object.
    pub header: Option<Document<'static>>,
    /// The header that no signature covers.
    pub unprotected: Option<Document<'static>>,
    /// The protected header as it stands, in base64url.
    pub protected: String,
    /// The signature as it stands, in base64url.
    pub text: String,
}

/// The limits where no policy sets any: generous, since a person waits for the answer.
pub fn limits() -> Limits {
    Limits {
        token_bytes: LONGEST,
        ..Limits::default()
    }
}

/// The token without what people copy along: white space, `Authorization:`, `Bearer`.
pub fn clean(text: &str) -> &str {
    let mut rest = text.trim_ascii();
    for prefix in ["authorization:", "bearer "] {
        if let Some(start) = rest.get(..prefix.len())
            && start.eq_ignore_ascii_case(prefix)
        {
            rest = rest.get(prefix.len()..).unwrap_or_default().trim_ascii();
        }
    }
    rest
}

impl Sent {
    /// Reads a token; of one that is not sound, what can be read.
    pub fn read(text: String) -> Self {
        let mut token = if text.starts_with('{') {
            Self::read_json(&text)
        } else {
            Self::read_compact(text)
        };
        token.claims = token.payload.as_deref().and_then(object);
        token.malformed = token.strict().err();
        token
    }

    /// All that it shows, explained; exactly as it stands.
    pub fn inspect(&self, options: &token::Options) -> Inspection {
        let kind = match (self.form, &self.malformed) {
            (Form::Compact, Some(_)) if self.text.contains('~') => Kind::SdJwt,
            (Form::Compact, Some(Malformed::Encrypted)) => Kind::CompactJwe,
            (Form::Compact, _) if self.text.split('.').count() == 3 => Kind::CompactJws,
            (Form::Compact, _) => Kind::Broken,
            (Form::Flattened, Some(Malformed::Encrypted)) => Kind::FlattenedJwe,
            (Form::Flattened, _) => Kind::FlattenedJws,
            (Form::General, _) => Kind::GeneralJws,
        };
        let found = Found {
            span: 0..self.text.len(),
            kind,
            source: Source::Whole,
            text: self.text.clone(),
            repairs: Vec::new(),
        };
        token::inspect_found(found, options)
    }

    /// The first header.
    pub fn header(&self) -> Option<Value<'_>> {
        Some(self.signatures.first()?.header.as_ref()?.root())
    }

    /// A parameter of the first header.
    pub fn parameter(&self, name: &str) -> Option<Value<'_>> {
        self.header()?.as_object()?.get(name)
    }

    /// A claim.
    pub fn claim(&self, name: &str) -> Option<Value<'_>> {
        self.claims.as_ref()?.root().as_object()?.get(name)
    }

    /// The known algorithms that its headers name, each once.
    pub fn algorithms(&self) -> Vec<Algorithm> {
        let mut named = Vec::new();
        for signature in &self.signatures {
            match signature.algorithm() {
                HeaderAlgorithm::Known(algorithm) if !named.contains(&algorithm) => {
                    named.push(algorithm);
                }
                _ => {}
            }
        }
        named
    }

    fn strict(&self) -> Result<(), Malformed> {
        match self.form {
            Form::Compact => compact::Unverified::parse(&self.text, &limits()).map(drop),
            Form::Flattened => flattened::Unverified::parse(&self.text, &limits()).map(drop),
            Form::General => general::Unverified::parse(&self.text, &limits()).map(drop),
        }
    }

    fn read_compact(text: String) -> Self {
        let mut parts = text.splitn(4, '.');
        let mut next = || parts.next().unwrap_or_default();
        let (header, payload, signature) = (next(), next(), next());
        let is_jws = parts.next().is_none();
        let signature = Signature {
            header: decoded_object(header),
            unprotected: None,
            protected: header.to_owned(),
            text: signature.to_owned(),
        };
        let payload = match signature.is_encoded() {
            _ if !is_jws || payload.is_empty() => None,
            true => base64url::decode(payload).ok(),
            false => Some(payload.as_bytes().to_vec()),
        };
        Self {
            form: Form::Compact,
            signatures: vec![signature],
            payload,
            claims: None,
            malformed: None,
            text,
        }
    }

    fn read_json(text: &str) -> Self {
        let document = Document::parse(text.as_bytes(), &Options::lossless()).ok();
        let object = document
            .as_ref()
            .and_then(|document| document.root().as_object());
        let entries = object.and_then(|object| object.get("signatures"));
        let signatures: Vec<_> = match (object, entries) {
            (_, Some(entries)) => entries
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_object)
                .map(Signature::read)
                .collect(),
            (Some(object), None) => vec![Signature::read(object)],
            (None, None) => Vec::new(),
        };
        let payload = object.and_then(|object| object.get("payload")?.as_str());
        let encoded = signatures.first().is_none_or(Signature::is_encoded);
        Self {
            form: if entries.is_some() {
                Form::General
            } else {
                Form::Flattened
            },
            payload: payload.and_then(|payload| {
                if encoded {
                    base64url::decode(payload).ok()
                } else {
                    Some(payload.as_bytes().to_vec())
                }
            }),
            signatures,
            claims: None,
            malformed: None,
            text: text.to_owned(),
        }
    }
}

impl Signature {
    fn read(entry: Object<'_>) -> Self {
        let text = |name| entry.get(name).and_then(Value::as_str);
        Self {
            header: text("protected").and_then(decoded_object),
            unprotected: entry
                .get("header")
                .and_then(|header| object(header.source().as_bytes())),
            protected: text("protected").unwrap_or_default().to_owned(),
            text: text("signature").unwrap_or_default().to_owned(),
        }
    }

    /// The algorithm that the header names.
    pub fn algorithm(&self) -> HeaderAlgorithm {
        match self.parameter("alg") {
            None => HeaderAlgorithm::Absent,
            Some(value) => match value.as_str() {
                Some("none") => HeaderAlgorithm::None,
                Some(name) => Algorithm::from_name(name)
                    .map_or(HeaderAlgorithm::Unknown, HeaderAlgorithm::Known),
                None => HeaderAlgorithm::Unknown,
            },
        }
    }

    /// A parameter of the protected header.
    pub fn parameter(&self, name: &str) -> Option<Value<'_>> {
        self.header.as_ref()?.root().as_object()?.get(name)
    }

    /// Whether it covers the payload in base64url (RFC 7797 §3).
    pub fn is_encoded(&self) -> bool {
        self.parameter("b64").and_then(Value::as_bool) != Some(false)
    }
}

fn decoded_object(text: &str) -> Option<Document<'static>> {
    object(&base64url::decode(text).ok()?)
}

fn object(json: &[u8]) -> Option<Document<'static>> {
    let document = Document::from_vec(json.to_vec(), &Options::lossless()).ok()?;
    document.root().as_object()?;
    Some(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compact(header: &str, payload: &str) -> Sent {
        let part = |text: &str| base64url::encode(text.as_bytes());
        Sent::read(format!(
            "{}.{}.{}",
            part(header),
            part(payload),
            part("signature")
        ))
    }

    #[test]
    fn what_is_copied_along_is_dropped() {
        for text in [
            "a.b.c",
            " a.b.c\r\n",
            "Bearer a.b.c",
            "bearer  a.b.c ",
            "Authorization: Bearer a.b.c",
            "BEARER a.b.c",
        ] {
            assert_eq!(clean(text), "a.b.c", "{text:?}");
        }
        assert_eq!(clean("Bearera.b.c"), "Bearera.b.c");
        assert_eq!(clean("é"), "é");
        assert_eq!(clean("  "), "");
    }

    #[test]
    fn a_sound_token_is_read() {
        let token = compact(r#"{"alg":"ES256"}"#, r#"{"sub":"joe"}"#);
        assert_eq!(token.malformed, None);
        assert_eq!(token.algorithms(), [Algorithm::ES256]);
        assert_eq!(token.claim("sub").and_then(Value::as_str), Some("joe"));
    }

    #[test]
    fn what_can_be_read_of_a_broken_one_is() {
        let token = compact(r#"{"alg":"ES256","alg":"none"}"#, r#"{"sub":"joe"}"#);
        assert!(token.malformed.is_some());
        assert_eq!(token.claim("sub").and_then(Value::as_str), Some("joe"));
        let encrypted = Sent::read(format!(
            "{}.a.b.c.d",
            base64url::encode(br#"{"alg":"dir"}"#)
        ));
        assert_eq!(encrypted.malformed, Some(Malformed::Encrypted));
        assert!(encrypted.parameter("alg").is_some() && encrypted.payload.is_none());
    }

    #[test]
    fn no_text_is_too_strange() {
        for text in [
            "",
            ".",
            "..",
            "....",
            "{",
            "{}",
            "{\"signatures\":[]}",
            "{\"signatures\":7}",
            "é.é.é",
            "a",
        ] {
            assert!(Sent::read(text.to_owned()).malformed.is_some(), "{text}");
        }
    }

    #[test]
    fn json_forms_show_each_signature() {
        let protected = base64url::encode(br#"{"alg":"ES256"}"#);
        let entry =
            format!(r#"{{"protected":"{protected}","header":{{"kid":"1"}},"signature":"AA"}}"#);
        let token = Sent::read(format!(
            r#"{{"payload":"e30","signatures":[{entry},{entry}]}}"#
        ));
        assert_eq!(token.form, Form::General);
        assert_eq!(token.signatures.len(), 2);
        assert_eq!(token.malformed, None);
    }
}
