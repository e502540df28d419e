use jeton_jose::alg::Algorithm;
use jeton_jose::backend::RustCrypto;
use jeton_jose::json::{self, Document, Options};
use jeton_jose::jws::{HeaderBuilder, compact};
use jeton_jose::key::{KeyMaterial, SigningKey, VerifyingKey};
use jeton_jose::{AlgorithmSet, Jwk, Policy, Secret, jwt};
use jeton_testkit::NOW;
use proptest::prelude::*;

use crate::workbench::{Setting, call};

const SECRET: &str = "a secret of thirty-two characters";

fn ask(name: &str, request: &str) -> String {
    let setting = Setting {
        backend: &RustCrypto,
        now: NOW,
    };
    match call(name, request, &setting) {
        Ok(answer) => answer,
        Err(failure) => format!("{}: {}", failure.code(), failure.message()),
    }
}

fn signed(claims: &str) -> String {
    let jwk = Jwk::from(KeyMaterial::Oct(Secret::new(SECRET.into())));
    let key = SigningKey::new(&jwk, Algorithm::HS256, &RustCrypto).unwrap();
    compact::sign(&key, &HeaderBuilder::new(), claims.as_bytes()).unwrap()
}

/// A member of an answer, as JSON text; what a token repeats, its answer repeats.
fn member(answer: &str, path: &[&str]) -> String {
    let document = Document::parse(answer.as_bytes(), &Options::lossless()).expect(answer);
    let mut value = Some(document.root());
    for name in path {
        value = value.and_then(|value| match name.parse() {
            Ok(index) => value.as_array()?.get(index),
            Err(_) => value.as_object()?.get(name),
        });
    }
    value.map_or_else(|| "absent".to_owned(), json::compact)
}

