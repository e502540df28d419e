//! SIGKILL at random points during thousands of concurrent sign-ins, refreshes and revocations. It
//! says nothing about the disk: the syncs are counted elsewhere.
//!
//! `JETON_FAULTS_ROUNDS` has it go on for longer, `JETON_FAULTS_SEED` throws the same dice again.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::Ordering;
use std::time::Duration;

use jeton_store::account::Account;
use jeton_store::audit::Head;
use jeton_store::{Accounts as _, conformance, wait};
use jeton_store_sqlite::SqliteStore;

use crate::crowd::{Counts, Dice, Worker};
use crate::http::Connection;
use crate::life::{Life, State, Way, is_active};
use crate::served::{Place, Served, as_gateway, grant_code};

const ROUNDS: u64 = 12;
const WORKERS: u64 = 16;
/// Codes for each worker and round.
const CODES: u64 = 6;

#[test]
fn nothing_that_was_answered_is_lost_or_counts_twice_when_the_process_is_killed() {
    let seed = number("JETON_FAULTS_SEED");
    let seed = seed.unwrap_or_else(|| RandomState::new().hash_one("seed") >> 16);
    let rounds = number("JETON_FAULTS_ROUNDS").unwrap_or(ROUNDS);
    println!("JETON_FAULTS_SEED={seed}");
    let folder = tempfile::tempdir().unwrap();
    // Each has an account: more sign-ins to one at once than a person makes have to wait.
    let names: Vec<String> = (0..WORKERS).map(|number| format!("ada-{number}")).collect();
    let mut proof = Proof::new(Place::new(folder.path(), &names), names, seed);
    for round in 0..rounds {
        proof.prepare(round);
        let served = proof.place.start();
        proof.check(&served);
        proof.load_and_kill(served);
    }
    proof.look_into_the_store();
    let served = proof.place.start();
    proof.check(&served);
    served.kill();
    proof.check_without_grace();
    proof.say(rounds);
}

struct Proof {
    place: Place,
    dice: Dice,
    workers: Vec<Worker>,
    counts: Counts,
    audit: Head,
    accounts: Vec<Account>,
    revocations: Vec<String>,
    lost_answers: u64,
    replays: u64,
}

impl Proof {
    fn new(place: Place, names: Vec<String>, seed: u64) -> Self {
        let accounts = accounts(&place.store());
        let dice = Dice::new(seed);
        let worker = |(name, number): (String, u64)| Worker {
            lives: Vec::new(),
            codes: Vec::new(),
            name,
            dice: Dice::new(seed ^ (number << 32)),
        };
        Self {
            place,
            dice,
            workers: names.into_iter().zip(1..).map(worker).collect(),
            counts: Counts::default(),
            audit: Head::empty(),
            accounts,
            revocations: Vec::new(),
            lost_answers: 0,
            replays: 0,
        }
    }

    /// While there is no process: looks into the store, and leaves new codes there.
    fn prepare(&mut self, round: u64) {
        self.look_into_the_store();
        let store = self.place.store();
        for (number, worker) in self.workers.iter_mut().enumerate() {
            worker.codes = (0..CODES)
                .map(|code| format!("code-{round}-{number}-{code}"))
                .collect();
            for code in &worker.codes {
                grant_code(&store, code, &worker.name);
            }
        }
    }

    /// The audit chain holds and goes on from where it was, and the accounts are what they were.
    fn look_into_the_store(&mut self) {
        let store = self.place.store();
        let entries = conformance::check_chain(&store);
        if self.audit.sequence > 0 {
            let known = usize::try_from(self.audit.sequence - 1).unwrap();
            assert_eq!(
                entries[known].hash, self.audit.hash,
                "the chain was rewritten"
            );
        }
        self.audit = entries
            .last()
            .map_or(Head::empty(), jeton_store::audit::Entry::head);
        assert_eq!(accounts(&store), self.accounts);
    }

