//! Damaged input of every form: nothing panics, and both backends say the same.

use jeton_jose::jws::{HeaderBuilder, SignatureRules, compact, flattened, general};
use jeton_jose::jwt::{self, Policy};
use jeton_jose::key::{self, KeyForm, SigningKey, Structure, VerifyingKey, VerifyingKeySet};
use jeton_jose::{Algorithm, Code, Limits, alg::KeyType, json};
use jeton_testkit::{NOW, any_signing_key, backends, jwks, verifying_key};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{forge, hs256};

/// A few bytes replaced by others, perhaps by ones that mean something.
#[derive(Clone, Debug)]
struct Edit {
    at: Index,
    cut: usize,
    put: Vec<u8>,
}

const MEANINGFUL: [&str; 32] = [
    "\"",
    "\\",
    "\\u00",
    "\\ud800",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    ".",
    "=",
    "\0",
    "\n",
    "1e",
    "-",
    "0",
    "e-9",
    "170141183460469231731687303715884105728",
    "18446744073709551616",
    "1e-64",
    "\"exp\":",
    "\"aud\":",
    "\"crit\":",
    "\"b64\":",
    "\"payload\":",
    "\"signatures\":",
    "\"header\":",
    "-----",
    "-----BEGIN ",
    "\u{feff}",
    "\u{1f600}",
];

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let put = prop_oneof![
        select(&MEANINGFUL[..]).prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..3),
    ];
    let edit = (any::<Index>(), 0..12usize, put).prop_map(|(at, cut, put)| Edit { at, cut, put });
    prop::collection::vec(edit, 1..4)
}

fn edited(text: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for edit in edits {
        let start = edit.at.index(bytes.len() + 1);
        let end = bytes.len().min(start + edit.cut);
        bytes.splice(start..end, edit.put.iter().copied());
    }
    bytes
}

fn policy() -> Policy {
    Policy::new(Algorithm::HS256)
        .issuer("i")
        .audience("a")
        .max_age(core::time::Duration::from_mins(1))
}

/// What each backend says, if it is the same.
fn agreed<T: PartialEq + core::fmt::Debug>(
    judge: impl Fn(&VerifyingKeySet) -> Result<T, Vec<Code>>,
) -> Result<T, Vec<Code>> {
    let mut verdicts = backends()
        .into_iter()
        .map(|backend| judge(&verifying_key(Algorithm::HS256, backend)));
    let first = verdicts.next().unwrap();
    assert!(verdicts.all(|other| other == first));
    first
}

fn check_token(token: &str) {
    let verify = |keys: &_| jwt::verify(token, keys, &policy(), NOW).map(|_| ());
    let _ = agreed(|keys| verify(keys).map_err(|error| error.codes()));
    let Ok(unverified) = jwt::Unverified::parse(token, &Limits::default()) else {
        return;
    };
    let Ok(claims) = unverified.unverified_claims() else {
        return;
    };
    let times = [claims.expires_at(), claims.not_before(), claims.issued_at()];
    for time in times.into_iter().flatten() {
        assert!((0..=253_402_300_799).contains(&time.seconds()));
    }
}

fn check_json_forms(text: &str) {
    let rules = SignatureRules::new(Algorithm::HS256);
    let codes = |error: jeton_jose::jws::Error| vec![error.code()];
    if let Ok(token) = flattened::Unverified::parse(text, &Limits::default()) {
        let _ = agreed(|keys| token.verify(keys, &rules).map(drop).map_err(codes));
    }
    if let Ok(token) = general::Unverified::parse(text, &Limits::default()) {
        let any = agreed(|keys| token.verify_any(keys, &rules).map(drop).map_err(codes));
        let all = agreed(|keys| token.verify_all(keys, &rules).map(drop).map_err(codes));
        assert!(any.is_ok() || all.is_err());
    }
}

fn check_json(text: &[u8]) {
    for options in [json::Options::strict(), json::Options::lossless()] {
        let Ok(document) = json::Document::parse(text, &options) else {
            continue;
        };
        for again in [
            json::pretty(document.root()),
            json::compact(document.root()),
        ] {
            let again = json::Document::parse(again.as_bytes(), &options).unwrap();
            assert!(again.root().equals(document.root()));
        }
    }
}

