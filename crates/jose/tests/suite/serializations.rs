//! The three serializations, attached and detached, encoded and not, there and back.

use std::collections::BTreeMap;

use jeton_jose::jws::{Error, HeaderBuilder, SignatureRules, compact, flattened, general};
use jeton_jose::jwt::{self, Policy};
use jeton_jose::{Algorithm, Code, Limits, base64url};
use jeton_testkit::{NOW, any_signing_key, backends, verifying_key};

use super::hs256;

const PAYLOADS: [&[u8]; 4] = [
    b"",
    b"plain text",
    b"{\"a\":1}",
    "π \u{1f600} dots . and\nlines".as_bytes(),
];

fn rules() -> SignatureRules {
    SignatureRules::new([Algorithm::ES256, Algorithm::HS256])
}

#[test]
fn each_form_round_trips() {
    let key = any_signing_key(Algorithm::ES256);
    let limits = Limits::default();
    for backend in backends() {
        let keys = verifying_key(Algorithm::ES256, backend);
        for payload in PAYLOADS {
            let header = HeaderBuilder::new().typ("text");
            let token = compact::sign(&key, &header, payload).unwrap();
            let verified = compact::Unverified::parse(&token, &limits)
                .unwrap()
                .verify(&keys, &rules())
                .unwrap();
            assert_eq!(
                (verified.payload(), verified.header().typ()),
                (payload, Some("text"))
            );
            assert_eq!(verified.header().key_id(), Some("es256"));

            for header in [header.clone(), header.clone().unencoded_payload()] {
                let token = compact::sign_detached(&key, &header, payload).unwrap();
                let unverified = compact::Unverified::parse(&token, &limits).unwrap();
                assert!(
                    unverified
                        .clone()
                        .verify_detached(b"other".to_vec(), &keys, &rules())
                        .is_err()
                );
                assert_eq!(
                    unverified
                        .verify_detached(payload.to_vec(), &keys, &rules())
                        .unwrap()
                        .payload(),
                    payload
                );

                let token = flattened::sign(&key, &header, payload).unwrap();
                let verified = flattened::Unverified::parse(&token, &limits)
                    .unwrap()
                    .verify(&keys, &rules())
                    .unwrap();
                assert_eq!(verified.payload(), payload);
            }
        }
    }
}

#[test]
fn a_payload_of_its_own_is_no_detached_one() {
    let key = any_signing_key(Algorithm::HS256);
    let token = compact::sign(&key, &HeaderBuilder::new(), b"attached").unwrap();
    let json = flattened::sign(&key, &HeaderBuilder::new(), b"attached").unwrap();
    for backend in backends() {
        let keys = verifying_key(Algorithm::HS256, backend);
        let error = compact::Unverified::parse(&token, &Limits::default())
            .unwrap()
            .verify_detached(b"attached".to_vec(), &keys, &rules())
            .unwrap_err();
        assert_eq!(error.code(), Code::PayloadEncoding);
        let error = flattened::Unverified::parse(&json, &Limits::default())
            .unwrap()
            .verify_detached(b"attached".to_vec(), &keys, &rules())
            .unwrap_err();
        assert_eq!(error.code(), Code::PayloadEncoding);
    }
}

#[test]
fn several_signatures_need_any_or_all() {
    let es256 = any_signing_key(Algorithm::ES256);
    let hs256 = any_signing_key(Algorithm::HS256);
    let header = HeaderBuilder::new();
    let both = general::sign(&[(&es256, &header), (&hs256, &header)], b"payload").unwrap();
    let twice = general::sign(&[(&es256, &header), (&es256, &header)], b"payload").unwrap();
    for backend in backends() {
        let keys = verifying_key(Algorithm::ES256, backend);
        let both = general::Unverified::parse(&both, &Limits::default()).unwrap();
        assert_eq!(both.unverified_signatures().len(), 2);
        assert!(both.verify_any(&keys, &rules()).is_ok());
        assert!(matches!(
            both.verify_all(&keys, &rules()),
            Err(Error::NoKey(_))
        ));
        let twice = general::Unverified::parse(&twice, &Limits::default()).unwrap();
        assert_eq!(twice.verify_all(&keys, &rules()).unwrap().len(), 2);
    }
}

#[test]
fn an_unencoded_compact_payload_is_printable_without_dots() {
    let key = any_signing_key(Algorithm::HS256);
    let header = HeaderBuilder::new().unencoded_payload();
    for payload in ["$.02", "a\nb", "π"] {
        assert_eq!(
            compact::sign(&key, &header, payload.as_bytes())
                .unwrap_err()
                .code(),
            Code::PayloadEncoding
        );
    }
    let token = compact::sign(&key, &header, b"$02 ok").unwrap();
    for backend in backends() {
        let verified = compact::Unverified::parse(&token, &Limits::default())
            .unwrap()
            .verify(&verifying_key(Algorithm::HS256, backend), &rules())
            .unwrap();
        assert_eq!(verified.payload(), b"$02 ok");
    }
}

