//! The choice of keys for one token.

use super::*;
use crate::backend::tests::backends;
use crate::code::Code;
use crate::key::KeyMaterial;
use crate::key::testdata::*;
use crate::secret::Secret;

fn named(text: &str, key_id: Option<&str>, backend: &dyn Backend) -> Jwk {
    let key = read_one(text, backend).public().unwrap();
    match key_id {
        Some(key_id) => key.with_key_id(key_id),
        None => key,
    }
}

fn count(set: &VerifyingKeySet, algorithm: Algorithm, key_id: Option<&str>) -> Result<usize, Code> {
    set.candidates(algorithm, key_id)
        .map(Iterator::count)
        .map_err(|error| error.code())
}

#[test]
fn a_key_is_found_by_its_name_and_algorithm() {
    for backend in backends() {
        let keys = [
            named(P256_SPKI, Some("a"), backend),
            named(RSA_SPKI, Some("b"), backend),
            named(ED25519_SPKI, None, backend),
        ];
        let set = VerifyingKeySet::new(&keys, AlgorithmSet::asymmetric(), backend).unwrap();
        assert_eq!(set.skipped(), []);
        assert_eq!(count(&set, Algorithm::ES256, Some("a")), Ok(1));
        assert_eq!(count(&set, Algorithm::PS384, Some("b")), Ok(1));
        assert_eq!(
            count(&set, Algorithm::ES256, Some("b")),
            Err(Code::AlgorithmMismatch)
        );
        assert_eq!(
            count(&set, Algorithm::ES256, Some("A")),
            Err(Code::KeyNotFound)
        );
        assert_eq!(count(&set, Algorithm::ES256, None), Ok(1));
        assert_eq!(count(&set, Algorithm::ES384, None), Err(Code::KeyNotFound));
        assert_eq!(
            count(&set, Algorithm::EdDSA, Some("other")),
            Ok(1),
            "unnamed"
        );
    }
}

#[test]
fn attack_04_without_an_alg_the_caller_decides() {
    for backend in backends() {
        let keys = [named(RSA_SPKI, Some("a"), backend)];
        let set = VerifyingKeySet::new(&keys, Algorithm::PS256.into(), backend).unwrap();
        assert_eq!(count(&set, Algorithm::PS256, Some("a")), Ok(1));
        assert_eq!(
            count(&set, Algorithm::RS256, Some("a")),
            Err(Code::AlgorithmMismatch)
        );
        let set = VerifyingKeySet::new(&keys, AlgorithmSet::EMPTY, backend).unwrap();
        assert!(set.is_empty());
        assert_eq!(set.skipped()[0].error.code(), Code::AlgorithmNotAllowed);
        assert_eq!(
            keys[0].only_algorithm().unwrap_err().code(),
            Code::AlgorithmAmbiguous
        );
    }
}

#[test]
fn attack_05_and_07_the_keys_own_alg_binds() {
    for backend in backends() {
        let keys = [named(RSA_SPKI, Some("a"), backend).with_algorithm(Algorithm::PS256)];
        let set = VerifyingKeySet::new(&keys, AlgorithmSet::asymmetric(), backend).unwrap();
        assert_eq!(count(&set, Algorithm::PS256, Some("a")), Ok(1));
        assert_eq!(
            count(&set, Algorithm::RS256, Some("a")),
            Err(Code::AlgorithmMismatch)
        );
        assert_eq!(count(&set, Algorithm::RS256, None), Err(Code::KeyNotFound));
    }
}

#[test]
fn attack_11_a_key_id_is_only_compared() {
    for backend in backends() {
        let keys = [named(P256_SPKI, Some("a"), backend)];
        let set = VerifyingKeySet::new(&keys, AlgorithmSet::asymmetric(), backend).unwrap();
        for key_id in ["../../dev/null", "x' OR 1=1", "", "a\0", "a ", "http://x/"] {
            assert_eq!(
                count(&set, Algorithm::ES256, Some(key_id)),
                Err(Code::KeyNotFound)
            );
        }
    }
}

