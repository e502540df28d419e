use jeton_jose::alg::{ContentEncryptionSet, KeyManagementSet};
use jeton_jose::backend::{GenerateKind, RustCrypto};
use jeton_jose::jwe::{EncryptionRules, HeaderBuilder, compact, general};
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{EncryptingKey, KeyMaterial};
use jeton_jose::{Algorithm, ContentEncryption, KeyManagement, Secret, base64url};
use jeton_testkit::BACKEND;
use jeton_testkit::{encryption_jwk, jwk};

use super::{DecryptionCause as Code, diagnose};

const CLAIMS: &[u8] = br#"{"sub":"joe","admin":true}"#;

fn oct(bytes: &[u8]) -> Jwk {
    KeyMaterial::Oct(Secret::new(bytes.to_vec())).into()
}

fn rules() -> EncryptionRules {
    EncryptionRules::new(
        KeyManagement::ALL
            .iter()
            .copied()
            .collect::<KeyManagementSet>(),
        ContentEncryption::ALL
            .iter()
            .copied()
            .collect::<ContentEncryptionSet>(),
    )
}

/// The cause, alike on both backends where both can decrypt.
fn cause(token: &str, keys: &[Jwk]) -> Option<Code> {
    let found = diagnose(token, keys, &rules(), BACKEND);
    let rsa = keys
        .iter()
        .any(|key| matches!(key.material(), KeyMaterial::Rsa(_)));
    if !rsa {
        assert_eq!(found, diagnose(token, keys, &rules(), &RustCrypto));
    }
    if let Some(cause) = &found.cause {
        assert!(cause.confirmed || !OPENS.contains(&cause.code), "{cause:?}");
    }
    found.cause.map(|cause| cause.code)
}

/// What is only ever said of a token that opens.
const OPENS: [Code; 11] = [
    Code::KeyAlgorithm,
    Code::KeyUsage,
    Code::KidMismatch,
    Code::AnotherKey,
    Code::SecretLineBreak,
    Code::SecretBase64,
    Code::SecretBase64url,
    Code::SecretHex,
    Code::SecretNotDecoded,
    Code::AnotherAlgorithm,
    Code::AnotherEncryption,
];

fn encrypt_as(key: &Jwk, algorithm: KeyManagement, encryption: ContentEncryption) -> String {
    let key = EncryptingKey::new(key, algorithm, BACKEND).unwrap();
    let key = key.with_iterations(1000);
    let header = HeaderBuilder::new(encryption);
    compact::encrypt(&key, &header, CLAIMS, BACKEND).unwrap()
}

fn encrypt(key: &Jwk, algorithm: KeyManagement) -> String {
    encrypt_as(key, algorithm, ContentEncryption::A128GCM)
}

fn pair(algorithm: Algorithm) -> Jwk {
    jwk(algorithm).material().clone().into()
}

/// A token of A128GCM, put together by hand.
fn sealed(header: &str, encrypted_key: &[u8], content_key: &[u8], aad: Option<&[u8]>) -> String {
    let protected = base64url::encode(header.as_bytes());
    let mut content = CLAIMS.to_vec();
    let aad = aad.unwrap_or(protected.as_bytes());
    let tag = BACKEND
        .gcm_seal(content_key, &[9; 12], aad, &mut content)
        .unwrap();
    let parts = [encrypted_key, &[9; 12], &content, &tag].map(base64url::encode);
    format!("{protected}.{}", parts.join("."))
}

/// The token with one part's bytes changed.
fn with_part(token: &str, part: usize, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    let mut bytes = base64url::decode(&parts[part]).unwrap();
    change(&mut bytes);
    parts[part] = base64url::encode(&bytes);
    parts.join(".")
}