    /// Lets all work, and kills the service after it has answered some random number of times.
    fn load_and_kill(&mut self, served: Served) {
        let enough = self.counts.all() + 20 + self.dice.below(600);
        let moment = Duration::from_micros(self.dice.below(3000));
        let authority = served.authority.clone();
        let (workers, counts) = (&mut self.workers, &self.counts);
        std::thread::scope(|scope| {
            let threads: Vec<_> = workers
                .iter_mut()
                .map(|worker| scope.spawn(|| worker.work(&authority, counts)))
                .collect();
            while counts.all() < enough {
                let is_over = threads
                    .iter()
                    .any(std::thread::ScopedJoinHandle::is_finished);
                assert!(!is_over, "a worker ended: {}", self.place.log());
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(moment);
            served.kill();
        });
    }

    /// All that was answered before the kill still counts, and nothing counts twice.
    fn check(&mut self, served: &Served) {
        let mut connection = served.connect();
        self.check_revocations(&mut connection);
        for worker in &mut self.workers {
            for life in &mut worker.lives {
                for access in &life.revoked {
                    let counts = life.counts(&mut connection, access).unwrap();
                    assert!(!counts, "a revocation was forgotten: {life:?}");
                }
                match life.state {
                    State::Live => check_live(&mut connection, life),
                    State::Refreshing => {
                        self.lost_answers += 1;
                        check_lost_answer(&mut connection, life);
                    }
                    // It is or is not; asked again, it is.
                    State::Revoking => life.revoke(&mut connection).unwrap(),
                    State::Revoked => check_dead(&mut connection, life),
                }
            }
            worker
                .lives
                .retain(|life| life.state == State::Live || self.dice.below(4) > 0);
            for life in &mut worker.lives {
                let is_put_to_the_proof = life.tokens.len() > 3 && self.dice.below(6) == 0;
                if life.state == State::Live && is_put_to_the_proof {
                    check_replay(&mut connection, life, life.tokens.len() - 3);
                    self.replays += 1;
                }
            }
        }
        // Who replayed ended themselves, and nobody else.
        for life in self.workers.iter_mut().flat_map(|worker| &mut worker.lives) {
            if life.state == State::Live {
                let counts = life.counts(&mut connection, &life.access).unwrap();
                assert!(counts || life.is_doubtful(), "{life:?}");
                life.refresh(&mut connection).unwrap();
                life.last = None;
            }
        }
    }

    /// What the log of revocations said once, it says for ever.
    fn check_revocations(&mut self, connection: &mut Connection) {
        let answer = connection.get("/revocations?after=0&wait=0", &as_gateway());
        let answer = answer.unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        let mut lines: Vec<String> = answer.text.lines().map(str::to_owned).collect();
        // The last one is a heartbeat.
        lines.pop();
        assert!(lines.starts_with(&self.revocations), "the log went back");
        self.revocations = lines;
    }

    /// With no grace, the token before the last one is a replay as well.
    fn check_without_grace(&mut self) {
        self.place.configure("off");
        let served = self.place.start();
        let mut connection = served.connect();
        let lives = self.workers.iter_mut().flat_map(|worker| &mut worker.lives);
        let mut live: Vec<&mut Life> = lives.filter(|life| life.state == State::Live).collect();
        assert!(live.len() > 8, "too few are left");
        for (number, life) in live.iter_mut().enumerate() {
            if number % 2 == 0 {
                check_replay(&mut connection, life, life.tokens.len() - 2);
                self.replays += 1;
            }
        }
        for life in live.iter_mut().filter(|life| life.state == State::Live) {
            life.refresh(&mut connection).unwrap();
        }
        served.kill();
    }

    fn say(&self, rounds: u64) {
        let of = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        println!(
            "{rounds} kills; answered: {} sign-ins, {} codes, {} refreshes, {} revocations; {} \
             answers to a refresh were lost and came again, {} replays ended their own family; {} \
             entries in the revocation log, {} in the audit chain",
            of(&self.counts.sign_ins),
            of(&self.counts.redemptions),
            of(&self.counts.refreshes),
            of(&self.counts.revocations),
            self.lost_answers,
            self.replays,
            self.revocations.len(),
            self.audit.sequence
        );
        assert!(self.counts.all() > rounds * 20, "too little happened");
        assert!(self.replays > 0 && !self.revocations.is_empty());
    }
}

fn accounts(store: &SqliteStore) -> Vec<Account> {
    wait(|reply| store.accounts(None, 100, reply)).unwrap()
}

/// The last token that was answered is the one that counts; the one before it gets the very answer
/// that it got before the kill.
fn check_live(connection: &mut Connection, life: &mut Life) {
    if life.way == Way::Code {
        assert!(
            is_active(connection, life.token()).unwrap(),
            "a token was lost: {life:?}"
        );
    }
    if let Some(last) = life.last.take() {
        let before = &life.tokens[life.tokens.len() - 2];
        let again = life.present(connection, before).unwrap();
        assert_eq!((again.status, again.text), (200, last), "{life:?}");
    }
}

/// Nobody knows whether it was refreshed. Asked again, it was, once.
fn check_lost_answer(connection: &mut Connection, life: &mut Life) {
    let token = life.token().to_owned();
    let first = life.refresh(connection).unwrap();
    let again = life.present(connection, &token).unwrap();
    assert_eq!((again.status, again.text), (200, first.text), "{life:?}");
    life.last = None;
}

/// A token that was replaced ends its own family.
fn check_replay(connection: &mut Connection, life: &mut Life, at: usize) {
    let answer = life.present(connection, &life.tokens[at]).unwrap();
    assert!(matches!(answer.status, 400 | 401), "{answer:?}");
    life.state = State::Revoked;
    life.revoked.push(life.access.clone());
    check_dead(connection, life);
}

fn check_dead(connection: &mut Connection, life: &Life) {
    let answer = life.present(connection, life.token()).unwrap();
    assert!(matches!(answer.status, 400 | 401), "{life:?} {answer:?}");
    if life.way == Way::Code {
        assert_eq!(answer.string("error"), "invalid_grant");
        assert!(!is_active(connection, life.token()).unwrap());
    }
    let counts = life.counts(connection, &life.access).unwrap();
    assert!(!counts, "{life:?}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs tests may ask for more"
)]
pub(crate) fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap())
}