#[test]
fn attack_17_one_name_twice_is_an_error_unless_the_algorithm_tells() {
    for backend in backends() {
        let same = [
            named(P256_SPKI, Some("a"), backend),
            named(P256_CERTIFICATE, Some("a"), backend),
        ];
        let set = VerifyingKeySet::new(&same, AlgorithmSet::asymmetric(), backend).unwrap();
        assert_eq!(
            count(&set, Algorithm::ES256, Some("a")),
            Err(Code::KeyAmbiguous)
        );
        let other = [
            named(P256_SPKI, Some("a"), backend),
            named(P384_PKCS8, Some("a"), backend),
        ];
        let set = VerifyingKeySet::new(&other, AlgorithmSet::asymmetric(), backend).unwrap();
        assert_eq!(count(&set, Algorithm::ES384, Some("a")), Ok(1));
    }
}

#[test]
fn attack_17_secrets_and_public_keys_do_not_mix() {
    for backend in backends() {
        let secret = Jwk::from(KeyMaterial::Oct(Secret::new(vec![7; 32])));
        let every: AlgorithmSet = Algorithm::ALL.iter().copied().collect();
        let mixed = [named(P256_SPKI, None, backend), secret.clone()];
        for refused in [
            VerifyingKeySet::new(&mixed, every, backend),
            VerifyingKeySet::new(&mixed, AlgorithmSet::asymmetric(), backend),
            VerifyingKeySet::dangerous_allow_weak(&mixed, every, backend),
        ] {
            assert_eq!(refused.unwrap_err(), KeyError::SetMixed);
        }
        assert!(VerifyingKeySet::new(&[secret], every, backend).is_ok());
    }
}

#[test]
fn a_picked_key_serves_any_name_but_only_its_algorithm() {
    for backend in backends() {
        let key = named(P256_SPKI, Some("a"), backend);
        let key = VerifyingKey::new(&key, Algorithm::ES256, backend).unwrap();
        let set = VerifyingKeySet::from(key);
        assert_eq!(count(&set, Algorithm::ES256, Some("other")), Ok(1));
        assert_eq!(count(&set, Algorithm::ES256, None), Ok(1));
        assert_eq!(
            count(&set, Algorithm::HS256, None),
            Err(Code::AlgorithmMismatch)
        );
    }
}

#[test]
fn picked_keys_serve_any_name() {
    for backend in backends() {
        let keys = [named(RSA_SPKI, Some("a"), backend)];
        let set = VerifyingKeySet::new(&keys, AlgorithmSet::asymmetric(), backend)
            .unwrap()
            .ignoring_key_ids();
        assert_eq!(count(&set, Algorithm::PS256, Some("other")), Ok(1));
        assert_eq!(
            count(&set, Algorithm::ES256, Some("other")),
            Err(Code::AlgorithmMismatch)
        );
    }
}

#[test]
fn tokens_without_a_name_are_not_tried_against_hundreds_of_keys() {
    for backend in backends() {
        let keys = vec![named(P256_SPKI, Some("a"), backend); 17];
        let all = AlgorithmSet::asymmetric();
        let set = VerifyingKeySet::new(&keys[..16], all, backend).unwrap();
        assert_eq!(count(&set, Algorithm::ES256, None), Ok(16));
        let set = VerifyingKeySet::new(&keys, all, backend).unwrap();
        assert_eq!(count(&set, Algorithm::ES256, None), Err(Code::KeyAmbiguous));
    }
}

#[test]
fn unusable_keys_are_skipped_with_their_reason() {
    for backend in backends() {
        let keys = [
            named(P256_SPKI, Some("enc"), backend).with_key_use("enc"),
            named(RSA_1024, Some("weak"), backend),
            named(P256_SPKI, Some("good"), backend),
        ];
        let all = AlgorithmSet::asymmetric();
        let set = VerifyingKeySet::new(&keys, all, backend).unwrap();
        let skipped: Vec<_> = set
            .skipped()
            .iter()
            .map(|skipped| {
                (
                    skipped.index,
                    skipped.key_id.as_deref(),
                    skipped.error.code(),
                )
            })
            .collect();
        assert_eq!(
            skipped,
            [
                (0, Some("enc"), Code::KeyUsage),
                (1, Some("weak"), Code::KeyWeak)
            ]
        );
        let set = VerifyingKeySet::dangerous_allow_weak(&keys, all, backend).unwrap();
        assert_eq!(count(&set, Algorithm::RS256, Some("weak")), Ok(1));
    }
}
