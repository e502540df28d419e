use jeton_jose::{base64url, jwt};
use jeton_testkit::BACKEND;
use jeton_testkit::NOW;

use super::*;
use crate::workbench::call;

fn ask(request: &str) -> Result<String, Failure> {
    let setting = Setting {
        backend: BACKEND,
        now: NOW,
    };
    call("tokens/sign", request, &setting)
}

/// A request with the test key of `algorithm` and the rest of its members.
fn request(algorithm: Algorithm, rest: &str) -> String {
    let key = json::to_string(jeton_testkit::jwk(algorithm).to_json().as_str()).unwrap();
    format!(r#"{{"keys":[{{"text":{key}}}],{rest}}}"#)
}

fn signer(algorithm: Algorithm) -> Signer {
    let jwk = jeton_testkit::jwk(algorithm);
    Signer::new(&jwk, Some(algorithm), false, BACKEND).unwrap()
}

fn signed(header: &str, payload: &str, exact: bool) -> Result<Signed, Failure> {
    let content = Content {
        payload: payload.as_bytes(),
        header,
        form: Form::Compact,
        detached: false,
        unencoded: false,
        exact,
    };
    sign(&[signer(Algorithm::ES256)], &content, NOW)
}

fn header_of(token: &str) -> String {
    let header = token.split('.').next().unwrap();
    String::from_utf8(base64url::decode(header).unwrap()).unwrap()
}

#[test]
fn the_header_keeps_its_order_and_gets_what_is_missing() {
    for (given, complete) in [
        ("{}", r#"{"alg":"ES256","kid":"es256"}"#),
        (
            r#"{"typ":"JWT"}"#,
            r#"{"alg":"ES256","typ":"JWT","kid":"es256"}"#,
        ),
        (
            r#"{ "x": [1.50, {"b":2,"a":1}], "alg": "ES256" }"#,
            r#"{"x":[1.50,{"b":2,"a":1}],"alg":"ES256","kid":"es256"}"#,
        ),
        (r#"{"kid":"own"}"#, r#"{"alg":"ES256","kid":"own"}"#),
    ] {
        let signed = signed(given, "{}", false).unwrap();
        assert_eq!(header_of(&signed.text), complete);
    }
}

#[test]
fn a_header_that_contradicts_is_refused_unless_it_is_meant() {
    for header in [
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"none"}"#,
        r#"{"b64":false}"#,
        r#"{"a":1,"a":2}"#,
        "[]",
        "",
    ] {
        assert!(signed(header, "{}", false).is_err(), "{header}");
        let exact = signed(header, "{}", true).unwrap();
        assert_eq!(header_of(&exact.text), header);
        assert!(!exact.warnings.is_empty(), "{header}");
    }
    let exact = signed("{\n  \"alg\": \"ES256\" }", "{}", true).unwrap();
    assert_eq!(exact.warnings, []);
}

#[test]
fn what_a_verifier_refuses_is_said() {
    let codes = |payload: &str| -> Vec<&str> {
        let signed = signed("{}", payload, false).unwrap();
        signed.warnings.iter().map(|warning| warning.code).collect()
    };
    assert_eq!(codes(r#"{"sub":"joe","exp":1767225700}"#), [""; 0]);
    assert_eq!(codes(r#"{"exp":1767225600}"#), ["token_expired"]);
    assert_eq!(codes(r#"{"exp":"tomorrow"}"#), ["claim_type"]);
    assert_eq!(codes(r#"{"a":1,"a":2}"#).len(), 1);
    assert_eq!(codes("{"), ["json_invalid"]);
    assert_eq!(codes("any text"), [""; 0]);
}

#[test]
fn the_key_may_be_chosen_by_the_header() {
    let secret = r#"{"keys":[{"secret":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}],"payload":"{}"#;
    let failure = ask(&format!("{secret}\"}}")).unwrap_err();
    assert_eq!(failure.code(), "algorithm_ambiguous");
    let chosen = ask(&format!(r#"{secret}","header":"{{\"alg\":\"HS512\"}}"}}"#));
    assert!(chosen.unwrap().contains(r#""alg":"HS512""#));
    let named = secret.replace("\"}]", "\",\"alg\":\"HS384\"}]");
    assert!(
        ask(&format!("{named}\"}}"))
            .unwrap()
            .contains(r#""alg":"HS384""#)
    );
}

#[test]
fn a_weak_key_signs_only_when_asked() {
    let weak = r#"{"keys":[{"secret":"secret","alg":"HS256"}],"payload":"{}""#;
    assert_eq!(ask(&format!("{weak}}}")).unwrap_err().code(), "key_weak");
    let signed = ask(&format!(r#"{weak},"allow_weak":true}}"#)).unwrap();
    assert!(signed.contains(r#""code":"key_weak""#), "{signed}");
}

#[test]
fn every_form_is_written() {
    let plain = r#""payload":"{\"sub\":\"joe\"}""#;
    let token = |rest: &str| ask(&request(Algorithm::ES256, &format!("{plain},{rest}")));
    assert!(
        token(r#""form":"compact""#)
            .unwrap()
            .starts_with(r#"{"token":"ey"#)
    );
    let flattened = token(r#""form":"flattened""#).unwrap();
    assert!(
        flattened.starts_with(r#"{"token":{"payload":"#),
        "{flattened}"
    );
    assert!(token(r#""form":"general""#).unwrap().contains("signatures"));
    let detached = token(r#""detached":true"#).unwrap();
    assert!(detached.contains("..") && detached.contains(r#""payload":"{\"sub"#));
    assert!(token(r#""form":"general","detached":true"#).is_err());
    let unencoded = token(r#""b64":false"#).unwrap();
    assert!(unencoded.contains(r#".{\"sub\":\"joe\"}."#), "{unencoded}");
    assert!(ask(r#"{"keys":[],"payload":""}"#).is_err());
    let public = r#"{"keys":[{"secret":"a"},{"secret":"b"}],"payload":"","allow_weak":true}"#;
    assert!(ask(public).is_err());
}

#[test]
fn what_is_signed_verifies_under_every_algorithm() {
    for algorithm in Algorithm::ALL {
        let content = Content {
            payload: br#"{"sub":"joe"}"#,
            header: "{}",
            form: Form::Compact,
            detached: false,
            unencoded: false,
            exact: false,
        };
        let signed = sign(&[signer(*algorithm)], &content, NOW).unwrap();
        let keys = jeton_testkit::verifying_key(*algorithm, BACKEND);
        let verified = jwt::verify(&signed.text, &keys, &Policy::new(*algorithm), NOW);
        assert!(verified.is_ok(), "{algorithm}");
        assert_eq!(signed.warnings, [], "{algorithm}");
    }
}
