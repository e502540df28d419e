//! PKCS#8 under a passphrase (RFC 5958 §3) with PBES2 (RFC 8018 §6.2): PBKDF2 or scrypt, then AES.
//!
//! What the derivation costs is read and bounded before it begins. The older schemes (PBES1, DES,
//! the key derivation of "Proc-Type" files) are not read.

use der::asn1::OctetStringRef;
use der::{Decode, Encode};
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{self, Kdf};

use crate::backend::Randomness;
use crate::jwk::Jwk;
use crate::key::{KeyError, KeyForm, Structure, write};
use crate::secret::Secret;

/// Most iterations of PBKDF2: seconds of work, and more than any tool uses by itself.
const MOST_ITERATIONS: u32 = 2_000_000;
/// Most memory that scrypt may take, in bytes (RFC 7914 §2).
const MOST_MEMORY: u64 = 256 << 20;
/// Most passes of scrypt over its memory.
const MOST_PASSES: u16 = 4;

/// Iterations of a key that is written, as advised for passwords in 2023.
const ITERATIONS: u32 = 600_000;

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

/// The private key as PKCS#8 under a passphrase: 600,000 iterations of PBKDF2 with HMAC SHA-256, then
/// AES-256 in CBC mode, which every common tool reads. PEM, or DER if so wanted.
///
/// # Errors
/// The private half is missing, the key has no ASN.1 form, or `random` fails.
pub fn write_encrypted(
    key: &Jwk,
    passphrase: &Secret,
    as_der: bool,
    random: &dyn Randomness,
) -> Result<Secret, KeyError> {
    let inner = write(key, KeyForm::Der(Structure::Pkcs8))?;
    let (mut salt, mut iv) = ([0; 16], [0; 16]);
    random
        .fill(&mut salt)
        .and_then(|()| random.fill(&mut iv))
        .ok_or_else(|| format("no random bytes to encrypt it with"))?;
    let parameters = pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(ITERATIONS, &salt, iv)
        .map_err(refused)?;
    let encrypted = parameters
        .encrypt(passphrase.expose(), inner.expose())
        .map_err(refused)?;
    let unwritable = |_| format("too long to be written");
    let info = EncryptedPrivateKeyInfoRef {
        encryption_algorithm: parameters.into(),
        encrypted_data: OctetStringRef::new(&encrypted).map_err(unwritable)?,
    };
    let der = info.to_der().map_err(unwritable)?;
    if as_der {
        return Ok(Secret::new(der));
    }
    let label = Structure::EncryptedPkcs8.label();
    pem_rfc7468::encode_string(label, pem_rfc7468::LineEnding::LF, &der)
        .map(|pem| Secret::new(pem.into_bytes()))
        .map_err(|_| format("too long to be written"))
}

fn check_cost(parameters: &pbes2::Parameters) -> Result<(), KeyError> {
    match &parameters.kdf {
        Kdf::Pbkdf2(kdf) if kdf.iteration_count == 0 => Err(format("PBKDF2 without an iteration")),
        Kdf::Pbkdf2(kdf) if kdf.iteration_count > MOST_ITERATIONS => Err(format(
            "the key's passphrase costs more than two million iterations of PBKDF2",
        )),
        // RFC 7914 §2; the crate below panics on a cost of zero.
        Kdf::Scrypt(kdf)
            if kdf.cost_parameter < 2
                || !kdf.cost_parameter.is_power_of_two()
                || kdf.block_size == 0
                || kdf.parallelization == 0 =>
        {
            Err(format("scrypt with parameters that it does not have"))
        }
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
    fn what_is_written_opens_with_its_passphrase_only() {
        for backend in backends() {
            let jwk = read_one(P256_PKCS8, backend);
            let right = passphrase("correct-horse");
            for as_der in [false, true] {
                let written = write_encrypted(&jwk, &right, as_der, backend).unwrap();
                let found = read_with_passphrase(written.expose(), &right, backend).unwrap();
                assert_eq!(found.keys, std::slice::from_ref(&jwk));
                let wrong = read_with_passphrase(written.expose(), &passphrase("x"), backend);
                assert_eq!(wrong.unwrap_err(), KeyError::PassphraseWrong);
                let again = write_encrypted(&jwk, &right, as_der, backend).unwrap();
                assert_ne!(written.expose(), again.expose());
            }
            let public = jwk.public().unwrap();
            let refused = write_encrypted(&public, &right, false, backend);
            assert_eq!(refused.unwrap_err(), KeyError::PrivateMissing);
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
            // What scrypt does not have.
            (0, 8, 1),
            (1, 8, 1),
            ((1 << 14) + 1, 8, 1),
            (1 << 14, 0, 1),
            (1 << 14, 8, 0),
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
