//! Against a real TLS server on a loopback address that counts what it is asked, with the time as
//! the tests say.

mod answers;
mod flights;
mod issuers;
mod lifetimes;

use core::time::Duration;
use std::sync::atomic::{AtomicUsize, Ordering};

use jeton_jose::{Algorithm, AlgorithmSet, JwkSet};
use jeton_testkit::{BACKEND, NOW, jwk};
use tokio::sync::Semaphore;

use super::*;
use crate::test_server::{Reply, Server, answer};
use crate::{Caching, FetchCode, Fetcher, Reading, RemoteKeySets};

const OK: &str = "200 OK\r\nContent-Type: application/jwk-set+json";

/// So many seconds after the beginning.
fn at(seconds: u64) -> UnixTime {
    NOW.saturating_add(Duration::from_secs(seconds))
}

/// A set of public keys with these names.
fn set(key_ids: &[&str]) -> String {
    let key = jwk(Algorithm::ES256);
    let keys = key_ids.iter().map(|&id| key.clone().with_key_id(id));
    keys.collect::<JwkSet>().to_public_json()
}

fn serves(key_ids: &[&str]) -> impl FnMut(&str) -> Reply + Send + 'static {
    let text = answer(OK, &set(key_ids));
    move |_| Reply::Text(text.clone())
}

fn fails() -> impl FnMut(&str) -> Reply + Send + 'static {
    |_| Reply::Text(answer("503 Service Unavailable", ""))
}

fn retrieval(fetcher: Fetcher) -> Arc<Retrieval> {
    let reading = Reading {
        algorithms: AlgorithmSet::asymmetric(),
        backend: BACKEND,
    };
    Arc::new(Retrieval::new(fetcher, Caching::default(), reading))
}

fn remote(server: &Server) -> Arc<RemoteKeySet> {
    let set = RemoteKeySet::new(&server.url("/jwks"), retrieval(server.fetcher()));
    Arc::new(set.unwrap())
}

impl RemoteKeySet {
    /// Whether there are keys, and the named one among them.
    async fn has(&self, key_id: &str, now: UnixTime) -> Result<bool, KeySetError> {
        let keys = self.keys_for(Some(key_id), now).await?;
        Ok(keys.candidates(Algorithm::ES256, Some(key_id)).is_ok())
    }

    /// Until so many wait for the flight under way.
    async fn until_seats(&self, seats: usize) {
        while self.board().seats() != seats {
            tokio::task::yield_now().await;
        }
    }
}

fn code(error: &KeySetError) -> FetchCode {
    match error {
        KeySetError::Fetch(error) | KeySetError::Metadata(error) => error.code(),
        other => panic!("{other:?}"),
    }
}
