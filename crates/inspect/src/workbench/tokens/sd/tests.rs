use jeton_jose::Algorithm;
use jeton_jose::backend::RustCrypto;
use jeton_jose::json::{Document, Options, write_string};
use jeton_testkit::{NOW, jwk};

use crate::workbench::{Failure, Setting, call};

const CLAIMS: &str = r#"{"iss":"https://a.example","email":"ada@example.org","address":{"street":"Dorset","city":"London"},"office":{"city":"Paris"},"roles":["r","w"]}"#;

fn setting() -> Setting<'static> {
    Setting {
        backend: &RustCrypto,
        now: NOW,
    }
}

fn text(text: &str) -> String {
    let mut out = String::new();
    write_string(&mut out, text);
    out
}

fn key(algorithm: Algorithm) -> String {
    format!(r#"{{"text":{}}}"#, text(jwk(algorithm).to_json().as_str()))
}

/// A request whose key names this algorithm.
fn with_algorithm(name: &str) -> Result<String, Failure> {
    let key = key(Algorithm::Ed25519).replacen('{', &format!(r#"{{"alg":"{name}","#), 1);
    ask("issue", &format!(r#"{{"claims":"{{}}","key":{key}}}"#))
}

/// The string at these names in an answer.
fn at(answer: &str, path: &[&str]) -> String {
    let document = Document::parse(answer.as_bytes(), &Options::strict()).unwrap();
    let mut value = document.root();
    for name in path {
        value = match value.as_array() {
            Some(array) => array.get(name.parse().unwrap()).unwrap(),
            None => value.as_object().unwrap().get(name).unwrap(),
        };
    }
    value
        .as_str()
        .map_or_else(|| value.source().to_owned(), str::to_owned)
}

fn ask(operation: &str, request: &str) -> Result<String, Failure> {
    call(&format!("tokens/sd-{operation}"), request, &setting())
}

fn issue(more: &str) -> Result<String, Failure> {
    let request = format!(
        r#"{{"claims":{},"key":{}{more}}}"#,
        text(CLAIMS),
        key(Algorithm::Ed25519)
    );
    ask("issue", &request)
}

fn issued() -> String {
    let holder = key(Algorithm::ES256);
    let more = format!(
        r#","disclosable":["email","/address","/address/street","/address/city","/office/city","/roles/1"],"decoys":[{{"count":2}},{{"at":"roles","count":1}}],"hash":"sha-384","typ":"example+sd-jwt","holder":{holder}"#
    );
    at(&issue(&more).unwrap(), &["token"])
}

fn present(token: &str, more: &str) -> Result<String, Failure> {
    ask("present", &format!(r#"{{"token":{}{more}}}"#, text(token)))
}

fn verify(token: &str, more: &str) -> Result<String, Failure> {
    let key = key(Algorithm::Ed25519);
    ask(
        "verify",
        &format!(r#"{{"token":{},"key":{key}{more}}}"#, text(token)),
    )
}

fn proof(nonce: &str) -> String {
    let holder = key(Algorithm::ES256);
    format!(r#","key":{holder},"aud":"https://v.example","nonce":"{nonce}""#)
}

const BINDING: &str = r#","key_binding":{"aud":"https://v.example","nonce":"n"}"#;

#[test]
fn from_issue_to_verdict() {
    let issued = issued();
    let presented = present(
        &issued,
        &format!(r#","disclose":["email","street"]{}"#, proof("n")),
    )
    .unwrap();
    assert_eq!(
        at(&presented, &["disclosed"]),
        r#"["/email","/address/street","/address"]"#
    );
    assert_eq!(
        at(&presented, &["withheld"]),
        r#"["/address/city","/office/city","/roles/1"]"#
    );
    assert_eq!(at(&presented, &["warnings"]), "[]");
    let token = at(&presented, &["token"]);
    let verdict = verify(
        &token,
        &format!(r#","policy":{{"issuer":["https://a.example"]}}{BINDING}"#),
    );
    let verdict = verdict.unwrap();
    assert_eq!(at(&verdict, &["verdict"]), "valid", "{verdict}");
    assert_eq!(at(&verdict, &["key_binding"]), "verified");
    assert_eq!(
        at(&verdict, &["claims", "address"]),
        r#"{"street":"Dorset"}"#
    );
    assert_eq!(at(&verdict, &["claims", "roles"]), r#"["r"]"#);
    // Three of claims kept back, three decoys.
    assert_eq!(at(&verdict, &["undisclosed"]), "6");
    assert_eq!(at(&verdict, &["key", "algorithm"]), "Ed25519");
}

#[test]
fn every_refusal_has_its_code_and_shows_the_claims() {
    let issued = issued();
    let token = at(&present(&issued, &proof("n")).unwrap(), &["token"]);
    let other = at(&present(&issued, r#","all":true"#).unwrap(), &["token"]);
    let moved = format!("{other}{}", token.rsplit('~').next().unwrap());
    let cases = [
        (
            token.clone(),
            r#","key_binding":{"aud":"https://v.example","nonce":"m"}"#,
            "nonce_mismatch",
        ),
        (
            token.clone(),
            r#","key_binding":{"aud":"https://w.example","nonce":"n"}"#,
            "audience_mismatch",
        ),
        (
            token.clone(),
            r#","at":"+6m","key_binding":{"aud":"https://v.example","nonce":"n"}"#,
            "token_too_old",
        ),
        (moved, BINDING, "key_binding_mismatch"),
        (other.clone(), BINDING, "key_binding_missing"),
        (
            other,
            r#","policy":"issuer = [\"https://b.example\"]""#,
            "issuer_mismatch",
        ),
        (
            token.clone(),
            r#","policy":"access-token""#,
            "type_mismatch",
        ),
        (
            issued.split('~').next().unwrap().to_owned(),
            "",
            "token_format",
        ),
    ];
    for (token, more, code) in cases {
        let verdict = verify(&token, more).unwrap();
        assert_eq!(at(&verdict, &["code"]), code, "{verdict}");
        assert_eq!(at(&verdict, &["verdict"]), "invalid");
        assert!(!at(&verdict, &["hint"]).is_empty());
    }
    let verdict = verify(&token, r#","at":"2026-01-01T00:04:00Z""#).unwrap();
    assert_eq!(at(&verdict, &["verdict"]), "valid");
    assert_eq!(at(&verdict, &["key_binding"]), "not_checked");
    assert!(at(&verdict, &["hint"]).contains("key binding"));
    let mut payload: Vec<_> = token.split('.').collect();
    let changed = payload[1].replacen('e', "f", 1);
    payload[1] = &changed;
    assert_ne!(
        at(&verify(&payload.join("."), "").unwrap(), &["code"]),
        "null"
    );
}

#[test]
fn requests_that_cannot_be_are_told_what_to_write() {
    let issued = issued();
    let with = |disclose: &str| present(&issued, &format!(r#","disclose":["{disclose}"]"#));
    let wrong_holder = proof("n").replace(&key(Algorithm::ES256), &key(Algorithm::ES384));
    let unbound = at(&issue("").unwrap(), &["token"]);
    let cases = [
        (with("city"), "names several"),
        (with("sub"), "nothing to disclose"),
        (with("/roles/7"), "nothing to disclose"),
        (present(&issued, r#","aud":"a""#), "together"),
        (present(&issued, &wrong_holder), "not the one in `cnf`"),
        (present(&unbound, &proof("n")), "names no key"),
        (present("a.b.c", ""), "cannot be presented"),
        (issue(r#","disclosable":["exp2"]"#), "nothing there"),
        (issue(r#","disclosable":["/roles/01"]"#), "nothing there"),
        (issue(r#","disclosable":["iss"]"#), "must stay visible"),
        (issue(r#","disclosable":[""]"#), "nothing there"),
        (issue(r#","hash":"sha-1""#), "no hash"),
        (with_algorithm("ES999"), "no such signature algorithm"),
        (with_algorithm("ES256"), "cannot be used"),
        (issue(r#","decoys":[{"count":1001}]"#), "decoys"),
        (
            issue(r#","decoys":[{"at":"/x","count":1}]"#),
            "nothing there",
        ),
        (
            issue(&format!(r#","holder":{}"#, key(Algorithm::HS256))),
            "shared secret",
        ),
        (issue(r#","claim":1"#), "can't be read"),
        (verify(&issued, r#","at":"soon""#), "can't be read"),
        (verify(&issued, r#","leeway":"five""#), "can't be read"),
        (
            verify(&issued, r#","policy":"nonsense = 1""#),
            "policy is wrong",
        ),
    ];
    for (number, (answer, says)) in cases.into_iter().enumerate() {
        let failure = answer.expect_err(&format!("case {number}: {says}"));
        assert!(failure.message().contains(says), "{failure:?}");
    }
}

#[test]
fn salts_are_fresh() {
    let (one, two) = (issued(), issued());
    assert_ne!(one.split('~').nth(1), two.split('~').nth(1));
}
