//! Many connections that sign in, refresh and revoke at once, until the service is gone.

use std::io::Result;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::http::Connection;
use crate::life::{Life, State};

/// Those that a worker keeps going at the same time.
const MOST_LIVE: usize = 8;

/// What was answered.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) sign_ins: AtomicU64,
    pub(crate) redemptions: AtomicU64,
    pub(crate) refreshes: AtomicU64,
    pub(crate) revocations: AtomicU64,
}

impl Counts {
    pub(crate) fn all(&self) -> u64 {
        let all = [
            &self.sign_ins,
            &self.redemptions,
            &self.refreshes,
            &self.revocations,
        ];
        all.map(|one| one.load(Ordering::Relaxed)).iter().sum()
    }
}

/// An xorshift: what a seed leads to is the same each time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number below `most`.
    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % most
    }

    fn pick(&mut self, length: usize) -> usize {
        usize::try_from(self.below(u64::try_from(length).unwrap())).unwrap()
    }
}

/// One of the crowd.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) lives: Vec<Life>,
    pub(crate) codes: Vec<String>,
    pub(crate) name: String,
    pub(crate) dice: Dice,
}

impl Worker {
    /// Works until an answer stays away.
    pub(crate) fn work(&mut self, authority: &str, counts: &Counts) {
        let Ok(mut connection) = Connection::open(authority) else {
            return;
        };
        while self.step(&mut connection, counts).is_ok() {}
    }

    fn step(&mut self, connection: &mut Connection, counts: &Counts) -> Result<()> {
        let live: Vec<usize> = (0..self.lives.len())
            .filter(|at| self.lives[*at].state == State::Live)
            .collect();
        let die = self.dice.below(100);
        let counter = if live.len() < 2 || (die < 15 && live.len() < MOST_LIVE) {
            self.begin(connection, die, counts)?
        } else {
            let life = &mut self.lives[live[self.dice.pick(live.len())]];
            match die {
                0..80 => {
                    life.refresh(connection)?;
                    &counts.refreshes
                }
                80..90 => {
                    life.revoke(connection)?;
                    &counts.revocations
                }
                _ => {
                    life.revoke_access(connection)?;
                    &counts.revocations
                }
            }
        };
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn begin<'c>(
        &mut self,
        connection: &mut Connection,
        die: u64,
        counts: &'c Counts,
    ) -> Result<&'c AtomicU64> {
        let code = self.codes.pop().filter(|_| !die.is_multiple_of(3));
        let (life, counter) = match code {
            Some(code) => (Life::by_code(connection, &code)?, &counts.redemptions),
            None => (Life::by_password(connection, &self.name)?, &counts.sign_ins),
        };
        self.lives.push(life);
        Ok(counter)
    }
}
