//! The parts of one JWS, decoded and not verified, for the modules that compare.

use core::fmt;

use jeton_jose::base64url;
use jeton_jose::json::{self, Document, Object, Options, Value};

use crate::finding::PartName;

/// Longest text that is compared, in bytes.
const LONGEST_TEXT: usize = 1 << 20;

/// What a JWS in the compact or a JSON serialization holds. Of several signatures, the first.
pub(crate) struct Parts {
    pub(crate) header: Document<'static>,
    pub(crate) unprotected: Option<Document<'static>>,
    pub(crate) payload: Vec<u8>,
    /// The payload as JSON, if it is an object.
    pub(crate) claims: Option<Document<'static>>,
    pub(crate) signature: Vec<u8>,
}

/// Why a text cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreadable {
    /// It is longer than 1 MiB.
    TooLong,
    /// It has the form of a JWE: what it says is encrypted.
    Encrypted,
    /// It is no JWS in the compact or a JSON serialization.
    NotJws,
    /// A part is not base64url, even read generously.
    Base64 {
        /// Which part.
        part: PartName,
        /// Where and why.
        error: base64url::Error,
    },
    /// The header is not a JSON object.
    Header(Option<json::Error>),
}

impl Parts {
    /// White space around the text and base64 in another form than the canonical one are forgiven.
    pub(crate) fn read(text: &str) -> Result<Self, Unreadable> {
        if text.len() > LONGEST_TEXT {
            return Err(Unreadable::TooLong);
        }
        let text = text.trim();
        if text.starts_with('{') {
            read_json(text)
        } else {
            read_compact(text)
        }
    }

    /// The header as an object.
    pub(crate) fn header(&self) -> Option<Object<'_>> {
        self.header.root().as_object()
    }

    /// A header parameter that is a string.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.header()?.get(name)?.as_str()
    }

    /// A claim.
    pub(crate) fn claim(&self, name: &str) -> Option<Value<'_>> {
        self.claims.as_ref()?.root().as_object()?.get(name)
    }
}

fn read_compact(text: &str) -> Result<Parts, Unreadable> {
    let dots = text.bytes().filter(|byte| *byte == b'.').count();
    let (protected, rest) = text.split_once('.').ok_or(Unreadable::NotJws)?;
    let (payload, signature) = rest.split_once('.').ok_or(Unreadable::NotJws)?;
    match dots {
        2 => assemble(Some(protected), None, payload, signature),
        4 => Err(Unreadable::Encrypted),
        _ => Err(Unreadable::NotJws),
    }
}

fn read_json(text: &str) -> Result<Parts, Unreadable> {
    let document =
        Document::parse(text.as_bytes(), &Options::lossless()).map_err(|_| Unreadable::NotJws)?;
    let object = document.root().as_object().ok_or(Unreadable::NotJws)?;
    if object.get("ciphertext").is_some() {
        return Err(Unreadable::Encrypted);
    }
    let first = match object.get("signatures") {
        None => object,
        Some(list) => list
            .as_array()
            .and_then(|list| list.get(0)?.as_object())
            .ok_or(Unreadable::NotJws)?,
    };
    let string = |value: Option<Value<'_>>| Some(value?.as_str()?.to_owned());
    let signature = string(first.get("signature")).ok_or(Unreadable::NotJws)?;
    let payload = string(object.get("payload")).unwrap_or_default();
    let protected = string(first.get("protected"));
    assemble(
        protected.as_deref(),
        first.get("header").map(Value::source),
        &payload,
        &signature,
    )
}

