use argon2::{Argon2, Block};
use zeroize::{Zeroize as _, Zeroizing};

/// The memory that hashes are computed in, one after the other.
///
/// Whoever reads what a hash left there could try passwords at a fraction of its cost, so it is
/// wiped when there is nothing to do. Between hashes it need not be: the first pass overwrites it.
#[derive(Default)]
pub(super) struct Memory {
    blocks: Vec<Block>,
    is_used: bool,
}

/// Allocations above 32 MiB are always their own mapping in glibc and go back to the system when
/// they are freed; smaller ones stay with the process after the first. Of the mapping only what is
/// used is ever there.
const LEAST_MAPPING: usize = (33 << 20) / Block::SIZE;

impl Memory {
    /// The hash of a password; `None` if there is not enough memory, or the parameters are not
    /// those of a hash.
    pub(super) fn hash(
        &mut self,
        argon2: &Argon2<'_>,
        password: &str,
        salt: &[u8],
        len: usize,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let count = argon2.params().block_count();
        if self.blocks.len() < count {
            self.free();
            self.blocks
                .try_reserve_exact(count.max(LEAST_MAPPING))
                .ok()?;
            self.blocks.resize(count, Block::new());
        }
        self.is_used = true;
        let mut output = Zeroizing::new(vec![0; len]);
        argon2
            .hash_password_into_with_memory(
                password.as_bytes(),
                salt,
                &mut output,
                &mut self.blocks,
            )
            .ok()?;
        Some(output)
    }

    /// Overwrites what the last hash left.
    pub(super) fn wipe(&mut self) {
        if core::mem::take(&mut self.is_used) {
            self.blocks.iter_mut().for_each(Block::zeroize);
        }
    }

    /// Gives the memory back.
    pub(super) fn free(&mut self) {
        self.wipe();
        self.blocks = Vec::new();
    }
}

#[cfg(test)]
impl Memory {
    /// How many blocks there are, and what is in the last.
    pub(super) fn fingerprint(&self) -> (usize, u64) {
        let last = self.blocks.last().map_or(0, |block| block.as_ref()[0]);
        (self.blocks.len(), last)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::{Algorithm, Params, Version};

    fn argon2(kibibytes: u32) -> Argon2<'static> {
        let params = Params::new(kibibytes, 1, 1, Some(32)).unwrap();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }

    #[test]
    fn hashes_do_not_depend_on_what_was_there_before() {
        let mut memory = Memory::default();
        let (small, big) = (argon2(64), argon2(256));
        let first = memory.hash(&small, "a", b"saltsalt", 32).unwrap();
        memory.hash(&big, "b", b"saltsalt", 32).unwrap();
        let again = memory.hash(&small, "a", b"saltsalt", 32).unwrap();
        assert_eq!(first, again);
        memory.wipe();
        assert_eq!(first, memory.hash(&small, "a", b"saltsalt", 32).unwrap());
    }

    #[test]
    fn wiping_leaves_nothing() {
        let mut memory = Memory::default();
        memory.hash(&argon2(64), "a", b"saltsalt", 32).unwrap();
        let is_zero = |memory: &Memory| {
            let words = memory.blocks.iter().flat_map(AsRef::<[u64]>::as_ref);
            words.into_iter().all(|word| *word == 0)
        };
        assert!(!is_zero(&memory));
        memory.wipe();
        assert!(is_zero(&memory) && memory.blocks.len() == 64);
        memory.free();
        assert_eq!(memory.blocks.capacity(), 0);
    }
}