#[test]
fn the_wrong_half_or_kind_of_key() {
    let (rsa, p256) = (pair(Algorithm::RS256), pair(Algorithm::ES256));
    let (to_rsa, to_p256) = (
        encrypt(&rsa, KeyManagement::RSA_OAEP_256),
        encrypt(&p256, KeyManagement::ECDH_ES_A128KW),
    );
    let password = encrypt(&oct(b"correct horse"), KeyManagement::PBES2_HS256_A128KW);
    let wrapped = encrypt(&oct(&[1; 16]), KeyManagement::A128KW);
    let public = |key: &Jwk| key.public().unwrap();
    let p384 = pair(Algorithm::ES384);
    let cases = [
        (&to_rsa, public(&rsa), Code::PublicKeyGiven),
        (&to_p256, public(&p256), Code::PublicKeyGiven),
        (&password, rsa.clone(), Code::PasswordWanted),
        (&to_rsa, oct(&[1; 16]), Code::PrivateKeyWanted),
        (&to_p256, oct(b"correct horse"), Code::PrivateKeyWanted),
        (&wrapped, p256.clone(), Code::SecretWanted),
        (&to_rsa, p256.clone(), Code::KeyType),
        (&to_p256, rsa.clone(), Code::KeyType),
        (&to_p256, p384, Code::KeyCurve),
        (&wrapped, oct(&[1; 20]), Code::SecretLength),
    ];
    for (token, key, wanted) in cases {
        assert_eq!(cause(token, &[key]), Some(wanted), "{token}");
    }
    // Near misses: a sound pair beside the public key, the right key itself, any password.
    assert_eq!(cause(&to_p256, &[public(&p256), p256.clone()]), None);
    assert_eq!(cause(&to_rsa, &[rsa]), None);
    assert_eq!(cause(&wrapped, &[oct(&[1; 16])]), None);
    assert_eq!(cause(&password, &[oct(b"x")]), Some(Code::WrongPassword));
    let other = BACKEND
        .generate(GenerateKind::Curve(jeton_jose::alg::Curve::P256))
        .unwrap();
    assert_eq!(cause(&to_p256, &[other.into()]), Some(Code::WrongKey));
}

#[test]
fn what_is_said_about_the_key() {
    let key = oct(&[1; 16]);
    let token = encrypt(&key, KeyManagement::A128KW);
    let named = key.clone().with_algorithm(KeyManagement::A128GCMKW);
    assert_eq!(cause(&token, &[named]), Some(Code::KeyAlgorithm));
    let own = key.clone().with_algorithm(KeyManagement::A128KW);
    assert_eq!(cause(&token, &[own]), None);
    let signing = key.clone().with_key_use("sig");
    assert_eq!(cause(&token, &[signing]), Some(Code::KeyUsage));
    let encrypting = key.with_key_use("enc");
    assert_eq!(cause(&token, &[encrypting]), None);
}

#[test]
fn keys_of_a_set_and_their_names() {
    let key = |byte, kid: &str| oct(&[byte; 16]).with_key_id(kid);
    let to = |byte, kid: &str| encrypt(&key(byte, kid), KeyManagement::A128KW);
    let set = [key(1, "a"), key(2, "b")];
    assert_eq!(cause(&to(1, "b"), &set), Some(Code::AnotherKey));
    assert_eq!(cause(&to(1, "c"), &set), Some(Code::KidMismatch));
    assert_eq!(cause(&to(3, "a"), &set), Some(Code::WrongKey));
    assert_eq!(cause(&to(2, "b"), &set), None);
    // The general form: the second recipient's key is of another name.
    let keys = [key(3, "x"), key(2, "y")]
        .map(|jwk| EncryptingKey::new(&jwk, KeyManagement::A128KW, BACKEND).unwrap());
    let header = HeaderBuilder::new(ContentEncryption::A128GCM);
    let token = general::encrypt(&[&keys[0], &keys[1]], &header, None, CLAIMS, BACKEND).unwrap();
    assert_eq!(cause(&token, &set), Some(Code::KidMismatch));
}

