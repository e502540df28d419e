use std::sync::{Mutex, PoisonError};

/// What is remembered of so many keys at most, in memory that is fixed from the start.
///
/// A key has one row of [`WAYS`] places to be in. Where all are taken, the entry that expires first
/// makes room: the one that says least.
pub(super) struct Table {
    shards: Box<[Mutex<Box<[Slot]>>]>,
    rows: usize,
}

/// Whom an entry is about: 128 bits that nobody outside can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key(pub(super) [u8; 16]);

/// What is remembered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// When it says nothing any more, in nanoseconds since 1970.
    pub(super) expires: u64,
    /// How often.
    pub(super) count: u64,
}

/// Tag, expiry, count. As an array of zeros it takes no memory until it is used.
type Slot = [u64; 3];

const WAYS: usize = 8;
const SHARDS: usize = 16;

impl Table {
    /// For `entries` keys, rounded up.
    pub(super) fn new(entries: usize) -> Self {
        let rows = entries.div_ceil(WAYS * SHARDS).max(1);
        let shard = || Mutex::new(vec![[0; 3]; rows * WAYS].into_boxed_slice());
        Self {
            shards: (0..SHARDS).map(|_| shard()).collect(),
            rows,
        }
    }

    /// Reads the entry of a key and changes it, with nobody in between. An entry that was not there
    /// is the default, and one that stays so is not kept.
    pub(super) fn with<T>(&self, key: Key, change: impl FnOnce(&mut Entry) -> T) -> Option<T> {
        let (tag, place) = key.split();
        let place = usize::try_from(place % u64::try_from(self.rows * SHARDS).ok()?).ok()?;
        let shard = self.shards.get(place % SHARDS)?;
        let mut slots = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let row = slots.chunks_exact_mut(WAYS).nth(place / SHARDS)?;
        let found = row.iter().position(|slot| slot[0] == tag);
        let slot = match found {
            Some(at) => row.get_mut(at)?,
            None => row.iter_mut().min_by_key(|slot| slot[1])?,
        };
        let mut entry = match (found, *slot) {
            (Some(_), [_, expires, count]) => Entry { expires, count },
            (None, _) => Entry::default(),
        };
        let answer = change(&mut entry);
        if found.is_some() || entry != Entry::default() {
            *slot = [tag, entry.expires, entry.count];
        }
        Some(answer)
    }
}

impl Key {
    /// A tag, which is never 0, and a place.
    fn split(self) -> (u64, u64) {
        let number = u128::from_le_bytes(self.0);
        let low = u64::try_from(number & u128::from(u64::MAX)).unwrap_or_default();
        let high = u64::try_from(number >> 64).unwrap_or_default();
        (low | 1, high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(tag: u64, place: u64) -> Key {
        Key(((u128::from(place) << 64) | u128::from(tag << 1)).to_le_bytes())
    }

    fn put(table: &Table, key: Key, expires: u64) {
        table.with(key, |entry| *entry = Entry { expires, count: 1 });
    }

    fn expires(table: &Table, key: Key) -> u64 {
        table.with(key, |entry| entry.expires).unwrap()
    }

    #[test]
    fn entries_are_kept_by_key() {
        let table = Table::new(1000);
        for n in 0..100 {
            put(&table, key(n, n * 7919), n + 1);
        }
        for n in 0..100 {
            assert_eq!(expires(&table, key(n, n * 7919)), n + 1);
        }
        assert_eq!(expires(&table, key(100, 0)), 0);
    }

    #[test]
    fn what_expires_first_makes_room() {
        let table = Table::new(1);
        for n in 0..8 {
            put(&table, key(n, 0), 100 + n);
        }
        put(&table, key(8, 0), 200);
        assert_eq!(expires(&table, key(0, 0)), 0);
        for n in 1..8 {
            assert_eq!(expires(&table, key(n, 0)), 100 + n);
        }
        assert_eq!(expires(&table, key(8, 0)), 200);
    }

    #[test]
    fn looking_puts_nothing_in() {
        let table = Table::new(1);
        for n in 0..8 {
            put(&table, key(n, 0), 100 + n);
        }
        assert_eq!(expires(&table, key(9, 0)), 0);
        assert_eq!(expires(&table, key(0, 0)), 100);
    }
}
