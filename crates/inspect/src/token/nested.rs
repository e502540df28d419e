//! Puts an inspection together, and goes on into tokens that the token holds.

use jeton_jose::Secret;
use jeton_jose::json::{Document, RawJson, Value};

use super::describe::describe;
use super::findings::{self, View};
use super::read::{Piece, read};
use super::{
    Broken, Inspection, Layer, MAX_DEPTH, MAX_NESTED, Options, Part, decode, disclosure,
    encryption, validity,
};
use crate::find::{self, Found, Kind, Source};
use crate::finding::PartName;

/// Inspects what was found and what is in it.
pub(super) fn inspect(
    found: Found,
    options: &Options,
    open: &dyn Fn(&str) -> Option<Secret>,
) -> Inspection {
    Inspector {
        options,
        open,
        left: MAX_NESTED,
    }
    .inspect(found, 0)
}

struct Inspector<'o> {
    options: &'o Options,
    /// The plaintext of an encrypted token, if there is a key for it.
    open: &'o dyn Fn(&str) -> Option<Secret>,
    left: usize,
}

impl Inspector<'_> {
    /// Recursion is bounded by [`MAX_DEPTH`].
    fn inspect(&mut self, found: Found, depth: usize) -> Inspection {
        let mut reading = read(&found);
        let encrypted = matches!(
            reading.kind,
            Kind::CompactJwe | Kind::FlattenedJwe | Kind::GeneralJwe
        );
        let plaintext = encrypted.then(|| (self.open)(&found.text)).flatten();
        let decrypted = plaintext.is_some();
        if let Some(plaintext) = plaintext {
            reading.decrypted(&plaintext);
        }
        let read: Vec<_> = reading.pieces.iter().map(Piece::json).collect();
        let documents: Vec<_> = read.iter().map(|json| json.document.as_ref()).collect();
        let parts: Vec<_> = reading
            .pieces
            .iter()
            .zip(&read)
            .map(|(piece, json)| part(piece, json))
            .collect();
        let (mut header, mut claims) = (Vec::new(), Vec::new());
        for (piece, document) in reading.pieces.iter().zip(&documents) {
            let Some(document) = document else { continue };
            match piece.name {
                PartName::Payload => claims = describe(piece, document, self.options),
                PartName::Disclosure => {}
                _ => header.extend(describe(piece, document, self.options)),
            }
        }
        let disclosing = (reading.kind == Kind::SdJwt)
            .then(|| disclosure::read(&found, &reading.pieces, &documents, self.options));
        let encryption =
            encrypted.then(|| encryption::read(&reading.pieces, &documents, decrypted));
        let view = View {
            found: &found,
            kind: reading.kind,
            detached: reading.detached,
            parts: &parts,
            pieces: &reading.pieces,
            documents: &documents,
            disclosing: disclosing.as_ref(),
            options: self.options,
        };
        let findings = findings::findings(&view);
        let validity = view
            .claims()
            .and_then(|(_, claims)| validity::validity(claims, self.options));
        let algorithm = view
            .parameter("alg")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let nested = if depth < MAX_DEPTH {
            self.nested(&view, depth)
        } else {
            Vec::new()
        };
        let (kind, size, detached) = (reading.kind, found.text.len(), reading.detached);
        Inspection {
            found,
            kind,
            size,
            algorithm,
            detached,
            parts,
            header,
            claims,
            validity,
            disclosing,
            encryption,
            findings,
            nested,
        }
    }

    fn nested(&mut self, view: &View<'_>, depth: usize) -> Vec<Inspection> {
        let mut inner = Vec::new();
        for (piece, document) in view.pieces.iter().zip(view.documents) {
            match document {
                Some(document) if piece.name != PartName::Key => {
                    let mut pointer = String::new();
                    tokens(
                        document.root(),
                        &mut pointer,
                        self.left,
                        &mut |pointer, value, text| {
                            let source = if piece.is_header() {
                                Source::HeaderParameter { pointer }
                            } else {
                                Source::Claim { pointer }
                            };
                            inner.push(found(text, value.span().start + 1, source));
                        },
                    );
                }
                None if piece.name == PartName::Payload => inner.extend(payload(piece)),
                None if piece.name == PartName::KeyBinding => {
                    inner.push(found(&piece.text, piece.span.start, Source::KeyBinding));
                }
                _ => {}
            }
        }
        inner
            .into_iter()
            .map_while(|found| {
                self.left = self.left.checked_sub(1)?;
                Some(self.inspect(found, depth + 1))
            })
            .collect()
    }
}

