//! Each cause with a case that must name it and a near miss that must not.

mod apart;
mod keys;
mod signatures;

use jeton_jose::alg::Hash;
use jeton_jose::key::{KeyForm, Structure};

use super::*;
use crate::doctor::encoding::{encode_base64, encode_hex};

/// A token, and what is given with it.
type Fixture = (String, Gift);

/// The code, a case of it, and a near miss.
type Row = (CauseCode, Fixture, Fixture);

const OTHER: &[u8] = b"another secret that is long enough!";

#[test]
fn each_cause_is_named_and_its_near_miss_is_not() {
    let mut rows = token_rows();
    rows.extend(keys::secret_rows());
    rows.extend(keys::key_rows());
    rows.extend(keys::key_text_rows());
    rows.extend(signatures::signature_rows());
    rows.extend(content_rows());
    rows.extend(apart::unencoded_rows());
    let mut wrong = Vec::new();
    for (row, (wanted, (token, gift), (near_token, near_gift))) in rows.iter().enumerate() {
        let (hit, miss) = (examine(token, gift), examine(near_token, near_gift));
        if code(&hit) != Some(wanted.as_str()) || hit.verifies {
            wrong.push(format!("{row} {wanted}: {hit:?}"));
        }
        if code(&miss) == Some(wanted.as_str()) {
            wrong.push(format!("{row} {wanted}, near miss: {miss:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for code in CauseCode::ALL {
        // Its payload travels apart, so it has a test of its own.
        let apart = *code == CauseCode::PayloadLineBreaks;
        assert!(
            apart || rows.iter().any(|(named, ..)| named == code),
            "no case of {code}"
        );
    }
}

pub(super) fn pem(algorithm: Algorithm) -> String {
    let public = bare(algorithm).public().unwrap();
    let file = jeton_jose::key::write(&public, KeyForm::Pem(Structure::Spki)).unwrap();
    String::from_utf8(file.expose().to_vec()).unwrap()
}

fn secret(text: impl AsRef<[u8]>) -> Gift {
    Gift::Secret(text.as_ref().to_vec())
}

fn file(text: impl AsRef<[u8]>) -> Gift {
    Gift::File(text.as_ref().to_vec())
}

fn es256() -> String {
    token(
        r#"{"alg":"ES256"}"#,
        PAYLOAD,
        &bare(Algorithm::ES256),
        Algorithm::ES256,
    )
}

/// The usual header and payload with any signature.
fn with_signature(signature: &str) -> String {
    format!("{}.{signature}", message(HS256, PAYLOAD))
}

fn token_rows() -> Vec<Row> {
    use CauseCode::*;
    let good = || hs256(SECRET);
    let part = |at: usize| good().split('.').nth(at).unwrap().to_owned();
    let key = || secret(SECRET);
    let row = |code, text: String, near: String| (code, (text, key()), (near, key()));
    // Bytes whose base64 has both special characters and needs padding.
    let special = r#"{"a":"~~~???>>>ÿÿ","b":12}"#;
    let odd = token(HS256, special, &oct(SECRET), Algorithm::HS256);
    assert!(odd.contains('_') || odd.contains('-'));
    let standard = odd.replace('-', "+").replace('_', "/");
    let bits = {
        let mut text = good();
        let last = text.pop().unwrap();
        text.push(char::from(last as u8 + 1));
        text
    };
    vec![
        row(
            TokenPrefix,
            format!("Bearer {}", good()),
            format!("Bearer {}", hs256(OTHER)),
        ),
        row(
            TokenQuoted,
            format!("\"{}\"", good()),
            format!("\"{}", hs256(OTHER)),
        ),
        row(
            TokenWhiteSpace,
            good().replace('.', ".\n "),
            good().replace('.', ".\nA"),
        ),
        row(
            TokenPercentEncoded,
            good().replace('.', "%2E"),
            good().replace('.', "%2F"),
        ),
        row(
            TokenHtmlEscaped,
            good().replace('.', "&#46;"),
            good().replace('.', "&#47;"),
        ),
        row(TokenCut, message(HS256, PAYLOAD), with_signature("AAAA")),
        row(
            TokenCaseChanged,
            good().to_lowercase(),
            good().replacen("eyJ", "fyJ", 1),
        ),
        row(
            SegmentsPadded,
            format!("{}.{}.{}=", part(0), part(1), part(2)),
            format!("{}.{}.{}=", part(0), part(1), "A".repeat(43)),
        ),
        row(
            SegmentsStandardBase64,
            standard.clone(),
            standard.replace(['+', '/'], "A"),
        ),
        row(
            SegmentsTrailingBits,
            bits.clone(),
            bits.replacen("eyJ", "eyK", 1),
        ),
    ]
}

fn content_rows() -> Vec<Row> {
    use CauseCode::*;
    // The token's texts, and what was signed instead; the near miss is signed with another secret.
    let row = |code, (header, payload): (&str, &str), signed: &[u8]| {
        let text = message(header, payload);
        let fixture = |key: &[u8]| {
            let tag = seal(&oct(key), Algorithm::HS256, signed);
            (format!("{text}.{}", encode(&tag)), secret(SECRET))
        };
        (code, fixture(SECRET), fixture(OTHER))
    };
    let sent = (HS256, PAYLOAD);
    let text = |header: &str, payload: &str| message(header, payload).into_bytes();
    let spaced = r#"{"sub": "joe", "url": "a/b", "n": 1}"#;
    let pretty = "{\n  \"sub\": \"joe\",\n  \"url\": \"a/b\",\n  \"n\": 1\n}";
    let slashes = r#"{"sub":"joe","url":"a\/b","n":1}"#;
    let sorted = r#"{"n":1,"sub":"joe","url":"a/b"}"#;
    let shuffled = r#"{"n":1,"url":"a/b","sub":"joe"}"#;
    let hash = backends()[0].digest(Hash::Sha256, &text(HS256, PAYLOAD));
    let padded = |bytes: &str| encode_base64(bytes.as_bytes(), true, true);
    let payload_text = encode(PAYLOAD.as_bytes());
    vec![
        row(
            SignedPadded,
            sent,
            format!("{}.{}", padded(HS256), padded(PAYLOAD)).as_bytes(),
        ),
        row(SignedDecoded, sent, format!("{HS256}.{PAYLOAD}").as_bytes()),
        row(SignedWithoutHeader, sent, payload_text.as_bytes()),
        row(SignedWithoutHeader, sent, PAYLOAD.as_bytes()),
        row(
            SignedWithoutDot,
            sent,
            text(HS256, PAYLOAD)
                .split(|byte| *byte == b'.')
                .collect::<Vec<_>>()
                .concat()
                .as_slice(),
        ),
        row(SignedDigest, sent, hash.as_ref()),
        row(SignedDigest, sent, encode_hex(hash.as_ref()).as_bytes()),
        row(PayloadReserialized, sent, &text(HS256, spaced)),
        row(PayloadReserialized, sent, &text(HS256, pretty)),
        row(PayloadReserialized, sent, &text(HS256, slashes)),
        row(PayloadReserialized, (HS256, spaced), &text(HS256, PAYLOAD)),
        row(PayloadReordered, sent, &text(HS256, sorted)),
        row(PayloadReordered, sent, &text(HS256, shuffled)),
        row(
            HeaderReserialized,
            sent,
            &text(r#"{"alg": "HS256", "typ": "JWT"}"#, PAYLOAD),
        ),
        row(
            HeaderReserialized,
            sent,
            &text(r#"{"typ":"JWT","alg":"HS256"}"#, PAYLOAD),
        ),
        row(
            PayloadReserialized,
            sent,
            &text(r#"{"alg": "HS256", "typ": "JWT"}"#, spaced),
        ),
    ]
}
