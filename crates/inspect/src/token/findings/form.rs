//! The text of the token: its parts, their encoding, its length, its signature.

use super::{Sink, View, part};
use crate::find::Kind;
use crate::finding::{Finding, FindingCode, PartName};
use crate::token::Layer;
use crate::token::decode::expected;
use jeton_jose::base64url::ErrorKind;

/// The most that servers commonly take in a header line.
const HEADER_LINE: usize = 8192;
/// What a browser keeps in a cookie at least and mostly at most.
const COOKIE: usize = 4096;

/// Each part for itself.
pub(super) fn parts(view: &View<'_>, sink: &mut Sink) {
    for (piece, seen) in view.pieces.iter().zip(view.parts) {
        let name = words(piece.name);
        match piece.fault {
            Some(fault) if piece.stops && fault.kind == ErrorKind::Length => sink.at(
                FindingCode::SegmentCut,
                part(piece.name, Some(fault.offset..fault.offset)),
                format!(
                    "the {name} has {} characters, which no bytes encode to",
                    piece.text.len()
                ),
            ),
            Some(fault) if !piece.stops => sink.at(
                FindingCode::Base64NotCanonical,
                part(piece.name, Some(fault.offset..fault.offset + 1)),
                format!(
                    "the {name} has {} at byte {}, expected {}",
                    fault.kind,
                    fault.offset,
                    expected(fault.kind)
                ),
            ),
            _ => {}
        }
        let Some(broken) = &seen.broken else { continue };
        if piece
            .fault
            .is_some_and(|fault| fault.kind == ErrorKind::Length)
            && broken.layer == Layer::Base64url
        {
            continue;
        }
        sink.at(
            FindingCode::PartBroken,
            part(piece.name, Some(broken.at..broken.at)),
            format!(
                "the {name} breaks: {}, expected {}",
                broken.message, broken.expected
            ),
        );
    }
}

/// The token as a whole.
pub(super) fn whole(view: &View<'_>, sink: &mut Sink) {
    if view.kind == Kind::Broken {
        count(view, sink);
    }
    let compact = matches!(view.kind, Kind::CompactJws | Kind::CompactJwe);
    let len = view.found.text.len();
    if compact && len > HEADER_LINE {
        sink.add(Finding::new(
            FindingCode::SizeHeader,
            format!(
                "the token is {len} bytes long, many servers take {HEADER_LINE} in all header lines"
            ),
        ));
    }
    if compact && len > COOKIE {
        sink.add(Finding::new(
            FindingCode::SizeCookie,
            format!("the token is {len} bytes long, a cookie holds {COOKIE}"),
        ));
    }
    if view.kind == Kind::CompactJws {
        example_signature(view, sink);
    }
}

fn count(view: &View<'_>, sink: &mut Sink) {
    let count = view.pieces.len();
    let wanted = if view.is_jwe() { 5 } else { 3 };
    let (code, message) = if count < wanted && count != 4 {
        let parts = if count == 1 { "part" } else { "parts" };
        (
            FindingCode::TooFewParts,
            format!("{count} {parts}, expected {wanted}"),
        )
    } else if wanted == 5 && count < 5 {
        (
            FindingCode::TooFewParts,
            format!("{count} parts, its header wants {wanted}"),
        )
    } else {
        (
            FindingCode::TooManyParts,
            format!("{count} parts, expected {wanted}"),
        )
    };
    sink.add(Finding::new(code, message));
}

/// The signatures that copied tutorials carry, and the payloads they belong to.
const EXAMPLES: [(&str, &str); 6] = [
    (
        "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ",
    ),
    (
        "XbPfbIHMI6arZ3Y922BhjWgQzWXcXNrz0ogtVhfEd2o",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ",
    ),
    (
        "KMUFsIDTnFmyG3nMiGM6H9FNFUROf3wh7SmqJp-QV30",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiYWRtaW4iOnRydWUsImlhdCI6MTUxNjIzOTAyMn0",
    ),
    (
        "TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiYWRtaW4iOnRydWV9",
    ),
    (
        "dyt0CoTl4WoVjAHI9Q_CwSKhl6d_9rhM3NrXuJttkao",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiYWRtaW4iOnRydWV9",
    ),
    (
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
    ),
];

fn example_signature(view: &View<'_>, sink: &mut Sink) {
    let Some((signed, signature)) = view.found.text.rsplit_once('.') else {
        return;
    };
    // A payload that is elsewhere may be the example's.
    let example = EXAMPLES.iter().find(|(known, _)| *known == signature);
    if example.is_some_and(|(_, text)| *text != signed) && !view.detached {
        sink.at(
            FindingCode::KnownExampleSignature,
            part(PartName::Signature, None),
            "the signature is that of a well-known example token, whose header and payload are others",
        );
    }
}

/// A part in words.
pub(super) const fn words(name: PartName) -> &'static str {
    match name {
        PartName::Token => "part beyond",
        PartName::Header => "header",
        PartName::UnprotectedHeader => "unprotected header",
        PartName::Payload => "payload",
        PartName::Signature => "signature",
        PartName::EncryptedKey => "encrypted key",
        PartName::InitializationVector => "initialization vector",
        PartName::Ciphertext => "ciphertext",
        PartName::Tag => "authentication tag",
        PartName::AdditionalData => "additional data",
        PartName::Disclosure => "disclosure",
        PartName::KeyBinding => "key-binding JWT",
        PartName::Key => "key",
    }
}
