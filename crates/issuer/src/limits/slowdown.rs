use core::fmt;
use std::net::IpAddr;
use std::time::Duration;

use jeton_jose::UnixTime;

use super::device::DeviceId;
use super::table::{Entry, Key, Table};
use super::{ENTRIES, Seed, key, nanoseconds, network};

/// Growing waits after failed sign-ins.
///
/// Failures count by account and by address; a device in which the account signed in before has a
/// count of its own, and nothing else counts there. So somebody who guesses without end slows
/// guessing down, and neither the person in front of a known device nor, for long, the person in
/// front of a new one: who is told to wait for an account has an appointment, at most the cap away,
/// that further failures of others do not move. What an attacker gains by appointments is one guess
/// for each address and cap.
///
/// An attempt is counted when it begins, so that many at once gain nothing, and taken back when it
/// succeeds. Who shares the address of somebody that guesses without end may be kept waiting on a
/// new device; a password reset by mail makes it a known one.
pub struct Slowdown {
    seed: Seed,
    accounts: Counter,
    addresses: Counter,
    devices: Counter,
    appointments: Table,
}

/// Whether a password may be looked at.
#[derive(Debug)]
pub enum Admission {
    /// It may. Say what became of it.
    Go(Attempt),
    /// Not before this long. The answer is the same whether there is such an account.
    Wait(Duration),
}

/// An attempt that is under way and counted as a failure so far.
#[derive(Debug)]
#[must_use = "say what became of it"]
pub struct Attempt(Who);

#[derive(Clone, Copy, Debug)]
enum Who {
    Known { device: Key },
    Unknown { account: Key, address: Key },
}

/// Failures by key. An entry expires when all are forgotten: `wait + count * recovery` after the
/// last one.
struct Counter {
    table: Table,
    growth: Growth,
}

/// How waits grow, in nanoseconds.
#[derive(Clone, Copy)]
struct Growth {
    /// So many failures cost nothing.
    free: u64,
    /// The longest wait.
    cap: u64,
    /// After the wait, one failure is forgotten in each.
    recovery: u64,
}

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
/// The longest anybody waits.
const CAP: u64 = 15 * MINUTE;

const ACCOUNT: Growth = Growth {
    free: 5,
    cap: CAP,
    recovery: 5 * MINUTE,
};
/// Several people have one address.
const ADDRESS: Growth = Growth {
    free: 20,
    cap: MINUTE,
    recovery: MINUTE,
};
const DEVICE: Growth = Growth {
    free: 10,
    cap: CAP,
    recovery: 5 * MINUTE,
};

impl Slowdown {
    /// The longest wait.
    pub const CAP: Duration = Duration::from_nanos(CAP);

    /// With a secret seed from the caller's randomness.
    pub fn new(seed: [u8; 32]) -> Self {
        let counter = |growth| Counter {
            table: Table::new(ENTRIES),
            growth,
        };
        Self {
            seed,
            accounts: counter(ACCOUNT),
            addresses: counter(ADDRESS),
            devices: counter(DEVICE),
            appointments: Table::new(ENTRIES),
        }
    }

    /// Whether a password for this account may be looked at. The account is named by its identifier,
    /// or by what was typed where there is none; the device is what its cookie proved for this very
    /// account.
    pub fn before(
        &self,
        account: &str,
        device: Option<&DeviceId>,
        address: IpAddr,
        now: UnixTime,
    ) -> Admission {
        let now = nanoseconds(now);
        let account_key = key(&self.seed, &[b"account", account.as_bytes()]);
        if let Some(device) = device {
            let parts: [&[u8]; 3] = [b"device", account.as_bytes(), device.as_bytes()];
            let device = key(&self.seed, &parts);
            return match self.devices.begin(device, now) {
                Ok(()) => Admission::Go(Attempt(Who::Known { device })),
                Err(wait) => Admission::Wait(Duration::from_nanos(wait)),
            };
        }
        let network = network(address);
        let address = key(&self.seed, &[b"address", &network]);
        let pair: [&[u8]; 3] = [b"pair", account.as_bytes(), &network];
        match self.begin(account_key, address, key(&self.seed, &pair), now) {
            Ok(()) => Admission::Go(Attempt(Who::Unknown {
                account: account_key,
                address,
            })),
            Err(wait) => Admission::Wait(Duration::from_nanos(wait)),
        }
    }

    /// The password was wrong. Answers how long the next attempt has to wait.
    pub fn failed(&self, attempt: Attempt, now: UnixTime) -> Duration {
        let (Attempt(who), now) = (attempt, nanoseconds(now));
        Duration::from_nanos(match who {
            Who::Known { device } => self.devices.wait(device, now),
            Who::Unknown { account, address } => {
                let account = self.accounts.wait(account, now);
                account.max(self.addresses.wait(address, now))
            }
        })
    }

    /// The password was right. What others failed stays counted.
    pub fn succeeded(&self, attempt: Attempt, now: UnixTime) {
        match attempt.0 {
            Who::Known { device } => self.devices.forget(device),
            Who::Unknown { .. } => self.withdrawn(attempt, now),
        }
    }

