//! The keys a verifier may try, and the choice among them for one token.

use core::slice;

use crate::alg::{Algorithm, AlgorithmSet, KeyType};
use crate::backend::Backend;
use crate::jwk::Jwk;
use crate::key::{KeyError, NoKey, Skipped, VerifyingKey};

/// Most keys that a token without `kid` is tried against.
const MOST_TRIED: usize = 16;

/// Keys in native form, each bound to one algorithm. The default has none and verifies nothing.
#[derive(Clone, Debug, Default)]
pub struct VerifyingKeySet {
    keys: Vec<VerifyingKey>,
    skipped: Vec<Skipped>,
    /// The caller picked the one key, so a `kid` has nothing left to choose.
    ignore_key_id: bool,
}

impl VerifyingKeySet {
    /// Prepares each key for its own `alg`, or without one for all its form allows, as far as
    /// `allowed` has them. Keys that cannot be used are skipped, with the reason.
    ///
    /// # Errors
    /// [`KeyError::SetMixed`] if secrets stand beside public keys.
    pub fn new(
        keys: &[Jwk],
        allowed: AlgorithmSet,
        backend: &dyn Backend,
    ) -> Result<Self, KeyError> {
        Self::build(keys, allowed, |jwk, algorithm| {
            VerifyingKey::new(jwk, algorithm, backend)
        })
    }

    /// Like [`VerifyingKeySet::new`], but opens short keys as well; see
    /// [`VerifyingKey::dangerous_allow_weak`].
    ///
    /// # Errors
    /// As for `new`.
    pub fn dangerous_allow_weak(
        keys: &[Jwk],
        allowed: AlgorithmSet,
        backend: &dyn Backend,
    ) -> Result<Self, KeyError> {
        Self::build(keys, allowed, |jwk, algorithm| {
            VerifyingKey::dangerous_allow_weak(jwk, algorithm, backend)
        })
    }

    /// No key at all: what is verified with it is refused, with the first reason there is.
    pub(crate) fn empty() -> Self {
        Self {
            keys: Vec::new(),
            skipped: Vec::new(),
            ignore_key_id: true,
        }
    }

    /// The keys to try for a token with this algorithm and `kid`, at least one.
    ///
    /// With a `kid`: the key of that name and algorithm, else the keys that have no name at all.
    /// Without: every key of the algorithm, up to a bound. The `kid` is only ever compared.
    ///
    /// # Errors
    /// No key fits; the named key is for another algorithm; several keys share the name.
    pub fn candidates(
        &self,
        algorithm: Algorithm,
        key_id: Option<&str>,
    ) -> Result<Candidates<'_>, NoKey> {
        match key_id {
            Some(key_id) if !self.ignore_key_id => self.named(algorithm, key_id),
            _ => self.of_algorithm(algorithm),
        }
    }

    /// Asks for no `kid`, for keys that the caller picked rather than found.
    #[must_use]
    pub fn ignoring_key_ids(mut self) -> Self {
        self.ignore_key_id = true;
        self
    }

    /// All keys.
    pub fn keys(&self) -> &[VerifyingKey] {
        &self.keys
    }

    /// The keys that cannot be used, with the reason. `index` counts in what [`Self::new`] was given.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Whether no key is usable.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    fn build(
        keys: &[Jwk],
        allowed: AlgorithmSet,
        prepare: impl Fn(&Jwk, Algorithm) -> Result<VerifyingKey, KeyError>,
    ) -> Result<Self, KeyError> {
        let secrets = keys
            .iter()
            .filter(|key| key.material().key_type() == KeyType::Oct)
            .count();
        if secrets > 0 && secrets < keys.len() {
            return Err(KeyError::SetMixed);
        }
        let mut set = Self {
            keys: Vec::new(),
            skipped: Vec::new(),
            ignore_key_id: false,
        };
        for (index, jwk) in keys.iter().enumerate() {
            if let Err(error) = set.add(jwk, allowed, &prepare) {
                set.skipped.push(Skipped {
                    index,
                    key_id: jwk.key_id().map(str::to_owned),
                    error,
                });
            }
        }
        Ok(set)
    }

    /// Adds the key for each algorithm it can serve; an error only if that is none.
    fn add(
        &mut self,
        jwk: &Jwk,
        allowed: AlgorithmSet,
        prepare: &impl Fn(&Jwk, Algorithm) -> Result<VerifyingKey, KeyError>,
    ) -> Result<(), KeyError> {
        let own = jwk.algorithms()?;
        let mut first_error = None;
        let mut added = false;
        for algorithm in own.intersection(allowed).iter() {
            match prepare(jwk, algorithm) {
                Ok(key) => {
                    self.keys.push(key);
                    added = true;
                }
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        match first_error {
            _ if added => Ok(()),
            Some(error) => Err(error),
            None => Err(KeyError::NotAllowed { candidates: own }),
        }
    }

    fn named(&self, algorithm: Algorithm, key_id: &str) -> Result<Candidates<'_>, NoKey> {
        let mut hits = self.keys.iter().filter(|key| key.key_id() == Some(key_id));
        let Some(first) = hits.clone().next() else {
            let unnamed = Candidates {
                keys: self.keys.iter(),
                algorithm,
                unnamed_only: true,
            };
            return bounded(unnamed, NoKey::NotFound { wanted: algorithm });
        };
        let mut hits = hits.by_ref().filter(|key| key.algorithm() == algorithm);
        match (hits.next(), hits.count()) {
            (Some(key), 0) => Ok(Candidates {
                keys: slice::from_ref(key).iter(),
                algorithm,
                unnamed_only: false,
            }),
            (Some(_), more) => Err(NoKey::Ambiguous {
                wanted: algorithm,
                count: more + 1,
            }),
            (None, _) => Err(NoKey::AlgorithmMismatch {
                own: first.algorithm(),
                wanted: algorithm,
            }),
        }
    }

    fn of_algorithm(&self, algorithm: Algorithm) -> Result<Candidates<'_>, NoKey> {
        let all = Candidates {
            keys: self.keys.iter(),
            algorithm,
            unnamed_only: false,
        };
        let none = match self.keys.first() {
            Some(key) if self.ignore_key_id => NoKey::AlgorithmMismatch {
                own: key.algorithm(),
                wanted: algorithm,
            },
            _ => NoKey::NotFound { wanted: algorithm },
        };
        bounded(all, none)
    }
}

impl From<VerifyingKey> for VerifyingKeySet {
    /// The caller picked the key, so the token's `kid` is not asked.
    fn from(key: VerifyingKey) -> Self {
        Self {
            keys: vec![key],
            skipped: Vec::new(),
            ignore_key_id: true,
        }
    }
}

/// The keys to try for one token, in the order of the set.
#[derive(Clone, Debug)]
pub struct Candidates<'a> {
    keys: slice::Iter<'a, VerifyingKey>,
    algorithm: Algorithm,
    unnamed_only: bool,
}

impl<'a> Iterator for Candidates<'a> {
    type Item = &'a VerifyingKey;

    fn next(&mut self) -> Option<Self::Item> {
        self.keys.find(|key| {
            key.algorithm() == self.algorithm && !(self.unnamed_only && key.key_id().is_some())
        })
    }
}

/// The candidates, if there are neither none nor too many.
fn bounded(candidates: Candidates<'_>, none: NoKey) -> Result<Candidates<'_>, NoKey> {
    match candidates.clone().count() {
        0 => Err(none),
        count if count > MOST_TRIED => Err(NoKey::Ambiguous {
            wanted: candidates.algorithm,
            count,
        }),
        _ => Ok(candidates),
    }
}

#[cfg(test)]
mod tests;
