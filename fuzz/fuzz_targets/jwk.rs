//! JWKs and sets: what is read is written and read again as the same key, and every backend takes
//! or refuses it alike.
#![no_main]

use jeton_jose::Algorithm;
use jeton_jose::jwk::{Jwk, JwkSet};
use jeton_jose::key::VerifyingKey;
use jeton_testkit::backends;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok(key) = Jwk::parse(text) {
        check(&key);
    }
    if let Ok(set) = JwkSet::parse(text) {
        set.keys.iter().for_each(check);
        let again = JwkSet::parse(set.to_json().as_bytes()).unwrap();
        assert_eq!(again.keys, set.keys);
    }
});

fn check(key: &Jwk) {
    assert_eq!(&Jwk::parse(key.to_json().as_bytes()).unwrap(), key);
    if let Some(public) = key.to_public_json() {
        assert!(
            !Jwk::parse(public.as_bytes())
                .unwrap()
                .material()
                .is_private()
        );
    }
    for algorithm in Algorithm::ALL {
        let verdicts: Vec<_> = backends()
            .into_iter()
            .map(|backend| {
                VerifyingKey::new(key, *algorithm, backend).map_err(|error| error.code())
            })
            .map(|result| result.map(|_| ()))
            .collect();
        assert!(
            verdicts.windows(2).all(|pair| pair[0] == pair[1]),
            "{algorithm}: {verdicts:?}"
        );
    }
}
