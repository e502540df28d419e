use jeton_store::conformance;
use jeton_store_sqlite::{Options, SqliteStore};

#[test]
fn the_suite_of_all_stores_passes() {
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    conformance::run(&mut || {
        number += 1;
        let path = folder.path().join(format!("{number}.db"));
        Box::new(SqliteStore::open(&path, Options::default()).unwrap())
    });
}

#[test]
fn a_group_of_one_gives_the_same_answers() {
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    let options = Options {
        group: 1,
        readers: 1,
        ..Options::default()
    };
    conformance::run(&mut || {
        number += 1;
        let path = folder.path().join(format!("{number}.db"));
        Box::new(SqliteStore::open(&path, options).unwrap())
    });
}
