//! What encrypted tokens may cost: the rows 29 to 34 of the catalogue of attacks.

use std::fs;
use std::time::Instant;

use jeton_jose::backend::Encryption;
use jeton_jose::jwe::{EncryptionRules, HeaderBuilder, general};
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{DecryptingKey, DecryptingKeySet, EncryptingKey, KeyMaterial};
use jeton_jose::{Code, KeyManagement, Limits, Secret};
use jeton_testkit::{backends, encrypting_key, vectors};

use crate::attacks_encryption::{
    ENC, KW, forge, keys, refused, rules, token, verdict, with_header,
};

#[test]
fn attack_29_iterations_are_bounded_before_any_derivation() {
    let header = |p2c: &str| {
        format!(
            r#"{{"alg":"PBES2-HS256+A128KW","enc":"A128CBC-HS256","p2s":"AAAAAAAAAAA","p2c":{p2c}}}"#
        )
    };
    let started = now();
    for (p2c, code) in [
        ("2147483647", Code::IterationsRefused),
        ("4294967296", Code::IterationsRefused),
        ("18446744073709551615", Code::IterationsRefused),
        ("1200001", Code::IterationsRefused),
        ("999", Code::IterationsRefused),
        ("0", Code::HeaderInvalid),
        ("-1", Code::HeaderInvalid),
        ("1e400", Code::HeaderInvalid),
        ("1000.5", Code::HeaderInvalid),
        ("\"1000\"", Code::HeaderInvalid),
        ("null", Code::HeaderInvalid),
    ] {
        refused(
            &with_header(&header(p2c)),
            KeyManagement::PBES2_HS256_A128KW,
            code,
        );
    }
    assert!(started.elapsed().as_secs() < 2, "nothing was derived");
    let short = header("1000").replace("AAAAAAAAAAA", "AAAAAAAA");
    refused(
        &with_header(&short),
        KeyManagement::PBES2_HS256_A128KW,
        Code::HeaderInvalid,
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "it is the time taken that is tested"
)]
fn now() -> Instant {
    Instant::now()
}