    /// The password was not looked at after all.
    pub fn withdrawn(&self, attempt: Attempt, now: UnixTime) {
        let (Attempt(who), now) = (attempt, nanoseconds(now));
        match who {
            Who::Known { device } => self.devices.take_back(device, now),
            Who::Unknown { account, address } => {
                self.accounts.take_back(account, now);
                self.addresses.take_back(address, now);
            }
        }
    }

    fn begin(&self, account: Key, address: Key, pair: Key, now: u64) -> Result<(), u64> {
        let address_wait = self.addresses.wait(address, now);
        let is_expected = self.is_expected(pair, now);
        if address_wait == 0 && is_expected {
            self.accounts.count(account, now);
            self.appointments
                .with(pair, |entry| *entry = Entry::default());
        } else if address_wait == 0 {
            self.accounts
                .begin(account, now)
                .map_err(|wait| self.appoint(pair, wait, now))?;
        } else {
            let account_wait = self.accounts.wait(account, now);
            let wait = if account_wait == 0 || is_expected {
                0
            } else {
                self.appoint(pair, account_wait, now)
            };
            return Err(wait.max(address_wait));
        }
        self.addresses.count(address, now);
        Ok(())
    }

    /// Whether the time of an appointment has come. It stands for as long as the cap.
    fn is_expected(&self, pair: Key, now: u64) -> bool {
        let expires = self.appointments.with(pair, |entry| entry.expires);
        let begins = expires.map(|expires| expires.saturating_sub(CAP));
        begins.is_some_and(|begins| (1..=now).contains(&begins) && now - begins < CAP)
    }

    /// Answers how long until the appointment, which is made unless there is one.
    fn appoint(&self, pair: Key, wait: u64, now: u64) -> u64 {
        let appointed = self.appointments.with(pair, |entry| {
            let left = entry.expires.saturating_sub(CAP).saturating_sub(now);
            if left == 0 || left > CAP {
                entry.expires = now.saturating_add(wait).saturating_add(CAP);
            }
            entry.expires.saturating_sub(CAP).saturating_sub(now)
        });
        appointed.unwrap_or(wait)
    }
}

impl Counter {
    /// Counts an attempt, or answers how long it has to wait.
    fn begin(&self, key: Key, now: u64) -> Result<(), u64> {
        let growth = self.growth;
        let begun = self.table.with(key, |entry| {
            let (count, wait) = growth.read(entry, now);
            if wait > 0 {
                return Err(wait);
            }
            *entry = growth.failed(count, now);
            Ok(())
        });
        begun.unwrap_or(Err(growth.cap))
    }

    /// Counts an attempt in any case.
    fn count(&self, key: Key, now: u64) {
        let growth = self.growth;
        self.table.with(key, |entry| {
            let (count, _) = growth.read(entry, now);
            *entry = growth.failed(count, now);
        });
    }

    fn wait(&self, key: Key, now: u64) -> u64 {
        let read = self.table.with(key, |entry| self.growth.read(entry, now));
        read.map_or(self.growth.cap, |(_, wait)| wait)
    }

    /// One failure less. A wait that others caused goes on.
    fn take_back(&self, key: Key, now: u64) {
        let growth = self.growth;
        self.table.with(key, |entry| {
            let (count, wait) = growth.read(entry, now);
            let count = count.saturating_sub(1);
            let wait = wait.min(growth.delay(count));
            *entry = growth.entry(count, wait, now);
        });
    }

    fn forget(&self, key: Key) {
        self.table.with(key, |entry| *entry = Entry::default());
    }
}

impl Growth {
    /// The wait after so many failures: a second, then twice as long each time.
    fn delay(self, count: u64) -> u64 {
        match count.checked_sub(self.free) {
            None => 0,
            Some(doublings) => SECOND.saturating_mul(1 << doublings.min(32)).min(self.cap),
        }
    }

    /// The failures that count still, and what is left of the wait.
    fn read(self, entry: &mut Entry, now: u64) -> (u64, u64) {
        // Nothing lasts longer than at first, unless the clock went back.
        let longest = self.delay(entry.count) + entry.count * self.recovery;
        entry.expires = entry.expires.min(now.saturating_add(longest));
        let left = entry.expires.saturating_sub(now);
        match left.checked_sub(entry.count * self.recovery) {
            Some(wait) => (entry.count, wait),
            None => (left.div_ceil(self.recovery), 0),
        }
    }

    /// After one failure more.
    fn failed(self, count: u64, now: u64) -> Entry {
        // More would be remembered for longer, and cost no more.
        let most = self.free + 10;
        let count = (count + 1).min(most);
        self.entry(count, self.delay(count), now)
    }

    fn entry(self, count: u64, wait: u64, now: u64) -> Entry {
        let expires = now.saturating_add(wait + count * self.recovery);
        if count == 0 {
            return Entry::default();
        }
        Entry { expires, count }
    }
}

impl fmt::Debug for Slowdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slowdown(..)")
    }
}

#[cfg(test)]
mod tests;
