//! The modules of the OpenID conformance suite's plans, done anew by their names: what each does
//! and checks is taken from its public description and from the specifications. A test passes if
//! the service does what its row of the [`table`] says, and a row without a test is an error.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

#[expect(dead_code, reason = "the other suite uses what is left")]
#[path = "../suite/browser.rs"]
mod browser;
#[expect(dead_code, reason = "the other suite uses what is left")]
#[path = "../suite/house.rs"]
mod house;

mod basic;
mod basic_requests;
mod config;
mod logout;
mod relying_party;
mod rotation;
mod table;

use std::collections::BTreeSet;
use std::process::Command;

#[test]
fn the_reference_says_what_the_table_says() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/reference/conformance.md"
    );
    let written = std::fs::read_to_string(path).unwrap();
    assert!(written == table::page(), "`cargo xtask gen` writes it anew");
}

#[test]
fn each_row_has_its_test_and_each_test_its_row() {
    let listed = Command::new(std::env::current_exe().unwrap())
        .args(["--list", "--format=terse"])
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let tests: BTreeSet<String> = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test")?.rsplit("::").next())
        .filter(|name| name.starts_with("oidcc_"))
        .map(str::to_owned)
        .collect();
    let modules = || table::PLANS.iter().flat_map(|plan| plan.modules);
    let rows: BTreeSet<String> = modules().map(|row| row.name.replace('-', "_")).collect();
    assert_eq!(tests, rows);
    assert_eq!(modules().count(), rows.len(), "a name stands twice");
}
