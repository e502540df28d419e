//! Published figures of the primitives, and the backends against each other.

use core::num::NonZeroU32;

use crate::alg::{Curve, Hash};
use crate::backend::tests::{backends, rsa_signer};
use crate::backend::{Encryption, GenerateKind};
use crate::key::testdata::{RSA_PKCS8, read_one};
use crate::key::{KeyMaterial, OkpKey, generate};
use crate::secret::Secret;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

#[test]
fn rfc_3394_key_wrap() {
    let kek = hex("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");
    let data = hex("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F");
    for (kek_len, data_len, wrapped) in [
        (16, 16, "1FA68B0A8112B447 AEF34BD8FB5A7B82 9D3E862371D2CFE5"),
        (24, 16, "96778B25AE6CA435 F92B5B97C050AED2 468AB8A17AD84E5D"),
        (32, 16, "64E8C3F9CE0F5BA2 63E9777905818A2A 93C8191E7D6E8AE7"),
        (
            24,
            24,
            "031D33264E15D332 68F24EC260743EDC E1C6C7DDEE725A93 6BA814915C6762D2",
        ),
        (
            32,
            24,
            "A8F9BC1612C68B3F F6E6F4FBE30E71E4 769C8B80A32CB895 8CD5D17D6B254DA1",
        ),
        (
            32,
            32,
            "28C9F404C4B810F4 CBCCB35CFB87F826 3F5786E2D80ED326 CBC7F0E71A99F43B FB988B9B7A02DD21",
        ),
    ] {
        for backend in backends() {
            let (kek, data) = (&kek[..kek_len], &data[..data_len]);
            assert_eq!(backend.wrap_key(kek, data).unwrap(), hex(wrapped));
            assert_eq!(
                backend.unwrap_key(kek, &hex(wrapped)).unwrap().expose(),
                data
            );
        }
    }
}

#[test]
fn a_wrapped_key_that_was_changed_does_not_unwrap() {
    for len in [16, 24, 32] {
        let kek = vec![7; len];
        for backend in backends() {
            let wrapped = backend.wrap_key(&kek, &[9; 32]).unwrap();
            for at in 0..wrapped.len() {
                let mut changed = wrapped.clone();
                changed[at] ^= 1;
                assert!(backend.unwrap_key(&kek, &changed).is_none(), "{len} {at}");
            }
            for short in [0, 8, 16, 23, 33, 39] {
                assert!(backend.unwrap_key(&kek, &wrapped[..short]).is_none());
            }
            for odd in [0, 8, 15, 17] {
                assert!(backend.wrap_key(&kek, &vec![1; odd]).is_none(), "{odd}");
            }
            assert!(backend.wrap_key(&kek[1..], &[9; 32]).is_none());
        }
    }
}

#[test]
fn rfc_7748_x25519() {
    let bob = Secret::new(hex(
        "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
    ));
    let alice = KeyMaterial::Okp(OkpKey {
        curve: Curve::X25519,
        x: hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"),
        d: None,
    });
    let shared = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    let public = hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    for backend in backends() {
        let (x, y) = backend.derive_public(Curve::X25519, bob.expose()).unwrap();
        assert_eq!((x, y), (public.clone(), Vec::new()));
        let agreement = backend.key_agreement(Curve::X25519, &bob).unwrap();
        assert_eq!(agreement.agree(&alice).unwrap().expose(), shared);
    }
}

#[test]
fn curves_agree_whichever_backend_computes() {
    for curve in Curve::ALL {
        for one in backends() {
            let (private, public) = pair(curve, one);
            let agreement = one.key_agreement(curve, &private);
            if !curve.agrees() {
                assert!(agreement.is_err(), "{}", curve.name());
                continue;
            }
            let agreement = agreement.unwrap();
            for other in backends() {
                let (other_private, other_public) = pair(curve, other);
                let other_agreement = other.key_agreement(curve, &other_private).unwrap();
                let shared = agreement.agree(&other_public).unwrap();
                assert_eq!(shared, other_agreement.agree(&public).unwrap());
                assert_eq!(shared.len(), curve.coordinate_len());
            }
        }
    }
}

#[test]
fn attack_23_no_agreement_with_what_is_not_on_the_curve() {
    for backend in backends() {
        for curve in Curve::ALL.into_iter().filter(|curve| curve.agrees()) {
            let (private, public) = pair(curve, backend);
            let agreement = backend.key_agreement(curve, &private).unwrap();
            for other in Curve::ALL.into_iter().filter(|other| *other != curve) {
                assert!(agreement.agree(&pair(other, backend).1).is_none());
            }
            if let KeyMaterial::Ec(mut point) = public {
                *point.y.last_mut().unwrap() ^= 1;
                assert!(agreement.agree(&KeyMaterial::Ec(point.clone())).is_none());
                point.x.fill(0);
                point.y.fill(0);
                assert!(agreement.agree(&KeyMaterial::Ec(point)).is_none());
            }
        }
    }
}

