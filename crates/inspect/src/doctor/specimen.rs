//! The token under examination, cleaned as far as its bytes are beyond doubt.

use jeton_jose::Algorithm;
use jeton_jose::base64url;
use jeton_jose::json::{Document, Options, Value};

use super::encoding::{decode_base64, decode_html, decode_percent};
use super::{Case, Cause, CauseCode, Fixed, Subject, Trial};

/// The three parts, and what had to be cleaned to see them.
pub(super) struct Specimen {
    /// The base64url text of the header.
    pub(super) protected: String,
    /// The payload as it was signed: its base64url text, or itself where `b64` is false.
    pub(super) payload: Vec<u8>,
    pub(super) signature_text: String,
    /// As it was sent, with the bits of its last character that stand for no byte.
    pub(super) signature_sent: String,
    /// Header and payload with the dot between them.
    pub(super) message: Vec<u8>,
    pub(super) signature: Vec<u8>,
    /// Header and payload before their base64 was put right, if that changed them.
    pub(super) sent_message: Option<Vec<u8>>,
    pub(super) algorithm: Option<Algorithm>,
    pub(super) algorithm_name: Option<String>,
    pub(super) key_id: Option<String>,
    pub(super) damages: Vec<CauseCode>,
    /// Whether the payload is signed as it is (RFC 7797).
    pub(super) unencoded: bool,
    /// Whether the payload travelled apart.
    pub(super) detached: bool,
    /// Whether message and signature make the token that was sent.
    compact: bool,
    parts: usize,
}

impl Specimen {
    pub(super) fn read(subject: Subject<'_>) -> Self {
        match subject {
            Subject::Compact(token) => match unencoded(token) {
                Some([protected, payload, signature]) => Self {
                    compact: true,
                    ..Self::of_parts(protected, payload.as_bytes(), signature)
                },
                None => Self::of_compact(token),
            },
            Subject::Parts {
                protected,
                payload,
                signature,
                detached,
            } => {
                let plain = Header::read(protected).unencoded;
                let encoded = (detached && !plain).then(|| base64url::encode(payload));
                let payload = encoded.as_ref().map_or(payload, String::as_bytes);
                Self {
                    detached,
                    ..Self::of_parts(protected, payload, signature)
                }
            }
        }
    }

    fn of_compact(token: &str) -> Self {
        let mut damages = Vec::new();
        let text = clean(token, &mut damages);
        let mut parts = text.splitn(3, '.');
        let mut next = || parts.next().unwrap_or_default();
        let (protected, payload, signature) = (next(), next(), next());
        let specimen = Self::of_parts(protected, payload.as_bytes(), signature);
        damages.extend(specimen.damages);
        Self {
            damages,
            compact: true,
            parts: text.split('.').count(),
            ..specimen
        }
    }

    /// The payload as it was signed.
    fn of_parts(protected: &str, payload: &[u8], signature: &str) -> Self {
        let mut damages = Vec::new();
        let mut canonical = |part: &str| {
            let text = unpadded_url(part, &mut damages);
            (without_trailing_bits(&text, &mut damages), text)
        };
        let (header_text, _) = canonical(protected);
        let header = Header::read(&header_text);
        let payload_text = match core::str::from_utf8(payload) {
            Ok(text) if !header.unencoded => canonical(text).0.into_bytes(),
            _ => payload.to_vec(),
        };
        let (signature_text, signature_sent) = canonical(signature);
        let message = join(&header_text, &payload_text);
        let sent = join(protected, payload);
        Self {
            signature: decode_base64(signature_text.as_bytes()).unwrap_or_default(),
            sent_message: (sent != message).then_some(sent),
            protected: header_text,
            payload: payload_text,
            signature_text,
            signature_sent,
            message,
            algorithm: header.algorithm.as_deref().and_then(Algorithm::from_name),
            algorithm_name: header.algorithm,
            key_id: header.key_id,
            unencoded: header.unencoded,
            detached: false,
            compact: false,
            damages,
            parts: 3,
        }
    }

    /// The token with this message and signature, if it was sent in the compact form.
    pub(super) fn token(&self, message: &[u8], signature: &str) -> Option<Fixed> {
        let message = core::str::from_utf8(message).ok()?;
        self.compact
            .then(|| Fixed::Token(format!("{message}.{signature}")))
    }

    /// The token as it should have been given.
    pub(super) fn cleaned(&self) -> Option<Fixed> {
        self.token(&self.message, &self.signature_text)
    }

    /// Header and payload, decoded.
    pub(super) fn decoded(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let header = decode_base64(self.protected.as_bytes())?;
        if self.unencoded {
            return Some((header, self.payload.clone()));
        }
        Some((header, decode_base64(&self.payload)?))
    }

    /// The message with another payload.
    pub(super) fn with_payload(&self, payload: &[u8]) -> Vec<u8> {
        join(&self.protected, &self.payload_text(payload))
    }

