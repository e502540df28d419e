use std::sync::mpsc;

use jeton_store::grant::Rotation;
use jeton_store::{AuditLog as _, FamilyId, Grants as _, Reply, StoreError, conformance, wait};
use jeton_store_sqlite::{Options, SqliteStore};

use crate::furniture::{act, answer, at, fill, rotate, start};

fn open(folder: &tempfile::TempDir, options: Options) -> SqliteStore {
    SqliteStore::open(&folder.path().join("store.db"), options).unwrap()
}

#[test]
fn what_waits_together_shares_a_sync() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder, Options::default());
    for name in 0..100 {
        start(&store, &name.to_string());
    }
    let before = store.statistics();
    let (sender, receiver) = mpsc::channel();
    for name in 0..100 {
        let sender = sender.clone();
        let rotate = rotate(&name.to_string(), 0);
        let reply = Reply::new(move |answer| sender.send(answer).unwrap());
        store.rotate(rotate, act(10), reply);
    }
    drop(sender);
    let answers: Vec<_> = receiver.iter().collect();
    assert_eq!(answers, vec![Ok(Rotation::Rotated { generation: 1 }); 100]);
    let after = store.statistics();
    assert_eq!(after.operations - before.operations, 100);
    let commits = after.commits - before.commits;
    assert!(commits < 50, "{commits} syncs for 100 operations");
}

#[test]
fn an_operation_that_fails_fails_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder, Options::default());
    start(&store, "there");
    let (sender, receiver) = mpsc::channel();
    for name in 0..60 {
        let sender = sender.clone();
        let name = match name % 3 {
            0 => "there".to_owned(),
            _ => format!("new {name}"),
        };
        let family = crate::furniture::family(&name);
        let reply = Reply::new(move |answer| sender.send((name, answer)).unwrap());
        store.start_family(family, act(0), reply);
    }
    drop(sender);
    let mut taken = 0;
    for (name, answer) in receiver {
        if name == "there" {
            assert!(matches!(answer, Err(StoreError::Taken { .. })));
            taken += 1;
            continue;
        }
        assert_eq!(answer, Ok(()));
        let id = FamilyId::new(name);
        assert!(wait(|reply| store.family(id, reply)).unwrap().is_some());
    }
    assert_eq!(taken, 20);
    // Those that failed left no event.
    assert_eq!(conformance::check_chain(&store).len(), 43);
}

#[test]
fn who_was_answered_reads_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder, Options::default());
    start(&store, "f");
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let store = &store;
            scope.spawn(move || {
                let name = format!("own {thread}");
                start(store, &name);
                for generation in 0..50 {
                    let rotate = rotate(&name, generation);
                    wait(|reply| store.rotate(rotate, act(10), reply)).unwrap();
                    let id = FamilyId::new(name.clone());
                    let family = wait(|reply| store.family(id, reply)).unwrap().unwrap();
                    assert_eq!(family.generation, generation + 1);
                    assert_eq!(family.rotated_at, Some(at(10)));
                }
            });
        }
    });
}

#[test]
fn a_full_queue_answers_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        queue: 4,
        ..Options::default()
    };
    let store = open(&folder, options);
    start(&store, "f");
    let (sender, receiver) = mpsc::channel();
    for _ in 0..2000 {
        let sender = sender.clone();
        let reply = Reply::new(move |answer| sender.send(answer).unwrap());
        store.rotate(rotate("f", 0), act(10), reply);
    }
    drop(sender);
    let answers: Vec<_> = receiver.iter().collect();
    assert_eq!(answers.len(), 2000, "everybody is answered");
    let same = Rotation::Replayed {
        sealed_answer: answer("f", 0),
    };
    let mut refused = 0;
    for answer in answers {
        match answer {
            Ok(Rotation::Rotated { generation: 1 }) => {}
            Ok(replayed) => assert_eq!(replayed, same),
            Err(error) => {
                assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
                refused += 1;
            }
        }
    }
    assert!(refused > 0, "four places do not hold two thousand");
}

#[test]
fn a_store_that_is_dropped_answers_what_waits() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder, Options::default());
    let (sender, receiver) = mpsc::channel();
    for _ in 0..50 {
        let sender = sender.clone();
        let event = jeton_store::audit::Event::new(&act(0), "thing.done", "x");
        let reply = Reply::new(move |answer| sender.send(answer).unwrap());
        store.append_audit(event, reply);
    }
    drop((sender, store));
    let answered = receiver.iter().flatten().count();
    assert_eq!(answered, 50);
    let store = open(&folder, Options::default());
    assert_eq!(fill(&store).unwrap(), 51);
}
