//! RFC figures and the RFC 7520 cookbook of encryption, as data beside the repository.

use std::fs;
use std::path::Path;

use jeton_jose::backend::{Encryption, Randomness};
use jeton_jose::json::{self, Document, Value};
use jeton_jose::jwe::{
    Decrypted, EncryptionRules, Error, HeaderBuilder, compact, flattened, general,
};
use jeton_jose::jwk::Jwk;
use jeton_jose::jwt::{Policy, nested};
use jeton_jose::key::{DecryptingKey, DecryptingKeySet, EncryptingKey, KeyMaterial, VerifyingKey};
use jeton_jose::{
    Algorithm, Code, ContentEncryption, KeyManagement, Limits, Secret, UnixTime, base64url,
};
use jeton_testkit::{backends, vectors};

use crate::vectors::{at, cookbook, figure_keys, read_figure};

/// RFC 7520 §5.12 protects no header at all, so its door is opened here.
fn rules() -> EncryptionRules {
    EncryptionRules {
        key_management: KeyManagement::ALL.iter().copied().collect(),
        content_encryption: ContentEncryption::ALL.iter().copied().collect(),
        dangerous_unprotected_encryption: true,
        ..EncryptionRules::default()
    }
}

fn decrypt_text(extension: &str, text: &str, keys: &DecryptingKeySet) -> Result<Decrypted, Error> {
    let limits = Limits::default();
    match extension {
        "jwec" => compact::Encrypted::parse(text, &limits)?.decrypt(keys, &rules()),
        // Where an encrypted key is missing, some figures of the general form are flattened.
        _ if !text.contains("\"recipients\"") => {
            flattened::Encrypted::parse(text, &limits)?.decrypt(keys, &rules())
        }
        _ => general::Encrypted::parse(text, &limits)?.decrypt(keys, &rules()),
    }
}

/// The keys that the backend can use; on one without private RSA work those are left out.
fn key_set(keys: &[Jwk], backend: &'static dyn Encryption) -> DecryptingKeySet {
    let set = DecryptingKeySet::new(keys, rules().key_management, backend);
    for skipped in set.skipped() {
        assert_eq!(
            skipped.error.code(),
            Code::AlgorithmNotSupported,
            "{skipped:?}"
        );
    }
    set
}

/// Decrypts on every backend that can, and nowhere what was tampered with. Answers how many can.
#[track_caller]
fn check(what: &str, extension: &str, text: &str, keys: &[Jwk], plaintext: &[u8]) -> usize {
    let mut decrypted = 0;
    for backend in backends() {
        let set = key_set(keys, backend);
        if what.contains("5.1.") {
            let error = decrypt_text(extension, text, &set).unwrap_err();
            assert_eq!(error.code(), Code::AlgorithmRefused, "{what} {error}");
            decrypted += 1;
            continue;
        }
        if set.is_empty() {
            println!(
                "skipped: {what} on {}, no private RSA there",
                backend.name()
            );
            continue;
        }
        let found = decrypt_text(extension, text, &set)
            .unwrap_or_else(|error| panic!("{} {what}: {error}", backend.name()));
        assert_eq!(found.plaintext(), plaintext, "{what}");
        decrypted += 1;
        let tampered = tamper(text);
        let error = decrypt_text(extension, &tampered, &set).unwrap_err();
        assert_eq!(error.code(), Code::DecryptionFailed, "{what}");
    }
    assert!(decrypted > 0, "{what}");
    decrypted
}

/// The token with the first character of its tag changed.
fn tamper(text: &str) -> String {
    let start = match text.rfind("\"tag\":\"") {
        Some(at) if text.starts_with('{') => at + 7,
        _ => text.rfind('.').unwrap() + 1,
    };
    let other = if &text[start..=start] == "A" {
        "B"
    } else {
        "A"
    };
    format!("{}{other}{}", &text[..start], &text[start + 1..])
}

#[test]
fn rfc_figures_decrypt() {
    let Some(folder) = vectors("rfc-figures") else {
        return;
    };
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut checked = 0;
    for path in paths {
        let extension = path.extension().and_then(|extension| extension.to_str());
        let Some(extension) = extension.filter(|extension| extension.starts_with("jwe")) else {
            continue;
        };
        let figure = path.file_stem().unwrap().to_str().unwrap();
        if figure.starts_with("cve") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let plaintext = read_figure(&folder.join(format!("{figure}.pt")));
        let keys = figure_keys(&folder, figure);
        assert!(!keys.is_empty(), "{figure}");
        let what = format!("{figure}.{extension}");
        check(&what, extension, text.trim(), &keys, &plaintext);
        checked += 1;
    }
    assert!(checked >= 32, "only {checked} figures");
    println!("{checked} RFC figures decrypt, or are refused by name");
}