/// What verified a JSON form may have asked for less than the policy does.
#[test]
fn claims_of_a_json_form_are_held_against_the_whole_policy() {
    let key = any_signing_key(Algorithm::HS256);
    let policy = Policy::new(Algorithm::HS256);
    let other = Policy::new(Algorithm::ES256);
    let plain = HeaderBuilder::new();
    let unencoded = HeaderBuilder::new().unencoded_payload();
    let critical = {
        let protected = base64url::encode(br#"{"alg":"HS256","crit":["x"],"x":1}"#);
        let mut signature = Vec::new();
        key.sign(format!("{protected}.e30").as_bytes(), &mut signature)
            .unwrap();
        let signature = base64url::encode(&signature);
        format!(r#"{{"payload":"e30","protected":"{protected}","signature":"{signature}"}}"#)
    };
    let understands = SignatureRules {
        critical: vec!["x".to_owned()],
        ..rules()
    };
    for backend in backends() {
        let keys = verifying_key(Algorithm::HS256, backend);
        let check = |text: &str, policy: &Policy| {
            let signed = flattened::Unverified::parse(text, &Limits::default())
                .unwrap()
                .verify(&keys, &understands)
                .unwrap();
            jwt::Verified::check(signed, policy, NOW)
                .map(|verified| verified.claims().text().to_owned())
                .map_err(|error| error.code())
        };
        let token = flattened::sign(&key, &plain, b"{}").unwrap();
        assert_eq!(check(&token, &policy), Ok("{}".to_owned()));
        assert_eq!(check(&token, &other), Err(Code::AlgorithmNotAllowed));
        let token = flattened::sign(&key, &unencoded, b"{}").unwrap();
        assert_eq!(check(&token, &policy), Err(Code::PayloadEncoding));
        assert_eq!(check(&critical, &policy), Err(Code::CritUnsupported));
    }
}

#[test]
fn unverified_claims_are_read_within_the_limits_of_the_token() {
    let deep = hs256(&format!(r#"{{"a":{}1{}}}"#, "[".repeat(50), "]".repeat(50)));
    let deeper = Limits {
        json_depth: 60,
        ..Limits::default()
    };
    let claims = |limits: &Limits| {
        jwt::Unverified::parse(&deep, limits)
            .unwrap()
            .unverified_claims()
            .map(|_| ())
            .map_err(|error| error.code())
    };
    assert_eq!(claims(&Limits::default()), Err(Code::JsonTooDeep));
    assert_eq!(claims(&deeper), Ok(()));
}

#[test]
fn what_nobody_would_accept_is_not_signed() {
    let key = any_signing_key(Algorithm::HS256);
    let unencoded = HeaderBuilder::new().unencoded_payload();
    let error = jwt::Builder::new().header(unencoded).sign(&key);
    assert_eq!(error.unwrap_err().code(), Code::HeaderInvalid);
    let error = general::sign(&[], b"payload");
    assert_eq!(error.unwrap_err().code(), Code::HeaderInvalid);
}

#[test]
fn debug_of_a_header_shows_no_value() {
    let header = HeaderBuilder::new()
        .key_id("secret-id")
        .parameter("nonce", "secret-nonce")
        .unwrap();
    let shown = format!("{header:?}");
    assert!(
        shown.contains("nonce") && !shown.contains("secret"),
        "{shown}"
    );
}

#[test]
fn claims_of_any_type_that_is_an_object_are_signed() {
    let key = any_signing_key(Algorithm::HS256);
    let claims = BTreeMap::from([("sub", "ada \"the\" first\n"), ("scope", "read")]);
    let token = jwt::sign(&key, &HeaderBuilder::new(), &claims).unwrap();
    for backend in backends() {
        let keys = verifying_key(Algorithm::HS256, backend);
        let verified = jwt::verify(&token, &keys, &Policy::new(Algorithm::HS256), NOW).unwrap();
        assert_eq!(verified.claims().subject(), Some("ada \"the\" first\n"));
    }
    for refused in [
        jwt::sign(&key, &HeaderBuilder::new(), &["sub"]),
        jwt::sign(&key, &HeaderBuilder::new(), "sub"),
    ] {
        assert_eq!(refused.unwrap_err().code(), Code::ClaimsInvalid);
    }
    let unencoded = HeaderBuilder::new().unencoded_payload();
    assert!(jwt::sign(&key, &unencoded, &claims).is_err());
}

#[test]
fn an_empty_payload_member_is_a_detached_one() {
    let key = any_signing_key(Algorithm::HS256);
    let header = HeaderBuilder::new().unencoded_payload();
    let attached = flattened::sign(&key, &header, b"$.02").unwrap();
    let empty = attached.replace("\"$.02\"", "\"\"");
    assert_ne!(attached, empty);
    let token = flattened::Unverified::parse(&empty, &Limits::default()).unwrap();
    for backend in backends() {
        let keys = verifying_key(Algorithm::HS256, backend);
        let verified = token.verify_detached(b"$.02".to_vec(), &keys, &rules());
        assert_eq!(verified.unwrap().payload(), b"$.02");
        assert!(token.verify(&keys, &rules()).is_err());
    }
}

#[test]
fn an_sd_jwt_with_its_proof_is_not_taken_for_an_encrypted_token() {
    let proven = "e30.e30.AA~WyJhIl0~e30.e30.AA";
    let refused = compact::Unverified::parse(proven, &Limits::default()).unwrap_err();
    assert_eq!(refused.code(), Code::TokenFormat);
    assert!(refused.to_string().contains("SD-JWT"), "{refused}");
}
