//! Takes the forms apart into pieces, each decoded as far as it goes.

use core::ops::Range;

use jeton_jose::Secret;
use jeton_jose::base64url::{self, ErrorKind};
use jeton_jose::json::{Document, Object, Options, Value};

use super::decode::{self, Base64};
use super::{Broken, Layer};
use crate::find::{Found, Kind};
use crate::finding::PartName;

/// More parts of a compact text, signatures or recipients are not looked at.
const MAX_PIECES: usize = 64;
/// More disclosures are not looked at; the core refuses them.
pub(super) const MAX_DISCLOSURES: usize = 256;

/// A part as it stands and as it decodes.
pub(super) struct Piece {
    pub(super) name: PartName,
    pub(super) index: Option<usize>,
    pub(super) span: Range<usize>,
    pub(super) text: String,
    pub(super) bytes: Vec<u8>,
    /// What is not canonical in its base64url.
    pub(super) fault: Option<base64url::Error>,
    /// Whether decoding stopped there.
    pub(super) stops: bool,
    /// Whether the text stands for itself.
    pub(super) plain: bool,
}

/// The pieces of a token.
pub(super) struct Reading {
    pub(super) kind: Kind,
    pub(super) detached: bool,
    pub(super) pieces: Vec<Piece>,
}

/// Takes apart what was found.
pub(super) fn read(found: &Found) -> Reading {
    match found.kind {
        Kind::CompactJws | Kind::CompactJwe | Kind::Broken => compact(&found.text, found.kind),
        Kind::SdJwt => sd_jwt(&found.text),
        Kind::Jwk | Kind::JwkSet => Reading {
            kind: found.kind,
            detached: false,
            pieces: vec![Piece::plain(
                PartName::Key,
                None,
                0..found.text.len(),
                &found.text,
            )],
        },
        _ => json_form(found),
    }
}

impl Piece {
    fn encoded(name: PartName, index: Option<usize>, span: Range<usize>, text: &str) -> Self {
        let Base64 {
            bytes,
            fault,
            stops,
        } = decode::base64(text);
        Self {
            name,
            index,
            span,
            text: text.to_owned(),
            bytes,
            fault,
            stops,
            plain: false,
        }
    }

    pub(super) fn plain(
        name: PartName,
        index: Option<usize>,
        span: Range<usize>,
        text: &str,
    ) -> Self {
        Self {
            name,
            index,
            span,
            text: text.to_owned(),
            bytes: text.as_bytes().to_vec(),
            fault: None,
            stops: false,
            plain: true,
        }
    }

    /// Whether it is a header.
    pub(super) fn is_header(&self) -> bool {
        matches!(self.name, PartName::Header | PartName::UnprotectedHeader)
    }

    /// Whether its bytes are meant to be JSON or look like it.
    pub(super) fn is_json(&self) -> bool {
        match self.name {
            PartName::Header
            | PartName::UnprotectedHeader
            | PartName::Disclosure
            | PartName::Key => !self.bytes.is_empty(),
            PartName::Payload => matches!(self.bytes.trim_ascii_start().first(), Some(b'{')),
            _ => false,
        }
    }

    /// Its bytes as JSON, if they are meant to be.
    pub(super) fn json(&self) -> decode::Json<'_> {
        if self.is_json() {
            decode::json(&self.bytes)
        } else {
            decode::Json::default()
        }
    }

    /// The break in its base64url, if it does not go on from there.
    pub(super) fn broken(&self) -> Option<Broken> {
        let fault = self.fault.filter(|_| self.stops)?;
        Some(Broken {
            layer: Layer::Base64url,
            at: fault.offset,
            text_at: self.span.start + fault.offset,
            message: match fault.kind {
                ErrorKind::Length => "the part ends in the middle of a byte".to_owned(),
                kind => kind.to_string(),
            },
            expected: decode::expected(fault.kind),
        })
    }

    /// The byte of the token's text that a decoded byte comes from.
    pub(super) fn text_at(&self, decoded: usize) -> usize {
        let inside = if self.plain {
            decoded
        } else {
            decoded / 3 * 4 + decoded % 3
        };
        (self.span.start + inside).min(self.span.end)
    }
}

/// The issuer's token, the disclosures, and what follows the last tilde.
fn sd_jwt(text: &str) -> Reading {
    let (token, rest) = text.split_once('~').unwrap_or((text, ""));
    let mut reading = compact(token, Kind::CompactJws);
    reading.kind = Kind::SdJwt;
    let mut at = token.len() + 1;
    let mut parts = rest.splitn(MAX_DISCLOSURES + 1, '~').peekable();
    let mut index = 0;
    while let Some(part) = parts.next() {
        let span = at..at + part.len();
        at = span.end + 1;
        if parts.peek().is_some() {
            let name = PartName::Disclosure;
            reading
                .pieces
                .push(Piece::encoded(name, Some(index), span, part));
            index += 1;
        } else if !part.is_empty() {
            let name = PartName::KeyBinding;
            reading.pieces.push(Piece::plain(name, None, span, part));
        }
    }
    reading
}

