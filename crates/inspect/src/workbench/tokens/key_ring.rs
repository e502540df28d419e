use jeton_jose::backend::Backend;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{self, KeyError, KeyForm, ReadKeys, Skipped, VerifyingKey, VerifyingKeySet};
use jeton_jose::{Algorithm, AlgorithmSet, Secret};

use crate::doctor::can_mend_key;
use crate::sent::Sent;
use crate::workbench::{Failure, KeyInput};

/// The keys that the person gave, ready to verify. Weak ones are opened; who uses them says so.
#[derive(Debug)]
pub(super) struct KeyRing {
    jwks: Vec<Jwk>,
    /// One key was given, so a `kid` has nothing to choose.
    picked: bool,
    by_algorithm: Vec<(Algorithm, VerifyingKeySet)>,
    all: VerifyingKeySet,
    /// The members of a set that cannot be used.
    skipped: Vec<Skipped>,
    refused: Option<KeyError>,
}

/// What the keys were read from, for the doctor to vary.
#[derive(Debug)]
pub(super) enum GivenKey {
    Secret,
    File(Secret),
    Set,
}

impl KeyRing {
    /// The keys, and what they were read from. One that the doctor could mend is no failure.
    pub(super) fn read(
        key: &KeyInput,
        allowed: AlgorithmSet,
        backend: &dyn Backend,
    ) -> Result<(Self, GivenKey), Failure> {
        let mut read = match (key.read(backend), key.bytes()) {
            (Ok(read), _) => read,
            (Err(failure), bytes) => {
                let mendable = bytes.filter(|bytes| can_mend_key(bytes.expose(), backend));
                let bytes = mendable.ok_or(failure.clone())?;
                let error = key::read(bytes.expose(), backend).err().ok_or(failure)?;
                return Ok((Self::unreadable(error), GivenKey::File(bytes)));
            }
        };
        let given = match (key.bytes(), read.form) {
            (None, _) => GivenKey::Secret,
            (Some(_), KeyForm::JwkSet) => GivenKey::Set,
            (Some(bytes), _) => GivenKey::File(bytes),
        };
        let ring = match (read.form, key.kid.is_some(), read.keys.len()) {
            (KeyForm::JwkSet, false, 0) => return Err(none_usable(key.name(), &read)),
            (KeyForm::JwkSet, false, _) => Self::of_set(read.keys, read.skipped, allowed, backend),
            (_, true, _) => Self::of_one(key.read_one(backend)?, allowed, backend),
            (..) => match read.keys.pop() {
                Some(one) => Self::of_one(one, allowed, backend),
                None => return Err(none_usable(key.name(), &read)),
            },
        };
        let ring = ring.map_err(|error| Failure::key(key.name(), &error))?;
        Ok((ring, given))
    }

    /// A set: the token's `kid` chooses.
    fn of_set(
        jwks: Vec<Jwk>,
        mut skipped: Vec<Skipped>,
        allowed: AlgorithmSet,
        backend: &dyn Backend,
    ) -> Result<Self, KeyError> {
        let all = VerifyingKeySet::dangerous_allow_weak(&jwks, allowed, backend)?;
        skipped.extend_from_slice(all.skipped());
        Ok(Self {
            all,
            skipped,
            by_algorithm: Vec::new(),
            picked: false,
            refused: None,
            jwks,
        })
    }

    /// The one key, for each algorithm that it may serve.
    fn of_one(jwk: Jwk, allowed: AlgorithmSet, backend: &dyn Backend) -> Result<Self, KeyError> {
        let own = jwk.algorithms()?;
        let mut by_algorithm = Vec::new();
        let mut first_error = None;
        for algorithm in own.intersection(allowed).iter() {
            match VerifyingKey::dangerous_allow_weak(&jwk, algorithm, backend) {
                Ok(key) => by_algorithm.push((algorithm, key.into())),
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        let refused = match first_error {
            _ if !by_algorithm.is_empty() => None,
            Some(error @ KeyError::Weak(_)) => Some(error),
            Some(error) => return Err(error),
            None => return Err(KeyError::NotAllowed { candidates: own }),
        };
        Ok(Self {
            all: VerifyingKeySet::dangerous_allow_weak(&[without_key_id(&jwk)], allowed, backend)?,
            by_algorithm,
            skipped: Vec::new(),
            picked: true,
            refused,
            jwks: vec![jwk],
        })
    }

    /// A key whose text is damaged: it verifies nothing.
    fn unreadable(error: KeyError) -> Self {
        Self {
            jwks: Vec::new(),
            picked: true,
            by_algorithm: Vec::new(),
            all: VerifyingKeySet::default(),
            skipped: Vec::new(),
            refused: Some(error),
        }
    }

    pub(super) fn jwks(&self) -> &[Jwk] {
        &self.jwks
    }

    /// Why the one key may not verify anything, if so.
    pub(super) fn refused(&self) -> Option<&KeyError> {
        self.refused.as_ref()
    }

    pub(super) fn is_picked(&self) -> bool {
        self.picked
    }

    pub(super) fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// What to try. A picked key is bound to the token's algorithm if it may serve it; if not, to
    /// one of its own, so that the refusal names both.
    pub(super) fn for_token(&self, token: &Sent) -> &VerifyingKeySet {
        if !self.picked {
            return &self.all;
        }
        let named = token.algorithms();
        let mut fitting = self
            .by_algorithm
            .iter()
            .filter(|(algorithm, _)| named.contains(algorithm));
        match (fitting.next(), fitting.next(), self.by_algorithm.first()) {
            (Some((_, set)), None, _) | (None, _, Some((_, set))) => set,
            _ => &self.all,
        }
    }
}

fn none_usable(name: &str, read: &ReadKeys) -> Failure {
    let failure = Failure::content(format!("{name} has no usable key"));
    read.skipped.iter().fold(failure, |failure, skipped| {
        failure.cause(format!("key {}: {}", skipped.index, skipped.error))
    })
}

fn without_key_id(jwk: &Jwk) -> Jwk {
    let mut plain = Jwk::from(jwk.material().clone());
    if let Some(algorithm) = jwk.algorithm() {
        plain = plain.with_algorithm(algorithm);
    }
    if let Some(key_use) = jwk.key_use() {
        plain = plain.with_key_use(key_use);
    }
    match jwk.key_ops() {
        Some(ops) => plain.with_key_ops(ops.iter().map(String::as_str)),
        None => plain,
    }
}