fn assemble(
    protected: Option<&str>,
    unprotected: Option<&str>,
    payload: &str,
    signature: &str,
) -> Result<Parts, Unreadable> {
    let header = match protected {
        Some(text) => decode(PartName::Header, text)?,
        None => b"{}".to_vec(),
    };
    let header = object(header)?;
    let unencoded = header
        .root()
        .as_object()
        .and_then(|header| header.get("b64")?.as_bool())
        == Some(false);
    let payload = if unencoded {
        payload.as_bytes().to_vec()
    } else {
        decode(PartName::Payload, payload)?
    };
    Ok(Parts {
        header,
        unprotected: unprotected
            .map(|text| object(text.as_bytes().to_vec()))
            .transpose()?,
        claims: object(payload.clone()).ok(),
        payload,
        signature: decode(PartName::Signature, signature)?,
    })
}

fn object(text: Vec<u8>) -> Result<Document<'static>, Unreadable> {
    let document = Document::from_vec(text, &Options::lossless())
        .map_err(|error| Unreadable::Header(Some(error)))?;
    match document.root().as_object() {
        Some(_) => Ok(document),
        None => Err(Unreadable::Header(None)),
    }
}

fn decode(part: PartName, text: &str) -> Result<Vec<u8>, Unreadable> {
    base64url::decode(text)
        .or_else(|_| decode_generously(text))
        .map_err(|error| Unreadable::Base64 { part, error })
}

/// Reads either alphabet, padded or not, broken into lines, whatever the bits that stand for no
/// byte.
pub(crate) fn decode_generously(text: &str) -> Result<Vec<u8>, base64url::Error> {
    let mut symbols: String = text
        .chars()
        .filter(|symbol| !symbol.is_ascii_whitespace())
        .map(|symbol| match symbol {
            '+' => '-',
            '/' => '_',
            other => other,
        })
        .collect();
    symbols.truncate(symbols.trim_end_matches('=').len());
    let filled = match symbols.len() % 4 {
        2 => 2,
        3 => 1,
        _ => 0,
    };
    symbols.extend(core::iter::repeat_n('A', filled));
    let mut bytes = base64url::decode(symbols)?;
    bytes.truncate(bytes.len() - filled);
    Ok(bytes)
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => f.write_str("the text is longer than 1 MiB"),
            Self::Encrypted => f.write_str("the token is encrypted (a JWE); decrypt it first"),
            Self::NotJws => f.write_str("the text is not a JWS in the compact or a JSON form"),
            Self::Base64 { part, error } => {
                write!(f, "the {} is not base64url: {error}", part.words())
            }
            Self::Header(Some(error)) => write!(f, "the header is not JSON: {error}"),
            Self::Header(None) => f.write_str("the header is not a JSON object"),
        }
    }
}

impl core::error::Error for Unreadable {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_spellings_of_base64_are_forgiven() {
        for text in ["-_-_YQ", "+/+/YQ", "+/+/YQ==", " -_-_\nYQ ", "-_-_YR"] {
            assert_eq!(
                decode_generously(text).as_deref(),
                Ok(&[0xfb, 0xff, 0xbf, b'a'][..]),
                "{text}"
            );
        }
        assert!(decode_generously("YWJjZ").is_err());
        assert!(decode_generously("YW=Jj").is_err());
        assert!(decode_generously("Yä").is_err());
    }

    #[test]
    fn what_is_no_jws_is_said() {
        let read = |text| Parts::read(text).err();
        assert_eq!(read(""), Some(Unreadable::NotJws));
        assert_eq!(read("a.b"), Some(Unreadable::NotJws));
        assert_eq!(read("a.b.c.d"), Some(Unreadable::NotJws));
        assert_eq!(read("a.b.c.d.e"), Some(Unreadable::Encrypted));
        assert_eq!(read(r#"{"ciphertext":""}"#), Some(Unreadable::Encrypted));
        assert_eq!(read(r#"{"signatures":[]}"#), Some(Unreadable::NotJws));
        assert_eq!(
            read("W10..").map(|_| ()),
            Some(()),
            "the header is an array"
        );
        assert_eq!(
            read(&"a".repeat(LONGEST_TEXT + 1)),
            Some(Unreadable::TooLong)
        );
    }
}
