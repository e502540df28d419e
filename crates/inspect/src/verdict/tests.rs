mod forms;

use core::time::Duration;

use jeton_jose::alg::Algorithm;
use jeton_jose::jwt::Builder;
use jeton_jose::jwt::policy::{Condition, Rule, Scalar};
use jeton_testkit::{NOW, any_signing_key, backends, verifying_key};
use proptest::prelude::*;

use super::*;

fn token(builder: &Builder) -> String {
    builder.sign(&any_signing_key(Algorithm::HS256)).unwrap()
}

fn keys() -> VerifyingKeySet {
    verifying_key(Algorithm::HS256, backends()[0])
}

fn policy() -> Policy {
    Policy::new(Algorithm::HS256)
        .issuer("https://issuer.example")
        .audience("api")
        .audience("other")
        .max_age(Duration::from_mins(10))
        .require("jti")
        .rule(Rule::new(
            ["scope"],
            Condition::Contains(vec![Scalar::String("read".into())]),
        ))
}

fn good() -> Builder {
    Builder::new()
        .issuer("https://issuer.example")
        .subject("joe")
        .audiences(&["api"])
        .jwt_id("1")
        .lifetime(NOW, Duration::from_mins(1))
        .claim("scope", "read write")
        .unwrap()
}

fn check<'j>(judgement: &'j Judgement, rule: &str) -> &'j Check {
    judgement
        .checks
        .iter()
        .find(|check| check.rule == rule)
        .unwrap_or_else(|| panic!("no check {rule}: {judgement:?}"))
}

fn judged(token: &str, keys: Keys<'_>, policy: &Policy) -> Judgement {
    judge(
        &Sent::read(token.to_owned()),
        keys,
        policy,
        &Scope::Claims,
        NOW,
    )
}

/// What the module promises of any judgement over trusted keys.
fn agrees(token: &str, keys: &VerifyingKeySet, policy: &Policy) -> Judgement {
    let judgement = judged(token, Keys::Given(keys), policy);
    let core = jwt::verify(token, keys, policy, NOW);
    let failed = |check: &&Check| check.outcome == Outcome::Failed;
    let proven: Vec<Code> = judgement
        .checks
        .iter()
        .filter(|check| check.proven)
        .filter(failed)
        .filter_map(|check| check.code)
        .collect();
    match &core {
        Ok(_) => {
            assert_eq!(judgement.verdict, Verdict::Valid);
            assert_eq!(judgement.checks.iter().find(failed).map(|c| c.rule), None);
            let all_passed = |check: &Check| check.outcome == Outcome::Passed && check.proven;
            assert!(judgement.checks.iter().all(all_passed));
        }
        Err(error) => {
            assert_eq!(judgement.verdict, Verdict::Invalid);
            assert_eq!(proven, error.codes());
            assert_eq!(judgement.code, Some(error.code()));
            assert_eq!(judgement.message, error.to_string());
        }
    }
    judgement
}

