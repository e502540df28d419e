//! Each cause with a case that must name it and a near miss that must not.

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
    rows.extend(secret_rows());
    rows.extend(key_rows());
    rows.extend(key_text_rows());
    rows.extend(signature_rows());
    rows.extend(content_rows());
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
        assert!(
            rows.iter().any(|(named, ..)| named == code),
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
            standard.replace('+', "A").replace('/', "A"),
        ),
        row(
            SegmentsTrailingBits,
            bits.clone(),
            bits.replacen("eyJ", "eyK", 1),
        ),
    ]
}

fn secret_rows() -> Vec<Row> {
    use CauseCode::*;
    // The token is signed with the first, the second is given; the third is the near miss.
    let row = |code, signed: &[u8], given: &[u8], near: &[u8]| {
        (
            code,
            (hs256(signed), secret(given)),
            (hs256(signed), secret(near)),
        )
    };
    let text = "correct horse battery staple, 42!";
    let url = b"\xfb\xef\xbe\xff\xff\xff0123456789012345678901234567890";
    let twice = encode_base64(encode_base64(SECRET, true, true).as_bytes(), true, true);
    let umlaut = "schlüssel schlüssel schlüssel schlüssel";
    let latin: Vec<u8> = umlaut.chars().map(|c| c as u8).collect();
    vec![
        row(
            SecretLineBreak,
            SECRET,
            format!("{text}\n").as_bytes(),
            format!("\n{text}").as_bytes(),
        ),
        row(
            SecretLineBreak,
            SECRET,
            format!("{text}\r\n").as_bytes(),
            format!("{text}\n\r!").as_bytes(),
        ),
        row(
            SecretLineBreak,
            format!("{text}\n").as_bytes(),
            SECRET,
            OTHER,
        ),
        row(
            SecretSpaces,
            SECRET,
            format!("  {text} ").as_bytes(),
            text.replace(' ', "  ").as_bytes(),
        ),
        row(
            SecretQuotes,
            SECRET,
            format!("'{text}'").as_bytes(),
            format!("'{text}").as_bytes(),
        ),
        row(
            SecretQuotes,
            format!("\"{text}\"").as_bytes(),
            SECRET,
            OTHER,
        ),
        row(
            SecretPrefix,
            SECRET,
            format!("b64:{}", encode(SECRET)).as_bytes(),
            format!("b65:{}", encode(SECRET)).as_bytes(),
        ),
        row(
            SecretPrefix,
            SECRET,
            format!("text:{text}").as_bytes(),
            format!("texts:{text}").as_bytes(),
        ),
        row(
            SecretBase64,
            SECRET,
            encode_base64(SECRET, true, true).as_bytes(),
            encode(OTHER).as_bytes(),
        ),
        row(
            SecretBase64url,
            url,
            encode(url).as_bytes(),
            encode_base64(url, true, true).as_bytes(),
        ),
        row(
            SecretHex,
            SECRET,
            encode_hex(SECRET).as_bytes(),
            &encode_hex(SECRET).as_bytes()[1..],
        ),
        row(SecretNotDecoded, encode(SECRET).as_bytes(), SECRET, OTHER),
        row(
            SecretNotDecoded,
            encode_hex(SECRET).as_bytes(),
            SECRET,
            &SECRET[1..],
        ),
        row(
            SecretEncodedTwice,
            SECRET,
            twice.as_bytes(),
            encode(twice.as_bytes()).as_bytes(),
        ),
        row(SecretEncodedTwice, twice.as_bytes(), SECRET, OTHER),
        row(
            SecretCharset,
            &latin,
            umlaut.as_bytes(),
            umlaut.replace('ü', "u").as_bytes(),
        ),
        row(
            SecretCharset,
            umlaut.as_bytes(),
            &latin,
            umlaut.replace('ü', "ue").as_bytes(),
        ),
        row(
            SecretEscapes,
            b"correct\thorse battery staple, 4242!",
            br"correct\thorse battery staple, 4242!",
            br"correct\nhorse battery staple, 4242!",
        ),
    ]
}

