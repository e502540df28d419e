//! Keys bound to an algorithm: what is refused, and what only a `dangerous_` door opens.

use super::testdata::*;
use super::*;
use crate::alg::{Algorithm, Curve};
use crate::backend::GenerateKind;
use crate::backend::tests::{backends, rsa_signer};
use crate::code::Code;
use crate::jwk::Jwk;
use crate::secret::Secret;

#[test]
fn attack_06_wrong_type_or_curve_is_refused_at_construction() {
    for backend in backends() {
        let files = [
            (RSA_SPKI, "RSA"),
            (P256_SPKI, "P-256"),
            (P384_PKCS8, "P-384"),
            (P521_PKCS8, "P-521"),
            (SECP256K1_PKCS8, "secp256k1"),
            (ED25519_SPKI, "Ed25519"),
        ];
        for (text, found) in files {
            let key = read_one(text, backend);
            for algorithm in Algorithm::ALL.iter().copied() {
                let fits = key.material().algorithms().contains(algorithm);
                let verifying = VerifyingKey::new(&key, algorithm, backend);
                assert_eq!(verifying.is_ok(), fits, "{algorithm} with {found}");
                if !fits {
                    let expected = KeyError::Type {
                        algorithm: algorithm.into(),
                        found,
                    };
                    assert_eq!(verifying.unwrap_err(), expected);
                    let weak = VerifyingKey::dangerous_allow_weak(&key, algorithm, backend);
                    assert_eq!(weak.unwrap_err(), expected);
                }
            }
        }
    }
}

#[test]
fn attack_21_an_empty_secret_opens_no_door() {
    for backend in backends() {
        let key = Jwk::from(KeyMaterial::Oct(Secret::new(Vec::new())));
        let expected = KeyError::Invalid {
            member: "k",
            problem: "is empty",
        };
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            for refused in [
                VerifyingKey::new(&key, algorithm, backend).unwrap_err(),
                VerifyingKey::dangerous_allow_weak(&key, algorithm, backend).unwrap_err(),
                SigningKey::new(&key, algorithm, backend).unwrap_err(),
                SigningKey::dangerous_allow_weak(&key, algorithm, backend).unwrap_err(),
            ] {
                assert_eq!(refused, expected);
            }
        }
    }
}

#[test]
fn attack_22_short_secrets_need_the_dangerous_door() {
    for backend in backends() {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let wanted = algorithm.row().min_key_bits;
            for len in [1, 19, wanted / 8 - 1] {
                let key = Jwk::from(KeyMaterial::Oct(Secret::new(vec![b's'; len])));
                let weakness = Weakness::HmacShort {
                    bits: len * 8,
                    wanted,
                };
                let refused = VerifyingKey::new(&key, algorithm, backend).unwrap_err();
                assert_eq!(refused, KeyError::Weak(weakness));
                assert_eq!(refused.code(), Code::KeyWeak);
                let opened = VerifyingKey::dangerous_allow_weak(&key, algorithm, backend).unwrap();
                assert_eq!(opened.weakness(), Some(weakness));
                let signer = SigningKey::dangerous_allow_weak(&key, algorithm, backend).unwrap();
                let mut signature = Vec::new();
                signer.sign(b"message", &mut signature).unwrap();
                assert!(opened.verify(b"message", &signature));
            }
            let key = Jwk::from(KeyMaterial::Oct(Secret::new(vec![b's'; wanted / 8])));
            let sound = VerifyingKey::dangerous_allow_weak(&key, algorithm, backend).unwrap();
            assert_eq!(sound.weakness(), None);
        }
    }
}

#[test]
fn attack_22_the_famous_token_verifies_behind_the_dangerous_door_only() {
    let message = b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
        eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ";
    let signature =
        crate::base64url::decode("SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c").unwrap();
    let key = Jwk::from(KeyMaterial::Oct(Secret::new(
        b"your-256-bit-secret".to_vec(),
    )));
    for backend in backends() {
        assert!(VerifyingKey::new(&key, Algorithm::HS256, backend).is_err());
        let opened = VerifyingKey::dangerous_allow_weak(&key, Algorithm::HS256, backend).unwrap();
        assert!(opened.verify(message, &signature));
    }
}

