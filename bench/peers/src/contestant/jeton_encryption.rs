//! jeton decrypting and encrypting, with a backend that does.

use std::hint::black_box;

use anyhow::Context as _;
use jeton_jose::Limits;
use jeton_jose::alg::{ContentEncryption, KeyManagement};
use jeton_jose::backend::{AwsLc, Encryption};
use jeton_jose::jwe::{EncryptionRules, HeaderBuilder, compact};
use jeton_jose::key::{DecryptingKey, DecryptingKeySet, EncryptingKey};

use super::jeton::private_key;
use super::{Turn, nanoseconds};
use crate::case::Case;

pub struct Encrypts<'a> {
    case: &'a Case,
    keys: DecryptingKeySet,
    rules: EncryptionRules,
    encrypting: EncryptingKey,
    encryption: ContentEncryption,
    plaintext: String,
    backend: &'static dyn Encryption,
}

impl<'a> Encrypts<'a> {
    pub fn new(
        case: &'a Case,
        encryption: &str,
        backend: &'static dyn Encryption,
    ) -> anyhow::Result<Self> {
        let algorithm = KeyManagement::from_name(case.algorithm).context("an `alg`")?;
        let encryption = ContentEncryption::from_name(encryption).context("an `enc`")?;
        let private = private_key(case, backend)?;
        Ok(Self {
            case,
            keys: DecryptingKey::new(&private, algorithm, backend)?.into(),
            rules: EncryptionRules::new(algorithm, encryption),
            encrypting: EncryptingKey::new(&private, algorithm, backend)?,
            encryption,
            plaintext: case.claims.to_string(),
            backend,
        })
    }

    fn encrypt(&self) -> anyhow::Result<String> {
        let header = HeaderBuilder::new(self.encryption);
        let plaintext = black_box(self.plaintext.as_bytes());
        Ok(compact::encrypt(
            &self.encrypting,
            &header,
            plaintext,
            self.backend,
        )?)
    }
}

/// The token of a case, which everybody decrypts.
pub fn encrypted(case: &Case) -> anyhow::Result<String> {
    let encryption = case.encryption.context("an encrypted case")?;
    Encrypts::new(case, encryption, &AwsLc)?.encrypt()
}

impl Turn for Encrypts<'_> {
    fn take(&mut self, times: u32) -> anyhow::Result<f64> {
        nanoseconds(times, || {
            let token = black_box(self.case.token.as_str());
            let token = compact::Encrypted::parse(token, &Limits::default())?;
            black_box(token.decrypt(&self.keys, &self.rules)?);
            Ok(())
        })
    }

    fn make(&mut self, times: u32) -> anyhow::Result<f64> {
        nanoseconds(times, || {
            black_box(self.encrypt()?);
            Ok(())
        })
    }
}