#[test]
fn a_good_token_passes_every_check_and_says_under_what() {
    let judgement = agrees(&token(&good()), &keys(), &policy());
    assert_eq!(judgement.provenance, "verified under a key you gave");
    assert_eq!(judgement.verified[0].key.algorithm(), Algorithm::HS256);
    assert_eq!(check(&judgement, "aud").wanted, r#"one of "api", "other""#);
    let text = jeton_jose::json::to_string(&judgement).unwrap();
    assert!(text.contains(r#""rule":"aud","wanted":"one of \"api\", \"other\"","seen":"api","outcome":"passed","proven":true"#), "{text}");
    let pinned = judged(&token(&good()), Keys::PinnedIssuer(&keys()), &policy());
    assert_eq!(pinned.verdict, Verdict::Valid);
    assert_eq!(
        pinned.provenance,
        "verified under a key of the pinned issuer"
    );
}

#[test]
fn every_failing_rule_is_listed_with_wanted_and_seen() {
    let bad = good()
        .issuer("https://issuer.example/")
        .audiences(&["mine", "yours"])
        .expires_at(UnixTime::from_seconds(NOW.seconds() - 1))
        .claim("scope", "write")
        .unwrap();
    let judgement = agrees(&token(&bad), &keys(), &policy());
    for (rule, seen) in [
        ("iss", r#""https://issuer.example/""#),
        ("aud", r#"["mine","yours"]"#),
        ("exp", "1767225599"),
        ("claim", r#""write""#),
    ] {
        let check = check(&judgement, rule);
        assert_eq!(check.outcome, Outcome::Failed, "{rule}");
        match &check.seen {
            Some(Seen::Json(json)) => assert_eq!(json.text(), seen),
            other => panic!("{rule}: {other:?}"),
        }
    }
    assert_eq!(
        check(&judgement, "exp").wanted,
        "later than 1767225600 (2026-01-01T00:00:00Z)"
    );
    assert_eq!(check(&judgement, "required").outcome, Outcome::Passed);
}

#[test]
fn claims_under_a_bad_signature_are_shown_but_not_proven() {
    let bad = token(&good().expires_at(UnixTime::from_seconds(1)));
    let altered = format!("{}AAAA", &bad[..bad.len() - 4]);
    let judgement = agrees(&altered, &keys(), &policy());
    assert_eq!(judgement.code, Some(Code::SignatureMismatch));
    let exp = check(&judgement, "exp");
    assert_eq!((exp.outcome, exp.proven), (Outcome::Failed, false));
}

#[test]
fn a_key_of_the_tokens_own_proves_nothing() {
    let judgement = judged(&token(&good()), Keys::Token(&keys()), &policy());
    assert_eq!(judgement.verdict, Verdict::Unverified);
    assert!(judgement.provenance.contains("proves nothing"));
    assert_eq!(check(&judgement, "signature").outcome, Outcome::Passed);
}

#[test]
fn without_a_key_nothing_is_verified_but_what_is_broken_is_invalid() {
    let decode = |token: &str, policy: &Policy| judged(token, Keys::Nothing, policy);
    for policy in [policy(), Policy::default()] {
        let judgement = decode(&token(&good()), &policy);
        assert_eq!(judgement.verdict, Verdict::Unverified);
        assert_eq!(
            (judgement.provenance, judgement.code),
            ("not verified", None)
        );
        assert_eq!(check(&judgement, "signature").outcome, Outcome::NotChecked);
        assert!(!check(&judgement, "claims").proven);
    }
    for (broken, code) in [
        ("e30.e30", Code::TokenFormat),
        ("eyJhbGciOiJub25lIn0.e30.", Code::AlgorithmNone),
    ] {
        let judgement = decode(broken, &Policy::default());
        assert_eq!(judgement.verdict, Verdict::Invalid, "{broken}");
        assert_eq!(judgement.code, Some(code));
    }
}

#[test]
fn each_stage_stops_where_the_core_does() {
    let policy = Policy::new([Algorithm::HS256, Algorithm::ES256]);
    let b64 = |text: &str| jeton_jose::base64url::encode(text.as_bytes());
    for (header, payload, signature, stage) in [
        (r#"{"alg":"HS256","alg":"HS256"}"#, "{}", "AAAA", "form"),
        (
            r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#,
            "x",
            "AAAA",
            "payload_encoding",
        ),
        (
            r#"{"alg":"HS256","crit":["x"],"x":1}"#,
            "{}",
            "AAAA",
            "crit",
        ),
        (r#"{"alg":"HS256","crit":[]}"#, "{}", "AAAA", "crit"),
        (r#"{"typ":"JWT"}"#, "{}", "AAAA", "algorithm"),
        (r#"{"alg":"none"}"#, "{}", "", "algorithm"),
        (r#"{"alg":"HS512"}"#, "{}", "AAAA", "algorithm"),
        (r#"{"alg":"HS256"}"#, "{}", "", "signature_present"),
        (r#"{"alg":"ES256"}"#, "{}", "AAAA", "key"),
        (r#"{"alg":"HS256"}"#, "{}", "AAAA", "signature"),
    ] {
        let payload = if header.contains("b64") {
            payload.to_owned()
        } else {
            b64(payload)
        };
        let token = format!("{}.{payload}.{signature}", b64(header));
        let judgement = agrees(&token, &keys(), &policy);
        assert_eq!(
            check(&judgement, stage).outcome,
            Outcome::Failed,
            "{header}"
        );
    }
}

fn claim() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "scope",
    ]);
    let value = prop::sample::select(vec![
        r#""https://issuer.example""#,
        r#""api""#,
        r#"["api"]"#,
        "[]",
        "1767225600",
        "1767225599",
        "1767225661",
        "1e400",
        "-1",
        "null",
        r#""read""#,
        r#"["read"]"#,
        "{}",
    ]);
    (name, value).prop_map(|(name, value)| format!("\"{name}\":{value}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_checks_and_the_core_agree(
        claims in prop::collection::vec(claim(), 0..8),
        broken in prop::option::of(0usize..60),
    ) {
        let payload = format!("{{{}}}", claims.join(","));
        let key = any_signing_key(Algorithm::HS256);
        let header = jws::HeaderBuilder::new().typ("JWT");
        let mut token = jws::compact::sign(&key, &header, payload.as_bytes()).unwrap();
        if let Some(at) = broken {
            let at = at % token.len();
            token.replace_range(at..=at, "A");
        }
        agrees(&token, &keys(), &policy().typ("JWT").subject("joe"));
    }

    #[test]
    fn no_text_makes_it_panic(text in "[.a-zA-Z0-9=]{0,200}|.{0,40}") {
        agrees(&text, &keys(), &policy());
    }
}