fn request(token: &str, rest: &str) -> String {
    format!(r#"{{"token":"{token}"{rest}}}"#)
}

#[test]
fn a_token_is_inspected() {
    let answer = ask(
        "tokens/inspect",
        &format!(
            r#"{{"text":"Bearer {}","at":0,"leeway":"30s"}}"#,
            signed(r#"{"exp":60}"#)
        ),
    );
    assert_eq!(member(&answer, &["verdict"]), r#""unverified""#);
    assert_eq!(member(&answer, &["claims", "exp"]), "60");
    let leeway = [
        "tokens",
        "0",
        "validity",
        "with_leeway",
        "accepted_until",
        "seconds",
    ];
    assert_eq!(member(&answer, &leeway), "90");
}

#[test]
fn a_token_is_verified() {
    let token = signed(r#"{"exp":60,"iss":"a"}"#);
    let key = format!(r#","key":{{"secret":"{SECRET}"}}"#);
    let verdict = |rest: &str| {
        let answer = ask("tokens/verify", &request(&token, &format!("{key}{rest}")));
        (member(&answer, &["verdict"]), member(&answer, &["code"]))
    };
    let yes = (r#""valid""#.to_owned(), "null".to_owned());
    assert_eq!(verdict(r#","at":"1970-01-01T00:00:59Z""#), yes);
    assert_eq!(verdict(r#","at":60,"leeway":1"#), yes);
    assert_eq!(verdict(r#","at":60"#).1, r#""token_expired""#);
    assert_eq!(
        verdict(r#","at":0,"policy":{"issuer":"b"}"#).1,
        r#""issuer_mismatch""#
    );
    assert_eq!(verdict(r#","at":0,"policy":"issuer = \"a\"""#), yes);
    assert_eq!(verdict(r#","at":0,"policy":"id-token""#).0, r#""invalid""#);
}

#[test]
fn a_fix_is_shown_where_it_is_asked_for_only() {
    let token = signed("{}");
    let rest = format!(r#","key":{{"secret":"{SECRET}\n"}}"#);
    let answer = ask("tokens/verify", &request(&token, &rest));
    assert_eq!(
        member(&answer, &["doctor", "cause"]),
        r#""secret_line_break""#
    );
    assert_eq!(member(&answer, &["doctor", "fixed"]), "absent");
    assert!(!answer.contains(SECRET));
    let answer = ask(
        "tokens/verify",
        &request(&token, &format!(r#"{rest},"with_fix":true"#)),
    );
    assert_eq!(member(&answer, &["doctor", "fixed", "kind"]), r#""secret""#);
    assert_eq!(
        member(&answer, &["doctor", "fixed", "value"]),
        format!("\"{SECRET}\"")
    );
    assert_eq!(member(&answer, &["verdict"]), r#""invalid""#);
}

#[test]
fn the_doctor_stays_away_where_it_is_not_wanted() {
    let rest = format!(r#","key":{{"secret":"{SECRET}\n"}},"doctor":false"#);
    let answer = ask("tokens/verify", &request(&signed("{}"), &rest));
    assert_eq!(member(&answer, &["code"]), r#""signature_mismatch""#);
    assert_eq!(member(&answer, &["doctor"]), "absent");
}

#[test]
fn a_request_that_contradicts_itself_is_refused() {
    let key = format!(r#","key":{{"secret":"{SECRET}"}}"#);
    for rest in [
        r#","payload":"a""#,
        r#","all_signatures":true"#,
        r#","payload":"a","payload_base64url":"YQ","signature_only":true"#,
        r#","policy":"id-token","signature_only":true"#,
        r#","sort":"of""#,
        r#","at":"soon""#,
    ] {
        let answer = ask("tokens/verify", &request("a.b.c", &format!("{key}{rest}")));
        assert!(answer.starts_with("usage: "), "{rest}: {answer}");
    }
}

#[test]
fn what_is_given_beside_has_to_belong() {
    let token = signed(r#"{"nonce":"n","cnf":{"jkt":"x"}}"#);
    let key = format!(r#","key":{{"secret":"{SECRET}"}}"#);
    let answer = |beside: &str| {
        let rest = format!(r#"{key},"beside":{beside}"#);
        ask("tokens/verify", &request(&token, &rest))
    };
    let matched = answer(r#"{"nonce":"n\n"}"#);
    assert_eq!(member(&matched, &["verdict"]), r#""valid""#);
    assert_eq!(
        member(&matched, &["cross_checks", "3", "answer"]),
        r#""match""#
    );
    let other = answer(r#"{"nonce":"m"}"#);
    assert_eq!(member(&other, &["verdict"]), r#""invalid""#);
    assert_eq!(member(&other, &["code"]), r#""nonce_mismatch""#);
    assert_eq!(member(&other, &["provenance"]), r#""invalid""#);
    // What nobody asked for decides nothing.
    assert_eq!(member(&answer("{}"), &["verdict"]), r#""valid""#);
    // An invalid token keeps its own code.
    let rest = format!(r#"{key},"policy":{{"issuer":"a"}},"beside":{{"nonce":"m"}}"#);
    let refused = ask("tokens/verify", &request(&token, &rest));
    assert_eq!(member(&refused, &["code"]), r#""issuer_mismatch""#);
    assert!(answer(r#"{"certificate":"AAAA"}"#).starts_with("content: "));
    assert!(answer(r#"{"nonce":""}"#).starts_with("content: "));
}

#[test]
fn a_damaged_key_is_for_the_doctor() {
    let pem = jeton_jose::key::write(
        &jeton_testkit::jwk(Algorithm::ES256).public().unwrap(),
        jeton_jose::key::KeyForm::Pem(jeton_jose::key::Structure::Spki),
    );
    let pem = String::from_utf8(pem.unwrap().expose().to_vec()).unwrap();
    let key = jeton_testkit::any_signing_key(Algorithm::ES256);
    let token = compact::sign(&key, &HeaderBuilder::new(), b"{}").unwrap();
    let with = |key: &str| {
        let rest = format!(r#","key":{{"text":"{key}"}},"with_fix":true"#);
        ask("tokens/verify", &request(&token, &rest))
    };
    assert_eq!(
        member(&with(&pem.replace('\n', "\\n")), &["verdict"]),
        r#""valid""#
    );
    let answer = with(&pem.replace('\n', "\\\\n"));
    assert_eq!(member(&answer, &["verdict"]), r#""invalid""#);
    assert_eq!(
        member(&answer, &["doctor", "cause"]),
        r#""key_text_escaped""#
    );
    assert_eq!(
        member(&answer, &["doctor", "fixed", "value", "kty"]),
        r#""EC""#
    );
    assert!(with("no key at all").starts_with("key_format: "));
}

#[test]
fn without_a_key_all_that_can_be_checked_is() {
    let answer = ask("tokens/verify", &request(&signed("{}"), ""));
    assert_eq!(member(&answer, &["verdict"]), r#""unverified""#);
    assert_eq!(member(&answer, &["provenance"]), r#""not verified""#);
    assert_eq!(member(&answer, &["checks", "0", "outcome"]), r#""passed""#);
    assert_eq!(
        member(&answer, &["checks", "6", "outcome"]),
        r#""not_checked""#
    );
    let answer = ask("tokens/verify", &request("eyJhbGciOiJub25lIn0.e30.", ""));
    assert_eq!(member(&answer, &["code"]), r#""algorithm_none""#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// One verdict, whoever is asked.
    #[test]
    fn the_verdict_is_the_cores(
        claims in prop::sample::select(vec![
            r#"{"exp":1767225601}"#, r#"{"exp":1767225600}"#, r#"{"exp":"soon"}"#, r#"{"iss":"a"}"#,
            r#"{"iss":"b","exp":1}"#, "[]", "{", r#"{"a":1,"a":2}"#,
        ]),
        issuer in any::<bool>(),
        broken in prop::option::of(0usize..200),
    ) {
        let mut token = signed(claims);
        if let Some(at) = broken {
            let at = at % token.len();
            token.replace_range(at..=at, "e");
        }
        let policy = if issuer { r#","policy":{"issuer":"a"}"# } else { "" };
        let rest = format!(r#","key":{{"secret":"{SECRET}"}}{policy}"#);
        let answer = ask("tokens/verify", &request(&token, &rest));
        let key = Jwk::from(KeyMaterial::Oct(Secret::new(SECRET.into())));
        let key = VerifyingKey::new(&key, Algorithm::HS256, &RustCrypto).unwrap();
        let mut policy = Policy::new(Algorithm::ALL.iter().copied().collect::<AlgorithmSet>());
        if issuer {
            policy = policy.issuer("a");
        }
        let core = jwt::verify(&token, &key.into(), &policy, NOW);
        let code = core.as_ref().err().map_or("null".to_owned(), |error| format!("\"{}\"", error.code()));
        prop_assert_eq!(member(&answer, &["code"]), code);
        let verdict = if core.is_ok() { r#""valid""# } else { r#""invalid""# };
        prop_assert_eq!(member(&answer, &["verdict"]), verdict);
    }
}
