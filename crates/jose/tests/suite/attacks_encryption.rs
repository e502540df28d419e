//! The encryption rows of the catalogue of attacks. Each test is named after its row.

use jeton_jose::alg::{ContentEncryptionSet, KeyManagementSet};
use jeton_jose::backend::{Encryption, Randomness};
use jeton_jose::jwe::{EncryptionRules, HeaderBuilder, compact, flattened, general};
use jeton_jose::jwk::Jwk;
use jeton_jose::jws;
use jeton_jose::jwt;
use jeton_jose::key::{DecryptingKey, DecryptingKeySet, KeyMaterial};
use jeton_jose::{Algorithm, Code, ContentEncryption, KeyManagement, Limits, Policy, base64url};
use jeton_testkit::{NOW, backends, decrypting_key, encrypting_key, encryption_jwk, verifying_key};

pub(crate) const ENC: ContentEncryption = ContentEncryption::A128CBC_HS256;
pub(crate) const KW: KeyManagement = KeyManagement::A128KW;

pub(crate) fn rules() -> EncryptionRules {
    let encryptions: ContentEncryptionSet = ContentEncryption::ALL.iter().copied().collect();
    EncryptionRules::new(every(), encryptions)
}

fn every() -> KeyManagementSet {
    KeyManagement::ALL.iter().copied().collect()
}

pub(crate) fn keys(algorithm: KeyManagement, backend: &'static dyn Encryption) -> DecryptingKeySet {
    decrypting_key(algorithm, backend).unwrap().into()
}

pub(crate) fn token(algorithm: KeyManagement, backend: &'static dyn Encryption) -> String {
    let header = HeaderBuilder::new(ENC);
    compact::encrypt(
        &encrypting_key(algorithm, backend),
        &header,
        b"text",
        backend,
    )
    .unwrap()
}

/// The verdict on a text in whatever form.
pub(crate) fn verdict(
    text: &str,
    keys: &DecryptingKeySet,
    rules: &EncryptionRules,
) -> Result<Vec<u8>, Code> {
    let decrypted = if text.contains("\"recipients\"") {
        general::Encrypted::parse(text, &rules.limits)
            .map_err(Into::into)
            .and_then(|token| token.decrypt(keys, rules))
    } else if text.starts_with('{') {
        flattened::Encrypted::parse(text, &rules.limits)
            .map_err(Into::into)
            .and_then(|token| token.decrypt(keys, rules))
    } else {
        compact::Encrypted::parse(text, &rules.limits)
            .map_err(Into::into)
            .and_then(|token| token.decrypt(keys, rules))
    };
    decrypted
        .map(|decrypted| decrypted.plaintext().to_vec())
        .map_err(|error: jeton_jose::jwe::Error| error.code())
}

#[track_caller]
pub(crate) fn refused(text: &str, algorithm: KeyManagement, code: Code) {
    for backend in backends() {
        assert_eq!(
            verdict(text, &keys(algorithm, backend), &rules()),
            Err(code),
            "{} {text:.100}",
            backend.name()
        );
    }
}

/// A compact token of this header whose other parts are plausible.
pub(crate) fn with_header(header: &str) -> String {
    let part = |len: usize| base64url::encode(&vec![7; len]);
    let header = base64url::encode(header.as_bytes());
    format!(
        "{header}.{}.{}.{}.{}",
        part(40),
        part(16),
        part(32),
        part(16)
    )
}

/// A sound token whose protected header says what it likes: the tag is good, since it is made
/// after the header was chosen.
pub(crate) fn forge(header: &str, content: &[u8], backend: &'static dyn Encryption) -> String {
    let jwk = encryption_jwk(KeyManagement::Dir);
    let KeyMaterial::Oct(secret) = jwk.material() else {
        panic!("oct");
    };
    forge_under(secret.expose(), [header, ""], content, backend)
}

