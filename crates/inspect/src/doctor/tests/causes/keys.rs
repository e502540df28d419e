//! The causes that lie in secrets, keys and their files.

use super::*;

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn secret_rows() -> Vec<Row> {
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

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn key_rows() -> Vec<Row> {
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

pub(super) fn key_text_rows() -> Vec<Row> {
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
