use jeton_jose::json::{Document, Options, Value};
use jeton_jose::jwk::Jwk;
use jeton_jose::{Algorithm, KeyManagement};
use jeton_testkit::BACKEND;
use jeton_testkit::{NOW, encryption_jwk, jwk};

use crate::workbench::{Failure, Setting, call};

const SETTING: Setting<'static> = Setting {
    backend: BACKEND,
    now: NOW,
};

fn text(value: &str) -> String {
    jeton_jose::json::to_string(value).unwrap()
}

fn key(jwk: &Jwk) -> String {
    format!(r#""text":{}"#, text(jwk.to_json().as_str()))
}

fn encrypt(members: &str) -> Result<Document<'static>, Failure> {
    let answer = call("tokens/encrypt", &format!("{{{members}}}"), &SETTING)?;
    Ok(Document::from_vec(answer.into_bytes(), &Options::lossless()).unwrap())
}

fn decrypt(token: &str, jwk: &Jwk, members: &str) -> Result<Document<'static>, Failure> {
    let request = format!(
        r#"{{"token":{},"key":{{{}}}{members}}}"#,
        text(token),
        key(jwk)
    );
    let answer = call("tokens/decrypt", &request, &SETTING)?;
    Ok(Document::from_vec(answer.into_bytes(), &Options::lossless()).unwrap())
}

fn at<'d>(document: &'d Document<'_>, path: &str) -> Option<Value<'d>> {
    let mut value = document.root();
    for name in path.split('/') {
        value = match name.parse::<usize>() {
            Ok(index) => value.as_array()?.get(index)?,
            Err(_) => value.as_object()?.get(name)?,
        };
    }
    Some(value)
}

fn string<'d>(document: &'d Document<'_>, path: &str) -> Option<&'d str> {
    at(document, path)?.as_str()
}

fn token(document: &Document<'_>) -> String {
    let value = at(document, "token").unwrap();
    value.as_str().unwrap_or(value.source()).to_owned()
}

fn rsa() -> Jwk {
    encryption_jwk(KeyManagement::RSA_OAEP_256)
}

fn ec() -> Jwk {
    encryption_jwk(KeyManagement::ECDH_ES_A256KW)
}

/// A claims set, signed and then encrypted to this key.
fn nested(recipient: &Jwk, form: &str) -> String {
    let answer = encrypt(&format!(
        r#""plaintext":"{{\"sub\":\"joe\",\"aud\":\"api\"}}","sign":{{{}}},"form":"{form}","recipients":[{{{}}}]"#,
        key(&jwk(Algorithm::ES256)),
        key(&recipient.public().unwrap()),
    ));
    token(&answer.unwrap())
}

fn verify_with(algorithm: Algorithm) -> String {
    format!(
        r#","verify_key":{{{}}}"#,
        key(&jwk(algorithm).public().unwrap())
    )
}