#[test]
fn secrets_written_in_another_way() {
    let text = b"correct horse battery staple, 32";
    let noise: Vec<u8> = (0_u8..32).map(|at| at.wrapping_mul(37) ^ 0xfb).collect();
    let standard = base64url::encode(&noise)
        .replace('-', "+")
        .replace('_', "/");
    let padded = format!("{standard}=");
    let safe = base64url::encode(&noise);
    let hex: String = super::super::encoding::encode_hex(&noise);
    assert!(safe.contains(['-', '_']));
    for algorithm in [
        KeyManagement::A256KW,
        KeyManagement::A256GCMKW,
        KeyManagement::Dir,
        KeyManagement::PBES2_HS256_A128KW,
    ] {
        let encryption = ContentEncryption::A256GCM;
        let plain = encrypt_as(&oct(text), algorithm, encryption);
        let decoded = encrypt_as(&oct(&noise), algorithm, encryption);
        let line = [&text[..], b"\n"].concat();
        let spaces = [b" ", &text[..], b" "].concat();
        let cases = [
            (&plain, line.clone(), Code::SecretLineBreak),
            (&plain, spaces, Code::SecretSpaces),
            (&decoded, padded.clone().into_bytes(), Code::SecretBase64),
            (&decoded, safe.clone().into_bytes(), Code::SecretBase64url),
            (&decoded, hex.clone().into_bytes(), Code::SecretHex),
        ];
        for (token, secret, wanted) in cases {
            assert_eq!(cause(token, &[oct(&secret)]), Some(wanted), "{algorithm}");
        }
        // Near misses: the same ways to write it, of another secret.
        for other in [&line, padded.as_bytes(), hex.as_bytes()] {
            let another = encrypt_as(&oct(&[7; 32]), algorithm, encryption);
            let found = cause(&another, &[oct(other)]);
            assert!(
                matches!(
                    found,
                    Some(Code::SecretLength | Code::WrongKey | Code::WrongPassword)
                ),
                "{algorithm} {found:?}"
            );
        }
    }
    let password = KeyManagement::PBES2_HS256_A128KW;
    let token = encrypt(&oct(safe.as_bytes()), password);
    assert_eq!(cause(&token, &[oct(&noise)]), Some(Code::SecretNotDecoded));
    assert_eq!(cause(&token, &[oct(&[7; 32])]), Some(Code::WrongPassword));
}

#[test]
fn another_algorithm_than_the_header_says() {
    let rsa = pair(Algorithm::RS256);
    let KeyMaterial::Rsa(numbers) = rsa.material() else {
        panic!("RSA");
    };
    let wrap = |hash| {
        let encryptor = BACKEND.key_encryptor(hash, numbers).unwrap();
        encryptor.encrypt(&[5; 16]).unwrap()
    };
    let header = r#"{"alg":"RSA-OAEP-256","enc":"A128GCM"}"#;
    let with_sha1 = sealed(header, &wrap(None), &[5; 16], None);
    assert_eq!(
        cause(&with_sha1, std::slice::from_ref(&rsa)),
        Some(Code::AnotherAlgorithm)
    );
    let with_sha512 = sealed(
        header,
        &wrap(Some(jeton_jose::alg::Hash::Sha512)),
        &[6; 16],
        None,
    );
    assert_eq!(cause(&with_sha512, &[rsa]), Some(Code::WrongKey));
}

#[test]
fn another_encryption_than_the_header_says() {
    let wrapping = oct(&[1; 16]);
    let wrap = |key: &[u8]| BACKEND.wrap_key(&[1; 16], key).unwrap();
    let header = r#"{"alg":"A128KW","enc":"A128CBC-HS256"}"#;
    let token = sealed(header, &wrap(&[5; 32]), &[5; 32], None);
    assert_eq!(
        cause(&token, std::slice::from_ref(&wrapping)),
        Some(Code::AnotherEncryption)
    );
    let token = sealed(header, &wrap(&[5; 16]), &[5; 16], None);
    assert_eq!(
        cause(&token, std::slice::from_ref(&wrapping)),
        Some(Code::AnotherEncryption)
    );
    // Another content key altogether.
    let token = sealed(header, &wrap(&[5; 24]), &[6; 24], None);
    assert_eq!(cause(&token, &[wrapping]), Some(Code::ContentKeyLength));
}

#[test]
fn cut_tokens() {
    for (algorithm, direct) in [(KeyManagement::A256KW, false), (KeyManagement::Dir, true)] {
        for encryption in [ContentEncryption::A256GCM, ContentEncryption::A128CBC_HS256] {
            let key = oct(&[1; 32]);
            let token = encrypt_as(&key, algorithm, encryption);
            let keys = [key];
            let found = |token: &str| cause(token, &keys);
            let cut = token.rsplit_once('.').unwrap().0;
            assert_eq!(found(cut), Some(Code::TokenCut));
            let vector = with_part(&token, 2, |iv| iv.truncate(8));
            assert_eq!(
                found(&vector),
                Some(Code::VectorLength),
                "{algorithm} {encryption}"
            );
            let tag = with_part(&token, 4, |tag| tag.truncate(12));
            assert_eq!(found(&tag), Some(Code::TagCut), "{algorithm} {encryption}");
            let ciphertext = with_part(&token, 3, |ciphertext| ciphertext.truncate(20));
            let wanted = if direct && encryption == ContentEncryption::A128CBC_HS256 {
                // Nothing in it tells the right key.
                Code::WrongKey
            } else {
                Code::CiphertextCut
            };
            assert_eq!(found(&ciphertext), Some(wanted), "{algorithm} {encryption}");
            // Near misses: parts that are as long as they should be, but not the same.
            let other = with_part(&token, 4, |tag| tag[0] ^= 1);
            assert_eq!(
                found(&other),
                Some(Code::HeaderAltered),
                "{algorithm} {encryption}"
            );
            assert_eq!(found(&token), None);
            if !direct {
                let shorter = with_part(&token, 1, |key| key.truncate(32));
                assert_eq!(found(&shorter), Some(Code::EncryptedKeyLength));
                let flipped = with_part(&token, 1, |key| key[0] ^= 1);
                assert_eq!(found(&flipped), Some(Code::WrongKey));
            }
        }
    }
    let rsa = pair(Algorithm::RS256);
    let token = encrypt(&rsa, KeyManagement::RSA_OAEP);
    let longer = with_part(&token, 1, |key| key.resize(384, 7));
    assert_eq!(cause(&longer, &[rsa]), Some(Code::EncryptedKeyLength));
}