/// Visits the strings that are compact tokens, at most `left` of them. Recursion is bounded by the
/// depth that the reader admits.
fn tokens(
    value: Value<'_>,
    pointer: &mut String,
    left: usize,
    visit: &mut dyn FnMut(String, Value<'_>, &str),
) {
    let mut left = left;
    walk(value, pointer, &mut |pointer, value| {
        if let Some(text) = value.as_str().filter(|text| left > 0 && is_token(text)) {
            left -= 1;
            visit(pointer.to_owned(), value, text);
        }
    });
}

/// Visits every value with its pointer, in the order of the text.
pub(super) fn walk(value: Value<'_>, pointer: &mut String, visit: &mut dyn FnMut(&str, Value<'_>)) {
    visit(pointer, value);
    let len = pointer.len();
    for member in value.as_object().into_iter().flatten() {
        find::push_pointer(pointer, member.name);
        walk(member.value, pointer, visit);
        pointer.truncate(len);
    }
    for (index, element) in value.as_array().into_iter().flatten().enumerate() {
        find::push_pointer(pointer, &index.to_string());
        walk(element, pointer, visit);
        pointer.truncate(len);
    }
}

/// Whether a string as a whole is a compact token.
pub(super) fn is_token(text: &str) -> bool {
    text.len() >= 20
        && find::opens_object(text.as_bytes())
        && find::kind_of_compact(text) != Kind::Broken
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~'))
}

fn payload(piece: &Piece) -> Option<Found> {
    let text = core::str::from_utf8(&piece.bytes).ok()?.trim();
    is_token(text).then(|| found(text, 0, Source::Payload))
}

fn found(text: &str, start: usize, source: Source) -> Found {
    Found {
        span: start..start + text.len(),
        kind: find::kind_of_compact(text),
        source,
        text: text.to_owned(),
        repairs: Vec::new(),
    }
}

fn part(piece: &Piece, json: &decode::Json<'_>) -> Part {
    let broken = piece.broken().or_else(|| {
        let fault = json.fault?;
        let layer = match fault.kind {
            jeton_jose::json::ErrorKind::Utf8 => Layer::Utf8,
            _ => Layer::Json,
        };
        Some(Broken {
            layer,
            at: fault.offset,
            text_at: piece.text_at(fault.offset),
            message: if fault.offset >= piece.bytes.len() {
                format!("the JSON ends at byte {}", fault.offset)
            } else {
                format!("{} at byte {}", fault.kind, fault.offset)
            },
            expected: decode::expected_json(fault.kind),
        })
    });
    let whole = json.document.as_ref().filter(|_| json.fault.is_none());
    let upto = match core::str::from_utf8(&piece.bytes) {
        Ok(text) => Some(text),
        Err(error) if broken.is_some() => piece
            .bytes
            .get(..error.valid_up_to())
            .and_then(|good| core::str::from_utf8(good).ok())
            .filter(|text| !text.is_empty()),
        Err(_) => None,
    };
    let binary = matches!(
        piece.name,
        PartName::Signature
            | PartName::EncryptedKey
            | PartName::InitializationVector
            | PartName::Ciphertext
            | PartName::Tag
            | PartName::KeyBinding
    );
    Part {
        name: piece.name,
        index: piece.index,
        span: piece.span.clone(),
        text: piece.text.clone(),
        size: piece.bytes.len(),
        utf8: upto.filter(|_| !binary).map(str::to_owned),
        json: whole.map(Document::root).map(RawJson::from),
        broken,
    }
}
