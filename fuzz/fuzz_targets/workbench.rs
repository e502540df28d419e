//! Encrypted tokens as a person asks for them: `tokens/decrypt` with a diagnosis, of any token under
//! keys of each kind. It always answers; what it answers is JSON; and no token is called decrypted
//! whose content is not there.
#![no_main]

use std::sync::LazyLock;

use jeton_inspect::workbench::tokens::decrypt::{Request, Verdict, answer as decrypt};
use jeton_inspect::workbench::{KeyInput, Setting};
use jeton_jose::backend::RustCrypto;
use jeton_jose::jwk::JwkSet;
use jeton_jose::{KeyManagement, Secret, json};
use jeton_testkit::{NOW, encryption_jwk};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<KeyInput> = LazyLock::new(|| {
    let keys = [
        KeyManagement::Dir,
        KeyManagement::A128KW,
        KeyManagement::A128GCMKW,
        KeyManagement::ECDH_ES_A128KW,
        KeyManagement::PBES2_HS256_A128KW,
    ]
    .map(encryption_jwk)
    .to_vec();
    let set = JwkSet {
        keys,
        skipped: Vec::new(),
    };
    KeyInput::from_file(Secret::new(set.to_json().as_bytes().to_vec()))
});

fuzz_target!(|text: &str| {
    let setting = Setting {
        backend: &RustCrypto,
        now: NOW,
    };
    let algorithms = KeyManagement::ALL.iter();
    let request = Request {
        token: text.to_owned(),
        key: KEYS.clone(),
        alg: algorithms
            .map(|algorithm| algorithm.name().to_owned())
            .collect(),
        max_iterations: Some(2000),
        diagnose: true,
        ..Request::default()
    };
    let answer = decrypt(&request, &setting).unwrap();
    assert_ne!(answer.verdict, Verdict::Valid);
    assert_eq!(
        answer.content.is_some(),
        answer.verdict == Verdict::Decrypted
    );
    assert_eq!(answer.code.is_some(), answer.verdict == Verdict::Invalid);
    json::to_string(&answer).unwrap();
});
