use jeton_jose::backend::RustCrypto;
use jeton_jose::base64url::encode;
use jeton_jose::json;
use jeton_testkit::{backends, jwk};
use proptest::prelude::*;

use super::*;

/// The access token and the hash of OpenID Connect Core 1.0 §A.3.
const ACCESS_TOKEN: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
const AT_HASH: &str = "77QmUPtjPfzWtF2AnpK9RQ";
/// The code and the hash of OpenID Connect Core 1.0 §A.4.
const CODE: &str = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
const C_HASH: &str = "LDktKdoQak3Pk0cnXxCltA";

fn token(header: &str, claims: &str) -> String {
    format!(
        "{}.{}.",
        encode(header.as_bytes()),
        encode(claims.as_bytes())
    )
}

/// The answer of one check, on every backend alike.
fn answer(check: Check, token: &str, beside: Beside<'_>) -> CrossCheck {
    let mut answers: Vec<_> = backends()
        .into_iter()
        .map(|backend| {
            let checks = cross_check(token, &beside, backend).unwrap();
            checks.into_iter().find(|one| one.check == check).unwrap()
        })
        .collect();
    answers.dedup();
    assert_eq!(answers.len(), 1, "the backends differ");
    answers.remove(0)
}

fn mismatch(answer: &CrossCheck) -> Option<FindingCode> {
    match &answer.answer {
        Answer::Mismatch { finding } => Some(finding.code),
        _ => None,
    }
}

