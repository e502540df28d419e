//! Key files as OpenSSL writes them, and what must be refused.

use super::*;
use crate::alg::{Algorithm, Curve};
use crate::backend::GenerateKind;
use crate::backend::tests::backends;
use crate::code::Code;
use crate::key::testdata::*;
use crate::key::{KeyMaterial, VerifyingKey, generate, write};
use crate::secret::Secret;

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
            (ENCRYPTED_SEC1, "convert it to PKCS#8"),
            (P256_COMPRESSED, "compressed point"),
            (RSA_PSS_UNRESTRICTED, "without parameters"),
            ("ssh-ed25519 AAAAC3Nz me@home", "damaged OpenSSH"),
            ("ssh-dss AAAA me@home", "DSA"),
            ("sk-ssh-ed25519@openssh.com AAAA", "security key"),
            (
                "ssh-ed25519-cert-v01@openssh.com AAAA",
                "OpenSSH certificate",
            ),
            ("ssh-xmss@openssh.com AAAA", "unknown type"),
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
                own: Algorithm::PS256.into(),
                wanted: Algorithm::RS256.into()
            }
        );
    }
}

#[test]
fn a_certificate_is_read_from_der() {
    for backend in backends() {
        for (text, spki) in [(P256_CERTIFICATE, P256_SPKI), (RSA_CERTIFICATE, RSA_SPKI)] {
            let (_, der) = pem_rfc7468::decode_vec(text.as_bytes()).unwrap();
            let found = read(&der, backend).unwrap();
            assert_eq!(found.form, KeyForm::Der(Structure::Certificate));
            assert_eq!(found.form.to_string(), "X.509 certificate in DER");
            assert_eq!(found.keys, [read_one(spki, backend)]);
        }
    }
}

#[test]
fn attack_03_no_form_of_a_public_key_becomes_a_secret() {
    for backend in backends() {
        let key = read_one(RSA_SPKI, backend);
        let der = write(&key, KeyForm::Der(Structure::Spki)).unwrap();
        let json = key.to_json();
        for file in [
            RSA_SPKI.as_bytes(),
            RSA_PKCS1_PUBLIC.as_bytes(),
            RSA_CERTIFICATE.as_bytes(),
            der.expose(),
            json.as_bytes(),
        ] {
            for junk in [&b""[..], b" ", b"\n", b"\xef\xbb\xbf", b"junk", b"\0"] {
                let Ok(found) = read(&[junk, file].concat(), backend) else {
                    continue;
                };
                for key in found.keys {
                    assert!(key.material().public().is_some());
                    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
                        let refused = VerifyingKey::dangerous_allow_weak(&key, algorithm, backend);
                        assert_eq!(refused.unwrap_err().code(), Code::KeyType);
                    }
                }
            }
        }
    }
}

#[test]
fn x25519_keys_are_read_and_written() {
    for backend in backends() {
        let read = read_one(X25519_SPKI, backend);
        assert_eq!(read.material().curve(), Some(Curve::X25519));
        assert!(read.material().algorithms().is_empty(), "it never signs");

        let fresh = generate(GenerateKind::Curve(Curve::X25519), backend).unwrap();
        let fresh = Jwk::from(fresh);
        for (structure, expected) in [
            (Structure::Pkcs8, fresh.clone()),
            (Structure::Spki, fresh.public().unwrap()),
        ] {
            let pem = write(&fresh, KeyForm::Pem(structure)).unwrap();
            for other in backends() {
                let text = core::str::from_utf8(pem.expose()).unwrap();
                assert_eq!(read_one(text, other), expected);
            }
        }
        assert_eq!(Jwk::parse(fresh.to_json().as_bytes()).unwrap(), fresh);
    }
}
