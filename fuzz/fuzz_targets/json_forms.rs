//! The flattened and the general serialization: nothing a fuzzer writes has a good signature, and
//! both backends say so with the same code.
#![no_main]

use std::sync::LazyLock;

use jeton_jose::jws::{Error, SignatureRules, flattened, general};
use jeton_jose::key::VerifyingKeySet;
use jeton_jose::{Algorithm, AlgorithmSet, Code, Limits};
use jeton_testkit::{backends, public_key_set};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<Vec<VerifyingKeySet>> = LazyLock::new(|| {
    backends()
        .into_iter()
        .map(|backend| public_key_set(backend))
        .collect()
});

fuzz_target!(|text: &str| {
    let rules = SignatureRules::new(AlgorithmSet::from([
        Algorithm::RS256,
        Algorithm::PS256,
        Algorithm::ES256,
        Algorithm::Ed25519,
    ]));
    let limits = Limits::default();
    if let Ok(token) = flattened::Unverified::parse(text, &limits) {
        agree(|keys| token.verify(keys, &rules).map(|_| ()));
        agree(|keys| {
            token
                .verify_detached(b"detached".to_vec(), keys, &rules)
                .map(|_| ())
        });
    }
    if let Ok(token) = general::Unverified::parse(text, &limits) {
        agree(|keys| token.verify_any(keys, &rules).map(|_| ()));
        agree(|keys| token.verify_all(keys, &rules).map(|_| ()));
    }
});

fn agree(verify: impl Fn(&VerifyingKeySet) -> Result<(), Error>) {
    let verdict = |keys| verify(keys).map_err(|error| error.code());
    let verdicts: Vec<Result<(), Code>> = KEYS.iter().map(verdict).collect();
    assert!(
        verdicts.windows(2).all(|pair| pair[0] == pair[1]),
        "{verdicts:?}"
    );
}
