//! Rows A, B and C of the attack list that need keys.

use jeton_jose::jwk::{Jwk, JwkSet};
use jeton_jose::jwt::{self, Policy};
use jeton_jose::key::{self, VerifyingKeySet};
use jeton_jose::{Algorithm, AlgorithmSet, Code, base64url};
use jeton_testkit::{NOW, backends, jwk, verifying_key};

use super::forge;

const CLAIMS: &str = r#"{"sub":"ada"}"#;

fn hmac_family() -> AlgorithmSet {
    [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512].into()
}

#[test]
fn attack_03_public_keys_never_serve_as_secrets() {
    for backend in backends() {
        let public = jwk(Algorithm::RS256).public().unwrap();
        let pem = key::write(&public, key::KeyForm::Pem(key::Structure::Spki)).unwrap();
        let pkcs1 = key::write(&public, key::KeyForm::Pem(key::Structure::Pkcs1Public)).unwrap();
        let json = public.to_public_json().unwrap();
        for text in [pem.expose(), pkcs1.expose(), json.as_bytes()] {
            for prefix in ["", " ", "\u{feff}", "\n", "junk\n"] {
                let disguised = [prefix.as_bytes(), text].concat();
                // Whatever the reader makes of it, it is never a secret.
                if let Ok(read) = key::read(&disguised, backend) {
                    for key in read.keys {
                        assert!(
                            VerifyingKeySet::new(&[key], hmac_family(), backend)
                                .unwrap()
                                .is_empty()
                        );
                    }
                }
            }
            let secret = Jwk::from(key::KeyMaterial::Oct(jeton_jose::Secret::new(
                text.to_vec(),
            )));
            let forged_with = key::SigningKey::new(&secret, Algorithm::HS256, backend).unwrap();
            let message = format!(
                "{}.{}",
                base64url::encode(br#"{"alg":"HS256"}"#),
                base64url::encode(CLAIMS.as_bytes())
            );
            let mut mac = Vec::new();
            forged_with.sign(message.as_bytes(), &mut mac).unwrap();
            let forged = format!("{message}.{}", base64url::encode(&mac));
            let every = Algorithm::ALL.iter().copied().collect::<AlgorithmSet>();
            let keys =
                VerifyingKeySet::new(core::slice::from_ref(&public), every, backend).unwrap();
            let error = jwt::verify(&forged, &keys, &Policy::new(every), NOW).unwrap_err();
            assert!(
                matches!(error.code(), Code::KeyNotFound | Code::AlgorithmMismatch),
                "{error}"
            );
        }
    }
}

#[test]
fn attack_05_07_the_keys_own_algorithm_decides() {
    // Key and token share the kid; the key is for PS256, the token and the list say RS256.
    let mut private = jwk(Algorithm::RS256).with_key_id("shared");
    let token = forge(
        Algorithm::RS256,
        r#"{"alg":"RS256","kid":"shared"}"#,
        CLAIMS,
    );
    let both: AlgorithmSet = [Algorithm::RS256, Algorithm::PS256].into();
    for backend in backends() {
        private = private.with_algorithm(Algorithm::PS256);
        let keys = VerifyingKeySet::new(&[private.public().unwrap()], both, backend).unwrap();
        let error = jwt::verify(&token, &keys, &Policy::new(both), NOW).unwrap_err();
        assert_eq!(error.code(), Code::AlgorithmMismatch);
    }
}

#[test]
fn attack_06_curves_belong_to_algorithms() {
    for backend in backends() {
        let p384 = jwk(Algorithm::ES384)
            .public()
            .unwrap()
            .to_public_json()
            .unwrap();
        let key = Jwk::parse(p384.replace("\"ES384\"", "\"ES256\"").as_bytes());
        let refused = match key {
            Ok(key) => key::VerifyingKey::new(&key, Algorithm::ES256, backend)
                .map(|_| ())
                .map_err(|error| error.code()),
            Err(error) => Err(error.code()),
        };
        assert!(
            matches!(
                refused,
                Err(Code::KeyType | Code::KeyInvalid | Code::AlgorithmMismatch)
            ),
            "{refused:?}"
        );
    }
}

#[test]
fn attack_13_a_removed_key_no_longer_verifies() {
    let token = forge(Algorithm::ES256, r#"{"alg":"ES256","kid":"es256"}"#, CLAIMS);
    let other = jwk(Algorithm::Ed25519).public().unwrap();
    for backend in backends() {
        let set = VerifyingKeySet::new(
            core::slice::from_ref(&other),
            AlgorithmSet::asymmetric(),
            backend,
        )
        .unwrap();
        let error = jwt::verify(&token, &set, &Policy::new(Algorithm::ES256), NOW).unwrap_err();
        assert_eq!(error.code(), Code::KeyNotFound);
    }
}

#[test]
fn attack_16_unknown_keys_do_not_break_a_set() {
    let good = jwk(Algorithm::ES256)
        .public()
        .unwrap()
        .to_public_json()
        .unwrap();
    let text = format!(
        r#"{{"keys":[{{"kty":"AKP","alg":"ML-DSA-44","pub":"AA"}},{{"kty":"EC","crv":"P-999","x":"AA","y":"AA"}},{{"kid":7}},{{}},{good}],"more":1}}"#
    );
    let set = JwkSet::parse(text.as_bytes()).unwrap();
    assert_eq!((set.keys.len(), set.skipped.len()), (1, 4));
    let token = forge(Algorithm::ES256, r#"{"alg":"ES256","kid":"es256"}"#, CLAIMS);
    for backend in backends() {
        let keys = VerifyingKeySet::new(&set.keys, AlgorithmSet::asymmetric(), backend).unwrap();
        assert!(jwt::verify(&token, &keys, &Policy::new(Algorithm::ES256), NOW).is_ok());
    }
}

#[test]
fn attack_17_duplicate_kids_and_mixed_sets() {
    let es256 = jwk(Algorithm::ES256).public().unwrap().with_key_id("one");
    let ed25519 = jwk(Algorithm::Ed25519).public().unwrap().with_key_id("one");
    let token = forge(Algorithm::ES256, r#"{"alg":"ES256","kid":"one"}"#, CLAIMS);
    let policy = Policy::new(Algorithm::ES256);
    for backend in backends() {
        let told_apart = VerifyingKeySet::new(
            &[es256.clone(), ed25519.clone()],
            AlgorithmSet::asymmetric(),
            backend,
        )
        .unwrap();
        assert!(jwt::verify(&token, &told_apart, &policy, NOW).is_ok());
        let ambiguous = VerifyingKeySet::new(
            &[es256.clone(), es256.clone()],
            AlgorithmSet::asymmetric(),
            backend,
        )
        .unwrap();
        assert_eq!(
            jwt::verify(&token, &ambiguous, &policy, NOW)
                .unwrap_err()
                .code(),
            Code::KeyAmbiguous
        );
        let every = Algorithm::ALL.iter().copied().collect::<AlgorithmSet>();
        let mixed = VerifyingKeySet::new(&[es256.clone(), jwk(Algorithm::HS256)], every, backend);
        assert_eq!(mixed.unwrap_err().code(), Code::KeySetMixed);
    }
}

#[test]
fn attack_18_psychic_signatures() {
    for algorithm in [
        Algorithm::ES256,
        Algorithm::ES384,
        Algorithm::ES512,
        Algorithm::ES256K,
    ] {
        let len = algorithm.row().signature_len.unwrap();
        let header = base64url::encode(format!(r#"{{"alg":"{algorithm}"}}"#).as_bytes());
        let order = order(algorithm);
        let near = |difference: i16| -> Vec<u8> {
            let mut value = order.clone();
            let mut carry = difference;
            for byte in value.iter_mut().rev() {
                let sum = i16::from(*byte) + carry;
                *byte = u8::try_from(sum.rem_euclid(256)).unwrap();
                carry = sum.div_euclid(256);
            }
            value
        };
        let mut one = vec![0; len / 2];
        *one.last_mut().unwrap() = 1;
        let values = [
            vec![0; len / 2],
            one,
            near(-1),
            near(0),
            near(1),
            vec![0xff; len / 2],
        ];
        for r in &values {
            for s in &values {
                let signature = base64url::encode(&[r.as_slice(), s.as_slice()].concat());
                let token = format!(
                    "{header}.{}.{signature}",
                    base64url::encode(CLAIMS.as_bytes())
                );
                for backend in backends() {
                    let error = jwt::verify(
                        &token,
                        &verifying_key(algorithm, backend),
                        &Policy::new(algorithm),
                        NOW,
                    )
                    .unwrap_err();
                    assert_eq!(error.code(), Code::SignatureMismatch);
                }
            }
        }
    }
}

/// Group orders as SEC 2 and FIPS 186 give them.
fn order(algorithm: Algorithm) -> Vec<u8> {
    let hex = match algorithm {
        Algorithm::ES256 => "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        Algorithm::ES384 => {
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"
        }
        Algorithm::ES512 => {
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"
        }
        _ => "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
    };
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

#[test]
fn attack_21_22_weak_keys_are_refused_unless_asked_for() {
    let secret = |bytes: &[u8]| {
        Jwk::from(key::KeyMaterial::Oct(jeton_jose::Secret::new(
            bytes.to_vec(),
        )))
    };
    for backend in backends() {
        let weak = |jwk: &Jwk, algorithm| {
            key::VerifyingKey::new(jwk, algorithm, backend)
                .map(|_| ())
                .map_err(|error| error.code())
        };
        assert_eq!(
            weak(&secret(b"your-256-bit-secret"), Algorithm::HS256),
            Err(Code::KeyWeak)
        );
        assert_eq!(
            weak(&secret(&[1; 32]), Algorithm::HS384),
            Err(Code::KeyWeak)
        );
        assert_eq!(weak(&secret(&[1; 32]), Algorithm::HS256), Ok(()));
        // A key for encryption is none for a MAC, however long.
        for (member, value) in [("alg", "A256KW"), ("alg", "A256GCM"), ("use", "enc")] {
            let k = base64url::encode(&[1; 32]);
            let aes = format!(r#"{{"kty":"oct","k":"{k}","{member}":"{value}"}}"#);
            let refused = weak(&Jwk::parse(aes.as_bytes()).unwrap(), Algorithm::HS256);
            assert!(
                matches!(refused, Err(Code::AlgorithmMismatch | Code::KeyUsage)),
                "{value}: {refused:?}"
            );
        }
        // Empty is no key at all: no door opens for it.
        let empty =
            key::VerifyingKey::dangerous_allow_weak(&secret(b""), Algorithm::HS256, backend);
        assert!(matches!(
            empty.unwrap_err().code(),
            Code::KeyInvalid | Code::KeyWeak
        ));
    }
}

#[test]
fn the_famous_example_verifies_through_the_dangerous_door_only() {
    const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
    let secret = Jwk::from(key::KeyMaterial::Oct(jeton_jose::Secret::new(
        b"your-256-bit-secret".to_vec(),
    )));
    for backend in backends() {
        let key =
            key::VerifyingKey::dangerous_allow_weak(&secret, Algorithm::HS256, backend).unwrap();
        assert!(key.weakness().is_some());
        let verified =
            jwt::verify(TOKEN, &key.into(), &Policy::new(Algorithm::HS256), NOW).unwrap();
        assert_eq!(verified.claims().subject(), Some("1234567890"));
    }
}

#[test]
fn every_algorithm_signs_and_verifies_across_backends() {
    for algorithm in Algorithm::ALL.iter().copied() {
        for signer in backends() {
            let Some(key) = jeton_testkit::signing_key(algorithm, signer) else {
                println!(
                    "skipped: {} does not sign {algorithm} here (RUSTSEC-2023-0071)",
                    signer.name()
                );
                continue;
            };
            let token = jwt::Builder::new().subject("ada").sign(&key).unwrap();
            for verifier in backends() {
                let keys = verifying_key(algorithm, verifier);
                let verified = jwt::verify(&token, &keys, &Policy::new(algorithm), NOW).unwrap();
                assert_eq!(verified.claims().subject(), Some("ada"));
                assert_eq!(verified.key().algorithm(), algorithm);
            }
        }
    }
}