fn rs256(claims: &str) -> String {
    token(r#"{"alg":"RS256"}"#, claims)
}

#[test]
fn hashes_agree_with_the_examples_of_openid_connect() {
    let text = rs256(&format!(r#"{{"at_hash":"{AT_HASH}","c_hash":"{C_HASH}"}}"#));
    let beside = Beside {
        access_token: Some(ACCESS_TOKEN),
        code: Some(CODE),
        ..Beside::default()
    };
    assert_eq!(answer(Check::AtHash, &text, beside).answer, Answer::Match);
    assert_eq!(answer(Check::CHash, &text, beside).answer, Answer::Match);
    let swapped = Beside {
        access_token: Some(CODE),
        code: Some(ACCESS_TOKEN),
        ..Beside::default()
    };
    assert_eq!(
        mismatch(&answer(Check::AtHash, &text, swapped)),
        Some(FindingCode::HashMismatch)
    );
    assert_eq!(
        mismatch(&answer(Check::CHash, &text, swapped)),
        Some(FindingCode::HashMismatch)
    );
    assert_eq!(
        answer(Check::AtHash, &text, Beside::default()).answer,
        Answer::CannotTell
    );
    assert_eq!(
        answer(Check::AtHash, &rs256("{}"), beside).answer,
        Answer::NotPresent
    );
    // A number is a mismatch, not an absence.
    assert!(mismatch(&answer(Check::AtHash, &rs256(r#"{"at_hash":1}"#), beside)).is_some());
}

#[test]
fn the_algorithm_of_the_token_chooses_the_hash() {
    for (alg, hash) in [
        ("HS256", Hash::Sha256),
        ("PS384", Hash::Sha384),
        ("ES512", Hash::Sha512),
        ("Ed25519", Hash::Sha512),
        ("EdDSA", Hash::Sha512),
    ] {
        let digest = RustCrypto.digest(hash, b"the state");
        let half = encode(&digest.as_ref()[..hash.output_len() / 2]);
        let text = token(
            &format!(r#"{{"alg":"{alg}"}}"#),
            &format!(r#"{{"s_hash":"{half}"}}"#),
        );
        let given = |state| Beside {
            state: Some(state),
            ..Beside::default()
        };
        assert_eq!(
            answer(Check::SHash, &text, given("the state")).answer,
            Answer::Match,
            "{alg}"
        );
        assert!(
            mismatch(&answer(Check::SHash, &text, given("a state"))).is_some(),
            "{alg}"
        );
    }
    for header in ["{}", r#"{"alg":"none"}"#, r#"{"alg":"Ed448"}"#] {
        let text = token(header, r#"{"s_hash":"x"}"#);
        let beside = Beside {
            state: Some("x"),
            ..Beside::default()
        };
        assert_eq!(
            answer(Check::SHash, &text, beside).answer,
            Answer::CannotTell,
            "{header}"
        );
    }
}

#[test]
fn a_nonce_that_was_sent_has_to_come_back() {
    let sent = Beside {
        nonce: Some("n-0S6"),
        ..Beside::default()
    };
    let with = |claims: &str, beside| answer(Check::Nonce, &rs256(claims), beside);
    assert_eq!(with(r#"{"nonce":"n-0S6"}"#, sent).answer, Answer::Match);
    assert_eq!(
        mismatch(&with(r#"{"nonce":"n-0s6"}"#, sent)),
        Some(FindingCode::NonceMismatch)
    );
    assert_eq!(
        mismatch(&with("{}", sent)),
        Some(FindingCode::NonceMismatch)
    );
    assert_eq!(with("{}", Beside::default()).answer, Answer::NotPresent);
    assert_eq!(
        with(r#"{"nonce":"x"}"#, Beside::default()).answer,
        Answer::CannotTell
    );
}

#[test]
fn the_authorized_party_is_the_client() {
    let client = Beside {
        client_id: Some("app"),
        ..Beside::default()
    };
    let with = |claims: &str| answer(Check::AuthorizedParty, &rs256(claims), client);
    assert_eq!(
        with(r#"{"aud":["app","api"],"azp":"app"}"#).answer,
        Answer::Match
    );
    assert_eq!(
        mismatch(&with(r#"{"azp":"App"}"#)),
        Some(FindingCode::AuthorizedPartyMismatch)
    );
    assert_eq!(
        mismatch(&with(r#"{"aud":["app","api"]}"#)),
        Some(FindingCode::AuthorizedPartyMissing)
    );
    assert_eq!(with(r#"{"aud":["app"]}"#).answer, Answer::NotPresent);
    assert_eq!(with(r#"{"aud":"app"}"#).answer, Answer::NotPresent);
}

fn proof(algorithm: Algorithm, claims: &str) -> String {
    let key = jwk(algorithm).to_public_json().unwrap();
    token(
        &format!(r#"{{"typ":"dpop+jwt","alg":"{algorithm}","jwk":{key}}}"#),
        claims,
    )
}

#[test]
fn a_proof_has_to_hold_the_confirmed_key() {
    let key = jwk(Algorithm::ES256);
    let thumbprint = key.thumbprint(Hash::Sha256, &RustCrypto);
    let bound = rs256(&format!(
        r#"{{"cnf":{{"jkt":"{thumbprint}","jwk":{}}}}}"#,
        key.to_public_json().unwrap()
    ));
    let (good, other) = (
        proof(Algorithm::ES256, "{}"),
        proof(Algorithm::Ed25519, "{}"),
    );
    for check in [Check::ConfirmationThumbprint, Check::ConfirmationKey] {
        let with = |proof| {
            answer(
                check,
                &bound,
                Beside {
                    dpop_proof: proof,
                    ..Beside::default()
                },
            )
        };
        assert_eq!(with(Some(good.as_str())).answer, Answer::Match);
        assert_eq!(
            mismatch(&with(Some(other.as_str()))),
            Some(FindingCode::ConfirmationMismatch)
        );
        assert_eq!(with(None).answer, Answer::CannotTell);
        // What is no proof proves nothing.
        let signed = rs256("{}");
        for no_proof in ["no proof", &signed] {
            assert_eq!(
                mismatch(&with(Some(no_proof))),
                Some(FindingCode::ConfirmationMismatch)
            );
        }
        // The access token may be the one that is bound.
        let beside = Beside {
            dpop_proof: Some(&other),
            access_token: Some(&bound),
            ..Beside::default()
        };
        assert!(mismatch(&answer(check, &rs256("{}"), beside)).is_some());
    }
}

#[test]
fn what_a_holder_proves_has_to_be_in_the_token() {
    let (good, access) = (proof(Algorithm::ES256, "{}"), rs256("{}"));
    let with = |check, access_token| {
        let beside = Beside {
            dpop_proof: Some(&good),
            certificate: Some(b"certificate"),
            access_token,
            ..Beside::default()
        };
        answer(check, &rs256("{}"), beside)
    };
    for check in [
        Check::ConfirmationThumbprint,
        Check::ConfirmationCertificate,
    ] {
        let unbound = Some(FindingCode::ConfirmationMismatch);
        assert_eq!(mismatch(&with(check, None)), unbound);
        assert_eq!(mismatch(&with(check, Some(access.as_str()))), unbound);
        // Only its issuer knows what an opaque access token is bound to.
        let opaque = with(check, Some(ACCESS_TOKEN));
        assert_eq!(opaque.answer, Answer::NotPresent);
        let nothing = answer(check, &rs256("{}"), Beside::default());
        assert_eq!(nothing.answer, Answer::NotPresent);
    }
    // Bound by the key itself instead of its thumbprint.
    let key = jwk(Algorithm::ES256).to_public_json().unwrap();
    let by_key = rs256(&format!(r#"{{"cnf":{{"jwk":{key}}}}}"#));
    let beside = Beside {
        dpop_proof: Some(&good),
        ..Beside::default()
    };
    let thumbprint = answer(Check::ConfirmationThumbprint, &by_key, beside);
    assert_eq!(thumbprint.answer, Answer::NotPresent);
}

#[test]
fn the_hash_of_a_proof_belongs_to_the_access_token() {
    let text = rs256("{}");
    let ath = |of: &str| encode(RustCrypto.digest(Hash::Sha256, of.as_bytes()).as_ref());
    let with = |of: &str, access| {
        let proof = proof(Algorithm::ES256, &format!(r#"{{"ath":"{}"}}"#, ath(of)));
        answer(
            Check::ProofHash,
            &text,
            Beside {
                dpop_proof: Some(&proof),
                access_token: access,
                ..Beside::default()
            },
        )
    };
    assert_eq!(with("opaque", Some("opaque")).answer, Answer::Match);
    assert_eq!(
        mismatch(&with("opaque", Some("opaque "))),
        Some(FindingCode::HashMismatch)
    );
    assert_eq!(with(&text, None).answer, Answer::Match);
    assert_eq!(with("opaque", None).answer, Answer::CannotTell);
    let bare = proof(Algorithm::ES256, "{}");
    let beside = Beside {
        dpop_proof: Some(&bare),
        access_token: Some("opaque"),
        ..Beside::default()
    };
    assert_eq!(
        answer(Check::ProofHash, &text, beside).answer,
        Answer::NotPresent
    );
    assert_eq!(
        answer(Check::ProofHash, &text, Beside::default()).answer,
        Answer::NotPresent
    );
}

#[test]
fn a_holder_is_bound_by_certificate() {
    let thumbprint = encode(RustCrypto.digest(Hash::Sha256, b"certificate").as_ref());
    let bound = rs256(&format!(r#"{{"cnf":{{"x5t#S256":"{thumbprint}"}}}}"#));
    let with = |der: &'static [u8]| {
        answer(
            Check::ConfirmationCertificate,
            &bound,
            Beside {
                certificate: Some(der),
                ..Beside::default()
            },
        )
    };
    assert_eq!(with(b"certificate").answer, Answer::Match);
    assert_eq!(
        mismatch(&with(b"another")),
        Some(FindingCode::ConfirmationMismatch)
    );
    assert_eq!(
        answer(Check::ConfirmationCertificate, &bound, Beside::default()).answer,
        Answer::CannotTell
    );
}

#[test]
fn certificate_thumbprints_belong_to_the_chain() {
    // SHA-1 and SHA-256 of "abc" (FIPS 180-4), which is "YWJj" in base64.
    let (sha1, sha256) = (
        "qZk-NkcGgWq6PiVxeFDCbJzQ2J0",
        "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0",
    );
    let with = |check: Check, members: &str| {
        answer(
            check,
            &token(&format!(r#"{{"alg":"RS256"{members}}}"#), "{}"),
            Beside::default(),
        )
    };
    for (check, name, value) in [
        (Check::CertificateSha1, "x5t", sha1),
        (Check::CertificateSha256, "x5t#S256", sha256),
    ] {
        let stated = format!(r#","{name}":"{value}""#);
        assert_eq!(
            with(check, &format!(r#"{stated},"x5c":["YWJj"]"#)).answer,
            Answer::Match
        );
        let other = with(check, &format!(r#"{stated},"x5c":["YWJk"]"#));
        assert_eq!(mismatch(&other), Some(FindingCode::CertificateMismatch));
        assert_eq!(with(check, &stated).answer, Answer::CannotTell);
        assert_eq!(
            with(check, &format!(r#"{stated},"x5c":["*"]"#)).answer,
            Answer::CannotTell
        );
        assert_eq!(with(check, r#","x5c":["YWJj"]"#).answer, Answer::NotPresent);
        assert!(mismatch(&with(check, &format!(r#","{name}":1,"x5c":["YWJj"]"#))).is_some());
    }
}

#[test]
fn a_kid_may_be_a_thumbprint() {
    let key = jwk(Algorithm::ES256);
    let with = |kid: &str, key: Option<&Jwk>| {
        let text = token(&format!(r#"{{"alg":"ES256","kid":"{kid}"}}"#), "{}");
        answer(
            Check::KeyId,
            &text,
            Beside {
                key,
                ..Beside::default()
            },
        )
    };
    for hash in [Hash::Sha256, Hash::Sha512] {
        let found = with(&key.thumbprint(hash, &RustCrypto), Some(&key));
        assert_eq!(found.answer, Answer::Match);
        assert!(found.words.contains(hash.registry_name()));
    }
    assert_eq!(
        with(&key.thumbprint_uri(Hash::Sha256, &RustCrypto), Some(&key)).answer,
        Answer::Match
    );
    let other = jwk(Algorithm::Ed25519).thumbprint(Hash::Sha256, &RustCrypto);
    assert_eq!(
        mismatch(&with(&other, Some(&key))),
        Some(FindingCode::KidNotThumbprint)
    );
    assert_eq!(with("es256", Some(&key)).answer, Answer::Match);
    assert_eq!(with("2026-01", Some(&key)).answer, Answer::CannotTell);
    assert_eq!(with("es256", None).answer, Answer::CannotTell);
    assert_eq!(
        answer(Check::KeyId, &rs256("{}"), Beside::default()).answer,
        Answer::NotPresent
    );
}

#[test]
fn reports_are_written_flat_and_debug_shows_no_value() {
    let sent = Beside {
        nonce: Some("hunter2"),
        ..Beside::default()
    };
    let found = answer(Check::Nonce, &rs256("{}"), sent);
    let written = json::to_string(&found).unwrap();
    assert!(
        written.starts_with(
            r#"{"check":"nonce","answer":"mismatch","finding":{"code":"nonce_mismatch""#
        ),
        "{written}"
    );
    assert_eq!(format!("{sent:?}"), r#"{"nonce"}"#);
}

#[test]
fn what_cannot_be_read_is_an_error() {
    assert!(cross_check("x", &Beside::default(), &RustCrypto).is_err());
    assert!(cross_check("{}", &Beside::default(), &RustCrypto).is_err());
}

proptest! {
    #[test]
    fn nothing_panics(header in "\\PC{0,40}", claims in "[{}\\[\\]\":,a-z0-9_]{0,40}", text in "\\PC{0,40}") {
        let beside = Beside {
            access_token: Some(&text), code: Some(&text), state: Some(&text), nonce: Some(&text),
            client_id: Some(&text), dpop_proof: Some(&text), certificate: Some(text.as_bytes()), key: None,
        };
        for token in [token(&header, &claims), token("{}", &claims), text.clone()] {
            let _ = cross_check(&token, &beside, &RustCrypto);
        }
    }
}
