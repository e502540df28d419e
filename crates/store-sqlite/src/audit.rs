use jeton_store::audit::{Entry, Event, Head};
use jeton_store::{Act, Sha256, StoreError, from_text, to_text};
use rusqlite::Row;

use crate::transaction::Transaction;

/// Appends what an act did; every change calls it.
pub(crate) fn note(
    tx: &Transaction<'_>,
    act: &Act,
    action: &str,
    target: &str,
) -> Result<(), StoreError> {
    append(tx, Event::new(act, action, target)).map(drop)
}

pub(crate) fn append(tx: &Transaction<'_>, event: Event) -> Result<Head, StoreError> {
    let entry = head(tx)?.next(event)?;
    tx.change(
        "INSERT INTO audit (sequence, event, hash) VALUES (?1, ?2, ?3)",
        (
            entry.sequence.cast_signed(),
            to_text(&entry.event)?,
            entry.hash.as_bytes(),
        ),
    )?;
    Ok(entry.head())
}

pub(crate) fn head(tx: &Transaction<'_>) -> Result<Head, StoreError> {
    let last = tx.one(
        "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1",
        [],
        |row| {
            Ok(Head {
                sequence: row.get::<_, i64>(0)?.cast_unsigned(),
                hash: Sha256::from_bytes(row.get(1)?),
            })
        },
    )?;
    Ok(last.unwrap_or_else(Head::empty))
}

pub(crate) fn after(
    tx: &Transaction<'_>,
    sequence: u64,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let rows = tx.all(
        "SELECT sequence, event, hash FROM audit WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
        (sequence.cast_signed(), limit),
        |row: &Row<'_>| {
            let sequence = row.get::<_, i64>(0)?.cast_unsigned();
            let hash = Sha256::from_bytes(row.get(2)?);
            Ok((sequence, row.get::<_, String>(1)?, hash))
        },
    )?;
    rows.into_iter()
        .map(|(sequence, event, hash)| {
            let event = from_text(&event, "audit event")?;
            Ok(Entry {
                sequence,
                event,
                hash,
            })
        })
        .collect()
}