#[test]
fn attack_22_weak_rsa_keys_are_named() {
    for backend in backends() {
        let short = read_one(RSA_1024, backend).public().unwrap();
        let weakness = Weakness::RsaShort {
            bits: 1024,
            wanted: 2048,
        };
        let refused = VerifyingKey::new(&short, Algorithm::RS256, backend).unwrap_err();
        assert_eq!(refused, KeyError::Weak(weakness));
        let opened = VerifyingKey::dangerous_allow_weak(&short, Algorithm::RS256, backend).unwrap();
        assert_eq!(opened.weakness(), Some(weakness));

        let sound = read_one(RSA_SPKI, backend);
        let KeyMaterial::Rsa(sound) = sound.material() else {
            panic!("RSA");
        };
        for e in [vec![1], vec![2], vec![1, 0, 0]] {
            let key = Jwk::from(KeyMaterial::Rsa(RsaKey { e, ..sound.clone() }));
            for refused in [
                VerifyingKey::new(&key, Algorithm::RS256, backend).unwrap_err(),
                VerifyingKey::dangerous_allow_weak(&key, Algorithm::RS256, backend).unwrap_err(),
            ] {
                assert_eq!(refused, KeyError::Weak(Weakness::RsaExponent));
            }
        }
        let mut even = sound.n.clone();
        *even.last_mut().unwrap() &= 0xfe;
        for (n, e, member) in [
            (even, sound.e.clone(), "n"),
            (vec![0xff; 1025], sound.e.clone(), "n"),
            (vec![0xff; 32], sound.e.clone(), "n"),
            (Vec::new(), sound.e.clone(), "n"),
            (sound.n.clone(), vec![0xff; 5], "e"),
        ] {
            let key = Jwk::from(KeyMaterial::Rsa(RsaKey {
                n,
                e,
                private: None,
            }));
            let refused = VerifyingKey::dangerous_allow_weak(&key, Algorithm::RS256, backend);
            match refused.unwrap_err() {
                KeyError::Invalid { member: named, .. } => assert_eq!(named, member),
                other => panic!("{other}"),
            }
        }
    }
}

#[test]
fn attack_22_small_order_and_non_canonical_ed25519_keys_open_no_door() {
    let p = |low: u8| {
        let mut y = [0xff; 32];
        y[0] = low;
        y[31] = 0x7f;
        y.to_vec()
    };
    let mut one = vec![0; 32];
    one[0] = 1;
    for backend in backends() {
        for x in [vec![0; 32], one.clone(), p(0xec)] {
            let key = ed25519_public(x);
            for algorithm in [Algorithm::Ed25519, Algorithm::EdDSA] {
                let refused = VerifyingKey::dangerous_allow_weak(&key, algorithm, backend);
                assert_eq!(refused.unwrap_err(), KeyError::Weak(Weakness::SmallOrder));
            }
        }
        for low in 0xed..=0xff {
            let key = ed25519_public(p(low));
            let refused = VerifyingKey::dangerous_allow_weak(&key, Algorithm::EdDSA, backend);
            assert_eq!(refused.unwrap_err().code(), Code::KeyInvalid);
        }
    }
}

fn ed25519_public(x: Vec<u8>) -> Jwk {
    Jwk::from(KeyMaterial::Okp(OkpKey {
        curve: Curve::Ed25519,
        x,
        d: None,
    }))
}

#[test]
fn points_off_the_curve_are_refused_at_construction() {
    for backend in backends() {
        for text in [P256_SPKI, P384_PKCS8, P521_PKCS8, SECP256K1_PKCS8] {
            let key = read_one(text, backend);
            let KeyMaterial::Ec(ec) = key.material() else {
                panic!("EC");
            };
            let algorithm = key.only_algorithm().unwrap();
            let mut off = ec.clone();
            off.d = None;
            *off.y.last_mut().unwrap() ^= 1;
            let mut zero = off.clone();
            zero.x.fill(0);
            zero.y.fill(0);
            let mut large = off.clone();
            large.x.fill(0xff);
            for point in [off, zero, large] {
                let key = Jwk::from(KeyMaterial::Ec(point));
                let refused = VerifyingKey::new(&key, algorithm, backend).unwrap_err();
                assert_eq!(refused.code(), Code::KeyInvalid, "{algorithm}");
            }
        }
    }
}

#[test]
fn a_private_half_that_is_not_its_own_is_refused() {
    for backend in backends() {
        for kind in [
            GenerateKind::Curve(Curve::P256),
            GenerateKind::Curve(Curve::P384),
            GenerateKind::Curve(Curve::P521),
            GenerateKind::Curve(Curve::Secp256k1),
            GenerateKind::Curve(Curve::Ed25519),
        ] {
            let one = generate(kind, backend).unwrap();
            let other = generate(kind, backend).unwrap();
            let mixed = match (one, other) {
                (KeyMaterial::Ec(one), KeyMaterial::Ec(other)) => {
                    KeyMaterial::Ec(EcKey { d: other.d, ..one })
                }
                (KeyMaterial::Okp(one), KeyMaterial::Okp(other)) => {
                    KeyMaterial::Okp(OkpKey { d: other.d, ..one })
                }
                _ => panic!("a pair"),
            };
            let algorithm = mixed.algorithms().iter().next().unwrap();
            let refused = SigningKey::new(&mixed.into(), algorithm, backend).unwrap_err();
            let expected = KeyError::Invalid {
                member: "d",
                problem: "does not belong to the public key",
            };
            assert_eq!(refused, expected);
        }
    }
}

