//! Each check of RFC 9449 §4.3 refuses what it is for, on every backend.

use super::*;
use crate::backend::GenerateKind;
use crate::backend::tests::backends;
use crate::code::Code;
use crate::key::generate;

const NOW: UnixTime = UnixTime::from_seconds(1_767_225_600);
const URI: &str = "https://api.example/notes";
const REQUEST: Request<'_> = Request {
    method: "GET",
    uri: URI,
    access_token: None,
    nonce: None,
};

fn private(algorithm: Algorithm, backend: &dyn Backend) -> Jwk {
    Jwk::from(generate(GenerateKind::for_algorithm(algorithm), backend).unwrap())
}

/// A proof with this header (after `alg`) and these claims, well signed by `jwk`.
fn forge(jwk: &Jwk, header: &str, claims: &str, backend: &dyn Backend) -> String {
    let algorithm = jwk.only_algorithm().unwrap_or(Algorithm::Ed25519);
    let key = SigningKey::new(jwk, algorithm, backend).unwrap();
    let text = format!("{{\"alg\":\"{algorithm}\",{header}}}");
    let message = format!(
        "{}.{}",
        base64url::encode(text.as_bytes()),
        base64url::encode(claims.as_bytes())
    );
    let mut signature = Vec::new();
    key.sign(message.as_bytes(), &mut signature).unwrap();
    format!("{message}.{}", base64url::encode(&signature))
}

fn header(jwk: &Jwk) -> String {
    let public = jwk.to_public_json().unwrap();
    format!("\"typ\":\"dpop+jwt\",\"jwk\":{public}")
}

const CLAIMS: &str =
    r#"{"jti":"a1","htm":"GET","htu":"https://api.example/notes","iat":1767225600}"#;

fn codes(proof: &str, request: &Request<'_>) -> Vec<Code> {
    let mut all = backends().into_iter().map(|backend| {
        match check(proof, request, &Rules::default(), NOW, backend).unwrap_err() {
            Error::Token(error) => error.codes(),
            error => vec![error.code()],
        }
    });
    let first = all.next().unwrap();
    assert!(all.all(|codes| codes == first), "{first:?}");
    first
}

/// The codes for claims in which one text is replaced by another.
#[track_caller]
fn refused(from: &str, to: &str, code: Code) {
    for backend in backends() {
        let jwk = private(Algorithm::ES256, backend);
        let claims = CLAIMS.replace(from, to);
        assert_ne!(claims, CLAIMS);
        let proof = forge(&jwk, &header(&jwk), &claims, backend);
        assert_eq!(codes(&proof, &REQUEST), [code], "{claims}");
    }
}

#[test]
fn a_proof_is_good_for_its_request() {
    for backend in backends() {
        for algorithm in [Algorithm::ES256, Algorithm::Ed25519, Algorithm::MlDsa44] {
            let jwk = private(algorithm, backend).with_key_id("mine");
            let prover = Prover::new(&jwk, algorithm, backend).unwrap();
            let request = Request {
                access_token: Some("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"),
                nonce: Some("eyJ7S_zG.eyJH0-Z.HX4w-7v"),
                uri: "https://api.example/notes?page=2#top",
                ..REQUEST
            };
            let proof = prover.prove(&request, "a1", NOW, backend).unwrap();
            for other in backends() {
                let checked = check(&proof, &request, &Rules::default(), NOW, other).unwrap();
                assert_eq!(checked.jwt_id(), "a1");
                assert_eq!(checked.thumbprint(), prover.thumbprint());
                assert_eq!(
                    checked.expires_at(),
                    NOW.saturating_add(Duration::from_secs(75))
                );
                assert_eq!(
                    Some(checked.key().material().clone()),
                    jwk.material().public()
                );
                assert_eq!(checked.key().key_id(), None);
                assert_eq!(string(checked.claims(), "htu"), Some(URI));
            }
        }
    }
}

/// RFC 9449 §4.2 and the thumbprint of its key in §6.1.
#[test]
fn the_example_of_the_rfc_is_good() {
    let proof = concat!(
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNo",
        "UklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERW",
        "clUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh",
        "0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8",
        "v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg",
    );
    let request = Request {
        method: "POST",
        uri: "https://server.example.com/token",
        ..REQUEST
    };
    let now = UnixTime::from_seconds(1_562_262_616);
    for backend in backends() {
        let checked = check(proof, &request, &Rules::default(), now, backend).unwrap();
        assert_eq!(
            checked.thumbprint(),
            "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
        );
        let bound = |json: &str| {
            let token = Claims::parse(json.as_bytes().to_vec(), &Limits::default()).unwrap();
            checked.is_bound(&token)
        };
        assert!(bound(
            r#"{"cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}"#
        ));
        for unbound in [
            r#"{"cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J"}}"#,
            r#"{"cnf":{}}"#,
            r#"{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}"#,
        ] {
            assert!(!bound(unbound), "{unbound}");
        }
    }
}

