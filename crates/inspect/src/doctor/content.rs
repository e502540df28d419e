//! Causes that lie in what was signed: another text than the token's.

use jeton_jose::alg::Hash;
use jeton_jose::base64url;

use super::CauseCode::{
    SignedDecoded, SignedDigest, SignedEncoded, SignedPadded, SignedWithoutDot, SignedWithoutHeader,
};
use super::encoding::{encode_base64, encode_hex};
use super::json_style::{Restyled, restyle};
use super::specimen::join;
use super::trial::{Hypothesis, Key};
use super::{Case, CauseCode};

/// Most keys for which contents are varied: a set is not multiplied with all texts.
const MOST_KEYS: usize = 2;

/// Most bytes of messages that are made by writing JSON anew, for each of header and payload.
const BYTES_RESTYLED: usize = 512 << 10;

/// A payload that travelled apart, with other line breaks.
pub(super) fn other_line_breaks(case: &Case<'_>) -> Vec<Hypothesis> {
    let specimen = &case.specimen;
    let payload = specimen.decoded().filter(|_| specimen.detached);
    let Some((_, payload)) = payload else {
        return Vec::new();
    };
    let without = payload
        .strip_suffix(b"\n")
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let unix = replaced(&payload, b"\r\n", b"\n");
    let texts = [
        (
            "without the line break at its end",
            without.map(<[u8]>::to_vec),
        ),
        (
            "with a line break at its end",
            Some([&payload, &b"\n"[..]].concat()),
        ),
        (
            "with CR LF at its end",
            Some([&payload, &b"\r\n"[..]].concat()),
        ),
        (
            "with CR LF as line breaks",
            Some(replaced(&unix, b"\n", b"\r\n")),
        ),
        ("with LF as line breaks", Some(unix)),
    ];
    let texts = texts
        .into_iter()
        .filter_map(|(words, text)| Some((words, text.filter(|text| *text != payload)?)));
    propose(
        case,
        texts.map(|(words, text)| Text {
            code: CauseCode::PayloadLineBreaks,
            words: words.to_owned(),
            message: specimen.with_payload(&text),
            is_whole: false,
        }),
    )
}

fn replaced(text: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = if let Some(after) = rest.strip_prefix(old) {
            out.extend_from_slice(new);
            after
        } else {
            out.push(*first);
            after
        };
    }
    out
}

/// The same header and payload, joined or encoded otherwise.
pub(super) fn other_encodings(case: &Case<'_>) -> Vec<Hypothesis> {
    let Some((header, payload)) = case.specimen.decoded() else {
        return Vec::new();
    };
    let specimen = &case.specimen;
    let (protected, encoded) = (specimen.protected.as_bytes(), specimen.payload.as_slice());
    let joined = |standard, padded| {
        let encode = |bytes: &[u8]| encode_base64(bytes, standard, padded);
        format!("{}.{}", encode(&header), encode(&payload)).into_bytes()
    };
    let hash = specimen
        .algorithm
        .and_then(|algorithm| algorithm.row().hash);
    let digest = case
        .backend
        .digest(hash.unwrap_or(Hash::Sha256), &specimen.message);
    let digest = digest.as_ref();
    let sent = specimen.sent_message.clone().unwrap_or_default();
    let both_encoded = if specimen.unencoded {
        join(&specimen.protected, base64url::encode(&payload).as_bytes())
    } else {
        Vec::new()
    };
    let texts = [
        (
            SignedEncoded,
            "over the encoded header and the encoded payload",
            both_encoded,
        ),
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
    let other = |text: &[u8]| !text.is_empty() && text != specimen.message;
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
    let specimen = &case.specimen;
    let most = BYTES_RESTYLED / specimen.message.len().max(1);
    let (headers, header_cut) = restyle(&header, most);
    let (payloads, payload_cut) = restyle(&payload, most);
    case.cut.set(header_cut || payload_cut);
    let payload_alone = payloads.iter().map(|style| Text {
        code: if style.reordered {
            CauseCode::PayloadReordered
        } else {
            CauseCode::PayloadReserialized
        },
        words: style.words.clone(),
        message: specimen.with_payload(&style.text),
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
                &specimen.payload_text(&payload.text),
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
            if text.is_whole {
                let specimen = &case.specimen;
                let token = specimen.token(&text.message, &specimen.signature_text);
                hypothesis = hypothesis.fixed(token);
            }
            hypotheses.push(hypothesis);
        }
    }
    hypotheses
}
