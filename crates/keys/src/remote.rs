//! A key set that somebody else serves, kept over time.

mod board;
mod unknown;

use core::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwapOption;
use futures_util::FutureExt as _;
use jeton_jose::UnixTime;
use jeton_jose::key::VerifyingKeySet;

use self::board::{Board, Landing};
use crate::published::Unusable;
use crate::retrieval::{Place, Retrieval, Snapshot};
use crate::{KeySetError, discovery};

/// A key set that somebody else serves, kept over time.
///
/// It spawns nothing: a fetch goes on as long as somebody who asks waits for it, and whoever else
/// wants the same waits for that one. When the last one leaves, it ends.
pub struct RemoteKeySet {
    place: Place,
    retrieval: Arc<Retrieval>,
    current: ArcSwapOption<Snapshot>,
    board: Mutex<Board>,
}

/// What is to be said of a remote set: for metrics and for people.
#[derive(Clone, Debug)]
pub struct Status {
    /// How many keys verify something.
    pub keys: usize,
    /// Those that do not, with the reason.
    pub unusable: Vec<Unusable>,
    /// When the set in use was fetched; its age counts from then.
    pub fetched_at: Option<UnixTime>,
    /// Until when it is fresh.
    pub fresh_until: Option<UnixTime>,
    /// How many fetches were begun.
    pub fetches: u64,
    /// How many of them failed.
    pub failures: u64,
    /// Why the last one did, unless one succeeded since.
    pub last_error: Option<KeySetError>,
}

impl RemoteKeySet {
    /// The set at a URL. Nothing is fetched before somebody asks.
    ///
    /// # Errors
    /// The URL is none that is fetched.
    pub fn new(url: &str, retrieval: Arc<Retrieval>) -> Result<Self, KeySetError> {
        retrieval.fetcher().check(url)?;
        Ok(Self::at(Place::Url(url.into()), retrieval))
    }

    /// The set that an issuer's metadata names (RFC 8414, OpenID Connect Discovery).
    ///
    /// # Errors
    /// The issuer is no `https` URL without query and fragment, or none that is fetched from.
    pub fn of_issuer(issuer: &str, retrieval: Arc<Retrieval>) -> Result<Self, KeySetError> {
        for url in discovery::locations(issuer)? {
            retrieval.fetcher().check(&url)?;
        }
        Ok(Self::at(Place::Issuer(issuer.into()), retrieval))
    }

    /// The keys for a token with this `kid`.
    ///
    /// A fresh set that has the key answers at once and without a lock. A stale one is fetched:
    /// the first who asks waits for it, all others have the last good set meanwhile. An unknown
    /// `kid` has a fresh set fetched once more, if that was not done just now. A set without the
    /// key is an answer; whoever verifies with it finds that no key fits.
    ///
    /// # Errors
    /// There is no set, or none that is young enough to be used, and it could not be fetched.
    pub async fn keys_for(
        &self,
        key_id: Option<&str>,
        now: UnixTime,
    ) -> Result<Arc<VerifyingKeySet>, KeySetError> {
        if let Some(snapshot) = &*self.current.load()
            && snapshot.is_fresh(now)
            && snapshot.published.knows(key_id)
        {
            return Ok(Arc::clone(&snapshot.published.keys));
        }
        if let Some(seat) = self.seat(key_id, now) {
            let landed = self.wait(&seat).await;
            if let (Ok(snapshot), Some(key_id)) = (&landed, key_id)
                && !snapshot.published.knows(Some(key_id))
            {
                let cooldown = self.retrieval.caching().cooldown;
                self.board().unknown.note(key_id, cooldown.value(), now);
            }
        }
        self.last_good(now)
    }

    /// Keys that are newer than those which a token was found not to be signed with, for a token
    /// that names no key, or one whose name was given to another key. As for an unknown `kid`, the
    /// set is fetched once more, if that was not done just now.
    pub async fn newer_than(
        &self,
        known: &Arc<VerifyingKeySet>,
        now: UnixTime,
    ) -> Option<Arc<VerifyingKeySet>> {
        let newer = || {
            let keys = self.last_good(now).ok()?;
            // What is fetched again and the same is the same set.
            (!Arc::ptr_eq(&keys, known)).then_some(keys)
        };
        if let Some(keys) = newer() {
            return Some(keys);
        }
        let seat = {
            let mut board = self.board();
            let cooldown = self.retrieval.caching().cooldown;
            let may_begin = board.may_ask_again(cooldown.value(), now);
            self.join(&mut board, may_begin, now)
        };
        self.wait(&seat?).await.ok()?;
        newer()
    }

