//! Private keys under a passphrase, as PEM or DER: no cost is taken on beyond the bounds, nothing
//! opens without the passphrase, and what opens is a key that can be written again.
#![no_main]

use jeton_jose::Secret;
use jeton_jose::key::{self, KeyForm, Structure};
use jeton_testkit::backends;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let passphrase = Secret::new(b"correct-horse".to_vec());
    let Ok(read) = key::read_with_passphrase(bytes, &passphrase, backends()[0]) else {
        return;
    };
    let (form, keys) = (read.form, read.keys);
    if !matches!(
        form,
        KeyForm::Pem(Structure::EncryptedPkcs8) | KeyForm::Der(Structure::EncryptedPkcs8)
    ) {
        return;
    }
    // What was encrypted is never read without its passphrase.
    assert!(key::read(bytes, backends()[0]).is_err());
    for jwk in keys {
        let written = key::write(&jwk, KeyForm::Der(Structure::Pkcs8)).unwrap();
        let again = key::read(written.expose(), backends()[0]).unwrap();
        assert_eq!(again.keys[0].material(), jwk.material());
    }
});
