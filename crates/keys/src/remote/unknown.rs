//! The names of keys that were fetched for in vain.

use core::time::Duration;
use std::collections::HashMap;

use jeton_jose::UnixTime;

use crate::retrieval::within;

/// Most names that are remembered.
const MOST: usize = 256;
/// The longest name that a set is fetched for, in bytes.
const LONGEST: usize = 256;
/// The longest time that a name is remembered.
const LONGEST_WAIT: Duration = Duration::from_mins(10);

/// Names that no key had when the set was last fetched for them. The time for which one is not
/// fetched for again doubles with each time that it was in vain: a key that is published a little
/// late is found soon, one that never will be costs next to nothing.
#[derive(Debug, Default)]
pub(super) struct UnknownKeyIds {
    waits: HashMap<Box<str>, Wait>,
}

#[derive(Clone, Copy, Debug)]
struct Wait {
    from: UnixTime,
    until: UnixTime,
    length: Duration,
}

/// Whether a set may be fetched for a name at all.
pub(super) fn may_be_fetched_for(key_id: Option<&str>) -> bool {
    key_id.is_some_and(|key_id| key_id.len() <= LONGEST)
}

impl UnknownKeyIds {
    /// Whether a name was fetched for in vain a short while ago.
    pub(super) fn holds(&self, key_id: Option<&str>, now: UnixTime) -> bool {
        key_id
            .and_then(|key_id| self.waits.get(key_id))
            .is_some_and(|wait| within(wait.from, wait.until, now))
    }

    /// Remembers a name. Where there is no room, the one that would be forgotten first makes some.
    pub(super) fn note(&mut self, key_id: &str, first_wait: Duration, now: UnixTime) {
        if key_id.len() > LONGEST {
            return;
        }
        let known = self.waits.get(key_id).copied();
        if known.is_some_and(|wait| within(wait.from, wait.until, now)) {
            return;
        }
        if known.is_none() && self.waits.len() >= MOST {
            let first = self.waits.iter().min_by_key(|(_, wait)| wait.until);
            let first = first.map(|(key_id, _)| key_id.clone());
            first.map(|key_id| self.waits.remove(&key_id));
        }
        let length = known.map_or(first_wait, |wait| wait.length.saturating_mul(2));
        let length = length.min(LONGEST_WAIT).max(first_wait);
        let wait = Wait {
            from: now,
            until: now.saturating_add(length),
            length,
        };
        self.waits.insert(key_id.into(), wait);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Duration = Duration::from_secs(30);

    fn at(seconds: i64) -> UnixTime {
        UnixTime::from_seconds(1_767_225_600 + seconds)
    }

    #[test]
    fn the_wait_doubles_up_to_a_bound() {
        let mut unknown = UnknownKeyIds::default();
        assert!(!unknown.holds(Some("a"), at(0)));
        let mut now = 0;
        for wait in [30, 60, 120, 240, 480, 600, 600] {
            unknown.note("a", FIRST, at(now));
            // As those do who waited for the same fetch.
            unknown.note("a", FIRST, at(now));
            assert!(unknown.holds(Some("a"), at(now + wait - 1)), "{wait}");
            assert!(!unknown.holds(Some("a"), at(now + wait)), "{wait}");
            now += wait;
        }
        assert!(!unknown.holds(Some("b"), at(0)) && !unknown.holds(None, at(0)));
    }

    #[test]
    fn a_clock_set_back_ends_a_wait() {
        let mut unknown = UnknownKeyIds::default();
        unknown.note("a", FIRST, at(0));
        assert!(unknown.holds(Some("a"), at(-1)));
        assert!(!unknown.holds(Some("a"), at(-3600)));
    }

    #[test]
    fn there_is_room_for_so_many() {
        let mut unknown = UnknownKeyIds::default();
        for number in 0..10 * i64::try_from(MOST).unwrap() {
            unknown.note(&format!("key-{number}"), FIRST, at(number / 100));
        }
        assert_eq!(unknown.waits.len(), MOST);
        assert!(unknown.holds(Some("key-2559"), at(25)));
        assert!(!unknown.holds(Some("key-0"), at(25)));
        unknown.note(&"a".repeat(LONGEST + 1), FIRST, at(25));
        assert_eq!(unknown.waits.len(), MOST);
        assert!(!may_be_fetched_for(Some(&"a".repeat(LONGEST + 1))));
    }
}
