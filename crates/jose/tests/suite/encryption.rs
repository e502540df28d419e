//! Every pair of algorithms in every serialization, each backend against each.

use jeton_jose::alg::KeyManagementFamily;
use jeton_jose::backend::{Encryption, GenerateKind};
use jeton_jose::jwe::{
    Decrypted, EncryptError, EncryptionRules, Error, HeaderBuilder, compact, flattened, general,
};
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{
    self, DecryptingKey, DecryptingKeySet, EncryptingKey, KeyError, KeyMaterial,
};
use jeton_jose::{Algorithm, Code, ContentEncryption, KeyManagement, Limits, Secret};
use jeton_testkit::{backends, decrypting_key, encrypting_key, encryption_jwk};

const PLAINTEXT: &[u8] = b"Live long and prosper.";

fn rules(algorithm: KeyManagement, encryption: ContentEncryption) -> EncryptionRules {
    EncryptionRules::new(algorithm, encryption)
}

/// The pairs that the test keys serve: the shared key of `dir` has 256 bits.
fn pairs() -> impl Iterator<Item = (KeyManagement, ContentEncryption)> {
    KeyManagement::ALL.iter().flat_map(|algorithm| {
        ContentEncryption::ALL
            .iter()
            .filter(|encryption| {
                algorithm.row().family != KeyManagementFamily::Direct
                    || encryption.row().key_len == 32
            })
            .map(|encryption| (*algorithm, *encryption))
    })
}

fn read(text: &str, keys: &DecryptingKeySet, rules: &EncryptionRules) -> Result<Decrypted, Error> {
    match text {
        general if general.contains("\"recipients\"") => {
            general::Encrypted::parse(general, &rules.limits)?.decrypt(keys, rules)
        }
        flattened if flattened.starts_with('{') => {
            flattened::Encrypted::parse(flattened, &rules.limits)?.decrypt(keys, rules)
        }
        compact => compact::Encrypted::parse(compact, &rules.limits)?.decrypt(keys, rules),
    }
}

/// The same content in all three serializations.
fn write(
    key: &EncryptingKey,
    encryption: ContentEncryption,
    backend: &dyn Encryption,
) -> [String; 3] {
    let header = HeaderBuilder::new(encryption)
        .typ("example")
        .content_type("text/plain")
        .key_id("ours")
        .parties(b"Alice", b"Bob");
    [
        compact::encrypt(key, &header, PLAINTEXT, backend).unwrap(),
        flattened::encrypt(key, &header, Some(b"in the open"), PLAINTEXT, backend).unwrap(),
        general::encrypt(&[key], &header, Some(b"in the open"), PLAINTEXT, backend).unwrap(),
    ]
}

#[test]
fn each_pair_of_algorithms_in_each_form_on_each_backend() {
    let mut read_back = 0;
    for (algorithm, encryption) in pairs() {
        for writer in backends() {
            let tokens = write(&encrypting_key(algorithm, writer), encryption, writer);
            for reader in backends() {
                let Some(key) = decrypting_key(algorithm, reader) else {
                    continue;
                };
                let keys = DecryptingKeySet::from(key);
                for token in &tokens {
                    let decrypted = read(token, &keys, &rules(algorithm, encryption)).unwrap();
                    assert_eq!(decrypted.plaintext(), PLAINTEXT, "{algorithm} {encryption}");
                    assert_eq!(decrypted.header().key_management(), Some(algorithm));
                    assert_eq!(decrypted.header().content_encryption(), Some(encryption));
                    assert_eq!(decrypted.header().typ(), Some("example"));
                    assert_eq!(decrypted.header().content_type(), Some("text/plain"));
                    read_back += 1;
                }
            }
        }
    }
    assert!(read_back >= 312, "only {read_back}");
}

#[test]
fn agreement_works_on_every_curve_with_fresh_keys() {
    let rules = rules(KeyManagement::ECDH_ES_A192KW, ContentEncryption::A192GCM);
    for curve in jeton_jose::alg::Curve::ALL {
        for one in backends() {
            let jwk = Jwk::from(key::generate(GenerateKind::Curve(curve), one).unwrap());
            let writer = EncryptingKey::new(&jwk, KeyManagement::ECDH_ES_A192KW, one);
            if !curve.agrees() {
                let reader = DecryptingKey::new(&jwk, KeyManagement::ECDH_ES_A192KW, one);
                assert_eq!(writer.unwrap_err().code(), Code::KeyType);
                assert_eq!(
                    reader.unwrap_err().code(),
                    Code::KeyType,
                    "{}",
                    curve.name()
                );
                continue;
            }
            let tokens = write(&writer.unwrap(), ContentEncryption::A192GCM, one);
            for other in backends() {
                let key = DecryptingKey::new(&jwk, KeyManagement::ECDH_ES_A192KW, other).unwrap();
                for token in &tokens {
                    let decrypted = read(token, &key.clone().into(), &rules).unwrap();
                    assert_eq!(decrypted.plaintext(), PLAINTEXT);
                }
            }
        }
    }
}

