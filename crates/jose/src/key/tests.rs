//! Key files as OpenSSL writes them, and what must be refused.

use super::*;
use crate::alg::{Algorithm, AlgorithmSet, Curve};
use crate::backend::tests::{backends, rsa_signer};
use crate::backend::{Backend, GenerateKind};
use crate::code::Code;
use crate::jwk::Jwk;
use crate::secret::Secret;

macro_rules! testdata {
    ($($name:ident = $file:literal;)*) => {
        $(pub(crate) const $name: &str = include_str!(concat!("testdata/", $file, ".pem"));)*
    };
}

testdata! {
    RSA_PKCS8 = "rsa-pkcs8";
    RSA_PKCS1 = "rsa-pkcs1";
    RSA_SPKI = "rsa-spki";
    RSA_PKCS1_PUBLIC = "rsa-pkcs1-public";
    RSA_CERTIFICATE = "rsa-certificate";
    RSA_1024 = "rsa-1024-pkcs8";
    RSA_PSS = "rsa-pss-pkcs8";
    RSA_PSS_SPKI = "rsa-pss-spki";
    RSA_PSS_UNRESTRICTED = "rsa-pss-unrestricted-spki";
    P256_SEC1 = "p256-sec1";
    P256_SEC1_NO_PUBLIC = "p256-sec1-no-public";
    P256_PKCS8 = "p256-pkcs8";
    P256_SPKI = "p256-spki";
    P256_COMPRESSED = "p256-compressed-spki";
    P256_CERTIFICATE = "p256-certificate";
    P384_PKCS8 = "p384-pkcs8";
    P521_PKCS8 = "p521-pkcs8";
    SECP256K1_PKCS8 = "secp256k1-pkcs8";
    ED25519_PKCS8 = "ed25519-pkcs8";
    ED25519_SPKI = "ed25519-spki";
    X25519_SPKI = "x25519-spki";
    ENCRYPTED_PKCS8 = "encrypted-pkcs8";
    ENCRYPTED_SEC1 = "encrypted-sec1";
}

pub(crate) fn read_one(text: &str, backend: &dyn Backend) -> Jwk {
    let mut keys = read(text.as_bytes(), backend).unwrap().keys;
    assert_eq!(keys.len(), 1);
    keys.remove(0)
}

fn reason(bytes: &[u8], backend: &dyn Backend) -> String {
    read(bytes, backend).unwrap_err().to_string()
}

#[test]
fn one_key_is_the_same_in_every_file_form() {
    for backend in backends() {
        let rsa = read_one(RSA_PKCS8, backend);
        assert_eq!(read_one(RSA_PKCS1, backend), rsa);
        let public = rsa.public().unwrap();
        for text in [RSA_SPKI, RSA_PKCS1_PUBLIC, RSA_CERTIFICATE] {
            assert_eq!(read_one(text, backend), public);
        }
        let ec = read_one(P256_PKCS8, backend);
        assert!(ec.material().is_private());
        for text in [P256_SEC1, P256_SEC1_NO_PUBLIC] {
            assert_eq!(read_one(text, backend), ec);
        }
        let public = ec.public().unwrap();
        for text in [P256_SPKI, P256_CERTIFICATE] {
            assert_eq!(read_one(text, backend), public);
        }
        let ed = read_one(ED25519_PKCS8, backend);
        assert_eq!(read_one(ED25519_SPKI, backend), ed.public().unwrap());
    }
}

#[test]
fn what_openssl_wrote_is_written_again_byte_for_byte() {
    use Structure::{Pkcs1Private, Pkcs1Public, Pkcs8, Sec1, Spki};
    let cases = [
        (RSA_PKCS8, Pkcs8),
        (RSA_PKCS1, Pkcs1Private),
        (RSA_SPKI, Spki),
        (RSA_PKCS1_PUBLIC, Pkcs1Public),
        (P256_PKCS8, Pkcs8),
        (P384_PKCS8, Pkcs8),
        (P521_PKCS8, Pkcs8),
        (SECP256K1_PKCS8, Pkcs8),
        (P256_SPKI, Spki),
        (ED25519_PKCS8, Pkcs8),
        (ED25519_SPKI, Spki),
    ];
    for backend in backends() {
        for (text, structure) in cases {
            let key = read_one(text, backend);
            let pem = write(&key, KeyForm::Pem(structure)).unwrap();
            assert_eq!(core::str::from_utf8(pem.expose()), Ok(text));
        }
        let sec1 = write(&read_one(P256_SEC1, backend), KeyForm::Pem(Sec1)).unwrap();
        assert!(P256_SEC1.ends_with(core::str::from_utf8(sec1.expose()).unwrap()));
    }
}

