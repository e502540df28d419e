use core::fmt;
use std::sync::Arc;

use jeton_jose::alg::Hash;
use jeton_jose::backend::{AwsLc, GenerateKind};
use jeton_jose::json::{Document, Options, RawJson};
use jeton_jose::key::{self, KeyError, SigningKey};
use jeton_jose::{Algorithm, Jwk};
use jeton_store::signing_key::{self, Schedule};

use crate::random::Random;
use crate::sealing::Secrets;
use crate::signing::SigningError;

/// What private halves are sealed for.
const PURPOSE: &str = "signing-key";

/// A key that is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// What it signs with.
    pub algorithm: Algorithm,
    /// When it is what.
    pub schedule: Schedule,
}

/// Where the private halves of signing keys live.
pub trait Vault: fmt::Debug + Send + Sync {
    /// Makes a key; `sealed_private` is whatever [`Vault::open`] needs to find it again.
    ///
    /// # Errors
    /// The key cannot be made or kept.
    fn create(&self, planned: Planned) -> Result<signing_key::SigningKey, SigningError>;

    /// The key in a form that signs.
    ///
    /// # Errors
    /// The private half is gone or cannot be opened.
    fn open(&self, stored: &signing_key::SigningKey) -> Result<SigningKey, SigningError>;
}

/// Private halves sealed under the master key beside their public ones.
#[derive(Debug)]
pub(crate) struct LocalVault {
    secrets: Arc<Secrets>,
    random: Random,
}

impl LocalVault {
    pub(crate) fn new(secrets: Arc<Secrets>, random: Random) -> Self {
        Self { secrets, random }
    }
}

impl Vault for LocalVault {
    fn create(&self, planned: Planned) -> Result<signing_key::SigningKey, SigningError> {
        let Planned {
            algorithm,
            schedule,
        } = planned;
        let material = key::generate(GenerateKind::for_algorithm(algorithm), &AwsLc)?;
        let jwk = Jwk::from(material)
            .with_algorithm(algorithm)
            .with_key_use("sig");
        let key_id = jwk.thumbprint(Hash::Sha256, &AwsLc);
        let jwk = jwk.with_key_id(key_id.clone());
        let public = jwk.to_public_json().ok_or(KeyError::PrivateMissing)?;
        let sealed = self
            .secrets
            .seal(PURPOSE, jwk.to_json().as_bytes(), self.random.source())?;
        Ok(signing_key::SigningKey {
            key_id,
            algorithm: algorithm.name().to_owned(),
            public: raw(&public)?,
            sealed_private: Some(sealed),
            schedule,
            revoked_at: None,
        })
    }

    fn open(&self, stored: &signing_key::SigningKey) -> Result<SigningKey, SigningError> {
        let sealed = stored
            .sealed_private
            .as_deref()
            .ok_or(KeyError::PrivateMissing)?;
        let private = self
            .secrets
            .open(PURPOSE, sealed)
            .map_err(SigningError::sealed(&stored.key_id))?;
        let jwk = Jwk::parse(private.expose())?;
        let algorithm = jwk.only_algorithm()?;
        Ok(SigningKey::new(&jwk, algorithm, &AwsLc)?)
    }
}

fn raw(text: &str) -> Result<RawJson, KeyError> {
    let document = Document::parse(text.as_bytes(), &Options::strict());
    let document = document.map_err(|_| KeyError::PrivateMissing)?;
    Ok(RawJson::from(document.root()))
}
