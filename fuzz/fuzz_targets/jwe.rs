//! Encrypted tokens in every serialization: both backends give the same verdict, and no compact
//! text but the seeds decrypts.
#![no_main]

use std::sync::LazyLock;

use jeton_jose::alg::ContentEncryptionSet;
use jeton_jose::jwe::{Decrypted, EncryptionRules, Error, compact, flattened, general};
use jeton_jose::key::DecryptingKeySet;
use jeton_jose::{Code, ContentEncryption, KeyManagement};
use jeton_testkit::{backends, encryption_jwk};
use libfuzzer_sys::fuzz_target;

const ALGORITHMS: [KeyManagement; 5] = [
    KeyManagement::Dir,
    KeyManagement::A128KW,
    KeyManagement::A128GCMKW,
    KeyManagement::ECDH_ES_A128KW,
    KeyManagement::PBES2_HS256_A128KW,
];

/// The seeds, which are good under the test keys.
const GOOD: [&str; 5] = [
    include_str!("../corpus-seed/jwe/dir"),
    include_str!("../corpus-seed/jwe/a128kw"),
    include_str!("../corpus-seed/jwe/a128gcmkw"),
    include_str!("../corpus-seed/jwe/ecdh"),
    include_str!("../corpus-seed/jwe/compressed"),
];

/// All keys together, on each backend.
static KEYS: LazyLock<Vec<DecryptingKeySet>> = LazyLock::new(|| {
    let keys: Vec<_> = ALGORITHMS.into_iter().map(encryption_jwk).collect();
    backends()
        .into_iter()
        .map(|backend| DecryptingKeySet::new(&keys, ALGORITHMS.into(), backend))
        .collect()
});

static RULES: LazyLock<EncryptionRules> = LazyLock::new(|| {
    let encryptions: ContentEncryptionSet = ContentEncryption::ALL.iter().copied().collect();
    let mut rules = EncryptionRules::new(ALGORITHMS, encryptions);
    rules.limits.pbes2_iterations = 2000;
    rules
});

fuzz_target!(|text: &str| {
    let limits = &RULES.limits;
    if let Ok(token) = compact::Encrypted::parse(text, limits) {
        let decrypts = agree(|keys| token.decrypt(keys, &RULES));
        assert!(!decrypts || GOOD.contains(&text), "a forged token decrypts");
    }
    if let Ok(token) = flattened::Encrypted::parse(text, limits) {
        agree(|keys| token.decrypt(keys, &RULES));
    }
    if let Ok(token) = general::Encrypted::parse(text, limits) {
        agree(|keys| token.decrypt(keys, &RULES));
    }
});

/// Whether it decrypts, which all backends see alike.
fn agree(decrypt: impl Fn(&DecryptingKeySet) -> Result<Decrypted, Error>) -> bool {
    let verdict = |keys| -> Result<Vec<u8>, Code> {
        decrypt(keys)
            .map(|decrypted| decrypted.plaintext().to_vec())
            .map_err(|error| error.code())
    };
    let verdicts: Vec<_> = KEYS.iter().map(verdict).collect();
    let alike = verdicts.windows(2).all(|pair| pair[0] == pair[1]);
    assert!(alike, "{verdicts:?}");
    verdicts.iter().all(Result::is_ok)
}
