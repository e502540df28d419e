use jeton_store::{StoreError, UnixTime, instant};

use crate::transaction::Transaction;

pub(crate) fn admit(
    tx: &Transaction<'_>,
    name: &str,
    expires_at: UnixTime,
    now: UnixTime,
) -> Result<bool, StoreError> {
    let admitted = tx.change(
        "INSERT INTO once (name, expires_at) VALUES (?1, ?2) \
         ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at WHERE once.expires_at <= ?3",
        (
            name,
            instant::to_millis(expires_at),
            instant::to_millis(now),
        ),
    )?;
    Ok(admitted > 0)
}
