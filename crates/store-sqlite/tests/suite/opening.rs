use jeton_store::{AuditLog as _, StoreError, wait};
use jeton_store_sqlite::{Options, SqliteStore};
use rusqlite::Connection;

use crate::furniture::{fill, start};

#[test]
fn one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let first = SqliteStore::open(&path, Options::default()).unwrap();
    let second = SqliteStore::open(&path, Options::default());
    assert_eq!(second.err(), Some(StoreError::Locked));
    drop(first);
    assert!(SqliteStore::open(&path, Options::default()).is_ok());
}

#[test]
fn what_was_written_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    for expected in 1..4 {
        let store = SqliteStore::open(&path, Options::default()).unwrap();
        assert_eq!(fill(&store).unwrap(), expected);
    }
}

#[test]
fn files_of_others_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.db");
    let connection = Connection::open(&other).unwrap();
    connection.execute_batch("CREATE TABLE thing (x)").unwrap();
    drop(connection);
    let answer = SqliteStore::open(&other, Options::default());
    assert!(
        matches!(answer, Err(StoreError::Unavailable { .. })),
        "{answer:?}"
    );

    let newer = folder.path().join("newer.db");
    drop(SqliteStore::open(&newer, Options::default()).unwrap());
    let connection = Connection::open(&newer).unwrap();
    connection
        .execute_batch("PRAGMA user_version = 999")
        .unwrap();
    drop(connection);
    let answer = SqliteStore::open(&newer, Options::default());
    assert!(
        matches!(answer, Err(StoreError::Unavailable { .. })),
        "{answer:?}"
    );

    let garbage = folder.path().join("garbage.db");
    std::fs::write(&garbage, "x".repeat(10_000)).unwrap();
    let answer = SqliteStore::open(&garbage, Options::default());
    assert_eq!(
        answer.err(),
        Some(StoreError::Corrupt { record: "database" })
    );

    let nowhere = folder.path().join("no folder/store.db");
    assert!(SqliteStore::open(&nowhere, Options::default()).is_err());
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    start(&store, "f");
    for name in ["store.db", "store.db-wal"] {
        let mode = std::fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn the_audit_log_cannot_be_changed_and_forgery_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    for _ in 0..3 {
        fill(&store).unwrap();
    }
    drop(store);
    let connection = Connection::open(&path).unwrap();
    let forge = "UPDATE audit SET event = replace(event, 'disk.filled', 'disk.wiped') \
                 WHERE sequence = 2";
    assert!(connection.execute_batch(forge).is_err());
    assert!(connection.execute_batch("DELETE FROM audit").is_err());
    connection
        .execute_batch("DROP TRIGGER audit_is_not_changed")
        .unwrap();
    connection.execute_batch(forge).unwrap();
    drop(connection);
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    let entries = wait(|reply| store.audit_after(0, 10, reply)).unwrap();
    let mut head = jeton_store::audit::Head::empty();
    let broken = entries.iter().find_map(|entry| head.check(entry).err());
    assert_eq!(broken.map(|broken| broken.sequence), Some(2));
}