fn compact(text: &str, kind: Kind) -> Reading {
    let mut segments = Vec::new();
    let mut at = 0;
    for text in text.splitn(MAX_PIECES, '.') {
        segments.push((at..at + text.len(), text));
        at += text.len() + 1;
    }
    let first = segments.first().map_or("", |(_, text)| text);
    let header = decode::base64(first).bytes;
    let header = decode::json(&header).document;
    let header = header
        .as_ref()
        .and_then(|document| document.root().as_object());
    let names = names(segments.len(), header);
    let unencoded = header
        .and_then(|header| header.get("b64")?.as_bool())
        .is_some_and(|encoded| !encoded);
    let pieces: Vec<_> = segments
        .into_iter()
        .enumerate()
        .map(
            |(at, (span, text))| match names.get(at).copied().unwrap_or(PartName::Token) {
                PartName::Payload if unencoded => Piece::plain(PartName::Payload, None, span, text),
                name => Piece::encoded(name, None, span, text),
            },
        )
        .collect();
    let detached = kind == Kind::CompactJws
        && matches!(&pieces[..], [_, payload, signature] if payload.text.is_empty() && !signature.text.is_empty());
    Reading {
        kind,
        detached,
        pieces,
    }
}

/// What the segments are; a text of too few or too many is what its header says.
fn names(count: usize, header: Option<Object<'_>>) -> &'static [PartName] {
    const JWS: &[PartName] = &[PartName::Header, PartName::Payload, PartName::Signature];
    const JWE: &[PartName] = &[
        PartName::Header,
        PartName::EncryptedKey,
        PartName::InitializationVector,
        PartName::Ciphertext,
        PartName::Tag,
    ];
    let has = |name| header.is_some_and(|header| header.get(name).is_some());
    match count {
        3 => JWS,
        5 => JWE,
        1 if header.is_some() && !has("alg") && !has("enc") => &[PartName::Payload],
        _ if has("enc") => JWE,
        _ => JWS,
    }
}

fn json_form(found: &Found) -> Reading {
    let mut reading = Reading {
        kind: found.kind,
        detached: false,
        pieces: Vec::new(),
    };
    let Ok(document) = Document::parse(found.text.as_bytes(), &Options::lossless()) else {
        return reading;
    };
    let Some(object) = document.root().as_object() else {
        return reading;
    };
    let unencoded = is_unencoded(object);
    for member in object {
        let value = member.value;
        let list = || {
            value
                .as_array()
                .into_iter()
                .flatten()
                .take(MAX_PIECES)
                .enumerate()
        };
        match (member.name, found.kind) {
            ("signatures", Kind::GeneralJws) | ("recipients", Kind::GeneralJwe) => {
                for (index, one) in list() {
                    for member in one.as_object().into_iter().flatten() {
                        reading.member(member.name, Some(index), member.value, false);
                    }
                }
            }
            (name, _) => reading.member(name, None, value, unencoded && name == "payload"),
        }
    }
    reading.detached = matches!(found.kind, Kind::FlattenedJws | Kind::GeneralJws)
        && object
            .get("payload")
            .and_then(Value::as_str)
            .is_none_or(str::is_empty);
    reading
}

/// Whether a protected header says that the payload is not encoded (RFC 7797 §3).
fn is_unencoded(object: Object<'_>) -> bool {
    let signature = object
        .get("signatures")
        .and_then(|list| list.as_array()?.get(0)?.as_object())
        .unwrap_or(object);
    let Some(header) = signature.get("protected").and_then(Value::as_str) else {
        return false;
    };
    let bytes = decode::base64(header).bytes;
    let document = decode::json(&bytes).document;
    let encoded = document
        .as_ref()
        .and_then(|document| document.root().as_object()?.get("b64")?.as_bool());
    encoded == Some(false)
}

impl Reading {
    /// Adds what an encrypted token holds; it stands where the ciphertext does.
    pub(super) fn decrypted(&mut self, plaintext: &Secret) {
        let mut ciphertext = self
            .pieces
            .iter()
            .filter(|piece| piece.name == PartName::Ciphertext);
        let span = ciphertext.next().map_or(0..0, |piece| piece.span.clone());
        self.pieces.push(Piece {
            bytes: plaintext.expose().to_vec(),
            ..Piece::plain(
                PartName::Payload,
                None,
                span,
                &String::from_utf8_lossy(plaintext.expose()),
            )
        });
    }

    /// Takes a member of a JSON form, if it is a part.
    fn member(&mut self, name: &str, index: Option<usize>, value: Value<'_>, plain: bool) {
        if self.pieces.len() >= MAX_PIECES {
            return;
        }
        let part = match name {
            "protected" => PartName::Header,
            "header" | "unprotected" => PartName::UnprotectedHeader,
            "payload" => PartName::Payload,
            "signature" => PartName::Signature,
            "encrypted_key" => PartName::EncryptedKey,
            "iv" => PartName::InitializationVector,
            "ciphertext" => PartName::Ciphertext,
            "tag" => PartName::Tag,
            "aad" => PartName::AdditionalData,
            _ => return,
        };
        let span = value.span();
        let piece = match value.as_str() {
            Some(text) if plain => Piece::plain(part, index, span.start + 1..span.end - 1, text),
            Some(text) => Piece::encoded(part, index, span.start + 1..span.end - 1, text),
            None => Piece::plain(part, index, span, value.source()),
        };
        self.pieces.push(piece);
    }
}
