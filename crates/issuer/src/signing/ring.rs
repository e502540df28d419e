use std::time::Duration;

use jeton_jose::backend::AwsLc;
use jeton_jose::key::{SigningKey, VerifyingKeySet};
use jeton_jose::{Algorithm, AlgorithmSet, Jwk, UnixTime};
use jeton_store::signing_key::{self, KeyState};

use crate::bearer::Verified;
use crate::signing::{SigningError, Vault};

/// The longest that anybody may keep the key set.
const MOST_AGE: Duration = Duration::from_mins(5);

/// The keys of one moment; what each of them is follows from the time it is asked at.
#[derive(Debug, Default)]
pub(crate) struct KeyRing {
    keys: Vec<Held>,
    verifying: VerifyingKeySet,
    verified: Verified,
}

#[derive(Debug)]
struct Held {
    stored: signing_key::SigningKey,
    signing: Option<SigningKey>,
}

impl KeyRing {
    /// Opens the stored keys. Retired ones only verify, revoked ones do nothing.
    pub(crate) fn new(
        stored: Vec<signing_key::SigningKey>,
        vault: &dyn Vault,
    ) -> Result<Self, SigningError> {
        let mut keys = Vec::with_capacity(stored.len());
        let mut verifying = Vec::with_capacity(stored.len());
        for stored in stored {
            let is_held = stored.revoked_at.is_none() && stored.sealed_private.is_some();
            let signing = is_held.then(|| vault.open(&stored)).transpose()?;
            if stored.revoked_at.is_none() {
                verifying.push(Jwk::parse(stored.public.text().as_bytes())?);
            }
            keys.push(Held { stored, signing });
        }
        Ok(Self {
            keys,
            verifying: VerifyingKeySet::new(&verifying, AlgorithmSet::asymmetric(), &AwsLc)?,
            verified: Verified::default(),
        })
    }

    /// The key that signs with an algorithm now: of several the last to become active. Where the
    /// clock jumped back behind all of them, the first to become active. One whose private half was
    /// erased signs no more, though a clock that was ahead for a while says that it is active.
    pub(crate) fn signer(
        &self,
        algorithm: Algorithm,
        now: UnixTime,
    ) -> Result<&SigningKey, SigningError> {
        let of_algorithm = || {
            let keys = self.keys.iter();
            keys.filter(|key| key.stored.algorithm == algorithm.name() && key.signing.is_some())
        };
        let active_from = |key: &&Held| key.stored.schedule.active_from;
        let active = of_algorithm().filter(|key| key.stored.state(now) == KeyState::Active);
        let early = of_algorithm().filter(|key| key.stored.state(now) < KeyState::Active);
        active
            .max_by_key(active_from)
            .or_else(|| early.min_by_key(active_from))
            .and_then(|key| key.signing.as_ref())
            .ok_or(SigningError::NoKey(algorithm))
    }

    /// Every key that was not revoked, removed ones too: for tokens of the service's own that come
    /// back late (`id_token_hint`) as well as for those that are judged by their lifetime.
    pub(crate) fn verifying(&self) -> &VerifyingKeySet {
        &self.verifying
    }

    /// Access tokens that were verified under these keys, and thereby never outlive one of them.
    pub(crate) fn verified(&self) -> &Verified {
        &self.verified
    }

    /// Whether these are the stored keys.
    pub(crate) fn holds(&self, stored: &[signing_key::SigningKey]) -> bool {
        self.stored().eq(stored)
    }

    /// The key set as everybody sees it now, and how long it may be kept: at most until it changes.
    pub(crate) fn public(&self, now: UnixTime) -> (String, Duration) {
        // A key that exists was published, whatever the clock says now.
        let shown = self.keys.iter();
        let shown = shown.filter(|key| key.stored.state(now) < KeyState::Removed);
        let texts: Vec<&str> = shown.map(|key| key.stored.public.text()).collect();
        (
            format!("{{\"keys\":[{}]}}", texts.join(",")),
            self.until_change(now).min(MOST_AGE),
        )
    }

    fn until_change(&self, now: UnixTime) -> Duration {
        let current = self
            .keys
            .iter()
            .filter(|key| key.stored.revoked_at.is_none());
        let times = current.flat_map(|key| {
            let schedule = &key.stored.schedule;
            [schedule.published_at, schedule.removed_at]
        });
        let next = times.filter(|time| *time > now).min();
        let seconds = next.map_or(i64::MAX, |next| {
            next.seconds().saturating_sub(now.seconds())
        });
        Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
    }

    /// The stored keys, the first to be active first.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &signing_key::SigningKey> {
        self.keys.iter().map(|key| &key.stored)
    }
}