#[test]
fn every_form_round_trips() {
    let forms = [
        Structure::Pkcs1Private,
        Structure::Pkcs8,
        Structure::Sec1,
        Structure::Spki,
        Structure::Pkcs1Public,
    ];
    for backend in backends() {
        for text in [
            RSA_PKCS8,
            P256_PKCS8,
            P521_PKCS8,
            SECP256K1_PKCS8,
            ED25519_PKCS8,
        ] {
            let key = read_one(text, backend);
            let mut written = 0;
            for form in forms
                .into_iter()
                .flat_map(|s| [KeyForm::Pem(s), KeyForm::Der(s)])
            {
                let Ok(file) = write(&key, form) else {
                    continue;
                };
                let found = read(file.expose(), backend).unwrap();
                assert_eq!(found.form, form);
                let expected = match form {
                    KeyForm::Der(Structure::Spki | Structure::Pkcs1Public)
                    | KeyForm::Pem(Structure::Spki | Structure::Pkcs1Public) => {
                        key.public().unwrap()
                    }
                    _ => key.clone(),
                };
                assert_eq!(found.keys, [expected]);
                written += 1;
            }
            assert!(written >= 4, "{written}");
            for form in [KeyForm::Jwk, KeyForm::JwkSet] {
                let found = read(write(&key, form).unwrap().expose(), backend).unwrap();
                assert_eq!((found.form, &found.keys[..]), (form, &[key.clone()][..]));
            }
        }
    }
}

#[test]
fn a_public_key_or_secret_does_not_fit_a_private_form() {
    for backend in backends() {
        for text in [RSA_SPKI, P256_SPKI, ED25519_SPKI] {
            let key = read_one(text, backend);
            let refused = write(&key, KeyForm::Pem(Structure::Pkcs8)).unwrap_err();
            assert_eq!(refused, KeyError::PrivateMissing);
        }
        let secret = Jwk::from(KeyMaterial::Oct(Secret::new(vec![7; 32])));
        for structure in [Structure::Pkcs8, Structure::Spki, Structure::Sec1] {
            let refused = write(&secret, KeyForm::Der(structure)).unwrap_err();
            assert_eq!(refused.code(), Code::KeyFormat);
        }
    }
}

#[test]
fn pem_is_found_in_the_mess_around_it() {
    for backend in backends() {
        let expected = read_one(P256_PKCS8, backend);
        let body = P256_PKCS8.replace("PRIVATE KEY-----", "PRIVATE KEY-----\n  ");
        for text in [
            P256_PKCS8.replace('\n', "\r\n"),
            format!("\n\n  \n{P256_PKCS8}"),
            format!("Bag Attributes\n    friendlyName: x\n{P256_PKCS8}trailing words"),
            body,
            P256_PKCS8.trim_end().to_owned(),
        ] {
            assert_eq!(read_one(&text, backend), expected, "{text}");
        }
        // A body on one line, as some environment variables hold it.
        let (head, rest) = P256_PKCS8.split_once('\n').unwrap();
        let (body, tail) = rest.split_once("-----END").unwrap();
        let single = format!("{head}\n{}\n-----END{tail}", body.replace('\n', ""));
        assert_eq!(read_one(&single, backend), expected);
    }
}

#[test]
fn the_first_key_of_a_file_counts_and_the_rest_is_reported() {
    for backend in backends() {
        let chain = format!("{P256_CERTIFICATE}{RSA_CERTIFICATE}");
        let found = read(chain.as_bytes(), backend).unwrap();
        assert_eq!(found.form, KeyForm::Pem(Structure::Certificate));
        assert_eq!(found.keys, [read_one(P256_SPKI, backend)]);
        assert_eq!(found.skipped.len(), 1);
        assert_eq!(found.skipped[0].index, 1);
        assert_eq!(
            found.skipped[0].error.to_string(),
            "not read: a further certificate, since only the first key of a file counts"
        );
    }
}