#[test]
fn the_cookbook_decrypts() {
    let Some(folder) = vectors("rfc7520-cookbook/jwe") else {
        return;
    };
    let mut checked = 0;
    cookbook(&folder, &mut |name, vector| {
        checked += check_cookbook(&name.replacen('_', ".", 1), vector);
    });
    let Some(folder) = vectors("rfc7520-cookbook/curve25519") else {
        return;
    };
    let text = fs::read(folder.join("ecdh-es.json")).unwrap();
    let document = Document::parse(&text, &json::Options::lossless()).unwrap();
    checked += check_cookbook("ecdh-es.json", document.root());
    assert!(checked >= 35, "only {checked} serializations");
    println!("{checked} serializations of the cookbook decrypt, or are refused by name");
}

fn check_cookbook(name: &str, vector: Value<'_>) -> usize {
    let keys: Vec<Jwk> = if let Some(key) = at(vector, &["input", "key"]) {
        let several = key.as_array();
        let keys = several.map_or_else(|| vec![key], |keys| keys.iter().collect());
        let keys = keys.into_iter();
        keys.map(|key| Jwk::from_value(key).unwrap()).collect()
    } else {
        let password = at(vector, &["input", "pwd"]).unwrap().as_str().unwrap();
        vec![secret(password.as_bytes())]
    };
    let plaintext = at(vector, &["input", "plaintext"]).unwrap();
    let plaintext = plaintext.as_str().unwrap_or(plaintext.source()).as_bytes();
    let mut checked = 0;
    for (form, extension) in [("compact", "jwec"), ("json_flat", "jwef"), ("json", "jweg")] {
        let Some(output) = at(vector, &["output", form]) else {
            continue;
        };
        let text = match output.as_str() {
            Some(text) => text.to_owned(),
            None => json::compact(output),
        };
        check(
            &format!("{name} {form}"),
            extension,
            &text,
            &keys,
            plaintext,
        );
        checked += 1;
    }
    checked
}

fn secret(bytes: &[u8]) -> Jwk {
    Jwk::from(KeyMaterial::Oct(Secret::new(bytes.to_vec())))
}

#[test]
fn the_nested_token_of_the_cookbook_verifies() {
    let Some(folder) = vectors("rfc7520-cookbook") else {
        return;
    };
    let path = folder.join("6.nesting_signatures_and_encryption.json");
    let text = fs::read(Path::new(&path)).unwrap();
    let document = Document::parse(&text, &json::Options::lossless()).unwrap();
    let part = |path: &[&str]| at(document.root(), path).unwrap();
    let signer = Jwk::from_value(part(&["sign", "input", "key"])).unwrap();
    let recipient = Jwk::from_value(part(&["encrypt", "input", "key"])).unwrap();
    let token = part(&["encrypt", "output", "compact"]).as_str().unwrap();
    let now = UnixTime::from_seconds(1_300_819_379);
    for backend in backends() {
        let keys = key_set(core::slice::from_ref(&recipient), backend);
        if keys.is_empty() {
            println!(
                "skipped: nested token on {}, no private RSA there",
                backend.name()
            );
            continue;
        }
        let decrypted = nested::decrypt(token, &keys, &rules()).unwrap();
        let signers = VerifyingKey::new(&signer, Algorithm::PS256, backend).unwrap();
        let policy = Policy::new(Algorithm::PS256).issuer("hobbiton.example");
        let verified = decrypted.verify(&signers.into(), &policy, now).unwrap();
        assert_eq!(verified.claims().issuer(), Some("hobbiton.example"));
    }
}

/// Bytes that were written down before.
struct Fixed(core::cell::RefCell<Vec<u8>>);

impl Randomness for Fixed {
    fn fill(&self, bytes: &mut [u8]) -> Option<()> {
        let mut left = self.0.borrow_mut();
        let rest = left.split_off(bytes.len());
        bytes.copy_from_slice(&left);
        *left = rest;
        Some(())
    }
}

/// RFC 7516 §A.3, in both directions: with its content key and initialization vector, the token
/// comes out as it is printed there.
#[test]
fn rfc_7516_a_3_is_reproduced() {
    const TOKEN: &str = "eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.\
        6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ.AxY8DCtDaGlsbGljb3RoZQ.\
        KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.U0m_YmjN04DJvceFICbCVQ";
    let jwk = secret(&base64url::decode("GawgguFyGrWKav7AX4VKUg").unwrap());
    let mut random = vec![
        4, 211, 31, 197, 84, 157, 252, 254, 11, 100, 157, 250, 63, 170, 106, 206, 107, 124, 212,
        45, 111, 107, 9, 219, 200, 177, 0, 240, 143, 156, 44, 207,
    ];
    random.extend(base64url::decode("AxY8DCtDaGlsbGljb3RoZQ").unwrap());
    for backend in backends() {
        let key = EncryptingKey::new(&jwk, KeyManagement::A128KW, backend).unwrap();
        let header = HeaderBuilder::new(ContentEncryption::A128CBC_HS256);
        let random = Fixed(random.clone().into());
        let token = compact::encrypt(&key, &header, b"Live long and prosper.", &random);
        assert_eq!(token.unwrap(), TOKEN);
        let key = DecryptingKey::new(&jwk, KeyManagement::A128KW, backend).unwrap();
        let decrypted = decrypt_text("jwec", TOKEN, &key.into()).unwrap();
        assert_eq!(decrypted.plaintext(), b"Live long and prosper.");
    }
}
