//! Against the example of RFC 7518 Appendix C, and what the description of a key allows.

use super::{Direction, Parties, agreed_key, check_description};
use crate::alg::{Algorithm, ContentEncryption, Curve, KeyManagement};
use crate::backend::tests::backends;
use crate::base64url;
use crate::jwk::Jwk;
use crate::key::{KeyError, KeyMaterial};
use crate::secret::Secret;

const BOB: &str = r#"{"kty":"EC","crv":"P-256",
    "x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
    "y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
    "d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"}"#;
const ALICE: &str = r#"{"kty":"EC","crv":"P-256",
    "x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
    "y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
    "d":"0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo"}"#;

#[test]
fn rfc_7518_appendix_c() {
    let [alice, bob] = [ALICE, BOB].map(|text| Jwk::parse(text.as_bytes()).unwrap());
    let parties = Parties {
        u: b"Alice".to_vec(),
        v: b"Bob".to_vec(),
    };
    for backend in backends() {
        for (own, other) in [(&alice, &bob), (&bob, &alice)] {
            let KeyMaterial::Ec(ec) = own.material() else {
                panic!("EC");
            };
            let agreement = backend.key_agreement(Curve::P256, ec.d.as_ref().unwrap());
            let shared = agreement.unwrap().agree(other.material()).unwrap();
            let key = agreed_key(
                backend,
                &shared,
                KeyManagement::ECDH_ES,
                ContentEncryption::A128GCM,
                &parties,
            );
            let key = base64url::encode(key.unwrap().expose());
            assert_eq!(key, "VqqN6vgjbSBcIijNcacQGg");
        }
    }
}

#[test]
fn keys_longer_than_the_hash_are_derived_too() {
    for backend in backends() {
        let derive = |encryption| {
            let secret = Secret::new(vec![1; 32]);
            let none = Parties::default();
            agreed_key(backend, &secret, KeyManagement::ECDH_ES, encryption, &none).unwrap()
        };
        let long = derive(ContentEncryption::A256CBC_HS512);
        assert_eq!(long.len(), 64);
        assert_ne!(long.expose()[..32], long.expose()[32..]);
        assert_ne!(
            derive(ContentEncryption::A256GCM),
            derive(ContentEncryption::A128CBC_HS256),
            "the name of the algorithm counts"
        );
    }
}

fn oct(len: usize) -> Jwk {
    Jwk::from(KeyMaterial::Oct(Secret::new(vec![7; len])))
}

#[test]
fn the_description_of_a_key_is_honoured() {
    let both = [Direction::Encrypt, Direction::Decrypt];
    let wrap = KeyManagement::A128KW;
    for direction in both {
        let check = |jwk: &Jwk| check_description(jwk, wrap, direction);
        assert_eq!(check(&oct(16)), Ok(None));
        assert_eq!(check(&oct(16).with_key_use("enc")), Ok(None));
        assert_eq!(check(&oct(16).with_algorithm(wrap)), Ok(None));
        assert!(matches!(
            check(&oct(16).with_key_use("sig")),
            Err(KeyError::Usage { member: "use", .. })
        ));
        assert!(matches!(
            check(&oct(16).with_key_ops(["sign", "encrypt"])),
            Err(KeyError::Usage {
                member: "key_ops",
                ..
            })
        ));
        let other = check(&oct(16).with_algorithm(Algorithm::HS256)).unwrap_err();
        assert_eq!(other.to_string(), "the key is for HS256, not for A128KW");
    }
    let wraps = oct(16).with_key_ops(["wrapKey"]);
    assert!(check_description(&wraps, wrap, Direction::Encrypt).is_ok());
    assert!(check_description(&wraps, wrap, Direction::Decrypt).is_err());
}

#[test]
fn a_shared_key_may_name_its_content_encryption() {
    let gcm = ContentEncryption::A256GCM;
    let check = |jwk: &Jwk| check_description(jwk, KeyManagement::Dir, Direction::Decrypt);
    assert_eq!(check(&oct(32).with_algorithm(gcm)), Ok(Some(gcm)));
    assert_eq!(check(&oct(32).with_algorithm(KeyManagement::Dir)), Ok(None));
    assert!(
        check(&oct(16).with_algorithm(gcm)).is_err(),
        "another length"
    );
    let wrapping = KeyManagement::A256KW;
    let bound = oct(32).with_algorithm(gcm);
    assert!(check_description(&bound, wrapping, Direction::Decrypt).is_err());
}