#[test]
fn generated_keys_serve_the_algorithm_they_were_made_for() {
    for backend in backends() {
        for algorithm in KeyManagement::ALL.iter().copied() {
            let kind = GenerateKind::for_key_management(algorithm);
            let Ok(material) = key::generate(kind, backend) else {
                assert_eq!(algorithm.row().family, KeyManagementFamily::RsaOaep);
                continue;
            };
            let jwk = Jwk::from(material)
                .with_algorithm(algorithm)
                .with_key_use("enc");
            assert!(
                DecryptingKey::new(&jwk, algorithm, backend).is_ok(),
                "{algorithm}"
            );
            assert_eq!(jwk.only_key_management(), Ok(algorithm));
        }
    }
}

#[test]
fn several_recipients_each_read_it_with_their_own_key() {
    let algorithms = [
        KeyManagement::RSA_OAEP_256,
        KeyManagement::ECDH_ES_A256KW,
        KeyManagement::A256GCMKW,
        KeyManagement::PBES2_HS256_A128KW,
    ];
    let encryption = ContentEncryption::A256CBC_HS512;
    let header = HeaderBuilder::new(encryption);
    for writer in backends() {
        let keys = algorithms.map(|algorithm| encrypting_key(algorithm, writer));
        let keys: Vec<_> = keys.iter().collect();
        let token = general::encrypt(&keys, &header, None, PLAINTEXT, writer).unwrap();
        for reader in backends() {
            for algorithm in algorithms {
                let Some(key) = decrypting_key(algorithm, reader) else {
                    continue;
                };
                let every: jeton_jose::alg::KeyManagementSet = algorithms.into();
                let decrypted = read(
                    &token,
                    &key.into(),
                    &EncryptionRules::new(every, encryption),
                )
                .unwrap();
                assert_eq!(decrypted.plaintext(), PLAINTEXT);
                assert_eq!(decrypted.key().algorithm(), algorithm);
            }
        }
    }
}

#[test]
fn a_key_that_makes_the_content_key_stands_alone() {
    for backend in backends() {
        let header = HeaderBuilder::new(ContentEncryption::A256GCM);
        for direct in [KeyManagement::Dir, KeyManagement::ECDH_ES] {
            let direct = encrypting_key(direct, backend);
            let other = encrypting_key(KeyManagement::A128KW, backend);
            for keys in [[&direct, &other], [&other, &direct]] {
                let refused = general::encrypt(&keys, &header, None, PLAINTEXT, backend);
                assert!(matches!(refused, Err(EncryptError::Recipients { .. })));
            }
        }
        let none = general::encrypt(&[], &header, None, PLAINTEXT, backend);
        assert!(matches!(none, Err(EncryptError::Recipients { .. })));
    }
}

#[test]
fn keys_are_chosen_by_kid_and_algorithm() {
    let algorithm = KeyManagement::A256KW;
    let secret = |byte, key_id: &str| {
        Jwk::from(KeyMaterial::Oct(Secret::new(vec![byte; 32])))
            .with_key_id(key_id)
            .with_algorithm(algorithm)
    };
    let (one, two) = (secret(1, "one"), secret(2, "two"));
    let gcm = secret(3, "three").with_algorithm(KeyManagement::A256GCMKW);
    for backend in backends() {
        let header = HeaderBuilder::new(ContentEncryption::A128GCM);
        let encrypt = |jwk: &Jwk, header: &HeaderBuilder| {
            let key = EncryptingKey::new(jwk, algorithm, backend).unwrap();
            compact::encrypt(&key, header, PLAINTEXT, backend).unwrap()
        };
        let every = KeyManagement::ALL.iter().copied().collect();
        let set = DecryptingKeySet::new(&[one.clone(), two.clone(), gcm.clone()], every, backend);
        assert!(set.skipped().is_empty());
        let rules = EncryptionRules {
            key_management: every,
            ..rules(algorithm, ContentEncryption::A128GCM)
        };
        let code = |token: &str| read(token, &set, &rules).map(|_| ()).map_err(|e| e.code());
        assert_eq!(code(&encrypt(&two, &header)), Ok(()));
        let wrong = encrypt(&two, &header.clone().key_id("one"));
        assert_eq!(code(&wrong), Err(Code::DecryptionFailed));
        let stranger = encrypt(&two, &header.clone().key_id("nobody"));
        assert_eq!(code(&stranger), Err(Code::KeyNotFound));
        let other = encrypt(&two, &header.clone().key_id("three"));
        assert_eq!(code(&other), Err(Code::AlgorithmMismatch));
        let unnamed = Jwk::from(two.material().clone());
        assert_eq!(
            code(&encrypt(&unnamed, &header)),
            Ok(()),
            "tried one by one"
        );
    }
}

