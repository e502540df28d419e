//! Proofs of possession: both backends give the same verdict on any text, and a good one is for
//! the request that it names.
#![no_main]

use jeton_jose::dpop::{Request, Rules, check};
use jeton_testkit::{NOW, backends};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    // The second line, if there is one, is the target of the request.
    let (proof, uri) = text
        .split_once('\n')
        .unwrap_or((text, "https://api.example/notes"));
    let request = Request {
        method: "GET",
        uri,
        access_token: None,
        nonce: None,
    };
    let verdicts: Vec<_> = backends()
        .into_iter()
        .map(|backend| {
            check(proof, &request, &Rules::default(), NOW, backend)
                .map(|checked| checked.thumbprint().to_owned())
                .map_err(|error| error.code())
        })
        .collect();
    assert!(
        verdicts.windows(2).all(|pair| pair[0] == pair[1]),
        "{verdicts:?}"
    );
});