#[test]
fn altered_tokens() {
    for encryption in [ContentEncryption::A256GCM, ContentEncryption::A128CBC_HS256] {
        let key = encryption_jwk(KeyManagement::A256KW);
        let token = encrypt_as(&key, KeyManagement::A256KW, encryption);
        let keys = [key];
        let renamed = with_part(&token, 0, |header| {
            header.pop();
            header.extend_from_slice(br#","x":1}"#);
        });
        assert_eq!(
            cause(&renamed, &keys),
            Some(Code::HeaderAltered),
            "{encryption}"
        );
        let flipped = with_part(&token, 3, |ciphertext| ciphertext[0] ^= 0x80);
        assert_eq!(
            cause(&flipped, &keys),
            Some(Code::ContentAltered),
            "{encryption}"
        );
        let noise = with_part(&token, 2, |iv| iv.fill(3));
        assert_eq!(
            cause(&noise, &keys),
            Some(Code::ContentAltered),
            "{encryption}"
        );
        assert_eq!(cause(&token, &keys), None);
    }
}

#[test]
fn another_text_authenticated() {
    let key = oct(&[1; 16]);
    let wrapped = BACKEND.wrap_key(&[1; 16], &[5; 16]).unwrap();
    let header = r#"{"alg":"A128KW","enc":"A128GCM"}"#;
    for aad in [header.as_bytes(), b""] {
        let token = sealed(header, &wrapped, &[5; 16], Some(aad));
        assert_eq!(
            cause(&token, std::slice::from_ref(&key)),
            Some(Code::AuthenticatedOtherwise)
        );
    }
    let token = sealed(header, &wrapped, &[5; 16], Some(b"anything else"));
    assert_eq!(cause(&token, &[key]), Some(Code::HeaderAltered));
}

#[test]
fn passwords_are_tried_within_a_bound() {
    let key = EncryptingKey::new(&oct(b"right"), KeyManagement::PBES2_HS256_A128KW, BACKEND)
        .unwrap()
        .with_iterations(1_000_000);
    let header = HeaderBuilder::new(ContentEncryption::A128GCM);
    let token = compact::encrypt(&key, &header, CLAIMS, BACKEND).unwrap();
    let keys: Vec<_> = (0_u8..32).map(|byte| oct(&[byte; 5])).collect();
    let found = diagnose(&token, &keys, &rules(), BACKEND);
    assert!(found.exhausted && found.attempts <= 8, "{found:?}");
}

#[test]
fn nothing_is_said_where_there_is_nothing_to_try() {
    for token in [
        "",
        "a.b.c.d.e",
        "eyJhbGciOiJub25lIn0..",
        "{}",
        "{\"recipients\":[]}",
    ] {
        assert_eq!(diagnose(token, &[oct(b"x")], &rules(), BACKEND).cause, None);
    }
    let token = encrypt(&oct(&[1; 16]), KeyManagement::A128KW);
    assert_eq!(cause(&token, &[]), None);
}

#[test]
fn every_cause_is_named_by_a_test() {
    let tests = include_str!("tests.rs");
    for code in Code::ALL {
        let name = format!("Code::{code:?}");
        let asserted = tests
            .lines()
            .any(|line| line.contains(&name) && !line.trim().eq(&format!("{name},")));
        assert!(asserted, "{name}");
    }
}
