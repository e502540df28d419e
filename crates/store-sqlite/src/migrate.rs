use jeton_store::StoreError;
use rusqlite::Connection;

use crate::error;

/// Marks the file as ours: "jetn".
const APPLICATION_ID: i64 = 0x6a65_746e;

/// What makes each version from the one before. A script that was released is never changed.
const SCRIPTS: [&str; 1] = [include_str!("schema.sql")];

/// Brings the file to the newest version, all steps or none.
pub(crate) fn run(connection: &Connection) -> Result<(), StoreError> {
    let read = |name: &str| {
        connection
            .query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0))
            .map_err(error::from)
    };
    let version = read("user_version")?;
    let is_ours = read("application_id")? == APPLICATION_ID;
    let is_empty = version == 0 && read("schema_version")? == 0;
    if !is_ours && !is_empty {
        return Err(StoreError::Unavailable {
            why: "the file is a database of something else",
        });
    }
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    let Some(missing) = SCRIPTS.get(done..) else {
        return Err(StoreError::Unavailable {
            why: "the file was written by a newer version",
        });
    };
    if missing.is_empty() {
        return Ok(());
    }
    let script = format!(
        "BEGIN EXCLUSIVE; {} PRAGMA application_id = {APPLICATION_ID}; \
         PRAGMA user_version = {}; COMMIT;",
        missing.concat(),
        SCRIPTS.len()
    );
    let done = connection.execute_batch(&script).map_err(error::from);
    if done.is_err() && !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK").map_err(error::from)?;
    }
    done
}