#[test]
fn attack_23_low_order_points_of_x25519_contribute_nothing() {
    let mut points = vec![vec![0; 32], vec![0; 32]];
    points[1][0] = 1;
    for (first, top) in [(0xec, 0x7f), (0xed, 0x7f), (0xee, 0x7f)] {
        let mut point = vec![0xff; 32];
        (point[0], point[31]) = (first, top);
        points.push(point);
    }
    points.push(hex(
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    ));
    points.push(hex(
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    ));
    for backend in backends() {
        let (private, _) = pair(Curve::X25519, backend);
        let agreement = backend.key_agreement(Curve::X25519, &private).unwrap();
        for x in &points {
            let point = KeyMaterial::Okp(OkpKey {
                curve: Curve::X25519,
                x: x.clone(),
                d: None,
            });
            assert!(agreement.agree(&point).is_none(), "{x:02x?}");
        }
    }
}

#[test]
fn rfc_7914_pbkdf2() {
    let expected = hex(
        "55ac046e56e3089fec1691c22544b605 f94185216dde0465e68b9d57c20dacbc
         49ca9cccf179b645991664b39d77ef31 7c71b845b1e30bd509112041d3a19783",
    );
    for backend in backends() {
        let once = NonZeroU32::MIN;
        let key = backend.pbkdf2(Hash::Sha256, b"passwd", b"salt", once, 64);
        assert_eq!(key.unwrap().expose(), expected);
    }
}

#[test]
fn derivations_and_codes_agree() {
    let iterations = NonZeroU32::new(1000).unwrap();
    for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        let answers: Vec<_> = backends()
            .into_iter()
            .map(|backend| {
                let key = backend.pbkdf2(hash, b"password", b"salt", iterations, 70);
                let mac = backend
                    .hmac(hash, &[1; 24], &[b"one", b"", b"two"])
                    .unwrap();
                assert_eq!(mac, backend.hmac(hash, &[1; 24], &[b"onetwo"]).unwrap());
                (key.unwrap(), mac)
            })
            .collect();
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    }
}

#[test]
fn oaep_of_each_backend_opens() {
    let Some(opener) = rsa_signer() else {
        println!("skipped: no backend of this build works with private RSA keys");
        return;
    };
    for hash in [
        None,
        Some(Hash::Sha256),
        Some(Hash::Sha384),
        Some(Hash::Sha512),
    ] {
        for backend in backends() {
            let key = read_one(RSA_PKCS8, backend);
            let KeyMaterial::Rsa(rsa) = key.material() else {
                panic!("RSA");
            };
            let decryptor = opener.key_decryptor(hash, rsa).unwrap();
            let encryptor = backend.key_encryptor(hash, rsa).unwrap();
            let encrypted = encryptor.encrypt(&[3; 64]).unwrap();
            assert_eq!(decryptor.decrypt(&encrypted).unwrap().expose(), [3; 64]);
            assert_ne!(
                encrypted,
                encryptor.encrypt(&[3; 64]).unwrap(),
                "it is randomised"
            );
            let mut changed = encrypted;
            changed[100] ^= 1;
            assert!(decryptor.decrypt(&changed).is_none());
            assert!(decryptor.decrypt(&[0; 256]).is_none());
            assert!(decryptor.decrypt(&[]).is_none());
        }
    }
}

#[test]
fn attack_27_private_rsa_stays_off_rustcrypto_natively() {
    for backend in backends() {
        let key = read_one(RSA_PKCS8, backend);
        let KeyMaterial::Rsa(rsa) = key.material() else {
            panic!("RSA");
        };
        let opens = rsa_signer().is_some_and(|opener| opener.name() == backend.name());
        assert_eq!(backend.key_decryptor(None, rsa).is_ok(), opens);
    }
}

#[test]
fn randomness_differs() {
    for backend in backends() {
        let (mut one, mut two) = ([0; 32], [0; 32]);
        backend.fill(&mut one).unwrap();
        backend.fill(&mut two).unwrap();
        assert_ne!(one, two);
    }
}

fn pair(curve: Curve, backend: &dyn Encryption) -> (Secret, KeyMaterial) {
    let key = generate(GenerateKind::Curve(curve), backend).unwrap();
    let private = match &key {
        KeyMaterial::Ec(ec) => ec.d.clone(),
        KeyMaterial::Okp(okp) => okp.d.clone(),
        _ => None,
    };
    (private.unwrap(), key.public().unwrap())
}