#[test]
fn check_2_it_is_one_well_formed_token() {
    assert_eq!(codes("", &REQUEST), [Code::TokenFormat]);
    assert_eq!(codes("e30.e30", &REQUEST), [Code::TokenFormat]);
    assert_eq!(codes("e30.e30.AA.AA", &REQUEST), [Code::TokenFormat]);
    let long = "A".repeat(17 * 1024);
    assert_eq!(codes(&long, &REQUEST), [Code::TokenTooLarge]);
}

#[test]
fn check_3_all_claims_are_there() {
    refused(r#""jti":"a1","#, "", Code::ClaimMissing);
}

#[test]
fn check_3_jti_can_be_remembered() {
    refused("\"a1\"", "\"\"", Code::ClaimMismatch);
    refused("a1", &"a".repeat(257), Code::ClaimMismatch);
    refused("\"a1\"", "1", Code::ClaimType);
}

#[test]
fn check_4_attack_51_the_type_is_that_of_proofs() {
    for backend in backends() {
        let jwk = private(Algorithm::ES256, backend);
        for typ in ["\"typ\":\"JWT\",", "\"typ\":\"at+jwt\",", ""] {
            let header = header(&jwk).replace("\"typ\":\"dpop+jwt\",", typ);
            let proof = forge(&jwk, &header, CLAIMS, backend);
            assert_eq!(codes(&proof, &REQUEST), [Code::TypeMismatch]);
        }
        let header = header(&jwk).replace("dpop+jwt", "application/DPoP+jwt");
        let proof = forge(&jwk, &header, CLAIMS, backend);
        assert!(check(&proof, &REQUEST, &Rules::default(), NOW, backend).is_ok());
    }
}

#[test]
fn check_5_attack_01_the_algorithm_is_asymmetric_and_allowed() {
    let claims = base64url::encode(CLAIMS.as_bytes());
    for (header, code) in [
        (
            r#"{"alg":"none","typ":"dpop+jwt","jwk":{}}"#,
            Code::AlgorithmNone,
        ),
        (
            r#"{"alg":"HS256","typ":"dpop+jwt","jwk":{}}"#,
            Code::AlgorithmNotAllowed,
        ),
        (
            r#"{"alg":"es256","typ":"dpop+jwt","jwk":{}}"#,
            Code::AlgorithmUnknown,
        ),
        (r#"{"typ":"dpop+jwt","jwk":{}}"#, Code::HeaderInvalid),
    ] {
        let proof = format!("{}.{claims}.AAAA", base64url::encode(header.as_bytes()));
        assert_eq!(codes(&proof, &REQUEST), [code], "{header}");
    }
    for backend in backends() {
        let jwk = private(Algorithm::ES256, backend);
        let proof = forge(&jwk, &header(&jwk), CLAIMS, backend);
        let rules = Rules {
            algorithms: [Algorithm::Ed25519, Algorithm::HS256].into(),
            ..Rules::default()
        };
        let error = check(&proof, &REQUEST, &rules, NOW, backend).unwrap_err();
        assert_eq!(error.code(), Code::AlgorithmNotAllowed);
        let secret = Jwk::from(crate::key::KeyMaterial::Oct(crate::Secret::new(vec![
            7;
            32
        ])));
        let error = Prover::new(&secret, Algorithm::HS256, backend).unwrap_err();
        assert_eq!(error.code(), Code::KeyType);
    }
}

#[test]
fn check_6_the_signature_is_of_the_embedded_key() {
    for backend in backends() {
        let (jwk, other) = (
            private(Algorithm::ES256, backend),
            private(Algorithm::ES256, backend),
        );
        let proof = forge(&jwk, &header(&other), CLAIMS, backend);
        assert_eq!(codes(&proof, &REQUEST), [Code::SignatureMismatch]);
        let (message, _) = proof.rsplit_once('.').unwrap();
        assert_eq!(
            codes(&format!("{message}."), &REQUEST),
            [Code::SignatureMissing]
        );
        let ed25519 = private(Algorithm::Ed25519, backend);
        let proof = forge(&jwk, &header(&ed25519), CLAIMS, backend);
        assert_eq!(codes(&proof, &REQUEST), [Code::KeyType]);
        let encrypts = jwk.clone().with_key_use("enc");
        let proof = forge(&jwk, &header(&encrypts), CLAIMS, backend);
        assert_eq!(codes(&proof, &REQUEST), [Code::KeyUsage]);
    }
}

#[test]
fn check_7_attack_09_the_key_is_there_public_and_sound() {
    for backend in backends() {
        let jwk = private(Algorithm::ES256, backend);
        for (embedded, code) in [
            (jwk.to_json().as_str().to_owned(), Code::HeaderInvalid),
            (
                r#"{"kty":"oct","k":"AAAA"}"#.to_owned(),
                Code::HeaderInvalid,
            ),
            (r#"{"kty":"EC"}"#.to_owned(), Code::KeyInvalid),
            ("\"a\"".to_owned(), Code::KeyFormat),
        ] {
            let header = format!("\"typ\":\"dpop+jwt\",\"jwk\":{embedded}");
            let proof = forge(&jwk, &header, CLAIMS, backend);
            assert_eq!(codes(&proof, &REQUEST), [code], "{header}");
        }
        let proof = forge(
            &jwk,
            "\"typ\":\"dpop+jwt\",\"kid\":\"mine\"",
            CLAIMS,
            backend,
        );
        assert_eq!(codes(&proof, &REQUEST), [Code::HeaderInvalid]);
    }
}

#[test]
fn check_8_the_method_is_that_of_the_request() {
    refused("GET", "POST", Code::ClaimMismatch);
    refused("GET", "get", Code::ClaimMismatch);
    refused("\"GET\"", "null", Code::ClaimMismatch);
}

#[test]
fn check_9_the_target_is_that_of_the_request() {
    refused("/notes", "/note", Code::ClaimMismatch);
    refused("https:", "http:", Code::ClaimMismatch);
    refused("api.example", "api.example.org", Code::ClaimMismatch);
    refused("api.example", "api.example:8443", Code::ClaimMismatch);
    refused("https://api.example/notes", "", Code::ClaimMismatch);
    refused("\"https://api.example/notes\"", "[]", Code::ClaimMismatch);
    for backend in backends() {
        let jwk = private(Algorithm::ES256, backend);
        let proof = forge(&jwk, &header(&jwk), CLAIMS, backend);
        let nowhere = Request {
            uri: "/notes",
            ..REQUEST
        };
        assert_eq!(codes(&proof, &nowhere), [Code::ClaimMismatch]);
        for uri in [
            "HTTPS://API.example:443/%6eotes?page=2",
            "https://api.example/x/../notes",
        ] {
            let request = Request { uri, ..REQUEST };
            assert!(
                check(&proof, &request, &Rules::default(), NOW, backend).is_ok(),
                "{uri}"
            );
        }
        let prover = Prover::new(&jwk, Algorithm::ES256, backend).unwrap();
        assert!(prover.prove(&nowhere, "a1", NOW, backend).is_err());
    }
}

#[test]
fn check_10_the_nonce_is_the_one_that_was_given() {
    for backend in backends() {
        let jwk = private(Algorithm::ES256, backend);
        let prover = Prover::new(&jwk, Algorithm::ES256, backend).unwrap();
        let asked = Request {
            nonce: Some("n1"),
            ..REQUEST
        };
        for given in [None, Some("n2"), Some("")] {
            let request = Request {
                nonce: given,
                ..REQUEST
            };
            let proof = prover.prove(&request, "a1", NOW, backend).unwrap();
            assert_eq!(codes(&proof, &asked), [Code::NonceMismatch]);
        }
    }
}

#[test]
fn check_11_attack_52_the_time_is_within_the_window() {
    refused(",\"iat\":1767225600", "", Code::ClaimMissing);
    for (iat, code) in [
        ("1767225524", Code::TokenTooOld),
        ("1767225616", Code::IssuedInFuture),
        ("\"1767225600\"", Code::ClaimType),
        ("1e400", Code::ClaimType),
    ] {
        refused("1767225600", iat, code);
    }
    for backend in backends() {
        let jwk = private(Algorithm::ES256, backend);
        for iat in ["1767225525", "1767225615"] {
            let claims = CLAIMS.replace("1767225600", iat);
            let proof = forge(&jwk, &header(&jwk), &claims, backend);
            assert!(
                check(&proof, &REQUEST, &Rules::default(), NOW, backend).is_ok(),
                "{iat}"
            );
        }
    }
}

#[test]
fn check_12_the_proof_belongs_to_the_access_token() {
    for backend in backends() {
        let jwk = private(Algorithm::ES256, backend);
        let prover = Prover::new(&jwk, Algorithm::ES256, backend).unwrap();
        let with = |access_token| Request {
            access_token,
            ..REQUEST
        };
        for given in [None, Some("other"), Some("")] {
            let proof = prover.prove(&with(given), "a1", NOW, backend).unwrap();
            assert_eq!(codes(&proof, &with(Some("token"))), [Code::ClaimMismatch]);
        }
    }
}

#[test]
fn attack_36_extensions_are_not_ignored() {
    for backend in backends() {
        let jwk = private(Algorithm::ES256, backend);
        let header = format!("{},\"crit\":[\"x\"],\"x\":1", header(&jwk));
        let proof = forge(&jwk, &header, CLAIMS, backend);
        assert_eq!(codes(&proof, &REQUEST), [Code::CritUnsupported]);
    }
}

#[test]
fn attack_57_errors_and_debug_carry_no_token() {
    let request = Request {
        access_token: Some("hunter2"),
        nonce: Some("hunter3"),
        ..REQUEST
    };
    assert!(!format!("{request:?}").contains("hunter"));
}
