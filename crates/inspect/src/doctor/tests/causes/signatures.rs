//! The causes that lie in signatures.

use super::*;

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn signature_rows() -> Vec<Row> {
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
