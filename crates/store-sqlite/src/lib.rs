//! The store of a token service in one SQLite file.
//!
//! ```text
//! callers ──► bounded queue ──► one writer: BEGIN, a savepoint per operation …, COMMIT (one sync)
//!                                            └── answers go out only now ──► replies
//!         ──► bounded queue ──► readers beside it, each operation on one snapshot
//! ```
//!
//! The writer takes whatever waits into one transaction, so that under load one sync of the disk
//! serves many operations, and without load one operation does not wait for others. An operation
//! that fails is rolled back to its savepoint and fails alone. When the transaction itself fails
//! (no space), all of its operations fail, and nothing of them is there.
//!
//! WAL with `synchronous=FULL`: what was answered survives a loss of power, as far as the disk
//! keeps its word on a sync. A lock file keeps other processes out, since the group commit, the
//! audit chain and the revocation sequence need a single writer.

mod access;
mod accounts;
mod audit;
mod clients;
mod codes;
mod error;
mod families;
mod migrate;
mod once;
mod open;
mod operations;
mod prune;
mod readers;
mod revocations;
mod sessions;
mod signing_keys;
mod transaction;
mod writer;

use core::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jeton_store::{Reply, StoreError};

use readers::Readers;
use transaction::Transaction;
use writer::Writer;

pub use open::Options;

/// A store in one SQLite file. Dropping it answers what waits, then closes the file.
pub struct SqliteStore {
    // In this order: the writer is done before the readers go, and the lock goes last.
    writer: Writer,
    readers: Readers,
    statistics: Arc<Counters>,
    _lock: std::fs::File,
}

/// What was done since the store was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// Writing operations that were answered.
    pub operations: u64,
    /// Transactions that changed something, each with one sync of the log.
    pub commits: u64,
}

#[derive(Debug, Default)]
struct Counters {
    operations: AtomicU64,
    commits: AtomicU64,
}

impl SqliteStore {
    /// What was done since the store was opened.
    pub fn statistics(&self) -> Statistics {
        Statistics {
            operations: self.statistics.operations.load(Ordering::Relaxed),
            commits: self.statistics.commits.load(Ordering::Relaxed),
        }
    }

    fn write<T: Send + 'static>(
        &self,
        reply: Reply<T>,
        operation: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) {
        self.writer.submit(reply, operation);
    }

    fn read<T: Send + 'static>(
        &self,
        reply: Reply<T>,
        operation: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) {
        self.readers.submit(reply, operation);
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore")
            .field("statistics", &self.statistics())
            .finish_non_exhaustive()
    }
}
