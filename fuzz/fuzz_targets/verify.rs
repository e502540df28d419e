//! Verification: whatever is done to good tokens, only they verify, and both backends give the same
//! verdict.
//!
//! ECDSA is left out of the keys, since whoever sees a good `(r, s)` can write `(r, n - s)`.
#![no_main]

use std::sync::LazyLock;

use jeton_jose::backend::Encryption;
use jeton_jose::key::{VerifyingKey, VerifyingKeySet};
use jeton_jose::{Algorithm, Code, Policy, jwt};
use jeton_testkit::{NOW, backends, jwk};
use libfuzzer_sys::fuzz_target;

const ALGORITHMS: [Algorithm; 3] = [Algorithm::HS256, Algorithm::RS256, Algorithm::Ed25519];

/// The seeds, which are good under the test keys.
const GOOD: [&str; 3] = [
    include_str!("../corpus-seed/verify/hs256"),
    include_str!("../corpus-seed/verify/rs256"),
    include_str!("../corpus-seed/verify/ed25519"),
];

/// For each algorithm, its key on each backend.
static KEYS: LazyLock<Vec<(Algorithm, Vec<VerifyingKeySet>)>> = LazyLock::new(|| {
    let keys = |algorithm: Algorithm| {
        let key = |backend: &'static dyn Encryption| {
            VerifyingKey::new(&jwk(algorithm), algorithm, backend)
                .unwrap()
                .into()
        };
        (algorithm, backends().into_iter().map(key).collect())
    };
    ALGORITHMS.into_iter().map(keys).collect()
});

fuzz_target!(|token: &str| {
    for (algorithm, keys) in KEYS.iter() {
        let policy = Policy::new(*algorithm).issuer("https://issuer.example");
        let verdict = |keys| -> Result<(), Code> {
            let verified = jwt::verify(token, keys, &policy, NOW);
            verified.map(|_| ()).map_err(|error| error.code())
        };
        let verdicts: Vec<_> = keys.iter().map(verdict).collect();
        assert!(
            verdicts.windows(2).all(|pair| pair[0] == pair[1]),
            "{verdicts:?}"
        );
        assert!(
            verdicts[0].is_err() || GOOD.contains(&token),
            "a forged token verifies"
        );
    }
});
