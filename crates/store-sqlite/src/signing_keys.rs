use jeton_store::signing_key::{Schedule, SigningKey};
use jeton_store::{Act, StoreError, from_text, instant};
use rusqlite::Row;

use crate::audit;
use crate::transaction::Transaction;

const MISSING: StoreError = StoreError::Missing {
    record: "signing key",
};

pub(crate) fn add(tx: &Transaction<'_>, key: &SigningKey, act: &Act) -> Result<(), StoreError> {
    let inserted = tx.insert(
        "INSERT INTO signing_key (key_id, algorithm, public, sealed_private, published_at, \
         active_from, retires_at, removed_at, revoked_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (
            &key.key_id,
            &key.algorithm,
            key.public.text(),
            &key.sealed_private,
            instant::to_millis(key.schedule.published_at),
            instant::to_millis(key.schedule.active_from),
            instant::to_millis(key.schedule.retires_at),
            instant::to_millis(key.schedule.removed_at),
            key.revoked_at.map(instant::to_millis),
        ),
    )?;
    if !inserted {
        return Err(StoreError::Taken {
            record: "signing key",
            field: "kid",
        });
    }
    audit::note(tx, act, "signing_key.added", &key.key_id)
}

pub(crate) fn all(tx: &Transaction<'_>) -> Result<Vec<SigningKey>, StoreError> {
    let rows = tx.all(
        "SELECT key_id, algorithm, public, sealed_private, published_at, active_from, \
         retires_at, removed_at, revoked_at FROM signing_key ORDER BY active_from, key_id",
        [],
        |row| Ok((row.get::<_, String>(2)?, without_public(row)?)),
    )?;
    rows.into_iter()
        .map(|(public, key)| Ok(key(from_text(&public, "signing key")?)))
        .collect()
}

fn without_public(
    row: &Row<'_>,
) -> rusqlite::Result<impl FnOnce(jeton_store::RawJson) -> SigningKey + use<>> {
    let (key_id, algorithm, sealed_private) = (row.get(0)?, row.get(1)?, row.get(3)?);
    let time = |column| row.get(column).map(instant::from_millis);
    let schedule = Schedule {
        published_at: time(4)?,
        active_from: time(5)?,
        retires_at: time(6)?,
        removed_at: time(7)?,
    };
    let revoked_at: Option<i64> = row.get(8)?;
    Ok(move |public| SigningKey {
        key_id,
        algorithm,
        public,
        sealed_private,
        schedule,
        revoked_at: revoked_at.map(instant::from_millis),
    })
}

pub(crate) fn reschedule(
    tx: &Transaction<'_>,
    key_id: &str,
    schedule: Schedule,
    act: &Act,
) -> Result<(), StoreError> {
    let changed = tx.change(
        "UPDATE signing_key SET published_at = ?2, active_from = ?3, retires_at = ?4, \
         removed_at = ?5 WHERE key_id = ?1",
        (
            key_id,
            instant::to_millis(schedule.published_at),
            instant::to_millis(schedule.active_from),
            instant::to_millis(schedule.retires_at),
            instant::to_millis(schedule.removed_at),
        ),
    )?;
    if changed == 0 {
        return Err(MISSING);
    }
    audit::note(tx, act, "signing_key.rescheduled", key_id)
}

pub(crate) fn revoke(tx: &Transaction<'_>, key_id: &str, act: &Act) -> Result<(), StoreError> {
    let changed = tx.change(
        "UPDATE signing_key SET revoked_at = coalesce(revoked_at, ?2), sealed_private = NULL \
         WHERE key_id = ?1",
        (key_id, act.millis()),
    )?;
    if changed == 0 {
        return Err(MISSING);
    }
    audit::note(tx, act, "signing_key.revoked", key_id)
}

pub(crate) fn erase_retired(tx: &Transaction<'_>, act: &Act) -> Result<u64, StoreError> {
    let erased = tx.all(
        "UPDATE signing_key SET sealed_private = NULL \
         WHERE sealed_private IS NOT NULL AND retires_at <= ?1 RETURNING key_id",
        [act.millis()],
        |row| row.get::<_, String>(0),
    )?;
    for key_id in &erased {
        audit::note(tx, act, "signing_key.erased", key_id)?;
    }
    Ok(u64::try_from(erased.len()).unwrap_or(u64::MAX))
}
