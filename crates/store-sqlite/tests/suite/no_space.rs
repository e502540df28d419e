//! The disk fills up: on a small file system of its own where one can be mounted without being
//! root, and by a limit of pages everywhere.

use std::path::Path;
use std::process::Command;

use jeton_store::grant::Rotation;
use jeton_store::{FamilyId, Grants as _, StoreError, conformance, wait};
use jeton_store_sqlite::{Options, SqliteStore};
use rusqlite::Connection;

use crate::child;
use crate::furniture::{act, at, fill, rotate, start};

/// Fills the store up; yields the place of the last event that was answered.
fn fill_up(store: &SqliteStore) -> u64 {
    let mut last = 0;
    for _ in 0..100_000 {
        match fill(store) {
            Ok(sequence) => last = sequence,
            Err(error) => {
                assert_eq!(error, StoreError::Full);
                return last;
            }
        }
    }
    panic!("it never fills up");
}

/// Without space nothing that was answered is lost, reading works, writing says why it does not.
fn check_full(store: &SqliteStore, last: u64) {
    assert_eq!(conformance::check_chain(store).len() as u64, last);
    let family = wait(|reply| store.family(FamilyId::new("f"), reply))
        .unwrap()
        .unwrap();
    assert!(family.is_live(at(10)));
    for _ in 0..20 {
        if let Err(error) = fill(store) {
            assert_eq!(error, StoreError::Full);
        }
    }
}

/// With space again it goes on as if nothing had been.
fn check_recovered(store: &SqliteStore) {
    let before = conformance::check_chain(store).len() as u64;
    for number in 1..=50 {
        assert_eq!(fill(store).unwrap(), before + number);
    }
    let answer = wait(|reply| store.rotate(rotate("f", 0), act(10), reply)).unwrap();
    assert_eq!(answer, Rotation::Rotated { generation: 1 });
    conformance::check_chain(store);
}

fn check_integrity(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let verdict: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(verdict, "ok");
}

#[test]
fn a_store_that_may_not_grow_says_so_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let small = Options {
        max_pages: Some(120),
        ..Options::default()
    };
    let store = SqliteStore::open(&path, small).unwrap();
    start(&store, "f");
    let last = fill_up(&store);
    assert!(last > 10, "{last}");
    check_full(
        &store,
        last.max(conformance::check_chain(&store).len() as u64),
    );
    drop(store);
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    check_recovered(&store);
    drop(store);
    check_integrity(&path);
}

#[test]
fn a_disk_that_is_full_is_said_and_survived() {
    let folder = tempfile::tempdir().unwrap();
    let script = "mount -t tmpfs -o size=3m tmpfs \"$0\" && echo mounted && exec \"$@\"";
    let mut unshare = Command::new("unshare");
    unshare
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script])
        .arg(folder.path());
    let test = "no_space::on_a_small_disk";
    let Some(output) = child::run(&mut unshare, test, folder.path()) else {
        println!("skipped: there is no `unshare`");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout);
    if !said.starts_with("mounted") {
        println!("skipped: no file system can be mounted here");
        return;
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    assert!(said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "run by another test, on a disk of its own"]
fn on_a_small_disk() {
    let folder = child::folder();
    let path = folder.join("store.db");
    let ballast = folder.join("ballast");
    std::fs::write(&ballast, vec![1; 1024 * 1024]).unwrap();
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    start(&store, "f");
    let last = fill_up(&store);
    check_full(&store, last);
    // Opened without space, what is there can be read.
    drop(store);
    if let Ok(store) = SqliteStore::open(&path, Options::default()) {
        assert!(conformance::check_chain(&store).len() as u64 >= last);
    }
    std::fs::remove_file(&ballast).unwrap();
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    check_recovered(&store);
    // And without being opened again.
    std::fs::write(&ballast, vec![1; 512 * 1024]).unwrap_or_default();
    fill_up(&store);
    std::fs::remove_file(&ballast).unwrap();
    let before = conformance::check_chain(&store).len() as u64;
    assert_eq!(fill(&store).unwrap(), before + 1);
    drop(store);
    check_integrity(&path);
}