fn key_rows() -> Vec<Row> {
    use CauseCode::*;
    let ec = || bare(Algorithm::ES256);
    let other = || {
        let material = backends()[0]
            .generate(jeton_jose::alg::Curve::P256.into())
            .unwrap();
        Jwk::from(material)
    };
    let kid = r#"{"alg":"ES256","kid":"a"}"#;
    let named = token(kid, PAYLOAD, &ec(), Algorithm::ES256);
    let keys = |keys: Vec<Jwk>| Gift::Keys(keys);
    let confusion = |secret: &[u8]| hs256(secret);
    let spki = pem(Algorithm::RS256);
    let rs256 = |alg: &str, key| {
        token(
            &format!(r#"{{"alg":"{alg}"}}"#),
            PAYLOAD,
            &bare(Algorithm::RS256),
            key,
        )
    };
    vec![
        (
            KeyWeak,
            (hs256(b"short"), secret("short")),
            (hs256(b"short"), secret("shorn")),
        ),
        (
            KeyAlgorithm,
            (
                rs256("RS256", Algorithm::RS256),
                keys(vec![
                    bare(Algorithm::RS256).with_algorithm(Algorithm::PS256),
                ]),
            ),
            (
                rs256("RS256", Algorithm::RS256),
                keys(vec![
                    bare(Algorithm::RS256).with_algorithm(Algorithm::RS256),
                ]),
            ),
        ),
        (
            KeyUsage,
            (es256(), keys(vec![ec().with_key_use("enc")])),
            (es256(), keys(vec![ec().with_key_use("sig")])),
        ),
        (
            KidMismatch,
            (
                named.clone(),
                keys(vec![ec().with_key_id("b"), other().with_key_id("c")]),
            ),
            (named.clone(), keys(vec![other().with_key_id("b")])),
        ),
        (
            AnotherKey,
            (
                named.clone(),
                keys(vec![other().with_key_id("a"), ec().with_key_id("b")]),
            ),
            (
                named.clone(),
                keys(vec![other().with_key_id("b"), ec().with_key_id("a")]),
            ),
        ),
        (
            KeyAsSecret,
            (es256(), secret(pem(Algorithm::ES256))),
            (es256(), secret(pem(Algorithm::ES384))),
        ),
        (
            KeyAsSecret,
            (hs256(SECRET), secret(oct(SECRET).to_json().as_str())),
            (hs256(SECRET), secret(oct(OTHER).to_json().as_str())),
        ),
        (
            SecretAsKeyFile,
            (hs256(SECRET), file(SECRET)),
            (hs256(SECRET), file(OTHER)),
        ),
        (
            AlgorithmConfusion,
            (confusion(spki.as_bytes()), file(&spki)),
            (confusion(spki.as_bytes()), file(pem(Algorithm::ES256))),
        ),
        (
            AlgorithmConfusion,
            (
                confusion(spki.trim().as_bytes()),
                keys(vec![bare(Algorithm::RS256).public().unwrap()]),
            ),
            (confusion(SECRET), file(&spki)),
        ),
        (
            AlgorithmConfusion,
            (confusion(spki.as_bytes()), secret(&spki)),
            (confusion(SECRET), secret(&spki)),
        ),
        (
            AnotherAlgorithm,
            (
                token(HS256, PAYLOAD, &oct(SECRET), Algorithm::HS512),
                secret(SECRET),
            ),
            (
                token(HS256, PAYLOAD, &oct(OTHER), Algorithm::HS512),
                secret(SECRET),
            ),
        ),
        (
            AnotherAlgorithm,
            (
                rs256("RS256", Algorithm::PS384),
                keys(vec![bare(Algorithm::RS256)]),
            ),
            (
                rs256("RS256", Algorithm::PS384).replacen('.', ".A", 1),
                keys(vec![bare(Algorithm::RS256)]),
            ),
        ),
        (
            AnotherAlgorithm,
            (
                token(
                    r#"{"alg":"hs256"}"#,
                    PAYLOAD,
                    &oct(SECRET),
                    Algorithm::HS256,
                ),
                secret(SECRET),
            ),
            (
                token(r#"{"alg":"hs256"}"#, PAYLOAD, &oct(OTHER), Algorithm::HS256),
                secret(SECRET),
            ),
        ),
    ]
}

fn key_text_rows() -> Vec<Row> {
    use CauseCode::*;
    let (good, wrong) = (pem(Algorithm::ES256), pem(Algorithm::ES384));
    let row = |code, damage: fn(&str) -> String| {
        (
            code,
            (es256(), file(damage(&good))),
            (es256(), file(damage(&wrong))),
        )
    };
    let quoted = |key: &Jwk| format!("'{}'\n", key.to_json().as_str());
    let body = |text: &str| {
        text.lines()
            .filter(|line| !line.contains("---"))
            .collect::<String>()
    };
    vec![
        row(KeyTextEscaped, |text| text.replace('\n', "\\n")),
        row(KeyTextEscaped, |text| {
            format!("\"{}\"", text.replace('\n', "\\r\\n"))
        }),
        (
            KeyTextQuoted,
            (es256(), file(quoted(&bare(Algorithm::ES256)))),
            (es256(), file(quoted(&bare(Algorithm::ES384)))),
        ),
        row(KeyTextEncoded, |text| {
            encode_base64(text.as_bytes(), true, true)
        }),
        row(KeyTextEncoded, |text| {
            text.replace('-', "%2D").replace('\n', "%0A")
        }),
        (
            PemArmourMissing,
            (es256(), file(body(&good))),
            (es256(), file(body(&wrong))),
        ),
        row(PemArmourDamaged, |text| {
            text.replace("-----END PUBLIC KEY-----", "")
        }),
        row(PemArmourDamaged, |text| text.replace("-----", "----")),
        row(PemArmourDamaged, |text| {
            text.replace("PUBLIC KEY", "RSA PUBLIC KEY")
        }),
    ]
}

fn signature_rows() -> Vec<Row> {
    use CauseCode::*;
    let key = || secret(SECRET);
    let tag = seal(
        &oct(SECRET),
        Algorithm::HS256,
        message(HS256, PAYLOAD).as_bytes(),
    );
    let other = seal(
        &oct(OTHER),
        Algorithm::HS256,
        message(HS256, PAYLOAD).as_bytes(),
    );
    let row = |code, right: String, near: String| {
        (
            code,
            (with_signature(&right), key()),
            (with_signature(&near), key()),
        )
    };
    let (right, wrong) = (encode(&tag), encode(&other));
    let swapped = |text: &str| {
        text.chars()
            .map(|c| {
                if c.is_ascii_lowercase() {
                    c.to_ascii_uppercase()
                } else {
                    c.to_ascii_lowercase()
                }
            })
            .collect::<String>()
    };
    let lost = |text: &str| format!("{}{}", &text[..12], &text[14..]);
    let mut rows = vec![
        row(SignatureHex, encode_hex(&tag), encode_hex(&other)),
        row(
            SignatureHex,
            encode(encode_hex(&tag).as_bytes()),
            encode(encode_hex(&other).as_bytes()),
        ),
        row(
            SignatureEncodedTwice,
            encode(right.as_bytes()),
            encode(wrong.as_bytes()),
        ),
        row(SignatureCut, right[..40].to_owned(), wrong[..30].to_owned()),
        row(SignatureCharactersLost, lost(&right), lost(&wrong)),
        row(SignatureCaseChanged, swapped(&right), swapped(&wrong)),
        row(
            SignatureAltered,
            format!("{}AAAA{}", &right[..20], &right[24..]),
            wrong.clone(),
        ),
        row(SignatureLength, encode(&tag[..5]), wrong),
        (
            SignatureOfExample,
            (
                with_signature("SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"),
                Gift::Nothing,
            ),
            (
                with_signature("SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5A"),
                Gift::Nothing,
            ),
        ),
        (
            PssSaltLength,
            (
                PSS_SALT_20.to_owned(),
                Gift::Keys(vec![bare(Algorithm::PS256)]),
            ),
            (
                PSS_SALT_20.replacen(".e", ".f", 1),
                Gift::Keys(vec![bare(Algorithm::PS256)]),
            ),
        ),
    ];
    for algorithm in [
        Algorithm::ES256,
        Algorithm::ES384,
        Algorithm::ES512,
        Algorithm::ES256K,
    ] {
        let header = format!(r#"{{"alg":"{algorithm}"}}"#);
        let text = message(&header, PAYLOAD);
        let signature = seal(&bare(algorithm), algorithm, text.as_bytes());
        let mut near = der(&signature);
        *near.last_mut().unwrap() ^= 1;
        let keys = Gift::Keys(vec![bare(algorithm)]);
        rows.push((
            SignatureDer,
            (format!("{text}.{}", encode(&der(&signature))), keys.clone()),
            (format!("{text}.{}", encode(&near)), keys.clone()),
        ));
    }
    let (whole, key) = (es256(), Gift::Keys(vec![bare(Algorithm::ES256)]));
    let cut = whole[..whole.len() - 1].to_owned();
    let near = format!(
        "{}{cut}",
        message(HS256, PAYLOAD).split('.').next().unwrap()
    );
    rows.push((
        SignatureCut,
        (cut, key.clone()),
        (near.replacen("eyJ", "eyK", 1) + "A", key),
    ));
    rows
}

/// Made with a salt of 20 bytes under the test key of PS256.
const PSS_SALT_20: &str = "eyJhbGciOiJQUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJqb2UifQ.L-fyCPUGyHqXMBHEVg1Txf-LEwBgRVQN21ws1MqaXPMwK4r4xfGSxf3Oyq8CHuOPv16cGKmwmcjPZdWMkoF5_1n4CYuusQB2YaFJGSiNINHOuPyEeTtksfGomjF_KGvpwJHhgUEgTHsaaHsHsiVufbQA5IZufH5U7SOet4lljhBOhwxzI8m7_4e-d7f3e-sAGtUkjSVn6JkZeGVcr2KEIae59Qg9gH5oSoF5AiBQ8UI2uayOYjOa41z923aB3WWJ1CABE4uWBZxlPnOiHQigthitAIkrBa1f-jklO_toc49r-rdrWSS3md0wjbby8aznK_fWl8qqRWrGcYKsmfkg7g";

fn der(signature: &[u8]) -> Vec<u8> {
    let half = signature.len() / 2;
    let integer = |bytes: &[u8]| {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let mut digits = bytes[zeros..].to_vec();
        if digits[0] >= 0x80 {
            digits.insert(0, 0);
        }
        [&[2, u8::try_from(digits.len()).unwrap()][..], &digits].concat()
    };
    let body = [integer(&signature[..half]), integer(&signature[half..])].concat();
    let len = u8::try_from(body.len()).unwrap();
    let head: Vec<u8> = if len < 128 {
        vec![0x30, len]
    } else {
        vec![0x30, 0x81, len]
    };
    [head, body].concat()
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
