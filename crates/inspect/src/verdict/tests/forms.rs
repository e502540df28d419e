//! Every form, with the signature alone asked for.

use jeton_jose::AlgorithmSet;
use jeton_jose::jws::{HeaderBuilder, compact, flattened, general};
use jeton_jose::key::VerifyingKeySet;
use jeton_testkit::jwk;

use super::*;

const ALGORITHMS: [Algorithm; 3] = [Algorithm::ES256, Algorithm::Ed25519, Algorithm::ES384];

fn header() -> HeaderBuilder {
    HeaderBuilder::new()
}

/// A general form with a signature of each algorithm.
fn several(payload: &[u8]) -> String {
    let keys = ALGORITHMS.map(any_signing_key);
    let header = header();
    let signers: Vec<_> = keys.iter().map(|key| (key, &header)).collect();
    general::sign(&signers, payload).unwrap()
}

fn keys_of(algorithms: &[Algorithm]) -> VerifyingKeySet {
    let keys: Vec<_> = algorithms
        .iter()
        .filter_map(|algorithm| jwk(*algorithm).public())
        .collect();
    VerifyingKeySet::new(&keys, AlgorithmSet::asymmetric(), backends()[0]).unwrap()
}

fn signatures(
    token: &str,
    keys: &VerifyingKeySet,
    all: bool,
    detached: Option<&[u8]>,
) -> Judgement {
    let scope = Scope::Signature {
        all,
        detached: detached.map(<[u8]>::to_vec),
    };
    let policy = Policy::new(AlgorithmSet::asymmetric());
    let sent = Sent::read(token.to_owned());
    judge(&sent, Keys::Given(keys), &policy, &scope, NOW)
}

/// The core's own answer in the general form.
fn core(token: &str, keys: &VerifyingKeySet, all: bool) -> Option<Code> {
    let rules = Policy::new(AlgorithmSet::asymmetric()).signature;
    let parsed = match general::Unverified::parse(token, &rules.limits) {
        Ok(parsed) => parsed,
        Err(error) => return Some(error.code()),
    };
    if all {
        parsed
            .verify_all(keys, &rules)
            .err()
            .map(|error| error.code())
    } else {
        parsed
            .verify_any(keys, &rules)
            .err()
            .map(|error| error.code())
    }
}

fn first_proven(judgement: &Judgement) -> Option<Code> {
    let mut failed = judgement
        .checks
        .iter()
        .filter(|check| check.proven && check.outcome == Outcome::Failed);
    failed.next()?.code
}

#[test]
fn each_signature_has_its_checks_and_the_good_ones_are_known() {
    let token = several(b"any payload");
    let keys = keys_of(&[Algorithm::Ed25519]);
    let judgement = signatures(&token, &keys, false, None);
    assert_eq!(judgement.verdict, Verdict::Valid);
    assert_eq!(judgement.verified.len(), 1);
    assert_eq!(judgement.verified[0].index, 1);
    let failed: Vec<_> = judgement
        .checks
        .iter()
        .filter(|check| check.outcome == Outcome::Failed)
        .map(|check| (check.rule, check.signature, check.proven))
        .collect();
    assert_eq!(failed, [("key", Some(0), false), ("key", Some(2), false)]);
    let judgement = signatures(&token, &keys, true, None);
    assert_eq!(judgement.code, Some(Code::KeyNotFound));
    assert!(judgement.verified.is_empty());
    assert_eq!(first_proven(&judgement), judgement.code);
}

#[test]
fn flattened_detached_and_unencoded_are_judged() {
    let key = any_signing_key(Algorithm::ES256);
    let keys = keys_of(&[Algorithm::ES256]);
    let plain = header().unencoded_payload();
    let payload: &[u8] = b"a payload";
    for (token, given) in [
        (flattened::sign(&key, &header(), payload), None),
        (flattened::sign(&key, &plain, b"a.payload"), None),
        (compact::sign(&key, &plain, payload), None),
        (
            compact::sign_detached(&key, &header(), payload),
            Some(payload),
        ),
        (
            compact::sign_detached(&key, &plain, b"a.payload"),
            Some(&b"a.payload"[..]),
        ),
    ] {
        let token = token.unwrap();
        let judgement = signatures(&token, &keys, false, given);
        assert_eq!(judgement.verdict, Verdict::Valid, "{token}");
        let passed = |check: &Check| check.outcome == Outcome::Passed && check.proven;
        assert!(judgement.checks.iter().all(passed), "{judgement:?}");
        let other = signatures(&token, &keys, false, Some(b"another payload"));
        let code = if given.is_some() {
            Code::SignatureMismatch
        } else {
            Code::PayloadEncoding
        };
        assert_eq!(other.code, Some(code), "{token}");
        assert_eq!(first_proven(&other), other.code);
    }
}

/// JWTs have the compact form alone; the claims of another are no JWT's.
#[test]
fn a_json_form_is_no_jwt() {
    let token = several(b"{}");
    let judgement = judged(&token, Keys::Given(&keys_of(&ALGORITHMS)), &policy());
    assert_eq!(judgement.code, Some(Code::TokenFormat));
    assert_eq!(check(&judgement, "form").outcome, Outcome::Failed);
    assert_eq!(check(&judgement, "signature").outcome, Outcome::NotChecked);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn forms_and_the_core_agree(
        known in prop::sample::subsequence(ALGORITHMS.to_vec(), 0..=3),
        all in any::<bool>(),
        broken in prop::option::of(0usize..2000),
    ) {
        let mut token = several(b"{\"sub\":\"joe\"}");
        if let Some(at) = broken {
            let at = at % token.len();
            token.replace_range(at..=at, "A");
        }
        let keys = keys_of(&known);
        // What is no longer JSON is read as the compact form, which both refuse.
        if token.starts_with('{') && token.contains("\"signatures\"") {
            let judgement = signatures(&token, &keys, all, None);
            prop_assert_eq!(judgement.code, core(&token, &keys, all));
            prop_assert_eq!(judgement.verdict == Verdict::Valid, judgement.code.is_none());
            prop_assert_eq!(first_proven(&judgement), judgement.code);
        }
    }
}