    /// Another payload as it is signed here.
    pub(super) fn payload_text(&self, payload: &[u8]) -> Vec<u8> {
        if self.unencoded {
            payload.to_vec()
        } else {
            base64url::encode(payload).into_bytes()
        }
    }
}

/// What is signed: header and payload with the dot between them.
pub(super) fn join(protected: &str, payload: &[u8]) -> Vec<u8> {
    [protected.as_bytes(), b".", payload].concat()
}

/// What the doctor asks of a header.
#[derive(Default)]
struct Header {
    algorithm: Option<String>,
    key_id: Option<String>,
    unencoded: bool,
}

impl Header {
    fn read(protected: &str) -> Self {
        let read = || {
            let bytes = decode_base64(protected.as_bytes())?;
            let document = Document::from_vec(bytes, &Options::lossless()).ok()?;
            let header = document.root().as_object()?;
            let text = |name| Some(header.get(name)?.as_str()?.to_owned());
            let encoded = header.get("b64").and_then(Value::as_bool);
            Some(Self {
                algorithm: text("alg"),
                key_id: text("kid"),
                unencoded: encoded == Some(false),
            })
        };
        read().unwrap_or_default()
    }
}

/// The parts of a compact token whose payload is signed as it is, so that nothing of it may be
/// cleaned away.
fn unencoded(token: &str) -> Option<[&str; 3]> {
    let (protected, rest) = token.split_once('.')?;
    let (payload, signature) = rest.rsplit_once('.')?;
    Header::read(protected)
        .unencoded
        .then_some([protected, payload, signature])
}

/// What shows without any key: too few parts, or letters whose case was changed.
pub(super) fn damaged(case: &Case<'_>, trial: &mut Trial<'_>) -> Option<Cause> {
    let specimen = &case.specimen;
    trial.count(Some(CauseCode::TokenCut));
    if specimen.parts < 3 {
        let detail = format!("{} of 3 parts are there", specimen.parts);
        return Some(Cause::new(CauseCode::TokenCut, Some(detail), false));
    }
    trial.count(Some(CauseCode::TokenCaseChanged));
    let start = specimen.protected.get(..3)?;
    let changed = start.eq_ignore_ascii_case("eyJ") && start != "eyJ";
    changed.then(|| Cause::new(CauseCode::TokenCaseChanged, None, false))
}

type Step = fn(&str) -> Option<String>;

/// Takes off what does not belong to a token, and says what it was.
fn clean(token: &str, damages: &mut Vec<CauseCode>) -> String {
    const STEPS: [(CauseCode, Step); 5] = [
        (CauseCode::TokenPercentEncoded, decode_percent),
        (CauseCode::TokenHtmlEscaped, decode_html),
        (CauseCode::TokenQuoted, without_quotes),
        (CauseCode::TokenPrefix, without_prefix),
        (CauseCode::TokenWhiteSpace, without_blanks),
    ];
    let mut text = token.to_owned();
    for (code, step) in STEPS {
        if let Some(cleaned) = step(&text) {
            damages.push(code);
            text = cleaned;
        }
    }
    text
}

const QUOTES: &[char] = &['"', '\'', '`', '<', '>', ',', ';'];

fn without_quotes(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let bare = trimmed.trim_matches(QUOTES);
    (bare != trimmed).then(|| bare.to_owned())
}

/// `Bearer`, `Authorization:` and the like, told from a token by their end.
fn without_prefix(text: &str) -> Option<String> {
    let start = text.find("ey").filter(|at| (1..=64).contains(at))?;
    let (before, token) = text.split_at_checked(start)?;
    let mark = |c: char| " :=\"'".contains(c);
    let words = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c) || mark(c);
    (before.ends_with(mark) && before.trim() != "" && before.chars().all(words))
        .then(|| token.trim_matches(QUOTES).to_owned())
}

fn without_blanks(text: &str) -> Option<String> {
    let solid: String = text.chars().filter(|c| !is_blank(*c)).collect();
    (solid != text).then_some(solid)
}

/// White space, and characters that take no room on a screen.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
}

/// A part in base64url without padding.
fn unpadded_url(part: &str, damages: &mut Vec<CauseCode>) -> String {
    let mut text = part.to_owned();
    if text.contains(['+', '/']) {
        note(damages, CauseCode::SegmentsStandardBase64);
        text = text.replace('+', "-").replace('/', "_");
    }
    if text.ends_with('=') {
        note(damages, CauseCode::SegmentsPadded);
        text.truncate(text.trim_end_matches('=').len());
    }
    text
}

fn without_trailing_bits(text: &str, damages: &mut Vec<CauseCode>) -> String {
    match decode_base64(text.as_bytes()) {
        Some(bytes) if base64url::decode(text).is_err() => {
            note(damages, CauseCode::SegmentsTrailingBits);
            base64url::encode(&bytes)
        }
        _ => text.to_owned(),
    }
}

fn note(damages: &mut Vec<CauseCode>, code: CauseCode) {
    if !damages.contains(&code) {
        damages.push(code);
    }
}
