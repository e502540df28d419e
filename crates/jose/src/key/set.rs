//! The keys a verifier or a recipient may try, and the choice among them for one token.

use core::slice;

use crate::alg::{Algorithm, AlgorithmSet, KeyManagement, KeyManagementSet, KeyType};
use crate::backend::{Backend, Encryption};
use crate::jwk::Jwk;
use crate::key::{DecryptingKey, KeyError, NoKey, Skipped, VerifyingKey};

/// Most keys that a token without `kid` is tried against.
const MOST_TRIED: usize = 16;

/// A key in native form that is bound to one algorithm.
pub trait BoundKey {
    /// The table its algorithm is in.
    type Algorithm: Copy + PartialEq;

    /// The one algorithm.
    fn algorithm(&self) -> Self::Algorithm;

    /// The `kid`; it is only ever compared.
    fn key_id(&self) -> Option<&str>;
}

/// Keys in native form, each bound to one algorithm. The default has none and serves nothing.
#[derive(Clone, Debug)]
pub struct KeySet<K> {
    keys: Vec<K>,
    skipped: Vec<Skipped>,
    /// The caller picked the one key, so a `kid` has nothing left to choose.
    ignore_key_id: bool,
}

/// The keys that a verifier may try.
pub type VerifyingKeySet = KeySet<VerifyingKey>;

/// The keys that a recipient may try.
pub type DecryptingKeySet = KeySet<DecryptingKey>;

impl<K> Default for KeySet<K> {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            skipped: Vec::new(),
            ignore_key_id: false,
        }
    }
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
        Self::verifying(keys, allowed, |jwk, algorithm| {
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
        Self::verifying(keys, allowed, |jwk, algorithm| {
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

    fn verifying(
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
        Ok(Self::build(keys, |jwk| {
            let own = jwk.algorithms()?;
            let wanted = own.intersection(allowed);
            if wanted.is_empty() {
                return Err(KeyError::NotAllowed { candidates: own });
            }
            any_of(wanted.iter().map(|algorithm| prepare(jwk, algorithm)))
        }))
    }
}

impl DecryptingKeySet {
    /// Prepares each key for its own `alg`, or without one for all its form allows, as far as
    /// `allowed` has them. Keys that cannot be used are skipped, with the reason. Secrets and
    /// private keys may stand side by side, since neither is published.
    pub fn new(keys: &[Jwk], allowed: KeyManagementSet, backend: &'static dyn Encryption) -> Self {
        Self::build(keys, |jwk| {
            let own = jwk.key_managements()?;
            let wanted = own.intersection(allowed);
            if wanted.is_empty() {
                return Err(KeyError::KeyManagementNotAllowed { candidates: own });
            }
            let prepare = |algorithm| DecryptingKey::new(jwk, algorithm, backend);
            any_of(wanted.iter().map(prepare))
        })
    }
}

impl<K: BoundKey> KeySet<K> {
    /// The keys to try for a token with this algorithm and `kid`, at least one.
    ///
    /// With a `kid`: the key of that name and algorithm, else the keys that have no name at all.
    /// Without: every key of the algorithm, up to a bound. The `kid` is only ever compared.
    ///
    /// # Errors
    /// No key fits; the named key is for another algorithm; several keys share the name.
    pub fn candidates(
        &self,
        algorithm: K::Algorithm,
        key_id: Option<&str>,
    ) -> Result<Candidates<'_, K>, NoKey<K::Algorithm>> {
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
    pub fn keys(&self) -> &[K] {
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

    /// Adds what `prepare` makes of each key.
    fn build(keys: &[Jwk], prepare: impl Fn(&Jwk) -> Result<Vec<K>, KeyError>) -> Self {
        let mut set = Self {
            keys: Vec::new(),
            skipped: Vec::new(),
            ignore_key_id: false,
        };
        for (index, jwk) in keys.iter().enumerate() {
            match prepare(jwk) {
                Ok(prepared) => set.keys.extend(prepared),
                Err(error) => set.skipped.push(Skipped {
                    index,
                    key_id: jwk.key_id().map(str::to_owned),
                    error,
                }),
            }
        }
        set
    }

    fn named(
        &self,
        algorithm: K::Algorithm,
        key_id: &str,
    ) -> Result<Candidates<'_, K>, NoKey<K::Algorithm>> {
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

    fn of_algorithm(
        &self,
        algorithm: K::Algorithm,
    ) -> Result<Candidates<'_, K>, NoKey<K::Algorithm>> {
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

impl<K: BoundKey> From<K> for KeySet<K> {
    /// The caller picked the key, so the token's `kid` is not asked.
    fn from(key: K) -> Self {
        Self {
            keys: vec![key],
            skipped: Vec::new(),
            ignore_key_id: true,
        }
    }
}

impl BoundKey for VerifyingKey {
    type Algorithm = Algorithm;

    fn algorithm(&self) -> Algorithm {
        self.algorithm()
    }

    fn key_id(&self) -> Option<&str> {
        self.key_id()
    }
}

impl BoundKey for DecryptingKey {
    type Algorithm = KeyManagement;

    fn algorithm(&self) -> KeyManagement {
        self.algorithm()
    }

    fn key_id(&self) -> Option<&str> {
        self.key_id()
    }
}

/// The keys to try for one token, in the order of the set.
#[derive(Debug)]
pub struct Candidates<'a, K: BoundKey> {
    keys: slice::Iter<'a, K>,
    algorithm: K::Algorithm,
    unnamed_only: bool,
}

impl<K: BoundKey> Clone for Candidates<'_, K> {
    fn clone(&self) -> Self {
        Self {
            keys: self.keys.clone(),
            algorithm: self.algorithm,
            unnamed_only: self.unnamed_only,
        }
    }
}

impl<'a, K: BoundKey> Iterator for Candidates<'a, K> {
    type Item = &'a K;

    fn next(&mut self) -> Option<Self::Item> {
        self.keys.find(|key| {
            key.algorithm() == self.algorithm && !(self.unnamed_only && key.key_id().is_some())
        })
    }
}

/// The keys that could be prepared; the first error if none could.
fn any_of<K>(prepared: impl Iterator<Item = Result<K, KeyError>>) -> Result<Vec<K>, KeyError> {
    let (mut keys, mut first_error) = (Vec::new(), None);
    for result in prepared {
        match result {
            Ok(key) => keys.push(key),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    match first_error {
        Some(error) if keys.is_empty() => Err(error),
        _ => Ok(keys),
    }
}

/// The candidates, if there are neither none nor too many.
fn bounded<K: BoundKey>(
    candidates: Candidates<'_, K>,
    none: NoKey<K::Algorithm>,
) -> Result<Candidates<'_, K>, NoKey<K::Algorithm>> {
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
