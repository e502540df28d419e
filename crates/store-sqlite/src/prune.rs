use jeton_store::{StoreError, UnixTime, instant};

use crate::transaction::Transaction;

/// The most records of a table that go at once, so that no other operation waits long.
const AT_ONCE: u32 = 1000;

/// How long a redeemed code is kept after its time, to find out that it comes again; how long a
/// family is, to tell an old token from an unknown one.
const MEMORY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// A table, its key, when a record of it has no use any more (`?1` is now, `?2` a day ago).
const TABLES: [(&str, &str, &str); 6] = [
    ("code", "hash", "expires_at <= ?2"),
    ("family", "id", "expires_at <= ?2"),
    (
        "session",
        "id",
        "min(expires_at, idle_expires_at) <= ?1 AND ?2 < ?1",
    ),
    ("ticket", "hash", "expires_at <= ?1 AND ?2 < ?1"),
    ("once", "name", "expires_at <= ?1 AND ?2 < ?1"),
    ("revocation", "sequence", "expires_at <= ?1 AND ?2 < ?1"),
];

pub(crate) fn run(tx: &Transaction<'_>, now: UnixTime) -> Result<u64, StoreError> {
    let now = instant::to_millis(now);
    let mut gone = 0;
    for (table, key, lapsed) in TABLES {
        let sql = format!(
            "DELETE FROM {table} WHERE {key} IN \
             (SELECT {key} FROM {table} WHERE {lapsed} LIMIT {AT_ONCE})"
        );
        gone += tx.change(&sql, (now, now.saturating_sub(MEMORY_MILLIS)))?;
    }
    Ok(gone)
}
