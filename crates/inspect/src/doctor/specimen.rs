//! The token under examination, cleaned as far as its bytes are beyond doubt.

use jeton_jose::Algorithm;
use jeton_jose::base64url;
use jeton_jose::json::{Document, Options};

use super::encoding::{decode_base64, decode_html, decode_percent};
use super::{Case, Cause, CauseCode, Trial};

/// The three parts, and what had to be cleaned to see them.
pub(super) struct Specimen {
    /// The base64url texts of header and payload.
    pub(super) protected: String,
    pub(super) payload: String,
    pub(super) signature_text: String,
    /// As it was sent, with the bits of its last character that stand for no byte.
    pub(super) signature_sent: String,
    /// Header and payload with the dot between them.
    pub(super) message: String,
    pub(super) signature: Vec<u8>,
    /// Header and payload before their base64 was put right, if that changed them.
    pub(super) sent_message: Option<String>,
    pub(super) algorithm: Option<Algorithm>,
    pub(super) algorithm_name: Option<String>,
    pub(super) key_id: Option<String>,
    pub(super) damages: Vec<CauseCode>,
    parts: usize,
}

impl Specimen {
    pub(super) fn read(token: &str) -> Self {
        let mut damages = Vec::new();
        let text = clean(token, &mut damages);
        let mut parts = text.splitn(3, '.');
        let mut next = || parts.next().unwrap_or_default();
        let (protected, payload, signature) = (next(), next(), next());
        let mut canonical = |part: &str| {
            let text = unpadded_url(part, &mut damages);
            (without_trailing_bits(&text, &mut damages), text)
        };
        let ((header_text, _), (payload_text, _)) = (canonical(protected), canonical(payload));
        let (signature_text, signature_sent) = canonical(signature);
        let message = format!("{header_text}.{payload_text}");
        let sent = format!("{protected}.{payload}");
        let mut specimen = Self {
            signature: decode_base64(signature_text.as_bytes()).unwrap_or_default(),
            sent_message: (sent != message).then_some(sent),
            protected: header_text,
            payload: payload_text,
            signature_text,
            signature_sent,
            message,
            algorithm: None,
            algorithm_name: None,
            key_id: None,
            damages,
            parts: text.split('.').filter(|part| !part.is_empty()).count(),
        };
        specimen.read_header();
        specimen
    }

    /// The token as it should have been given.
    pub(super) fn token(&self) -> String {
        format!("{}.{}", self.message, self.signature_text)
    }

    /// Header and payload, decoded.
    pub(super) fn decoded(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let header = decode_base64(self.protected.as_bytes())?;
        Some((header, decode_base64(self.payload.as_bytes())?))
    }

    fn read_header(&mut self) {
        let Some(bytes) = decode_base64(self.protected.as_bytes()) else {
            return;
        };
        let Ok(header) = Document::parse(&bytes, &Options::lossless()) else {
            return;
        };
        let text = |name| {
            let value = header.root().as_object()?.get(name)?.as_str()?;
            Some(value.to_owned())
        };
        self.algorithm_name = text("alg");
        self.algorithm = self
            .algorithm_name
            .as_deref()
            .and_then(Algorithm::from_name);
        self.key_id = text("kid");
    }
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
