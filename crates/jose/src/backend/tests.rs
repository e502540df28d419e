//! The suite every backend passes, and the comparisons between them.

mod rsa;

use crate::alg::{Algorithm, Curve, Family, Hash, KeyType};
use crate::backend::{Backend, Encryption, GenerateKind};
use crate::base64url;
use crate::code::Code;
use crate::jwk::Jwk;
use crate::key::testdata::{
    ED25519_PKCS8, P256_PKCS8, P384_PKCS8, P521_PKCS8, RSA_PKCS8, SECP256K1_PKCS8, read_one,
};
use crate::key::{KeyError, KeyMaterial, SigningKey, VerifyingKey, generate, scalar_order};
use crate::secret::Secret;

/// Every backend of this build.
pub(crate) fn backends() -> Vec<&'static dyn Encryption> {
    vec![
        #[cfg(all(feature = "aws-lc", not(target_arch = "wasm32")))]
        &crate::backend::AwsLc,
        #[cfg(feature = "rustcrypto")]
        &crate::backend::RustCrypto,
    ]
}

/// The backend of this build that works with private RSA keys, if there is one.
pub(crate) fn rsa_signer() -> Option<&'static dyn Encryption> {
    backends()
        .into_iter()
        .find(|backend| backend.name() == "aws-lc" || cfg!(target_arch = "wasm32"))
}

fn signs(backend: &dyn Backend, algorithm: Algorithm) -> bool {
    !matches!(algorithm.row().family, Family::RsaPkcs1 | Family::RsaPss)
        || rsa_signer().is_some_and(|signer| signer.name() == backend.name())
}

/// A sound private key or secret for the algorithm.
fn private_key(algorithm: Algorithm, backend: &dyn Backend) -> Jwk {
    let text = match algorithm.row().curve {
        None if algorithm.row().family == Family::Hmac => {
            return Jwk::from(KeyMaterial::Oct(Secret::new(vec![0x5a; 64])));
        }
        None if algorithm.row().family == Family::MlDsa => {
            return Jwk::from(generate(GenerateKind::Akp(algorithm), backend).unwrap());
        }
        None => RSA_PKCS8,
        Some(Curve::P256) => P256_PKCS8,
        Some(Curve::P384) => P384_PKCS8,
        Some(Curve::P521) => P521_PKCS8,
        Some(Curve::Secp256k1) => SECP256K1_PKCS8,
        Some(Curve::Ed25519) => ED25519_PKCS8,
        Some(Curve::X25519) => unreachable!("no signature algorithm has it"),
    };
    read_one(text, backend)
}

fn verifying(key: &Jwk, algorithm: Algorithm, backend: &dyn Backend) -> VerifyingKey {
    VerifyingKey::new(key, algorithm, backend).unwrap()
}

fn sign(key: &Jwk, algorithm: Algorithm, backend: &dyn Backend, message: &[u8]) -> Vec<u8> {
    let mut signature = b"before".to_vec();
    SigningKey::new(key, algorithm, backend)
        .unwrap()
        .sign(message, &mut signature)
        .unwrap();
    assert_eq!(signature[..6], *b"before");
    signature.split_off(6)
}

/// The one verdict of all backends.
fn verdict(key: &Jwk, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
    let verdicts: Vec<bool> = backends()
        .into_iter()
        .map(|backend| verifying(key, algorithm, backend).verify(message, signature))
        .collect();
    assert!(
        verdicts.windows(2).all(|pair| pair[0] == pair[1]),
        "{algorithm}: {verdicts:?} for {signature:02x?}"
    );
    verdicts[0]
}

#[test]
fn each_backend_verifies_what_each_signs() {
    for algorithm in Algorithm::ALL.iter().copied() {
        let mut signed = 0;
        for backend in backends() {
            let key = private_key(algorithm, backend);
            if !signs(backend, algorithm) {
                let refused = SigningKey::new(&key, algorithm, backend).unwrap_err();
                assert!(
                    matches!(refused, KeyError::NotSupported { .. }),
                    "{refused}"
                );
                continue;
            }
            for message in [&b""[..], b"message", &[0xa5; 10_000]] {
                let signature = sign(&key, algorithm, backend, message);
                let len = verifying(&key, algorithm, backend).signature_len();
                assert_eq!(signature.len(), len);
                assert!(verdict(&key, algorithm, message, &signature), "{algorithm}");
                assert!(
                    !verdict(&key, algorithm, b"other", &signature),
                    "{algorithm}"
                );
                signed += 1;
            }
        }
        assert!(signed > 0 || rsa_signer().is_none(), "{algorithm}");
    }
}