#[test]
fn rsa_numbers_that_do_not_belong_together_are_refused() {
    let Some(backend) = rsa_signer() else {
        println!("skipped: no backend of this build signs with RSA");
        return;
    };
    let key = read_one(RSA_PKCS8, backend);
    let KeyMaterial::Rsa(rsa) = key.material() else {
        panic!("RSA");
    };
    let private = rsa.private.clone().unwrap();
    let changed = |secret: &Secret| {
        let mut bytes = secret.expose().to_vec();
        *bytes.last_mut().unwrap() ^= 2;
        Secret::new(bytes)
    };
    let mut variants = vec![private.clone(); 6];
    variants[0].d = changed(&private.d);
    variants[1].p = changed(&private.p);
    variants[2].q = changed(&private.q);
    variants[3].dp = changed(&private.dp);
    variants[4].dq = changed(&private.dq);
    variants[5].qi = changed(&private.qi);
    for (position, variant) in variants.into_iter().enumerate() {
        let key = Jwk::from(KeyMaterial::Rsa(RsaKey {
            private: Some(variant),
            ..rsa.clone()
        }));
        let refused = SigningKey::new(&key, Algorithm::RS256, backend);
        assert_eq!(refused.unwrap_err().code(), Code::KeyInvalid, "{position}");
    }
}

#[test]
fn use_and_key_ops_are_obeyed() {
    for backend in backends() {
        let private = read_one(P256_PKCS8, backend);
        let public = private.public().unwrap();
        let usage = |member, operation| KeyError::Usage { member, operation };
        let verifying = |key: Jwk| VerifyingKey::new(&key, Algorithm::ES256, backend).map(drop);
        let signing = |key: Jwk| SigningKey::new(&key, Algorithm::ES256, backend).map(drop);
        assert_eq!(
            verifying(public.clone().with_key_use("enc")),
            Err(usage("use", "verify"))
        );
        assert_eq!(verifying(public.clone().with_key_use("sig")), Ok(()));
        assert_eq!(
            verifying(public.clone().with_key_ops(["sign"])),
            Err(usage("key_ops", "verify"))
        );
        assert_eq!(verifying(public.clone().with_key_ops(["verify"])), Ok(()));
        assert_eq!(verifying(private.clone().with_key_ops(["sign"])), Ok(()));
        assert_eq!(
            signing(private.clone().with_key_ops(["verify"])),
            Err(usage("key_ops", "sign"))
        );
        assert_eq!(signing(public), Err(KeyError::PrivateMissing));
        let secret = Jwk::from(KeyMaterial::Oct(Secret::new(vec![7; 32]))).with_key_ops(["sign"]);
        assert_eq!(
            VerifyingKey::new(&secret, Algorithm::HS256, backend).map(drop),
            Err(usage("key_ops", "verify"))
        );
    }
}

#[test]
fn debug_shows_no_byte_of_a_key() {
    for backend in backends() {
        let secret = b"a secret of thirty-two bytes ...";
        let key = Jwk::from(KeyMaterial::Oct(Secret::new(secret.to_vec())));
        let verifying = VerifyingKey::new(&key, Algorithm::HS256, backend).unwrap();
        let signing = SigningKey::new(&key, Algorithm::HS256, backend).unwrap();
        let set = VerifyingKeySet::from(verifying.clone());
        let shown = format!("{key:?} {verifying:?} {signing:?} {set:?}");
        assert!(!shown.contains("secret of"), "{shown}");
        assert!(!shown.contains("115, 101"), "{shown}");
        let ec = format!("{:?}", read_one(P256_PKCS8, backend));
        assert!(ec.contains("EcKey(P-256, private)"), "{ec}");
    }
}

#[test]
fn generation_is_bounded() {
    for backend in backends() {
        for kind in [
            GenerateKind::Oct { bytes: 0 },
            GenerateKind::Oct { bytes: 1 << 30 },
            GenerateKind::Rsa { bits: 1024 },
            GenerateKind::Rsa { bits: 1 << 20 },
        ] {
            assert_eq!(
                generate(kind, backend).unwrap_err().code(),
                Code::KeyInvalid
            );
        }
        for algorithm in Algorithm::ALL.iter().copied() {
            let kind = GenerateKind::for_algorithm(algorithm);
            if matches!(kind, GenerateKind::Rsa { .. }) {
                continue;
            }
            let one = generate(kind, backend).unwrap();
            assert_eq!(check_strength(algorithm, &one), Ok(()));
            assert_ne!(generate(kind, backend).unwrap(), one);
        }
    }
}
