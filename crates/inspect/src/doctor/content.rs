//! Causes that lie in what was signed: another text than the token's.

use jeton_jose::alg::Hash;
use jeton_jose::base64url;

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
    let mut texts: Vec<(CauseCode, &str, Vec<u8>)> = Vec::new();
    let mut add = |code, words, text: Vec<u8>| texts.push((code, words, text));
    if let Some(sent) = &specimen.sent_message {
        add(
            CauseCode::SignedPadded,
            "over the parts as they were sent",
            sent.clone().into(),
        );
    }
    for (standard, padded, words) in [
        (true, true, "over padded standard base64"),
        (false, true, "over padded base64url"),
        (true, false, "over standard base64 without padding"),
    ] {
        let encode = |bytes: &[u8]| encode_base64(bytes, standard, padded);
        let text = format!("{}.{}", encode(&header), encode(&payload));
        add(CauseCode::SignedPadded, words, text.into_bytes());
    }
    let decoded = |text| (CauseCode::SignedDecoded, text);
    let (code, words) = decoded("over header and payload with a dot");
    add(code, words, [&header[..], b".", &payload].concat());
    let (code, words) = decoded("over header and payload without a dot");
    add(code, words, [&header[..], &payload].concat());
    add(
        CauseCode::SignedDecoded,
        "over the encoded header and the decoded payload",
        [specimen.protected.as_bytes(), b".", &payload].concat(),
    );
    add(
        CauseCode::SignedDecoded,
        "over the encoded parts without their dot",
        format!("{}{}", specimen.protected, specimen.payload).into_bytes(),
    );
    let alone = CauseCode::SignedWithoutHeader;
    add(
        alone,
        "over the encoded payload",
        specimen.payload.clone().into(),
    );
    add(alone, "over the decoded payload", payload);
    let hash = specimen
        .algorithm
        .and_then(|algorithm| algorithm.row().hash);
    let digest = case
        .backend
        .digest(hash.unwrap_or(Hash::Sha256), specimen.message.as_bytes());
    let hex = encode_hex(digest.as_ref());
    add(
        CauseCode::SignedDigest,
        "over its bytes",
        digest.as_ref().to_vec(),
    );
    add(
        CauseCode::SignedDigest,
        "over its hexadecimal text",
        hex.into(),
    );
    texts.retain(|(_, _, text)| text != specimen.message.as_bytes());
    propose(
        case,
        texts.into_iter().map(|(code, words, text)| Text {
            code,
            words: words.to_owned(),
            message: text,
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
