use core::fmt;
use std::net::IpAddr;

use jeton_jose::UnixTime;

use super::table::{Entry, Key, Table};
use super::{ENTRIES, Seed, key, nanoseconds, network};

/// Which refused sign-ins are worth an entry in the audit log: of a row of them the first, the
/// tenth, the hundredth and so on, so that nobody fills a disk by guessing.
///
/// Rows are told apart by account and network; where there is no such account, by the network
/// alone, for names can be made up without end.
pub struct Refusals {
    seed: Seed,
    rows: Table,
    warnings: Table,
}

/// What is to be done about a refused sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Which of its row it is, if that is worth an entry.
    pub entry: Option<u64>,
    /// Whether the person is to be told.
    pub warns: bool,
}

const HOUR: u64 = 3600 * 1_000_000_000;
/// How long a row lasts.
const ROW: u64 = HOUR;
/// A person is told once in this time.
const DAY: u64 = 24 * HOUR;
/// So many wrong passwords in a day, from wherever, are somebody who guesses.
const MANY: u64 = 20;

impl Refusals {
    /// With a secret seed from the caller's randomness.
    pub fn new(seed: [u8; 32]) -> Self {
        Self {
            seed,
            rows: Table::new(ENTRIES),
            warnings: Table::new(ENTRIES),
        }
    }

    /// Counts one.
    pub fn note(&self, account: Option<&str>, address: IpAddr, now: UnixTime) -> Noted {
        let (now, network) = (nanoseconds(now), network(address));
        let name = account.unwrap_or_default().as_bytes();
        let row = key(&self.seed, &[b"refusal", name, &network]);
        let count = next(&self.rows, row, ROW, now);
        let of_account = account.map(|account| {
            let account = key(&self.seed, &[b"warning", account.as_bytes()]);
            next(&self.warnings, account, DAY, now)
        });
        Noted {
            entry: is_power_of_ten(count).then_some(count),
            warns: of_account == Some(MANY),
        }
    }
}

fn next(table: &Table, key: Key, lasts: u64, now: u64) -> u64 {
    let end = now.saturating_add(lasts);
    let count = table.with(key, |entry| {
        // Behind the end it is over; before its beginning the clock jumped.
        if !(now..=end).contains(&entry.expires) {
            *entry = Entry {
                expires: end,
                count: 0,
            };
        }
        entry.count = entry.count.saturating_add(1);
        entry.count
    });
    count.unwrap_or(1)
}

fn is_power_of_ten(count: u64) -> bool {
    count
        .checked_ilog10()
        .is_some_and(|exponent| 10_u64.checked_pow(exponent) == Some(count))
}

impl fmt::Debug for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refusals(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_seconds(1_800_000_000);

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn ever_fewer_of_a_row_are_worth_an_entry() {
        let refusals = Refusals::new([1; 32]);
        let note = || refusals.note(Some("ada"), address(1), NOW).entry;
        let noted: Vec<u64> = (0..1000).filter_map(|_| note()).collect();
        assert_eq!(noted, [1, 10, 100, 1000]);
        let later = NOW.saturating_add(core::time::Duration::from_mins(61));
        let next = refusals.note(Some("ada"), address(1), later);
        assert_eq!(next.entry, Some(1), "another row");
        let earlier = refusals.note(Some("ada"), address(1), NOW);
        assert_eq!(earlier.entry, Some(1), "the clock jumped");
    }

    #[test]
    fn who_is_nobody_counts_by_the_network() {
        let refusals = Refusals::new([1; 32]);
        assert_eq!(refusals.note(None, address(1), NOW).entry, Some(1));
        assert_eq!(refusals.note(None, address(1), NOW).entry, None);
        assert_eq!(refusals.note(None, address(2), NOW).entry, Some(1));
        assert_eq!(refusals.note(Some("ada"), address(1), NOW).entry, Some(1));
    }

    #[test]
    fn a_person_is_told_once_a_day_wherever_it_comes_from() {
        let refusals = Refusals::new([1; 32]);
        let warned = |from: UnixTime| -> usize {
            let warns = (0..100).filter(|n| refusals.note(Some("ada"), address(*n), from).warns);
            warns.count()
        };
        assert_eq!(warned(NOW), 1);
        assert_eq!(warned(NOW), 0);
        let tomorrow = NOW.saturating_add(core::time::Duration::from_hours(25));
        assert_eq!(warned(tomorrow), 1);
        assert!((0..100).all(|_| !refusals.note(None, address(1), NOW).warns));
    }
}
