//! SD-JWT: whatever is done to a good presentation, what verifies shows no claim that the issuer
//! did not sign, and both backends give the same verdict.
#![no_main]

use std::sync::LazyLock;

use jeton_jose::jwt::Policy;
use jeton_jose::sd_jwt::{Rules, Unverified, verify};
use jeton_jose::{Algorithm, Limits};
use jeton_testkit::{NOW, backends, verifying_key};
use libfuzzer_sys::fuzz_target;

/// The seed, signed with the Ed25519 test key; its claims are all of these.
const GOOD: &str = include_str!("../corpus-seed/sd_jwt/ed25519");
const CLAIMS: [&str; 4] = ["iss", "sub", "address", "nationalities"];

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules {
    policy: Policy::new(Algorithm::Ed25519),
    key_binding: None,
});

fuzz_target!(|text: &str| {
    let verdicts: Vec<_> = backends()
        .into_iter()
        .map(|backend| {
            let keys = verifying_key(Algorithm::Ed25519, backend);
            verify(text, &keys, &RULES, NOW, backend)
                .map(|verified| verified.claims().text().to_owned())
                .map_err(|error| error.code())
        })
        .collect();
    assert!(verdicts.windows(2).all(|pair| pair[0] == pair[1]));
    if let Ok(token) = Unverified::parse(text, &Limits::default()) {
        let backend = backends()[0];
        if let Ok((_, pointers)) = token.unverified_claims(backend) {
            let all: Vec<&str> = pointers.iter().map(String::as_str).collect();
            token.present(&all, backend).unwrap();
            token.present(&[], backend).unwrap();
        }
    }
    if let Ok(claims) = &verdicts[0] {
        let issued = |text: &str| text.split('~').next().map(str::to_owned);
        assert_eq!(issued(text), issued(GOOD), "a forged token verifies");
        let claims = serde_json::from_str::<serde_json::Value>(claims).unwrap();
        let names = claims.as_object().unwrap();
        assert!(names.keys().all(|name| CLAIMS.contains(&name.as_str())));
    }
});
