//! Which flight is under way, and when the next may begin.

use core::pin::Pin;
use core::time::Duration;
use std::sync::Arc;

use futures_util::future::Shared;
use jeton_jose::UnixTime;

use super::unknown::UnknownKeyIds;
use crate::KeySetError;
use crate::retrieval::{Snapshot, within};

pub(super) type Flying =
    Pin<Box<dyn Future<Output = Result<Arc<Snapshot>, KeySetError>> + Send + 'static>>;
/// What all who wait for a flight wait for; each of them moves it on.
pub(super) type Landing = Shared<Flying>;

/// The wait after the first failure; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(super) struct Board {
    flight: Option<Flight>,
    /// When the last flight began.
    begun_at: Option<UnixTime>,
    /// Failures since the last success, and how long to wait because of them.
    failures: u32,
    wait: Option<(UnixTime, UnixTime)>,
    /// How many flights were begun, and how many failed.
    pub(super) begun: u64,
    pub(super) failed: u64,
    pub(super) last_error: Option<KeySetError>,
    pub(super) unknown: UnknownKeyIds,
}

#[derive(Debug)]
pub(super) struct Flight {
    number: u64,
    began_at: UnixTime,
    /// How many wait for it. Without any it is not moved on, so it ends.
    seats: usize,
    landing: Landing,
}

impl Board {
    pub(super) fn is_flying(&self) -> bool {
        self.flight.is_some()
    }

    /// Whether a set that is wanted may be fetched: not while failures are waited off.
    pub(super) fn may_retry(&self, now: UnixTime) -> bool {
        self.wait
            .is_none_or(|(from, until)| !within(from, until, now))
    }

    /// Whether a set that is fresh may be fetched all the same.
    pub(super) fn may_ask_again(&self, cooldown: Duration, now: UnixTime) -> bool {
        let is_cooling = |begun: UnixTime| within(begun, begun.saturating_add(cooldown), now);
        self.may_retry(now) && !self.begun_at.is_some_and(is_cooling)
    }

    pub(super) fn begin(&mut self, landing: Landing, now: UnixTime) {
        self.begun += 1;
        self.begun_at = Some(now);
        self.flight = Some(Flight {
            number: self.begun,
            began_at: now,
            seats: 0,
            landing,
        });
    }

    pub(super) fn join(&mut self) -> Option<(u64, Landing)> {
        let flight = self.flight.as_mut()?;
        flight.seats += 1;
        Some((flight.number, flight.landing.clone()))
    }

    /// Gives a seat back. The last one ends the flight, which counts as no failure: else whoever
    /// asks and goes away could keep others waiting.
    #[must_use]
    pub(super) fn leave(&mut self, number: u64) -> Option<Flight> {
        let flight = self
            .flight
            .as_mut()
            .filter(|flight| flight.number == number)?;
        flight.seats = flight.seats.saturating_sub(1);
        if flight.seats > 0 {
            return None;
        }
        self.flight.take()
    }

    /// How many wait for the flight under way.
    #[cfg(test)]
    pub(super) fn seats(&self) -> usize {
        self.flight.as_ref().map_or(0, |flight| flight.seats)
    }

    /// Enters the end of a flight, unless somebody did already.
    pub(super) fn land(
        &mut self,
        number: u64,
        error: Option<&KeySetError>,
        longest_wait: Duration,
    ) -> bool {
        let Some(flight) = self.flight.take_if(|flight| flight.number == number) else {
            return false;
        };
        self.last_error = error.cloned();
        if error.is_some() {
            let doubled = 1_u32.checked_shl(self.failures).unwrap_or(u32::MAX);
            let wait = FIRST_WAIT.saturating_mul(doubled).min(longest_wait);
            self.wait = Some((flight.began_at, flight.began_at.saturating_add(wait)));
            self.failures = self.failures.saturating_add(1);
            self.failed += 1;
        } else {
            self.wait = None;
            self.failures = 0;
        }
        true
    }
}