#[test]
fn every_algorithm_there_and_back() {
    for algorithm in KeyManagement::ALL.iter().copied() {
        let jwk = encryption_jwk(algorithm);
        let iterations = if algorithm.name().starts_with("PBES2") {
            r#","iterations":1000"#
        } else {
            ""
        };
        for form in ["compact", "flattened", "general"] {
            let answer = encrypt(&format!(
                r#""plaintext":"hé","form":"{form}","recipients":[{{{}{iterations}}}]"#,
                key(&jwk)
            ))
            .unwrap();
            assert_eq!(string(&answer, "algorithms/0"), Some(algorithm.name()));
            let named = format!(r#","alg":["{algorithm}"]"#);
            let opened = decrypt(&token(&answer), &jwk, &named).unwrap();
            assert_eq!(
                string(&opened, "verdict"),
                Some("decrypted"),
                "{algorithm} {form}"
            );
            assert_eq!(string(&opened, "plaintext"), Some("hé"));
            assert_eq!(string(&opened, "algorithm"), Some(algorithm.name()));
        }
    }
}

#[test]
fn bytes_that_are_no_text_come_back_in_base64url() {
    let answer = encrypt(&format!(
        r#""payload_base64url":"_wD-","recipients":[{{{}}}]"#,
        key(&ec())
    ))
    .unwrap();
    let opened = decrypt(&token(&answer), &ec(), "").unwrap();
    assert_eq!(string(&opened, "plaintext_base64url"), Some("_wD-"));
    assert_eq!(string(&opened, "plaintext"), None);
}

#[test]
fn several_recipients_each_open_it() {
    let (first, second) = (rsa().with_key_id("a"), ec().with_key_id("b"));
    let answer = encrypt(&format!(
        r#""plaintext":"both","recipients":[{{{}}},{{{}}}]"#,
        key(&first),
        key(&second)
    ))
    .unwrap();
    assert_eq!(string(&answer, "form"), Some("general"));
    for jwk in [&first, &second] {
        let opened = decrypt(&token(&answer), jwk, "").unwrap();
        assert_eq!(string(&opened, "plaintext"), Some("both"));
        let recipient = |path: &str| string(&opened, &format!("inspection/encryption/{path}"));
        assert_eq!(recipient("recipients/0/kid"), Some("a"));
        assert_eq!(recipient("recipients/1/algorithm"), Some("ECDH-ES+A256KW"));
        assert_eq!(
            recipient("recipients/1/opens_with"),
            Some("the private key of its recipient on P-256, named `b`")
        );
    }
}

#[test]
fn the_token_inside_is_verified_in_every_form() {
    for form in ["compact", "flattened", "general"] {
        let token = nested(&rsa(), form);
        let opened = decrypt(&token, &rsa(), &verify_with(Algorithm::ES256)).unwrap();
        assert_eq!(string(&opened, "verdict"), Some("valid"), "{form}");
        assert_eq!(string(&opened, "claims/sub"), Some("joe"));
        let inner = string(&opened, "inspection/nested/0/algorithm");
        assert_eq!(inner, Some("ES256"));
        assert!(at(&opened, "checks/0").is_some());

        let policy = format!(
            r#"{},"policy":{{"audience":"other"}}"#,
            verify_with(Algorithm::ES256)
        );
        let refused = decrypt(&token, &rsa(), &policy).unwrap();
        assert_eq!(string(&refused, "verdict"), Some("invalid"));
        assert_eq!(string(&refused, "code"), Some("audience_mismatch"));
        assert_eq!(string(&refused, "claims/sub"), Some("joe"));

        let forged = decrypt(&token, &rsa(), &verify_with(Algorithm::ES384)).unwrap();
        assert_eq!(string(&forged, "verdict"), Some("invalid"), "{form}");
    }
}

#[test]
fn what_is_no_signed_token_never_passes_as_one() {
    let none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJqb2UifQ.";
    let refused = encrypt(&format!(
        r#""token":"{none}","recipients":[{{{}}}]"#,
        key(&rsa())
    ));
    assert!(refused.is_err());
    // Smuggled in as a payload with `cty`.
    let answer = encrypt(&format!(
        r#""plaintext":"{none}","header":"{{\"cty\":\"JWT\"}}","recipients":[{{{}}}]"#,
        key(&rsa())
    ))
    .unwrap();
    let opened = decrypt(&token(&answer), &rsa(), &verify_with(Algorithm::ES256)).unwrap();
    assert_eq!(string(&opened, "verdict"), Some("invalid"));
    assert_eq!(string(&opened, "code"), Some("algorithm_none"));
    // Claims that nobody signed.
    let answer = encrypt(&format!(
        r#""plaintext":"{{\"sub\":\"joe\"}}","recipients":[{{{}}}]"#,
        key(&rsa())
    ))
    .unwrap();
    let opened = decrypt(&token(&answer), &rsa(), &verify_with(Algorithm::ES256)).unwrap();
    assert_eq!(string(&opened, "verdict"), Some("invalid"));
}

#[test]
fn failures_are_one_unless_a_diagnosis_is_asked_for() {
    let token = nested(&ec(), "compact");
    let other = Jwk::parse(jwk(Algorithm::ES384).to_json().as_str().as_bytes()).unwrap();
    let cut = token.rsplit_once('.').unwrap().0;
    let altered = format!("{cut}.AAAAAAAAAAAAAAAAAAAAAA");
    let own = Jwk::from(ec().material().clone());
    for (token, key) in [
        (&altered, &own),
        (&token, &Jwk::from(other.material().clone())),
    ] {
        let opaque = decrypt(token, key, "").unwrap();
        assert_eq!(string(&opaque, "code"), Some("decryption_failed"));
        assert_eq!(
            string(&opaque, "message"),
            Some("the token does not decrypt")
        );
        assert!(at(&opaque, "doctor").is_none());
    }
    let told = decrypt(&altered, &own, r#","diagnose":true"#).unwrap();
    assert_eq!(string(&told, "doctor/cause/code"), Some("header_altered"));
}

#[test]
fn passwords_only_where_they_are_named() {
    let password = encryption_jwk(KeyManagement::PBES2_HS256_A128KW);
    let answer = encrypt(&format!(
        r#""plaintext":"x","recipients":[{{{},"iterations":2000}}]"#,
        key(&password)
    ))
    .unwrap();
    let token = token(&answer);
    let refused = decrypt(&token, &password, "").unwrap();
    assert_eq!(string(&refused, "code"), Some("algorithm_not_allowed"));
    assert!(
        string(&refused, "hint")
            .unwrap()
            .contains("PBES2-HS256+A128KW")
    );
    let named = r#","alg":["PBES2-HS256+A128KW"]"#;
    let opened = decrypt(&token, &password, named).unwrap();
    assert_eq!(string(&opened, "plaintext"), Some("x"));
    let bounded = format!(r#"{named},"max_iterations":1999"#);
    let refused = decrypt(&token, &password, &bounded).unwrap();
    assert_eq!(string(&refused, "code"), Some("iterations_refused"));
}

#[test]
fn what_is_broken_is_refused_by_name() {
    // {"alg":"RSA1_5","enc":"A128GCM"}
    let token =
        "eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4R0NNIn0.AA.AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA";
    let refused = decrypt(token, &Jwk::from(rsa().material().clone()), "").unwrap();
    assert_eq!(string(&refused, "code"), Some("algorithm_refused"));
    assert!(string(&refused, "message").unwrap().contains("RSA1_5"));
    let failure = encrypt(&format!(
        r#""plaintext":"x","recipients":[{{{},"alg":"RSA1_5"}}]"#,
        key(&rsa())
    ));
    assert_eq!(failure.unwrap_err().code(), "algorithm_refused");
}

#[test]
fn contradictions_are_failures() {
    let rsa = key(&rsa());
    let oct = key(&encryption_jwk(KeyManagement::Dir));
    let bare = key(&Jwk::from(
        encryption_jwk(KeyManagement::A128KW).material().clone(),
    ));
    let signing = key(&jwk(Algorithm::Ed25519));
    let requests = [
        r#""plaintext":"x","recipients":[]"#.to_owned(),
        format!(r#""recipients":[{{{rsa}}}]"#),
        format!(r#""plaintext":"x","token":"y","recipients":[{{{rsa}}}]"#),
        format!(r#""plaintext":"x","recipients":[{{{rsa}}},{{{rsa}}}],"form":"compact""#),
        format!(r#""plaintext":"x","recipients":[{{{oct}}},{{{rsa}}}]"#),
        format!(r#""plaintext":"x","recipients":[{{{oct}}}],"enc":"A128GCM""#),
        format!(r#""plaintext":"x","recipients":[{{{rsa},"iterations":5000}}]"#),
        format!(r#""plaintext":"x","recipients":[{{{rsa}}}],"enc":"A1GCM""#),
        format!(r#""plaintext":"x","recipients":[{{{rsa}}}],"aad":"y","form":"compact""#),
        format!(r#""plaintext":"x","recipients":[{{{rsa}}}],"header":"{{\"zip\":\"DEF\"}}""#),
        format!(r#""plaintext":"x","recipients":[{{{rsa}}}],"header":"[]""#),
        format!(r#""plaintext":"x","recipients":[{{{bare}}}]"#),
        format!(r#""plaintext":"x","recipients":[{{{signing}}}]"#),
        format!(r#""plaintext":"x","recipients":[{{{rsa},"unknown":1}}]"#),
        format!(r#""plaintext":"x","recipients":[{{{rsa}}}],"unknown":1"#),
        format!(r#""plaintext":"x","sign":{{{rsa},"unknown":1}},"recipients":[{{{rsa}}}]"#),
    ];
    for request in requests {
        assert!(encrypt(&request).is_err(), "{request}");
    }
    let token = nested(&ec(), "compact");
    assert!(decrypt(&token, &ec(), r#","policy":"access-token""#).is_err());
    assert!(decrypt(&token, &ec(), r#","alg":["A1KW"]"#).is_err());
}
