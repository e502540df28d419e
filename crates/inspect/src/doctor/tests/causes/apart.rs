//! Payloads that are signed as they are, or travel apart.

use jeton_jose::base64url::encode;

use super::*;

const PLAIN: &str = r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#;

/// The encoded payload signed, where the payload itself should have been.
pub(super) fn unencoded_rows() -> Vec<Row> {
    let key = oct(SECRET);
    let sealed = |signed: &str, sent: &str| {
        let signature = seal(&key, Algorithm::HS256, signed.as_bytes());
        format!("{}.{sent}.{}", encode(PLAIN.as_bytes()), encode(&signature))
    };
    let both = message(PLAIN, "$ 2 000");
    vec![(
        CauseCode::SignedEncoded,
        (sealed(&both, "$ 2 000"), secret(SECRET)),
        (sealed(&both, "$ 3 000"), secret(SECRET)),
    )]
}

/// A good token with spaces in its payload is left alone.
#[test]
fn an_unencoded_payload_keeps_its_spaces() {
    let protected = encode(PLAIN.as_bytes());
    let signed = format!("{protected}.$ 2 000");
    let signature = encode(&seal(&oct(SECRET), Algorithm::HS256, signed.as_bytes()));
    let diagnosis = examine(&format!("{signed}.{signature}"), &secret(SECRET));
    assert!(diagnosis.verifies, "{diagnosis:?}");
}

#[test]
fn a_detached_payload_with_other_line_breaks_is_named() {
    let find = |header: &str, signed: &str, sent: &str| {
        let protected = encode(header.as_bytes());
        let text = if header == PLAIN {
            format!("{protected}.{signed}")
        } else {
            format!("{protected}.{}", encode(signed.as_bytes()))
        };
        let signature = encode(&seal(&oct(SECRET), Algorithm::HS256, text.as_bytes()));
        let subject = Subject::Parts {
            protected: &protected,
            payload: sent.as_bytes(),
            signature: &signature,
            detached: true,
        };
        let diagnosis = diagnose(
            subject,
            Given::Secret(SECRET),
            backends()[0],
            Bounds::default(),
        );
        (diagnosis.verifies, code(&diagnosis))
    };
    let named = (false, Some("payload_line_breaks"));
    for header in [HS256, PLAIN] {
        assert_eq!(find(header, "a\nb", "a\nb"), (true, None));
        for (signed, sent) in [
            ("a\nb", "a\nb\n"),
            ("a\nb\n", "a\nb"),
            ("a\nb", "a\r\nb"),
            ("a\r\nb\r\n", "a\nb\n"),
            ("a", "a\r\n"),
        ] {
            assert_eq!(find(header, signed, sent), named, "{signed:?} {sent:?}");
        }
        assert_eq!(find(header, "a\nb", "a b\n"), (false, None));
    }
}

#[test]
fn a_token_of_three_parts_is_not_cut() {
    let header = encode(HS256.as_bytes());
    for token in [format!("{header}..AAAA"), format!("{header}.e30.")] {
        assert_ne!(
            code(&examine(&token, &secret(SECRET))),
            Some("token_cut"),
            "{token}"
        );
    }
    let cut = format!("{header}.e30");
    assert_eq!(code(&examine(&cut, &secret(SECRET))), Some("token_cut"));
}