#[test]
fn fresh_keys_work_on_the_other_backend() {
    for backend in backends() {
        for algorithm in Algorithm::ALL.iter().copied() {
            if matches!(algorithm.row().key_type, KeyType::Oct | KeyType::Rsa) {
                continue;
            }
            let kind = GenerateKind::for_algorithm(algorithm);
            let key = Jwk::from(generate(kind, backend).unwrap());
            for other in backends() {
                let signature = sign(&key, algorithm, other, b"message");
                assert!(verdict(&key, algorithm, b"message", &signature));
            }
        }
    }
}

#[test]
fn fresh_rsa_keys_are_sound() {
    let Some(backend) = rsa_signer() else {
        println!("skipped: no backend of this build works with private RSA keys");
        return;
    };
    let key = generate(GenerateKind::Rsa { bits: 2048 }, backend).unwrap();
    assert_eq!(key.bits(), 2048);
    let key = Jwk::from(key);
    for algorithm in [Algorithm::RS256, Algorithm::PS512] {
        let signature = sign(&key, algorithm, backend, b"message");
        assert!(verdict(&key, algorithm, b"message", &signature));
    }
}

#[test]
fn derived_public_keys_agree() {
    for text in [P256_PKCS8, P384_PKCS8, P521_PKCS8, SECP256K1_PKCS8] {
        for backend in backends() {
            let key = read_one(text, backend);
            let KeyMaterial::Ec(ec) = key.material() else {
                panic!("EC");
            };
            let private = ec.d.as_ref().unwrap().expose();
            let derived = backend.derive_public(ec.curve, private).unwrap();
            assert_eq!(derived, (ec.x.clone(), ec.y.clone()));
            let order = scalar_order(ec.curve).unwrap();
            for bad in [
                &[][..],
                &vec![0; order.len()],
                order,
                &vec![0xff; order.len()],
            ] {
                assert!(backend.derive_public(ec.curve, bad).is_err());
            }
        }
    }
}

#[test]
fn certificate_names_agree_with_fips_180_4() {
    let wanted = [
        0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81, 0x6a, 0xba, 0x3e, 0x25, 0x71, 0x78, 0x50, 0xc2,
        0x6c, 0x9c, 0xd0, 0xd8, 0x9d,
    ];
    for backend in backends() {
        assert_eq!(
            backend.certificate_sha1(b"abc"),
            wanted,
            "{}",
            backend.name()
        );
    }
}

#[test]
fn digests_agree_with_fips_180_4() {
    for backend in backends() {
        for (hash, start) in [
            (Hash::Sha256, [0xba, 0x78, 0x16, 0xbf]),
            (Hash::Sha384, [0xcb, 0x00, 0x75, 0x3f]),
            (Hash::Sha512, [0xdd, 0xaf, 0x35, 0xa1]),
        ] {
            let digest = backend.digest(hash, b"abc");
            assert_eq!(digest.as_ref().len(), hash.output_len());
            assert_eq!(digest.as_ref()[..4], start);
        }
    }
}

const JOE: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

