//! Causes that lie in what was signed: another text than the token's.

use jeton_jose::alg::Hash;
use jeton_jose::base64url;

use super::CauseCode::{
    SignedDecoded, SignedDigest, SignedPadded, SignedWithoutDot, SignedWithoutHeader,
};
use super::encoding::{encode_base64, encode_hex};
use super::json_style::{Restyled, restyle};
use super::trial::{Hypothesis, Key};
use super::{Case, CauseCode, Fixed};

/// Most keys for which contents are varied: a set is not multiplied with all texts.
const MOST_KEYS: usize = 2;

/// The same header and payload, joined or encoded otherwise.
pub(super) fn other_encodings(case: &Case<'_>) -> Vec<Hypothesis> {
    let Some((header, payload)) = case.specimen.decoded() else {
        return Vec::new();
    };
    let specimen = &case.specimen;
    let (protected, encoded) = (specimen.protected.as_bytes(), specimen.payload.as_bytes());
    let joined = |standard, padded| {
        let encode = |bytes: &[u8]| encode_base64(bytes, standard, padded);
        format!("{}.{}", encode(&header), encode(&payload)).into_bytes()
    };
    let hash = specimen
        .algorithm
        .and_then(|algorithm| algorithm.row().hash);
    let digest = case
        .backend
        .digest(hash.unwrap_or(Hash::Sha256), specimen.message.as_bytes());
    let digest = digest.as_ref();
    let sent = specimen
        .sent_message
        .clone()
        .unwrap_or_default()
        .into_bytes();
    let texts = [
        (SignedPadded, "over the parts as they were sent", sent),
        (
            SignedPadded,
            "over padded standard base64",
            joined(true, true),
        ),
        (SignedPadded, "over padded base64url", joined(false, true)),
        (
            SignedPadded,
            "over standard base64 without padding",
            joined(true, false),
        ),
        (
            SignedDecoded,
            "over both with a dot",
            [&header, &b"."[..], &payload].concat(),
        ),
        (
            SignedDecoded,
            "over both without a dot",
            [&header[..], &payload].concat(),
        ),
        (
            SignedDecoded,
            "over the encoded header and the decoded payload",
            [protected, b".", &payload].concat(),
        ),
        (
            SignedWithoutDot,
            "over the encoded parts",
            [protected, encoded].concat(),
        ),
        (
            SignedWithoutHeader,
            "over the encoded payload",
            encoded.to_vec(),
        ),
        (
            SignedWithoutHeader,
            "over the decoded payload",
            payload.clone(),
        ),
        (SignedDigest, "over its bytes", digest.to_vec()),
        (
            SignedDigest,
            "over its hexadecimal text",
            encode_hex(digest).into_bytes(),
        ),
    ];
    let other = |text: &[u8]| !text.is_empty() && text != specimen.message.as_bytes();
    let texts = texts.into_iter().filter(|(_, _, text)| other(text));
    propose(
        case,
        texts.map(|(code, words, message)| Text {
            code,
            words: words.to_owned(),
            message,
            is_whole: false,
        }),
    )
}

/// Header or payload with other spaces, escapes or order.
pub(super) fn other_json(case: &Case<'_>) -> Vec<Hypothesis> {
    let Some((header, payload)) = case.specimen.decoded() else {
        return Vec::new();
    };
    let (headers, payloads) = (restyle(&header), restyle(&payload));
    let specimen = &case.specimen;
    let payload_alone = payloads.iter().map(|style| Text {
        code: if style.reordered {
            CauseCode::PayloadReordered
        } else {
            CauseCode::PayloadReserialized
        },
        words: style.words.clone(),
        message: join(&specimen.protected, &base64url::encode(&style.text)),
        is_whole: true,
    });
    let header_alone = headers.iter().map(|style| Text {
        code: CauseCode::HeaderReserialized,
        words: style.words.clone(),
        message: join(&base64url::encode(&style.text), &specimen.payload),
        is_whole: true,
    });
    let both = headers.iter().filter_map(|header| {
        let same = |payload: &&Restyled| payload.words == header.words;
        let payload = payloads.iter().find(same)?;
        Some(Text {
            code: CauseCode::PayloadReserialized,
            words: format!("header and payload {}", header.words),
            message: join(
                &base64url::encode(&header.text),
                &base64url::encode(&payload.text),
            ),
            is_whole: true,
        })
    });
    // Both alone in turn, so that a bound cuts the unlikely ends of both.
    let mut texts: Vec<Text> = Vec::new();
    let (mut one, mut two) = (payload_alone, header_alone.chain(both));
    loop {
        let before = texts.len();
        texts.extend(one.by_ref().take(2));
        texts.extend(two.by_ref().take(1));
        if texts.len() == before {
            break;
        }
    }
    propose(case, texts)
}

/// A text that may have been signed.
struct Text {
    code: CauseCode,
    words: String,
    message: Vec<u8>,
    /// Whether it makes a token with the signature that was sent.
    is_whole: bool,
}

fn propose(case: &Case<'_>, texts: impl IntoIterator<Item = Text>) -> Vec<Hypothesis> {
    let pairs: Vec<_> = case.pairs().into_iter().take(MOST_KEYS).collect();
    let mut hypotheses = Vec::new();
    for text in texts {
        for (at, algorithm) in &pairs {
            let mut hypothesis = Hypothesis::new(text.code, Key::Given(*at), *algorithm)
                .detail(text.words.clone())
                .message(text.message.clone());
            let whole = String::from_utf8(text.message.clone()).ok();
            if let Some(message) = whole.filter(|_| text.is_whole) {
                let token = format!("{message}.{}", case.specimen.signature_text);
                hypothesis = hypothesis.fixed(Fixed::Token(token));
            }
            hypotheses.push(hypothesis);
        }
    }
    hypotheses
}

fn join(header: &str, payload: &str) -> Vec<u8> {
    format!("{header}.{payload}").into_bytes()
}
