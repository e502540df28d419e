use std::sync::Arc;

use jeton_jose::AlgorithmSet;
use jeton_jose::alg::Hash;
use jeton_jose::backend::Backend;
use jeton_jose::jwk::{Jwk, JwkSet};
use jeton_jose::key::{KeyError, KeyMaterial, VerifyingKeySet};

use crate::KeySetError;

/// Most keys of a remote set.
const MOST_KEYS: usize = 100;

/// What keys are made for, and by what.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// The algorithms that keys are prepared for.
    pub algorithms: AlgorithmSet,
    /// What prepares them.
    pub backend: &'static dyn Backend,
}

/// A key that is in a set and verifies nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// Its `kid`.
    pub key_id: Option<String>,
    /// Why it is left out.
    pub reason: KeyError,
}

/// A set as somebody published it, prepared.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) keys: Arc<VerifyingKeySet>,
    pub(crate) unusable: Vec<Unusable>,
    /// Every `kid` of the set in order, those of unusable keys as well: fetching them once more
    /// makes them no better.
    key_ids: Vec<String>,
    digest: Vec<u8>,
}

impl Published {
    /// Reads the text of a set. What was `previous`, and is so still, is not prepared again.
    pub(crate) fn read(
        text: &str,
        set: JwkSet,
        previous: Option<&Arc<Self>>,
        reading: Reading,
    ) -> Result<Arc<Self>, KeySetError> {
        let digest = reading.backend.digest(Hash::Sha256, text.as_bytes());
        let digest = digest.as_ref().to_vec();
        if let Some(same) = previous.filter(|previous| previous.digest == digest) {
            return Ok(Arc::clone(same));
        }
        let count = set.keys.len() + set.skipped.len();
        if count > MOST_KEYS {
            return Err(KeySetError::TooMany {
                count,
                most: MOST_KEYS,
            });
        }
        let (exposed, public) = apart(set.keys);
        let mut key_ids: Vec<String> = public.iter().filter_map(key_id).collect();
        let algorithms = reading.algorithms.intersection(AlgorithmSet::asymmetric());
        // The one error is a mixture with secrets, and these were sorted out.
        let keys = VerifyingKeySet::new(&public, algorithms, reading.backend).unwrap_or_default();
        let left_out = set.skipped.into_iter().chain(keys.skipped().to_vec());
        let unusable: Vec<Unusable> = left_out
            .map(|skipped| Unusable {
                key_id: skipped.key_id,
                reason: skipped.error,
            })
            .chain(exposed.iter().map(give_away))
            .collect();
        key_ids.extend(unusable.iter().filter_map(|key| key.key_id.clone()));
        key_ids.sort_unstable();
        key_ids.dedup();
        Ok(Arc::new(Self {
            keys: Arc::new(keys),
            unusable,
            key_ids,
            digest,
        }))
    }

    /// Whether a newer set could not serve a token better: it names a key that is here, or none,
    /// or keys have no names here.
    pub(crate) fn knows(&self, key_id: Option<&str>) -> bool {
        let Some(key_id) = key_id else {
            return true;
        };
        let is_named = |known: &String| known.as_str().cmp(key_id);
        (self.key_ids.is_empty() && !self.keys.is_empty())
            || self.key_ids.binary_search_by(is_named).is_ok()
    }
}

/// The keys whose private half is in the set, under whatever name, and the others.
fn apart(keys: Vec<Jwk>) -> (Vec<Jwk>, Vec<Jwk>) {
    let private: Vec<KeyMaterial> = keys
        .iter()
        .map(Jwk::material)
        .filter(|material| material.is_private())
        .filter_map(KeyMaterial::public)
        .collect();
    keys.into_iter()
        .partition(|key| key.material().is_private() || private.contains(key.material()))
}

fn key_id(key: &Jwk) -> Option<String> {
    key.key_id().map(str::to_owned)
}

/// A secret that was published is none: anybody can sign with it.
fn give_away(key: &Jwk) -> Unusable {
    let member = match key.material() {
        KeyMaterial::Oct(_) => "k",
        KeyMaterial::Akp(_) => "priv",
        _ => "d",
    };
    Unusable {
        key_id: key_id(key),
        reason: KeyError::Invalid {
            member,
            problem: "is published, so that anybody can sign with it",
        },
    }
}