/// Algorithm, key, signing input, signature: RFC 7515 A.1, A.2, A.3, A.4 and RFC 8037 A.4.
fn figures() -> [(Algorithm, &'static str, String, &'static str); 5] {
    [
        (
            Algorithm::HS256,
            FIGURE_OCT,
            format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{JOE}"),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        ),
        (
            Algorithm::RS256,
            FIGURE_RSA,
            format!("eyJhbGciOiJSUzI1NiJ9.{JOE}"),
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
        ),
        (
            Algorithm::ES256,
            FIGURE_P256,
            format!("eyJhbGciOiJFUzI1NiJ9.{JOE}"),
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        ),
        (
            Algorithm::ES512,
            FIGURE_P521,
            "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA".to_owned(),
            "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn",
        ),
        (
            Algorithm::EdDSA,
            FIGURE_ED25519,
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".to_owned(),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
        ),
    ]
}

const FIGURE_OCT: &str = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
const FIGURE_RSA: &str = r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB","d":"Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ","p":"4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc","q":"uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc","dp":"BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0","dq":"h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU","qi":"IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U"}"#;
const FIGURE_P256: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
const FIGURE_P521: &str = r#"{"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2","d":"AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lOfRhWg6Y6rUrPAxerEzgdRhajnu0ferB0d53vM9mE15j2C"}"#;
const FIGURE_ED25519: &str = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

#[test]
fn the_figures_of_the_rfcs_verify() {
    for (algorithm, key, message, signature) in figures() {
        let key = Jwk::parse(key.as_bytes()).unwrap();
        let signature = base64url::decode(signature).unwrap();
        assert!(
            verdict(&key, algorithm, message.as_bytes(), &signature),
            "{algorithm}"
        );
        let deterministic = !matches!(algorithm.row().family, Family::Ecdsa | Family::RsaPss);
        for backend in backends() {
            if deterministic && signs(backend, algorithm) {
                assert_eq!(
                    sign(&key, algorithm, backend, message.as_bytes()),
                    signature
                );
            }
        }
    }
}

/// Reviews the code, since a test cannot time a comparison reliably.
#[test]
fn attack_20_macs_are_compared_by_the_library_in_constant_time() {
    for (source, comparison) in [
        (
            include_str!("aws_lc.rs"),
            "hmac::verify(self, message, signature)",
        ),
        (
            include_str!("rustcrypto/mod.rs"),
            ".verify_slice(signature)",
        ),
    ] {
        assert_eq!(source.matches(comparison).count(), 1);
        for plain in [
            "== signature",
            "signature ==",
            "signature.eq(",
            "eq(signature",
        ] {
            assert!(!source.contains(plain), "{plain}");
        }
    }
}

#[test]
fn attack_27_private_rsa_stays_out_of_native_rustcrypto() {
    for backend in backends() {
        let key = private_key(Algorithm::RS256, backend);
        let works = rsa_signer().is_some_and(|signer| signer.name() == backend.name());
        for algorithm in [Algorithm::RS256, Algorithm::PS256] {
            match SigningKey::new(&key, algorithm, backend) {
                Ok(_) => assert!(works, "{}", backend.name()),
                Err(refused) => {
                    assert!(!works, "{refused}");
                    assert_eq!(refused.code(), Code::AlgorithmNotSupported);
                }
            }
        }
        if !works {
            let refused = generate(GenerateKind::Rsa { bits: 2048 }, backend).unwrap_err();
            assert_eq!(refused.code(), Code::AlgorithmNotSupported);
        }
    }
}

/// Signing with the seed of one pair and the public key of another would give the seed away.
#[test]
fn attack_28_an_ed25519_seed_signs_for_its_own_public_key_only() {
    for backend in backends() {
        let pair = |_| generate(GenerateKind::Curve(Curve::Ed25519), backend).unwrap();
        let [KeyMaterial::Okp(one), KeyMaterial::Okp(two)] = [0, 1].map(pair) else {
            panic!("OKP");
        };
        let mixed = Jwk::from(KeyMaterial::Okp(crate::key::OkpKey { d: two.d, ..one }));
        for algorithm in [Algorithm::Ed25519, Algorithm::EdDSA] {
            let refused = SigningKey::new(&mixed, algorithm, backend).unwrap_err();
            assert_eq!(refused.code(), Code::KeyInvalid);
            let refused = SigningKey::dangerous_allow_weak(&mixed, algorithm, backend);
            assert_eq!(refused.unwrap_err().code(), Code::KeyInvalid);
        }
    }
}

#[test]
fn each_bit_of_a_signature_counts_alike() {
    for algorithm in Algorithm::ALL.iter().copied() {
        let Some(backend) = backends().into_iter().find(|b| signs(*b, algorithm)) else {
            continue;
        };
        let key = private_key(algorithm, backend);
        let signature = sign(&key, algorithm, backend, b"message");
        let step = (signature.len() * 8 / 200).max(1);
        for bit in (0..signature.len() * 8).step_by(step) {
            let mut changed = signature.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(
                !verdict(&key, algorithm, b"message", &changed),
                "{algorithm} {bit}"
            );
        }
    }
}

#[test]
fn attack_18_psychic_signatures_are_refused() {
    let algorithms = [
        Algorithm::ES256,
        Algorithm::ES384,
        Algorithm::ES512,
        Algorithm::ES256K,
    ];
    for algorithm in algorithms {
        let curve = algorithm.row().curve.unwrap();
        let order = scalar_order(curve).unwrap();
        let numbers = special_numbers(order);
        for backend in backends() {
            let key = private_key(algorithm, backend);
            let good = sign(&key, algorithm, backend, b"message");
            let (r, s) = good.split_at(order.len());
            for number in &numbers {
                for signature in [
                    [number.as_slice(), s].concat(),
                    [r, number.as_slice()].concat(),
                ] {
                    assert!(
                        !verdict(&key, algorithm, b"message", &signature),
                        "{algorithm}"
                    );
                }
                for other in &numbers {
                    let signature = [number.as_slice(), other.as_slice()].concat();
                    assert!(
                        !verdict(&key, algorithm, b"message", &signature),
                        "{algorithm}"
                    );
                }
            }
        }
    }
}

/// 0, 1, n-1, n, n+1 and the largest number of that length.
fn special_numbers(order: &[u8]) -> Vec<Vec<u8>> {
    let mut one = vec![0; order.len()];
    one[order.len() - 1] = 1;
    let mut below = order.to_vec();
    below[order.len() - 1] -= 1;
    let mut above = order.to_vec();
    above[order.len() - 1] += 1;
    vec![
        vec![0; order.len()],
        one,
        below,
        order.to_vec(),
        above,
        vec![0xff; order.len()],
    ]
}

#[test]
fn attack_19_signatures_of_another_length_are_refused() {
    for algorithm in Algorithm::ALL.iter().copied() {
        let Some(backend) = backends().into_iter().find(|b| signs(*b, algorithm)) else {
            continue;
        };
        let key = private_key(algorithm, backend);
        let signature = sign(&key, algorithm, backend, b"message");
        let mut longer = signature.clone();
        longer.push(0);
        let mut padded = vec![0];
        padded.extend_from_slice(&signature);
        for signature in [
            &[][..],
            &signature[..1],
            &signature[..signature.len() - 1],
            &signature[1..],
            &longer,
            &padded,
        ] {
            assert!(
                !verdict(&key, algorithm, b"message", signature),
                "{algorithm}"
            );
        }
    }
}

#[test]
fn both_halves_of_s_verify_alike() {
    for algorithm in [
        Algorithm::ES256,
        Algorithm::ES384,
        Algorithm::ES512,
        Algorithm::ES256K,
    ] {
        let order = scalar_order(algorithm.row().curve.unwrap()).unwrap();
        for backend in backends() {
            let key = private_key(algorithm, backend);
            for round in 0_u8..8 {
                let mut signature = sign(&key, algorithm, backend, &[round]);
                let s = &mut signature[order.len()..];
                if algorithm == Algorithm::ES256K {
                    assert!(s[0] < 0x80, "signatures are made with low s");
                }
                negate(s, order);
                assert!(
                    verdict(&key, algorithm, &[round], &signature),
                    "{algorithm}"
                );
            }
        }
    }
}

/// `order - s` in place.
fn negate(s: &mut [u8], order: &[u8]) {
    let mut borrow = false;
    for (digit, minuend) in s.iter_mut().zip(order).rev() {
        let (first, one) = minuend.overflowing_sub(*digit);
        let (second, two) = first.overflowing_sub(u8::from(borrow));
        *digit = second;
        borrow = one || two;
    }
}

#[test]
fn ed25519_refuses_what_is_not_canonical_alike() {
    // The order of the base point, little-endian (RFC 8032 §5.1).
    let order = {
        let mut order = [0_u8; 32];
        order[..16].copy_from_slice(&[
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9,
            0xde, 0x14,
        ]);
        order[31] = 0x10;
        order
    };
    for backend in backends() {
        let key = private_key(Algorithm::Ed25519, backend);
        let signature = sign(&key, Algorithm::Ed25519, backend, b"message");
        // s + order verifies in the group but is a second spelling.
        let mut respelled = signature.clone();
        let mut carry = 0;
        for (digit, addend) in respelled[32..].iter_mut().zip(&order) {
            let sum = u16::from(*digit) + u16::from(*addend) + carry;
            *digit = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        assert!(!verdict(&key, Algorithm::Ed25519, b"message", &respelled));
        for r in [[0; 32], [0xff; 32], {
            let mut identity = [0; 32];
            identity[0] = 1;
            identity
        }] {
            let mut changed = signature.clone();
            changed[..32].copy_from_slice(&r);
            assert!(!verdict(&key, Algorithm::Ed25519, b"message", &changed));
            changed[32..].fill(0);
            assert!(!verdict(&key, Algorithm::Ed25519, b"message", &changed));
        }
    }
}

#[test]
fn ed25519_points_off_the_curve_are_refused_alike() {
    let mut refused = 0;
    for first in 2..40 {
        let mut x = [0x11; 32];
        x[0] = first;
        let key = Jwk::from(KeyMaterial::Okp(crate::key::OkpKey {
            curve: Curve::Ed25519,
            x: x.to_vec(),
            d: None,
        }));
        let verdicts: Vec<bool> = backends()
            .into_iter()
            .map(|backend| VerifyingKey::new(&key, Algorithm::EdDSA, backend).is_ok())
            .collect();
        assert!(
            verdicts.windows(2).all(|pair| pair[0] == pair[1]),
            "{first}: {verdicts:?}"
        );
        refused += usize::from(!verdicts[0]);
    }
    assert!((5..35).contains(&refused), "{refused}");
}