#[test]
fn keys_serve_only_what_they_are_for() {
    for backend in backends() {
        let new = |jwk: &Jwk, algorithm| DecryptingKey::new(jwk, algorithm, backend);
        let public = encryption_jwk(KeyManagement::ECDH_ES).public().unwrap();
        assert_eq!(
            new(&public, KeyManagement::ECDH_ES).unwrap_err(),
            KeyError::PrivateMissing
        );
        assert!(EncryptingKey::new(&public, KeyManagement::ECDH_ES, backend).is_ok());
        let signing = jeton_testkit::jwk(Algorithm::HS256);
        assert_eq!(
            new(&signing, KeyManagement::Dir).unwrap_err().code(),
            Code::AlgorithmMismatch
        );
        let short = Jwk::from(KeyMaterial::Oct(Secret::new(vec![1; 15])));
        assert_eq!(
            new(&short, KeyManagement::A128KW).unwrap_err().code(),
            Code::KeyInvalid
        );
        let edwards = Jwk::from(jeton_testkit::jwk(Algorithm::Ed25519).material().clone());
        assert_eq!(
            new(&edwards, KeyManagement::ECDH_ES).unwrap_err().code(),
            Code::KeyType
        );
        let mut mixed = key::generate(jeton_jose::alg::Curve::X25519.into(), backend).unwrap();
        if let KeyMaterial::Okp(okp) = &mut mixed {
            okp.x[0] ^= 1;
        }
        assert_eq!(
            new(&mixed.into(), KeyManagement::ECDH_ES)
                .unwrap_err()
                .code(),
            Code::KeyInvalid,
            "the halves do not belong together"
        );
    }
}

#[test]
fn a_shared_key_serves_its_own_content_encryption() {
    for backend in backends() {
        let jwk = Jwk::from(KeyMaterial::Oct(Secret::new(vec![1; 32])))
            .with_algorithm(ContentEncryption::A256GCM);
        let key = EncryptingKey::new(&jwk, KeyManagement::Dir, backend).unwrap();
        let encrypt = |encryption| {
            compact::encrypt(&key, &HeaderBuilder::new(encryption), PLAINTEXT, backend)
        };
        let token = encrypt(ContentEncryption::A256GCM).unwrap();
        for other in [ContentEncryption::A128CBC_HS256, ContentEncryption::A128GCM] {
            assert_eq!(encrypt(other).unwrap_err().code(), Code::KeyType);
        }
        let rules = rules(KeyManagement::Dir, ContentEncryption::A256GCM);
        let bound = DecryptingKey::new(&jwk, KeyManagement::Dir, backend).unwrap();
        assert!(read(&token, &bound.into(), &rules).is_ok());
    }
}

#[test]
fn lengths_and_headers_are_seen_before_decryption() {
    for backend in backends() {
        let key = encrypting_key(KeyManagement::A192KW, backend);
        let [one, two, three] = write(&key, ContentEncryption::A192CBC_HS384, backend);
        let limits = Limits::default();
        let lengths = [56, 16, 32, 24];
        let compact = compact::Encrypted::parse(&one, &limits).unwrap();
        assert_eq!(compact.lengths(), lengths);
        assert_eq!(compact.unverified_header().key_id(), Some("ours"));
        let flattened = flattened::Encrypted::parse(&two, &limits).unwrap();
        assert_eq!(flattened.lengths(), lengths);
        assert_eq!(flattened.unverified_aad(), Some(&b"in the open"[..]));
        let general = general::Encrypted::parse(&three, &limits).unwrap();
        assert_eq!(general.lengths(0), lengths);
        assert_eq!(general.unverified_headers().count(), 1);
        assert!(!format!("{compact:?}{general:?}").contains("ours"));
    }
}
