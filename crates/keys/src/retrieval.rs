use core::time::Duration;
use std::sync::Arc;

use jeton_jose::UnixTime;
use jeton_jose::jwk::JwkSet;
use tokio::sync::Semaphore;

use crate::fetch::Served;
use crate::published::{Published, Reading};
use crate::{Caching, Fetcher, KeySetError, discovery};

/// Most fetches at a time, of all sets together.
const MOST_AT_ONCE: usize = 32;

/// How remote sets are fetched and how long they are kept. Sets share one.
#[derive(Debug)]
pub struct Retrieval {
    fetcher: Fetcher,
    caching: Caching,
    reading: Reading,
    turns: Semaphore,
}

/// Where a set is.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// At this URL.
    Url(Arc<str>),
    /// Where the metadata of this issuer says.
    Issuer(Arc<str>),
}

/// A set at the time it was fetched.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) published: Arc<Published>,
    pub(crate) fetched_at: UnixTime,
    /// Since when it is worth to be renewed before anybody has to wait for that.
    pub(crate) renew_at: UnixTime,
    pub(crate) fresh_until: UnixTime,
    pub(crate) usable_until: UnixTime,
}

impl Retrieval {
    /// Fetches with `fetcher` and prepares keys as `reading` says, asymmetric ones alone.
    pub fn new(fetcher: Fetcher, caching: Caching, reading: Reading) -> Self {
        Self {
            fetcher,
            caching,
            reading,
            turns: Semaphore::new(MOST_AT_ONCE),
        }
    }

    /// What keys are prepared for.
    pub fn reading(&self) -> Reading {
        self.reading
    }

    pub(crate) fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    pub(crate) fn caching(&self) -> &Caching {
        &self.caching
    }

    /// Fetches a set, all in the time of one fetch: its turn and the metadata as well.
    pub(crate) async fn snapshot(
        &self,
        place: &Place,
        previous: Option<&Arc<Published>>,
        now: UnixTime,
    ) -> Result<Snapshot, KeySetError> {
        let (served, set) = self.fetcher.in_time(self.served(place)).await??;
        let published = Published::read(&served.text, set, previous, self.reading)?;
        let fresh_for = self.caching.freshness(served.fresh_for);
        let usable_for = self.caching.max_stale.value().max(fresh_for);
        Ok(Snapshot {
            published,
            fetched_at: now,
            renew_at: now.saturating_add(fresh_for / 4 * 3),
            fresh_until: now.saturating_add(fresh_for),
            usable_until: now.saturating_add(usable_for),
        })
    }

    async fn served(&self, place: &Place) -> Result<(Served, JwkSet), KeySetError> {
        // The semaphore is never closed.
        let _turn = self.turns.acquire().await;
        let served = match place {
            Place::Url(url) => self.fetcher.document(url).await?,
            Place::Issuer(issuer) => {
                let url = discovery::key_set_url(&self.fetcher, issuer).await?;
                self.fetcher.document(&url).await?
            }
        };
        let set = served.key_set()?;
        Ok((served, set))
    }
}

impl Snapshot {
    pub(crate) fn is_fresh(&self, now: UnixTime) -> bool {
        within(self.fetched_at, self.fresh_until, now)
    }

    pub(crate) fn is_usable(&self, now: UnixTime) -> bool {
        now < self.usable_until
    }
}

/// How far the clocks of those who ask may differ: some come a little late to something.
const SLACK: Duration = Duration::from_secs(30);

/// Whether `now` lies in a span. A clock that was set back ends what began in its future, or that
/// would last until then.
pub(crate) fn within(from: UnixTime, until: UnixTime, now: UnixTime) -> bool {
    from.saturating_sub(SLACK) <= now && now < until
}
