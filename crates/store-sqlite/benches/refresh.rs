//! Durable refreshes a second, by how many are under way at once.
//!
//! One line a load: refreshes a second, how many shared one sync of the disk, how long one waited
//! (median and 99th percentile), processor time each. Runs in the folder of temporary files, so
//! `TMPDIR` chooses the disk.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock, and stops where something fails"
)]

#[path = "../tests/suite/furniture.rs"]
#[expect(
    clippy::unwrap_used,
    dead_code,
    reason = "what the tests start from, which is more than is measured"
)]
mod furniture;

use std::sync::mpsc;
use std::time::{Duration, Instant};

use jeton_store::grant::{Grant, NewFamily, Rotate, Rotation};
use jeton_store::{FamilyId, Grants as _, Reply, wait};
use jeton_store_sqlite::{Options, SqliteStore};

use furniture::{act, furnish, grant};

/// How long each load lasts.
const LASTS: Duration = Duration::from_secs(4);
/// How many sign-ins there are; refreshes come from all of them in turn.
const FAMILIES: usize = 20_000;
const LOADS: [usize; 5] = [1, 4, 16, 64, 256];

fn main() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path, Options::default()).expect("the store opens");
    let families: Vec<String> = (0..FAMILIES).map(|name| format!("family-{name}")).collect();
    furnish(&store);
    start(&store, &families);
    let mut generations = vec![0; FAMILIES];
    println!("{FAMILIES} families, answers of 1 kB, WAL, synchronous=FULL");
    println!("under way | refreshes/s | per sync |   p50 µs |   p99 µs | cpu µs each");
    for load in LOADS {
        measure(&store, &families, &mut generations, load);
    }
}

fn measure(store: &SqliteStore, families: &[String], generations: &mut [u64], load: usize) {
    let (sender, receiver) = mpsc::channel();
    let mut turns = (0..families.len()).cycle();
    let mut submit = |generations: &[u64]| {
        let turn = turns.next().expect("there is always a next turn");
        let sender = sender.clone();
        let begun = Instant::now();
        let reply = Reply::new(move |answer| drop(sender.send((turn, begun.elapsed(), answer))));
        store.rotate(rotate(&families[turn], generations[turn]), act(0), reply);
    };
    let before = store.statistics();
    let (cpu, begun) = (cpu_ticks(), Instant::now());
    for _ in 0..load {
        submit(generations);
    }
    let mut waits = Vec::new();
    let mut under_way = load;
    while under_way > 0 {
        let (turn, waited, answer) = receiver.recv().expect("each is answered");
        assert!(matches!(answer, Ok(Rotation::Rotated { .. })), "{answer:?}");
        generations[turn] += 1;
        waits.push(waited);
        if begun.elapsed() < LASTS {
            submit(generations);
        } else {
            under_way -= 1;
        }
    }
    let lasted = begun.elapsed();
    let cpu = f64::from(cpu_ticks() - cpu) * 10_000.0;
    let commits = store.statistics().commits - before.commits;
    waits.sort_unstable();
    let count = f64::from(u32::try_from(waits.len()).expect("fewer than four billion"));
    let commits = f64::from(u32::try_from(commits).expect("fewer than four billion"));
    println!(
        "{load:>9} | {:>11.0} | {:>8.1} | {:>8} | {:>8} | {:>11.0}",
        count / lasted.as_secs_f64(),
        count / commits,
        waits[waits.len() / 2].as_micros(),
        waits[waits.len() * 99 / 100].as_micros(),
        cpu / count,
    );
}

/// Processor time of this process in hundredths of a second; 0 where there is no `/proc`.
fn cpu_ticks() -> u32 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields = after_name.split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<u32>().ok()).sum()
}

fn start(store: &SqliteStore, families: &[String]) {
    let (sender, receiver) = mpsc::channel();
    for chunk in families.chunks(500) {
        for name in chunk {
            let sender = sender.clone();
            let reply = Reply::new(move |answer| drop(sender.send(answer)));
            store.start_family(family(name), act(0), reply);
        }
        let answers = receiver.iter().take(chunk.len());
        assert!(answers.into_iter().all(|answer| answer.is_ok()));
    }
    let one = FamilyId::new(families[0].as_str());
    let there = wait(|reply| store.family(one, reply)).expect("the store answers");
    assert!(there.is_some());
}

/// A family that belongs to no session.
fn family(name: &str) -> NewFamily {
    NewFamily {
        grant: Grant {
            session: None,
            offline: true,
            ..grant()
        },
        ..furniture::family(name)
    }
}

/// A refresh with an answer of 1 kB.
fn rotate(name: &str, generation: u64) -> Rotate {
    Rotate {
        sealed_answer: vec![b'x'; 1000],
        ..furniture::rotate(name, generation)
    }
}