    /// Fetches the set if three quarters of its time are over, so that nobody who asks for keys
    /// has to wait for that. For whoever has a task to spare; without one, nothing is amiss.
    ///
    /// # Errors
    /// It could not be fetched. The last good set goes on to be used.
    pub async fn renew(&self, now: UnixTime) -> Result<(), KeySetError> {
        let is_due = |snapshot: &Arc<Snapshot>| !snapshot.is_fresh(now) || now >= snapshot.renew_at;
        if !self.current.load().as_ref().is_none_or(is_due) {
            return Ok(());
        }
        let seat = {
            let mut board = self.board();
            let may_begin = board.may_retry(now);
            self.join(&mut board, may_begin, now)
        };
        let Some(seat) = seat else {
            return Ok(());
        };
        self.wait(&seat).await.map(drop)
    }

    /// What is to be said of it.
    pub fn status(&self) -> Status {
        let current = self.current.load_full();
        let board = self.board();
        let published = current.as_ref().map(|snapshot| &snapshot.published);
        Status {
            keys: published.map_or(0, |published| published.keys.keys().len()),
            unusable: published.map_or_else(Vec::new, |published| published.unusable.clone()),
            fetched_at: current.as_ref().map(|snapshot| snapshot.fetched_at),
            fresh_until: current.as_ref().map(|snapshot| snapshot.fresh_until),
            fetches: board.begun,
            failures: board.failed,
            last_error: board.last_error.clone(),
        }
    }

    fn at(place: Place, retrieval: Arc<Retrieval>) -> Self {
        Self {
            place,
            retrieval,
            current: ArcSwapOption::empty(),
            board: Mutex::default(),
        }
    }

    /// A seat in the flight that this one has to wait for, if any.
    fn seat(&self, key_id: Option<&str>, now: UnixTime) -> Option<Seat<'_>> {
        let mut board = self.board();
        let current = self.current.load();
        let Some(snapshot) = &*current else {
            let may_begin = board.may_retry(now);
            return self.join(&mut board, may_begin, now);
        };
        let is_fresh = snapshot.is_fresh(now);
        let has_key = snapshot.published.knows(key_id);
        let is_answer = snapshot.is_usable(now) && (has_key || board.unknown.holds(key_id, now));
        if is_answer && (is_fresh || board.is_flying()) {
            return None;
        }
        let may_begin = if is_fresh {
            let cooldown = self.retrieval.caching().cooldown;
            unknown::may_be_fetched_for(key_id) && board.may_ask_again(cooldown.value(), now)
        } else {
            board.may_retry(now)
        };
        self.join(&mut board, may_begin, now)
    }

    /// A seat in the flight under way, or in a new one if that may begin.
    fn join(&self, board: &mut Board, may_begin: bool, now: UnixTime) -> Option<Seat<'_>> {
        if may_begin && !board.is_flying() {
            board.begin(self.flight(now), now);
        }
        let (number, landing) = board.join()?;
        Some(Seat {
            set: self,
            number,
            landing,
        })
    }

    fn flight(&self, now: UnixTime) -> Landing {
        let (place, retrieval) = (self.place.clone(), Arc::clone(&self.retrieval));
        let previous = self.current.load_full();
        let flight = async move {
            let previous = previous.as_ref().map(|snapshot| &snapshot.published);
            let snapshot = retrieval.snapshot(&place, previous, now).await?;
            Ok(Arc::new(snapshot))
        };
        let flight: board::Flying = Box::pin(flight);
        flight.shared()
    }

    /// What the flight brings.
    async fn wait(&self, seat: &Seat<'_>) -> Result<Arc<Snapshot>, KeySetError> {
        let landed = seat.landing.clone().await;
        self.settle(seat.number, landed.as_ref());
        landed
    }

    /// Enters what a flight brought. Of those who waited for it, the first does.
    fn settle(&self, number: u64, landed: Result<&Arc<Snapshot>, &KeySetError>) {
        let mut board = self.board();
        let longest_wait = self.retrieval.caching().cooldown.value();
        if board.land(number, landed.err(), longest_wait)
            && let Ok(snapshot) = landed
        {
            self.current.store(Some(Arc::clone(snapshot)));
        }
    }

    fn last_good(&self, now: UnixTime) -> Result<Arc<VerifyingKeySet>, KeySetError> {
        match &*self.current.load() {
            Some(snapshot) if snapshot.is_usable(now) => Ok(Arc::clone(&snapshot.published.keys)),
            _ => Err(self
                .board()
                .last_error
                .clone()
                .unwrap_or(KeySetError::Missing)),
        }
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        // Nothing panics while it holds the lock, and each change is whole.
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for RemoteKeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKeySet")
            .field("place", &self.place)
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

/// Somebody who waits for a flight.
struct Seat<'a> {
    set: &'a RemoteKeySet,
    number: u64,
    landing: Landing,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let ended = self.set.board().leave(self.number);
        // What ends with it, a connection among others, ends without the lock.
        drop(ended);
    }
}

#[cfg(test)]
mod tests;
