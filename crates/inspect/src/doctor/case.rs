//! What the doctor is given, read as far as it can be.

use core::cell::Cell;

use jeton_jose::alg::{Algorithm, Family, KeyType};
use jeton_jose::backend::Backend;
use jeton_jose::key::KeyMaterial;
use jeton_jose::{Jwk, Secret};

use super::specimen::Specimen;
use super::{CauseCode, Given, Subject, key_text};

/// Most keys of a set that are examined.
const MOST_KEYS: usize = 64;

pub(super) struct Case<'a> {
    pub(super) specimen: Specimen,
    pub(super) keys: Vec<GivenKey>,
    /// The text or bytes that the person gave for a key or secret.
    pub(super) bytes: Option<&'a [u8]>,
    pub(super) backend: &'a dyn Backend,
    /// Whether a bound kept suppositions from being made.
    pub(super) cut: Cell<bool>,
}

/// A key, and what had to be put right to read it.
pub(super) struct GivenKey {
    pub(super) jwk: Jwk,
    pub(super) repaired: Option<CauseCode>,
}

impl<'a> Case<'a> {
    pub(super) fn new(subject: Subject<'_>, given: Given<'a>, backend: &'a dyn Backend) -> Self {
        let key = |jwk, repaired| GivenKey { jwk, repaired };
        let secret = |bytes: &[u8]| Jwk::from(KeyMaterial::Oct(Secret::new(bytes.to_vec())));
        let mut keys = Vec::new();
        let mut bytes = None;
        match given {
            Given::Nothing => {}
            Given::Keys(given) => keys.extend(given.iter().cloned().map(|jwk| key(jwk, None))),
            Given::Secret(text) => {
                bytes = Some(text);
                keys.push(key(secret(text), None));
                let read = key_text::read(text, backend);
                keys.extend(read.map(|(jwk, _)| key(jwk, Some(CauseCode::KeyAsSecret))));
            }
            Given::KeyFile(file) => {
                bytes = Some(file);
                keys.extend(key_text::read(file, backend).map(|(jwk, repair)| key(jwk, repair)));
                if keys.is_empty() {
                    keys.push(key(secret(file), Some(CauseCode::SecretAsKeyFile)));
                }
            }
        }
        keys.truncate(MOST_KEYS);
        let specimen = Specimen::read(subject);
        // The named key first, so that a bound cannot keep it from being tried.
        let named = |key: &GivenKey| {
            specimen.key_id.is_none() || specimen.key_id.as_deref() != key.jwk.key_id()
        };
        keys.sort_by_key(named);
        Self {
            specimen,
            keys,
            bytes,
            backend,
            cut: Cell::new(false),
        }
    }

    /// The keys that could serve the algorithm, by position.
    pub(super) fn keys_for(
        &self,
        algorithm: Algorithm,
    ) -> impl Iterator<Item = (usize, &GivenKey)> {
        self.keys
            .iter()
            .enumerate()
            .filter(move |(_, key)| key.jwk.material().algorithms().contains(algorithm))
    }

    /// The secrets among the keys.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.keys.iter().filter_map(|key| match key.jwk.material() {
            KeyMaterial::Oct(secret) => Some(secret),
            _ => None,
        })
    }

    /// The keys with a public half.
    pub(super) fn public_keys(&self) -> impl Iterator<Item = Jwk> {
        self.keys
            .iter()
            .filter(|key| key.jwk.material().key_type() != KeyType::Oct)
            .filter_map(|key| key.jwk.public())
    }

    /// The algorithm of the header, if it is one of HMAC.
    pub(super) fn hmac(&self) -> Option<Algorithm> {
        self.specimen
            .algorithm
            .filter(|algorithm| algorithm.row().family == Family::Hmac)
    }

    /// The keys with the header's algorithm, where they go together.
    pub(super) fn pairs(&self) -> Vec<(usize, Algorithm)> {
        let algorithm = self.specimen.algorithm;
        algorithm
            .into_iter()
            .flat_map(|algorithm| self.keys_for(algorithm).map(move |(at, _)| (at, algorithm)))
            .collect()
    }
}