/// A256GCM under this content key, with this header and this encrypted key.
fn forge_under(
    key: &[u8],
    [header, encrypted_key]: [&str; 2],
    content: &[u8],
    backend: &'static dyn Encryption,
) -> String {
    let header = base64url::encode(header.as_bytes());
    let (iv, mut content) = ([5; 12], content.to_vec());
    let tag = backend
        .gcm_seal(key, &iv, header.as_bytes(), &mut content)
        .unwrap();
    let [iv, content, tag] = [&iv[..], &content, &tag].map(base64url::encode);
    format!("{header}.{encrypted_key}.{iv}.{content}.{tag}")
}

#[test]
fn attack_09_keys_in_the_header_are_never_used() {
    for backend in backends() {
        let jwk = encryption_jwk(KeyManagement::Dir).to_json();
        for name in ["jwk", "jku", "x5u"] {
            let value = if name == "jwk" {
                jwk.as_str()
            } else {
                "\"https://evil.example\""
            };
            let header = format!(r#"{{"alg":"dir","enc":"A256GCM","{name}":{value}}}"#);
            let token = forge(&header, b"text", backend);
            let stranger =
                Jwk::parse(br#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#);
            let stranger = DecryptingKey::new(&stranger.unwrap(), KeyManagement::Dir, backend);
            let code = verdict(&token, &stranger.unwrap().into(), &rules()).unwrap_err();
            assert_eq!(code, Code::DecryptionFailed);
            let none = DecryptingKeySet::new(&[], every(), backend);
            assert_eq!(verdict(&token, &none, &rules()), Err(Code::KeyNotFound));
        }
    }
}

#[test]
fn attack_23_ephemeral_keys_off_the_curve_of_the_key() {
    for backend in backends() {
        let good = token(KeyManagement::ECDH_ES, backend);
        let (header, rest) = good.split_once('.').unwrap();
        let header = String::from_utf8(base64url::decode(header).unwrap()).unwrap();
        let point = &header[header.find("\"epk\"").unwrap()..header.find(",\"enc\"").unwrap()];
        let zeros = "A".repeat(43);
        let ones = base64url::encode(&[1; 32]);
        let wide = base64url::encode(&[1; 48]);
        for (epk, code) in [
            (
                format!(r#"{{"kty":"EC","crv":"P-256","x":"{ones}","y":"{ones}"}}"#),
                Code::DecryptionFailed,
            ),
            (
                format!(r#"{{"kty":"EC","crv":"P-256","x":"{zeros}","y":"{zeros}"}}"#),
                Code::DecryptionFailed,
            ),
            (
                format!(r#"{{"kty":"EC","crv":"P-384","x":"{wide}","y":"{wide}"}}"#),
                Code::DecryptionFailed,
            ),
            (
                format!(r#"{{"kty":"OKP","crv":"X25519","x":"{zeros}"}}"#),
                Code::DecryptionFailed,
            ),
            (
                format!(r#"{{"kty":"EC","crv":"secp256k1","x":"{ones}","y":"{ones}"}}"#),
                Code::HeaderInvalid,
            ),
            (
                format!(r#"{{"kty":"EC","crv":"P-256","x":"{wide}","y":"{ones}"}}"#),
                Code::HeaderInvalid,
            ),
            (
                r#"{"kty":"oct","k":"AAAA"}"#.to_owned(),
                Code::HeaderInvalid,
            ),
            (r#""P-256""#.to_owned(), Code::HeaderInvalid),
            ("null".to_owned(), Code::HeaderInvalid),
        ] {
            let changed = header.replace(point, &format!("\"epk\":{epk}"));
            assert_ne!(changed, header);
            let changed = format!("{}.{rest}", base64url::encode(changed.as_bytes()));
            refused(&changed, KeyManagement::ECDH_ES, code);
        }
        let absent = header.replace(&format!("{point},"), "");
        let absent = format!("{}.{rest}", base64url::encode(absent.as_bytes()));
        refused(&absent, KeyManagement::ECDH_ES, Code::HeaderInvalid);
    }
}

#[test]
fn attack_23_an_ephemeral_private_key_is_no_public_one() {
    let private = encryption_jwk(KeyManagement::ECDH_ES).to_json();
    let header = format!(
        r#"{{"alg":"ECDH-ES","enc":"A256GCM","epk":{}}}"#,
        private.as_str()
    );
    refused(
        &with_header(&header),
        KeyManagement::ECDH_ES,
        Code::HeaderInvalid,
    );
}

#[test]
fn attack_24_rsa1_5_is_refused_by_name() {
    let token = with_header(r#"{"alg":"RSA1_5","enc":"A128CBC-HS256"}"#);
    refused(&token, KW, Code::AlgorithmRefused);
    let error = compact::Encrypted::parse(&token, &Limits::default())
        .unwrap()
        .decrypt(
            &DecryptingKeySet::new(&[], every(), backends()[0]),
            &rules(),
        )
        .unwrap_err();
    assert!(error.to_string().contains("RSA1_5"), "{error}");
    assert_eq!(KeyManagement::from_name("RSA1_5"), None);
    for name in ["rsa1_5", "none", "A128kw", "A128KW ", "HS256", ""] {
        let token = with_header(&format!(r#"{{"alg":"{name}","enc":"A128CBC-HS256"}}"#));
        refused(&token, KW, Code::AlgorithmUnknown);
    }
}

#[test]
fn attack_24_oaep_fails_in_one_way() {
    for backend in backends() {
        let algorithm = KeyManagement::RSA_OAEP_256;
        let Some(key) = decrypting_key(algorithm, backend) else {
            println!("skipped: no private RSA on {}", backend.name());
            continue;
        };
        let keys = key.into();
        let good = token(algorithm, backend);
        let parts: Vec<&str> = good.split('.').collect();
        let key = base64url::decode(parts[1]).unwrap();
        let mut flipped = key.clone();
        flipped[200] ^= 1;
        let other = encrypting_key(algorithm, backend);
        let header = HeaderBuilder::new(ContentEncryption::A256GCM);
        let long = compact::encrypt(&other, &header, b"text", backend).unwrap();
        let long = base64url::decode(long.split('.').nth(1).unwrap()).unwrap();
        for encrypted in [
            flipped,
            long,
            key[1..].to_vec(),
            [&key[..], &[0]].concat(),
            vec![],
            vec![0xff; 256],
        ] {
            let encrypted = base64url::encode(&encrypted);
            let token = [parts[0], &encrypted, parts[2], parts[3], parts[4]].join(".");
            assert_eq!(
                verdict(&token, &keys, &rules()),
                Err(Code::DecryptionFailed)
            );
        }
    }
}

/// What stands in for a content key that could not be unwrapped opens nothing, even if the sender
/// knows it.
#[test]
fn attack_24_a_key_that_does_not_unwrap_is_no_known_key() {
    for backend in backends() {
        for (algorithm, encrypted_len) in [
            (KW, 40),
            (KW, 39),
            (KW, 0),
            (KeyManagement::Dir, 8),
            (KeyManagement::RSA_OAEP_256, 256),
            (KeyManagement::RSA_OAEP_256, 255),
        ] {
            let Some(key) = decrypting_key(algorithm, backend) else {
                println!("skipped: no {algorithm} on {}", backend.name());
                continue;
            };
            let header = format!(r#"{{"alg":"{algorithm}","enc":"A256GCM"}}"#);
            let encrypted = base64url::encode(&vec![1; encrypted_len]);
            let token = forge_under(&[0; 32], [&header, &encrypted], b"text", backend);
            let code = verdict(&token, &key.into(), &rules()).unwrap_err();
            assert_eq!(code, Code::DecryptionFailed, "{algorithm}");
        }
    }
}

#[test]
fn attack_25_26_each_bit_of_each_part_counts_and_fails_alike() {
    for encryption in [ENC, ContentEncryption::A128GCM] {
        for backend in backends() {
            let header = HeaderBuilder::new(encryption);
            let key = encrypting_key(KeyManagement::A128GCMKW, backend);
            let good = compact::encrypt(&key, &header, b"text", backend).unwrap();
            let keys = keys(KeyManagement::A128GCMKW, backend);
            assert_eq!(verdict(&good, &keys, &rules()).unwrap(), b"text");
            let parts: Vec<_> = good
                .split('.')
                .map(|part| base64url::decode(part).unwrap())
                .collect();
            let join = |parts: &[Vec<u8>]| {
                let parts: Vec<_> = parts.iter().map(|part| base64url::encode(part)).collect();
                parts.join(".")
            };
            for part in 1..5 {
                for at in 0..parts[part].len() {
                    let mut changed = parts.clone();
                    changed[part][at] ^= 1;
                    assert_eq!(
                        verdict(&join(&changed), &keys, &rules()),
                        Err(Code::DecryptionFailed)
                    );
                    let mut cut = parts.clone();
                    cut[part].truncate(at);
                    assert_eq!(
                        verdict(&join(&cut), &keys, &rules()),
                        Err(Code::DecryptionFailed)
                    );
                }
                let mut longer = parts.clone();
                longer[part].push(0);
                assert_eq!(
                    verdict(&join(&longer), &keys, &rules()),
                    Err(Code::DecryptionFailed)
                );
            }
        }
    }
}

#[test]
fn attack_25_additional_data_and_protected_header_are_authenticated() {
    for backend in backends() {
        let key = encrypting_key(KW, backend);
        let header = HeaderBuilder::new(ENC).typ("example");
        let good = flattened::encrypt(&key, &header, Some(b"in the open"), b"text", backend);
        let good = good.unwrap();
        assert_eq!(
            verdict(&good, &keys(KW, backend), &rules()).unwrap(),
            b"text"
        );
        let aad = base64url::encode(b"in the open");
        let other = base64url::encode(b"in the dark");
        let protected =
            base64url::encode(br#"{"alg":"A128KW","enc":"A128CBC-HS256","typ":"example"}"#);
        let retyped =
            base64url::encode(br#"{"alg":"A128KW","enc":"A128CBC-HS256","typ":"Example"}"#);
        for changed in [
            good.replace(&aad, &other),
            good.replace(&format!("\"aad\":\"{aad}\","), ""),
            good.replace(&aad, ""),
            good.replace(&protected, &retyped),
        ] {
            assert_ne!(changed, good);
            refused(&changed, KW, Code::DecryptionFailed);
        }
    }
}

#[test]
fn attack_26_tag_and_iv_of_a_wrapped_key_are_exact() {
    for backend in backends() {
        let good = token(KeyManagement::A128GCMKW, backend);
        let (header, rest) = good.split_once('.').unwrap();
        let header = String::from_utf8(base64url::decode(header).unwrap()).unwrap();
        for name in ["iv", "tag"] {
            let start = header.find(&format!("\"{name}\":\"")).unwrap() + name.len() + 4;
            let end = start + header[start..].find('"').unwrap();
            let bytes = base64url::decode(&header[start..end]).unwrap();
            for len in [0, 1, 4, 8, bytes.len() - 1] {
                let short = base64url::encode(&bytes[..len]);
                let changed = format!("{}{short}{}", &header[..start], &header[end..]);
                let changed = format!("{}.{rest}", base64url::encode(changed.as_bytes()));
                refused(&changed, KeyManagement::A128GCMKW, Code::DecryptionFailed);
            }
        }
    }
}

#[test]
fn attack_36_crit_is_enforced() {
    for (crit, code) in [
        (r#""crit":["exp"],"exp":1"#, Code::CritUnsupported),
        (r#""crit":["b64"],"b64":false"#, Code::CritUnsupported),
        (r#""crit":[]"#, Code::CritInvalid),
        (r#""crit":["exp","exp"],"exp":1"#, Code::CritInvalid),
        (r#""crit":["exp"]"#, Code::CritInvalid),
        (r#""crit":["enc"]"#, Code::CritInvalid),
        (r#""crit":["p2c"],"p2c":1000"#, Code::CritInvalid),
        (r#""crit":"exp","exp":1"#, Code::CritInvalid),
        (r#""crit":[1]"#, Code::CritInvalid),
    ] {
        for backend in backends() {
            let token = forge(
                &format!(r#"{{"alg":"dir","enc":"A256GCM",{crit}}}"#),
                b"text",
                backend,
            );
            let keys = keys(KeyManagement::Dir, backend);
            assert_eq!(verdict(&token, &keys, &rules()), Err(code), "{crit}");
            let mut rules = rules();
            rules.critical.push("exp".to_owned());
            let implemented = crit == r#""crit":["exp"],"exp":1"#;
            assert_eq!(
                verdict(&token, &keys, &rules).is_ok(),
                implemented,
                "{crit}"
            );
        }
    }
    let unprotected = r#"{"protected":"eyJlbmMiOiJBMjU2R0NNIn0","header":{"alg":"dir","crit":["exp"],"exp":1},"ciphertext":"AA","iv":"AA","tag":"AA"}"#;
    refused(unprotected, KeyManagement::Dir, Code::CritInvalid);
}

#[test]
fn attack_39_signing_and_encrypting_are_never_confused() {
    for backend in backends() {
        let encrypted = token(KW, backend);
        let signed = crate::hs256(r#"{"sub":"ada"}"#);
        let key = verifying_key(Algorithm::HS256, backend);
        let verified = jwt::verify(&encrypted, &key, &Policy::new(Algorithm::HS256), NOW);
        assert_eq!(verified.unwrap_err().code(), Code::TokenEncrypted);
        let parsed = jws::flattened::Unverified::parse(
            r#"{"protected":"e30","ciphertext":"AA","iv":"AA","tag":"AA"}"#,
            &Limits::default(),
        );
        assert_eq!(parsed.unwrap_err().code(), Code::TokenEncrypted);
        assert_eq!(
            verdict(&signed, &keys(KW, backend), &rules()),
            Err(Code::TokenSigned)
        );
    }
}

#[test]
fn attack_41_one_text_per_token() {
    for backend in backends() {
        let good = token(KW, backend);
        let keys = keys(KW, backend);
        for part in 0..5 {
            for end in ["=", " ", "\n", "\0", "\u{e9}"] {
                let mut parts: Vec<String> = good.split('.').map(str::to_owned).collect();
                parts[part].push_str(end);
                let code = verdict(&parts.join("."), &keys, &rules()).unwrap_err();
                assert_eq!(code, Code::Base64Invalid, "{part} {end:?}");
            }
        }
        // 16 bytes leave four bits over in the last character.
        let (head, last) = good.split_at(good.len() - 1);
        let symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let at = symbols.find(last).unwrap();
        let twin = format!("{head}{}", &symbols[at + 1..at + 2]);
        assert_eq!(verdict(&twin, &keys, &rules()), Err(Code::Base64Invalid));
    }
}

#[test]
fn attack_45_headers_are_disjoint_and_what_must_be_protected_is() {
    let enc = base64url::encode(br#"{"enc":"A128CBC-HS256"}"#);
    let both = base64url::encode(br#"{"alg":"A128KW","enc":"A128CBC-HS256"}"#);
    let content = r#""iv":"AA","ciphertext":"AA","tag":"AA""#;
    for (head, code) in [
        (
            format!(r#""protected":"{both}","header":{{"alg":"A128KW"}}"#),
            Code::HeaderInvalid,
        ),
        (
            format!(r#""protected":"{both}","unprotected":{{"enc":"A128GCM"}}"#),
            Code::HeaderInvalid,
        ),
        (
            format!(
                r#""protected":"{enc}","unprotected":{{"alg":"A128KW"}},"header":{{"alg":"A128KW"}}"#
            ),
            Code::HeaderInvalid,
        ),
        (
            format!(r#""protected":"{both}","header":{{"zip":"DEF"}}"#),
            Code::HeaderInvalid,
        ),
        (
            r#""header":{"alg":"A128KW","enc":"A128CBC-HS256"}"#.to_owned(),
            Code::HeaderInvalid,
        ),
        (format!(r#""protected":"{enc}""#), Code::HeaderInvalid),
        (
            format!(r#""protected":"{both}","protected":"{both}""#),
            Code::JsonDuplicateName,
        ),
        (
            format!(r#""protected":"{enc}","header":{{"alg":"A128KW","alg":"A128KW"}}"#),
            Code::JsonDuplicateName,
        ),
        (
            format!(r#""protected":"{enc}","header":{{"alg":"A128KW"}}"#),
            Code::DecryptionFailed,
        ),
    ] {
        refused(&format!("{{{head},{content}}}"), KW, code);
    }
    let recipient = r#"{"header":{"alg":"A128KW"}}"#;
    for (recipients, code) in [
        (format!("[{recipient}]"), Code::DecryptionFailed),
        (
            format!("[{recipient},{{\"header\":{{\"enc\":\"A128GCM\"}}}}]"),
            Code::HeaderInvalid,
        ),
        (
            format!("[{recipient},{{\"header\":{{\"zip\":\"DEF\"}}}}]"),
            Code::HeaderInvalid,
        ),
    ] {
        let token = format!(r#"{{"protected":"{enc}","recipients":{recipients},{content}}}"#);
        refused(&token, KW, code);
    }
}

#[test]
fn attack_45_only_the_recipient_that_decrypts_is_shown() {
    for backend in backends() {
        let [one, two] = [KW, KeyManagement::A256KW].map(|it| encrypting_key(it, backend));
        let header = HeaderBuilder::new(ENC);
        let token = general::encrypt(&[&one, &two], &header, None, b"text", backend).unwrap();
        let keys = keys(KeyManagement::A256KW, backend);
        let decrypted = general::Encrypted::parse(&token, &Limits::default())
            .unwrap()
            .decrypt(&keys, &rules())
            .unwrap();
        assert_eq!(decrypted.header().algorithm_name(), Some("A256KW"));
    }
}

#[test]
fn the_allow_lists_hold() {
    for backend in backends() {
        let token = token(KW, backend);
        let keys = keys(KW, backend);
        let check = |rules: EncryptionRules| verdict(&token, &keys, &rules).map(|_| ());
        assert_eq!(check(EncryptionRules::new(KW, ENC)), Ok(()));
        let other = ContentEncryption::A128GCM;
        assert_eq!(
            check(EncryptionRules::new(KW, other)),
            Err(Code::AlgorithmNotAllowed)
        );
        let other = KeyManagement::A256KW;
        assert_eq!(
            check(EncryptionRules::new(other, ENC)),
            Err(Code::AlgorithmNotAllowed)
        );
        assert_eq!(
            check(EncryptionRules::default()),
            Err(Code::AlgorithmNotAllowed)
        );
        let unknown = with_header(r#"{"alg":"A128KW","enc":"A128CBC"}"#);
        refused(&unknown, KW, Code::AlgorithmUnknown);
    }
}

/// A source that fails.
struct Dry;

impl Randomness for Dry {
    fn fill(&self, _: &mut [u8]) -> Option<()> {
        None
    }
}

#[test]
fn without_randomness_nothing_is_encrypted() {
    for backend in backends() {
        for algorithm in KeyManagement::ALL.iter().copied() {
            let key = encrypting_key(algorithm, backend);
            let token = compact::encrypt(&key, &HeaderBuilder::new(ENC), b"text", &Dry);
            assert_eq!(
                token.unwrap_err().code(),
                Code::EncryptionFailed,
                "{algorithm}"
            );
        }
    }
}