#[test]
fn what_is_not_supported_is_named() {
    for backend in backends() {
        for (text, expected) in [
            (ENCRYPTED_PKCS8, "encrypted PKCS#8"),
            (ENCRYPTED_SEC1, "encrypted private key"),
            (P256_COMPRESSED, "compressed point"),
            (X25519_SPKI, "X25519"),
            (RSA_PSS_UNRESTRICTED, "without parameters"),
            ("ssh-ed25519 AAAAC3Nz me@home", "OpenSSH"),
            (
                "-----BEGIN OPENSSH PRIVATE KEY-----\nAA==\n-----END OPENSSH PRIVATE KEY-----",
                "OpenSSH",
            ),
            (
                "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAA==\n-----END PGP PUBLIC KEY BLOCK-----",
                "OpenPGP",
            ),
            (
                "-----BEGIN SOMETHING-----\nAA==\n-----END SOMETHING-----",
                "label",
            ),
            (
                "-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----",
                "damaged PEM",
            ),
            ("-----BEGIN PUBLIC KEY-----\nAA==\n", "damaged PEM"),
            (
                "-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----",
                "damaged SPKI",
            ),
            (
                "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----",
                "no key",
            ),
            ("", "empty"),
            (" \n", "empty"),
            ("eyJhbGciOiJIUzI1NiJ9.e30.AA", "token"),
        ] {
            let reason = reason(text.as_bytes(), backend);
            assert!(reason.contains(expected), "{text}: {reason}");
        }
        let long = vec![b'x'; 65 * 1024];
        assert!(reason(&long, backend).contains("64 KiB"));
    }
}

#[test]
fn text_is_never_taken_for_a_secret() {
    for backend in backends() {
        for text in [
            "your-256-bit-secret",
            "hunter2",
            "c2VjcmV0",
            "0123456789abcdef0123456789abcdef",
        ] {
            let error = read(text.as_bytes(), backend).unwrap_err();
            assert_eq!(error.code(), Code::KeyFormat, "{text}");
            assert!(!error.to_string().contains(text));
        }
    }
}

#[test]
fn damaged_files_are_refused_without_a_panic() {
    for backend in backends() {
        for text in [
            RSA_PKCS8,
            P256_SEC1,
            P256_CERTIFICATE,
            ED25519_PKCS8,
            RSA_PSS_SPKI,
        ] {
            let key = read_one(text, backend);
            let structure = if key.material().is_private() {
                Structure::Pkcs8
            } else {
                Structure::Spki
            };
            let der = write(&key, KeyForm::Der(structure)).unwrap();
            for cut in 0..der.len() {
                assert!(read(&der.expose()[..cut], backend).is_err(), "{cut}");
            }
            for position in 0..der.len() {
                let mut bytes = der.expose().to_vec();
                bytes[position] ^= 0x81;
                // Numbers may change into other numbers; nothing may panic.
                let _ = read(&bytes, backend);
            }
        }
    }
}

#[test]
fn an_rsa_pss_key_is_for_its_one_algorithm() {
    for backend in backends() {
        let private = read_one(RSA_PSS, backend);
        let public = read_one(RSA_PSS_SPKI, backend);
        assert_eq!(private.algorithm(), Some(Algorithm::PS256));
        assert_eq!(private.public(), Some(public.clone()));
        assert!(VerifyingKey::new(&public, Algorithm::PS256, backend).is_ok());
        assert_eq!(
            VerifyingKey::new(&public, Algorithm::RS256, backend).unwrap_err(),
            KeyError::AlgorithmMismatch {
                own: Algorithm::PS256,
                wanted: Algorithm::RS256
            }
        );
    }
}

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
                    let expected = KeyError::Type { algorithm, found };
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

mod selection {
    use super::*;

    fn named(text: &str, key_id: Option<&str>, backend: &dyn Backend) -> Jwk {
        let key = read_one(text, backend).public().unwrap();
        match key_id {
            Some(key_id) => key.with_key_id(key_id),
            None => key,
        }
    }

    fn count(
        set: &VerifyingKeySet,
        algorithm: Algorithm,
        key_id: Option<&str>,
    ) -> Result<usize, Code> {
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
}