fn check_key(file: &[u8]) {
    let read: Vec<_> = backends()
        .into_iter()
        .map(|backend| key::read(file, backend).map(|read| read.keys))
        .collect();
    assert!(read.windows(2).all(|pair| pair[0] == pair[1]), "{read:?}");
    for key in read.first().into_iter().flatten().flatten() {
        for algorithm in Algorithm::ALL.iter().copied() {
            let verifies = |backend| VerifyingKey::new(key, algorithm, backend).is_ok();
            let signs = |backend| SigningKey::new(key, algorithm, backend).is_ok();
            let same = |each: Vec<bool>| each.windows(2).all(|pair| pair[0] == pair[1]);
            let backends = backends();
            assert!(same(backends.iter().map(|one| verifies(*one)).collect()));
            // Natively only AWS-LC works with private RSA keys.
            let signs = || backends.iter().map(|one| signs(*one)).collect();
            assert!(algorithm.row().key_type == KeyType::Rsa || same(signs()));
        }
    }
}

fn key_files() -> Vec<Vec<u8>> {
    let structures = [
        Structure::Pkcs8,
        Structure::Spki,
        Structure::Sec1,
        Structure::Pkcs1Private,
        Structure::Pkcs1Public,
    ];
    let forms = structures
        .into_iter()
        .flat_map(|structure| [KeyForm::Der(structure), KeyForm::Pem(structure)])
        .chain([KeyForm::Jwk, KeyForm::JwkSet]);
    let keys = jwks();
    forms
        .flat_map(|form| {
            keys.iter()
                .filter_map(move |key| key::write(key, form).ok())
        })
        .map(|file| file.expose().to_vec())
        .collect()
}

fn tokens() -> Vec<String> {
    let key = any_signing_key(Algorithm::HS256);
    let mut tokens = vec![hs256(r#"{"iss":"i","aud":"a"}"#)];
    for header in [
        HeaderBuilder::new(),
        HeaderBuilder::new().unencoded_payload(),
    ] {
        tokens.push(compact::sign(&key, &header, b"payload").unwrap());
        tokens.push(flattened::sign(&key, &header, b"pay.load").unwrap());
        tokens.push(general::sign(&[(&key, &header), (&key, &header)], b"").unwrap());
    }
    tokens
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn attack_34_damaged_tokens(token in select(tokens()), edits in edits()) {
        let text = edited(token.as_bytes(), &edits);
        let text = String::from_utf8_lossy(&text);
        check_token(&text);
        check_json_forms(&text);
    }

    #[test]
    fn attack_34_damaged_claims_and_headers_that_are_well_signed(edits in edits()) {
        const CLAIMS: &str = r#"{"iss":"i","aud":["a","b"],"exp":1767225600.5e0,"nbf":17e8,"iat":1767225600,"x":{"y":[1.0,null]}}"#;
        const HEADER: &str = r#"{"alg":"HS256","kid":"k","crit":["b64"],"b64":true,"typ":"at+jwt"}"#;
        let claims = edited(CLAIMS.as_bytes(), &edits);
        let header = edited(HEADER.as_bytes(), &edits);
        check_json(&claims);
        check_token(&hs256(&String::from_utf8_lossy(&claims)));
        check_token(&forge(Algorithm::HS256, &String::from_utf8_lossy(&header), "{}"));
    }

    #[test]
    fn attack_34_damaged_keys(file in select(key_files()), edits in edits()) {
        check_key(&edited(&file, &edits));
    }

    #[test]
    fn attack_34_damaged_policies(edits in edits()) {
        let format = jwt::policy::Format::Toml;
        let text = edited(policy().to_text(format).unwrap().as_bytes(), &edits);
        if let Ok(policy) = Policy::from_toml(&String::from_utf8_lossy(&text)) {
            prop_assert_eq!(Policy::from_toml(&policy.to_text(format).unwrap()).unwrap(), policy);
        }
    }
}
