//! An answer waits for the disk: the syncs that the system was asked for, counted from outside.

use std::io::Write as _;
use std::process::Command;

use jeton_store_sqlite::{Options, SqliteStore};

use crate::child;
use crate::furniture::fill;

const OPERATIONS: u64 = 40;

#[test]
fn each_answer_waits_for_a_sync() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-e", "trace=fsync,fdatasync,write", "-s", "16", "-o"])
        .arg(&trace);
    let Some(output) = child::run(&mut strace, "syncs::traced", folder.path()) else {
        println!("skipped: there is no `strace`");
        return;
    };
    let trace = std::fs::read_to_string(&trace).unwrap_or_default();
    if !trace.contains("write(") {
        println!("skipped: nothing can be traced here");
        return;
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let (mut answers, mut syncs) = (0, 0);
    for line in trace.lines() {
        if line.contains("sync(") {
            syncs += 1;
        }
        if line.contains("\"begin") {
            syncs = 0;
        }
        if line.contains("\"answered ") {
            assert!(syncs > 0, "answer {answers} came before its sync");
            answers += 1;
            syncs = 0;
        }
    }
    assert_eq!(answers, OPERATIONS);
}

#[test]
#[ignore = "run by another test, which traces it"]
fn traced() {
    let path = child::folder().join("store.db");
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    // What opening synced is not to count for the first answer.
    fill(&store).unwrap();
    let mut out = std::io::stdout();
    out.write_all(b"begin\n").unwrap();
    for number in 0..OPERATIONS {
        fill(&store).unwrap();
        out.write_all(format!("answered {number}\n").as_bytes())
            .unwrap();
    }
    assert_eq!(store.statistics().commits, OPERATIONS + 1);
}