#[test]
fn attack_29_the_bound_holds_over_all_recipients() {
    for backend in backends() {
        let key = encrypting_key(KeyManagement::PBES2_HS256_A128KW, backend).with_iterations(5000);
        let header = HeaderBuilder::new(ENC);
        let three = general::encrypt(&[&key, &key, &key], &header, None, b"text", backend).unwrap();
        let stranger = Jwk::parse(br#"{"kty":"oct","k":"AAAA"}"#).unwrap();
        let stranger = DecryptingKey::new(&stranger, KeyManagement::PBES2_HS256_A128KW, backend);
        let stranger: DecryptingKeySet = stranger.unwrap().into();
        let mut rules = rules();
        rules.limits.pbes2_iterations = 12_000;
        let keys = keys(KeyManagement::PBES2_HS256_A128KW, backend);
        assert!(
            verdict(&three, &keys, &rules).is_ok(),
            "the first is enough"
        );
        assert_eq!(
            verdict(&three, &stranger, &rules),
            Err(Code::DecryptionFailed)
        );
        rules.limits.pbes2_iterations = 4999;
        assert_eq!(verdict(&three, &keys, &rules), Err(Code::IterationsRefused));
    }
}

#[test]
fn attack_29_passwords_are_off_unless_listed() {
    for backend in backends() {
        let token = token(KeyManagement::PBES2_HS256_A128KW, backend);
        let keys = keys(KeyManagement::PBES2_HS256_A128KW, backend);
        let others = EncryptionRules::new([KW, KeyManagement::ECDH_ES], ENC);
        assert_eq!(
            verdict(&token, &keys, &others),
            Err(Code::AlgorithmNotAllowed)
        );
        let none = EncryptionRules::default();
        assert_eq!(
            verdict(&token, &keys, &none),
            Err(Code::AlgorithmNotAllowed)
        );
    }
}

#[test]
fn attack_29_the_published_bomb_is_refused_at_once() {
    let Some(folder) = vectors("rfc-figures") else {
        return;
    };
    let text = fs::read_to_string(folder.join("cve-2023-50967.jwe")).unwrap();
    let jwk = Jwk::parse(&fs::read(folder.join("cve-2023-50967.jwk")).unwrap()).unwrap();
    let started = now();
    for backend in backends() {
        let key = DecryptingKey::new(&jwk, KeyManagement::PBES2_HS256_A128KW, backend).unwrap();
        let code = verdict(text.trim(), &key.into(), &rules()).unwrap_err();
        assert_eq!(code, Code::IterationsRefused);
    }
    assert!(started.elapsed().as_secs() < 2, "nothing was derived");
}

/// A token that inflates to this many zeros.
fn compressed(len: usize, backend: &'static dyn Encryption) -> String {
    let content = miniz_oxide::deflate::compress_to_vec(&vec![0; len], 9);
    forge(
        r#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#,
        &content,
        backend,
    )
}

#[test]
fn attack_30_inflation_is_bounded() {
    for backend in backends() {
        let keys = keys(KeyManagement::Dir, backend);
        let small = verdict(&compressed(250_000, backend), &keys, &rules()).unwrap();
        assert_eq!(small.len(), 250_000);
        let bomb = compressed(40 << 20, backend);
        assert!(bomb.len() < Limits::default().token_bytes, "{}", bomb.len());
        assert_eq!(
            verdict(&bomb, &keys, &rules()),
            Err(Code::PlaintextTooLarge)
        );
        let unknown = forge(
            r#"{"alg":"dir","enc":"A256GCM","zip":"GZ"}"#,
            b"text",
            backend,
        );
        assert_eq!(verdict(&unknown, &keys, &rules()), Err(Code::HeaderInvalid));
        let broken = forge(
            r#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#,
            b"text",
            backend,
        );
        assert_eq!(
            verdict(&broken, &keys, &rules()),
            Err(Code::DecryptionFailed)
        );
    }
}

#[test]
fn attack_32_33_sizes_are_checked_first_in_every_form() {
    let large = "a".repeat(70_000);
    let dots = ".".repeat(1_000_000);
    let long_key = "A".repeat(2000);
    refused(&large, KW, Code::TokenTooLarge);
    refused(&dots, KW, Code::TokenTooLarge);
    refused(&format!("{{{large}"), KW, Code::TokenTooLarge);
    refused(&format!("{{\"recipients\"{large}"), KW, Code::TokenTooLarge);
    refused(&dots[..60_000], KW, Code::TokenFormat);
    refused(&format!("e30.{long_key}.A.A.A"), KW, Code::TokenFormat);
    for backend in backends() {
        let key = encrypting_key(KW, backend);
        let many: Vec<_> = core::iter::repeat_n(&key, 17).collect();
        let token = general::encrypt(&many, &HeaderBuilder::new(ENC), None, b"text", backend);
        let token = token.unwrap();
        assert_eq!(
            verdict(&token, &keys(KW, backend), &rules()),
            Err(Code::TokenFormat)
        );
        let mut rules = rules();
        rules.limits.recipients = 17;
        assert!(verdict(&token, &keys(KW, backend), &rules).is_ok());
    }
}

#[test]
fn attack_34_malformed_texts_are_errors() {
    let good = token(KW, backends()[0]);
    let mut texts = vec![
        String::new(),
        "....".to_owned(),
        ".....".to_owned(),
        "e30....".to_owned(),
        "{}".to_owned(),
        r#"{"recipients":[]}"#.to_owned(),
        r#"{"recipients":[{}],"ciphertext":""}"#.to_owned(),
        r#"{"recipients":[null],"ciphertext":""}"#.to_owned(),
        r#"{"recipients":[{}],"ciphertext":"","header":{}}"#.to_owned(),
        r#"{"ciphertext":""}"#.to_owned(),
        r#"{"ciphertext":5,"protected":"e30"}"#.to_owned(),
        r#"{"ciphertext":"","header":[]}"#.to_owned(),
        r#"{"ciphertext":"","unprotected":"x"}"#.to_owned(),
    ];
    texts.extend((0..good.len()).map(|len| good[..len].to_owned()));
    for backend in backends() {
        for text in &texts {
            assert!(
                verdict(text, &keys(KW, backend), &rules()).is_err(),
                "{text}"
            );
        }
    }
}

#[test]
fn a_token_makes_keys_work_only_so_often() {
    let unnamed = |byte| {
        let secret = Secret::new(vec![byte; 16]);
        Jwk::from(KeyMaterial::Oct(secret)).with_algorithm(KW)
    };
    for backend in backends() {
        let key = |byte| EncryptingKey::new(&unnamed(byte), KW, backend).unwrap();
        let (stranger, ours) = (key(1), key(2));
        let keys = DecryptingKeySet::new(&[unnamed(3), unnamed(2)], KW.into(), backend);
        for (strangers, expected) in [(7, Ok(())), (8, Err(Code::DecryptionFailed))] {
            let mut recipients = vec![&stranger; strangers];
            recipients.push(&ours);
            let header = HeaderBuilder::new(ENC);
            let token = general::encrypt(&recipients, &header, None, b"text", backend).unwrap();
            let found = verdict(&token, &keys, &rules()).map(|_| ());
            assert_eq!(found, expected, "{strangers} recipients before ours");
        }
    }
}
