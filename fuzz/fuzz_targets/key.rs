//! Key files of any form: PEM, DER, JWK. Both backends read the same keys, and what is read can be
//! written and read again.
#![no_main]

use jeton_jose::key::{self, KeyForm, Structure};
use jeton_testkit::backends;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let read: Vec<_> = backends()
        .into_iter()
        .map(|backend| key::read(bytes, backend).map_err(|error| error.code()))
        .map(|result| result.map(|read| read.keys))
        .collect();
    assert!(read.windows(2).all(|pair| pair[0] == pair[1]), "{read:?}");
    for jwk in read[0].iter().flatten() {
        let structure = if jwk.material().is_private() {
            Structure::Pkcs8
        } else {
            Structure::Spki
        };
        for form in [
            KeyForm::Jwk,
            KeyForm::Pem(structure),
            KeyForm::Der(structure),
        ] {
            let Ok(written) = key::write(jwk, form) else {
                // A secret has no ASN.1 form.
                assert!(jwk.public().is_none(), "{form} cannot carry {jwk:?}");
                continue;
            };
            let again = key::read(written.expose(), backends()[0]).unwrap();
            assert_eq!(again.keys[0].material(), jwk.material(), "{form}");
        }
    }
});
