//! PKCS#8 under a passphrase (RFC 5958 §3) with PBES2 (RFC 8018 §6.2): PBKDF2 or scrypt, then AES.
//!
//! What the derivation costs is read and bounded before it begins. The older schemes (PBES1, DES,
//! the key derivation of "Proc-Type" files) are not read.

use der::Decode;
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{self, Kdf};

use crate::key::KeyError;
use crate::secret::Secret;

/// Most iterations of PBKDF2: seconds of work, and more than any tool uses by itself.
const MOST_ITERATIONS: u32 = 2_000_000;
/// Most memory that scrypt may take, in bytes (RFC 7914 §2).
const MOST_MEMORY: u64 = 256 << 20;
/// Most passes of scrypt over its memory.
const MOST_PASSES: u16 = 4;

const UNSUPPORTED: &str = "the key's encryption is damaged, broken or unknown; use PBES2 with AES";

/// The PKCS#8 structure inside.
pub(super) fn open(bytes: &[u8], passphrase: Option<&Secret>) -> Result<Secret, KeyError> {
    let info = EncryptedPrivateKeyInfoRef::from_der(bytes).map_err(|_| format(UNSUPPORTED))?;
    let EncryptionScheme::Pbes2(parameters) = &info.encryption_algorithm else {
        return Err(format(UNSUPPORTED));
    };
    check_cost(parameters)?;
    let passphrase = passphrase.ok_or(KeyError::PassphraseMissing)?;
    parameters
        .decrypt(passphrase.expose(), info.encrypted_data.as_bytes())
        .map(Secret::new)
        .map_err(refused)
}

fn check_cost(parameters: &pbes2::Parameters) -> Result<(), KeyError> {
    match &parameters.kdf {
        Kdf::Pbkdf2(kdf) if kdf.iteration_count == 0 => Err(format("PBKDF2 without an iteration")),
        Kdf::Pbkdf2(kdf) if kdf.iteration_count > MOST_ITERATIONS => Err(format(
            "the key's passphrase costs more than two million iterations of PBKDF2",
        )),
        Kdf::Scrypt(kdf) => {
            let memory = u64::from(kdf.block_size)
                .saturating_mul(128)
                .saturating_mul(kdf.cost_parameter);
            if memory > MOST_MEMORY || kdf.parallelization > MOST_PASSES {
                return Err(format(
                    "the key's passphrase costs scrypt more than 256 MiB or four passes over it",
                ));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A wrong passphrase shows as wrong padding, as do damaged bytes.
fn refused(error: pkcs8::pkcs5::Error) -> KeyError {
    match error {
        pkcs8::pkcs5::Error::DecryptFailed => KeyError::PassphraseWrong,
        _ => format(UNSUPPORTED),
    }
}

fn format(reason: &'static str) -> KeyError {
    KeyError::Format { reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::tests::backends;
    use crate::code::Code;
    use crate::key::testdata::{
        ENCRYPTED_3DES, ENCRYPTED_COSTLY, ENCRYPTED_PBES1, ENCRYPTED_PBKDF2, ENCRYPTED_PBKDF2_SHA1,
        ENCRYPTED_SCRYPT, P256_PKCS8, read_one,
    };
    use crate::key::{KeyForm, Structure, read, read_with_passphrase};

    fn passphrase(text: &str) -> Secret {
        Secret::new(text.as_bytes().to_vec())
    }

    fn code(text: &str, passphrase: Option<&Secret>) -> Code {
        let mut codes = backends().into_iter().map(|backend| {
            match passphrase {
                Some(passphrase) => read_with_passphrase(text.as_bytes(), passphrase, backend),
                None => read(text.as_bytes(), backend),
            }
            .unwrap_err()
            .code()
        });
        let first = codes.next().unwrap();
        assert!(codes.all(|code| code == first));
        first
    }

    #[test]
    fn the_right_passphrase_opens_and_no_other() {
        for text in [ENCRYPTED_PBKDF2, ENCRYPTED_PBKDF2_SHA1, ENCRYPTED_SCRYPT] {
            for backend in backends() {
                let right = passphrase("correct-horse");
                let found = read_with_passphrase(text.as_bytes(), &right, backend).unwrap();
                assert_eq!(found.form, KeyForm::Pem(Structure::EncryptedPkcs8));
                assert_eq!(found.keys, [read_one(P256_PKCS8, backend)]);
            }
            for wrong in ["", "correct-horse ", "Correct-Horse"] {
                assert_eq!(code(text, Some(&passphrase(wrong))), Code::PassphraseWrong);
            }
            assert_eq!(code(text, None), Code::KeyEncrypted);
        }
    }

    #[test]
    fn a_passphrase_does_not_hinder_open_files() {
        for backend in backends() {
            let found =
                read_with_passphrase(P256_PKCS8.as_bytes(), &passphrase("any"), backend).unwrap();
            assert_eq!(found.keys, [read_one(P256_PKCS8, backend)]);
        }
    }

    #[test]
    fn attack_29_costs_are_bounded_before_the_work() {
        assert_eq!(
            code(ENCRYPTED_COSTLY, Some(&passphrase("correct-horse"))),
            Code::KeyFormat
        );
        let (_, der) = pem_rfc7468::decode_vec(ENCRYPTED_SCRYPT.as_bytes()).unwrap();
        let info = EncryptedPrivateKeyInfoRef::from_der(&der).unwrap();
        let parameters = info.encryption_algorithm.pbes2().unwrap();
        assert_eq!(check_cost(parameters), Ok(()));
        for (cost, block, passes) in [
            (1 << 19, 8, 1),
            (1 << 14, u16::MAX, 1),
            (1 << 14, 8, 5),
            (u64::MAX, u16::MAX, u16::MAX),
        ] {
            let mut parameters = parameters.clone();
            let Kdf::Scrypt(kdf) = &mut parameters.kdf else {
                panic!("scrypt");
            };
            kdf.cost_parameter = cost;
            kdf.block_size = block;
            kdf.parallelization = passes;
            assert!(check_cost(&parameters).is_err(), "{cost} {block} {passes}");
        }
    }

    #[test]
    fn broken_schemes_are_named() {
        for backend in backends() {
            for text in [ENCRYPTED_PBES1, ENCRYPTED_3DES] {
                let right = passphrase("correct-horse");
                let error = read_with_passphrase(text.as_bytes(), &right, backend).unwrap_err();
                assert!(error.to_string().contains("use PBES2 with AES"), "{error}");
            }
        }
    }

    #[test]
    fn damaged_files_are_refused_without_a_panic() {
        let (_, der) = pem_rfc7468::decode_vec(ENCRYPTED_PBKDF2.as_bytes()).unwrap();
        for at in 0..der.len() {
            for bit in [1, 0x80] {
                let mut damaged = der.clone();
                damaged[at] ^= bit;
                // An octet of the salt, the iterations or the first block may change nothing but
                // the key: only that nothing opens to another key matters.
                if let Ok(inner) = open(&damaged, Some(&passphrase("correct-horse"))) {
                    assert!(!inner.is_empty());
                }
            }
        }
    }
}
