//! What the doctor is given, and its one way to try a key.

use jeton_jose::alg::KeyManagementFamily;
use jeton_jose::backend::Encryption;
use jeton_jose::jwe::EncryptionRules;
use jeton_jose::jwe::stages::{Stages, Unauthenticated};
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{DecryptingKey, KeyMaterial};
use jeton_jose::{ContentEncryption, KeyManagement, Secret};

/// Most times that a key is tried.
const MOST_ATTEMPTS: usize = 256;
/// Most iterations of PBES2 over all attempts: some seconds.
const MOST_ITERATIONS: u32 = 8_000_000;
/// More keys of a set are not looked at.
const MOST_KEYS: usize = 64;

pub(super) struct Case<'a> {
    pub(super) stages: Stages,
    pub(super) recipients: Vec<Recipient>,
    pub(super) keys: &'a [Jwk],
    backend: &'static dyn Encryption,
    iterations_left: u32,
    /// Whether a key opens it as it is, so that nothing further is to be sought.
    pub(super) opens: bool,
    pub(super) attempts: usize,
    pub(super) exhausted: bool,
}

/// What the header says to one recipient.
#[derive(Clone)]
pub(super) struct Recipient {
    pub(super) position: usize,
    pub(super) algorithm: KeyManagement,
    pub(super) encryption: ContentEncryption,
    pub(super) key_id: Option<String>,
    /// The curve of `epk`.
    pub(super) curve: Option<String>,
    iterations: u32,
}

/// How far a key comes.
pub(super) enum Outcome {
    /// It cannot serve the algorithm.
    Unusable,
    /// It does not open the encrypted key.
    Shut,
    /// It opens the encrypted key, in which there is no key for the content encryption.
    OtherContentKey(DecryptingKey, Secret),
    /// It leads to a content key of the right length, but the tag does not match.
    NotAuthentic(DecryptingKey, Secret),
    /// It opens the token.
    Opens,
}

impl<'a> Case<'a> {
    /// `None` if the form or the names in the header leave nothing to try.
    pub(super) fn new(
        token: &str,
        keys: &'a [Jwk],
        rules: &EncryptionRules,
        backend: &'static dyn Encryption,
    ) -> Option<Self> {
        let stages = Stages::parse(token, &rules.limits).ok()?;
        let headers = stages.unverified_headers().enumerate();
        let recipients: Vec<_> = headers
            .filter_map(|(position, header)| {
                let member = |name: &str| {
                    let parts = [
                        Some(header.value()),
                        header.shared_unprotected(),
                        header.unprotected(),
                    ];
                    parts
                        .into_iter()
                        .flatten()
                        .find_map(|part| part.as_object()?.get(name))
                };
                let curve = member("epk").and_then(|key| key.as_object()?.get("crv")?.as_str());
                let iterations = member("p2c").and_then(|count| count.as_number()?.to_u64());
                Some(Recipient {
                    position,
                    algorithm: header.key_management()?,
                    encryption: header.content_encryption()?,
                    key_id: header.key_id().map(str::to_owned),
                    curve: curve.map(str::to_owned),
                    iterations: u32::try_from(iterations.unwrap_or(0)).unwrap_or(u32::MAX),
                })
            })
            .collect();
        (!recipients.is_empty()).then_some(Self {
            stages,
            recipients,
            keys: keys.get(..MOST_KEYS).unwrap_or(keys),
            backend,
            iterations_left: MOST_ITERATIONS,
            opens: false,
            attempts: 0,
            exhausted: keys.len() > MOST_KEYS,
        })
    }

    /// Tries the numbers of a key with an algorithm, so that its metadata forbids nothing.
    pub(super) fn attempt(
        &mut self,
        recipient: &Recipient,
        material: &KeyMaterial,
        algorithm: KeyManagement,
    ) -> Outcome {
        let Ok(key) = DecryptingKey::new(&material.clone().into(), algorithm, self.backend) else {
            return Outcome::Unusable;
        };
        if !self.spend(recipient, algorithm) {
            return Outcome::Shut;
        }
        let encryption = recipient.encryption;
        let content_key = self
            .stages
            .dangerous_content_key(recipient.position, &key, encryption);
        let Some(content_key) = content_key else {
            return Outcome::Shut;
        };
        if content_key.len() != encryption.row().key_len {
            return Outcome::OtherContentKey(key, content_key);
        }
        match self.content(&key, &content_key, encryption, None) {
            Some(content) if content.matches => Outcome::Opens,
            _ => Outcome::NotAuthentic(key, content_key),
        }
    }

    /// The content under a content key.
    pub(super) fn content(
        &self,
        key: &DecryptingKey,
        content_key: &Secret,
        encryption: ContentEncryption,
        aad: Option<&[u8]>,
    ) -> Option<Unauthenticated> {
        self.stages
            .dangerous_content(key, content_key, encryption, aad)
    }

    /// Why the core refuses a key that fits.
    pub(super) fn refusal(&self, jwk: &Jwk, algorithm: KeyManagement) -> Option<String> {
        let refused = DecryptingKey::new(jwk, algorithm, self.backend).err()?;
        Some(refused.to_string())
    }

    /// Pays for an attempt before it is made.
    fn spend(&mut self, recipient: &Recipient, algorithm: KeyManagement) -> bool {
        let is_password = algorithm.row().family == KeyManagementFamily::Pbes2;
        let cost = if is_password { recipient.iterations } else { 0 };
        let left = self.iterations_left.checked_sub(cost);
        if self.attempts == MOST_ATTEMPTS || left.is_none() {
            self.exhausted = true;
            return false;
        }
        self.iterations_left = left.unwrap_or(0);
        self.attempts += 1;
        true
    }
}
