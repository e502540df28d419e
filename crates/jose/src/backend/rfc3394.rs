//! AES Key Wrap over any block cipher, for the key size that AWS-LC does not wrap with.

use subtle::ConstantTimeEq;

use crate::secret::Secret;

/// Wraps a key of at least two blocks of 64 bits (RFC 3394 §2.2.1). `encrypt` encrypts a block of
/// 128 bits in place.
pub(super) fn wrap(key: &[u8], encrypt: impl Fn(&mut [u8]) -> Option<()>) -> Option<Vec<u8>> {
    let (blocks, rest) = key.as_chunks::<8>();
    if blocks.len() < 2 || !rest.is_empty() {
        return None;
    }
    let mut wrapped = Vec::with_capacity(key.len() + 8);
    wrapped.extend_from_slice(&INITIAL);
    wrapped.extend_from_slice(key);
    let (check, blocks) = wrapped.split_first_chunk_mut::<8>()?;
    let (blocks, _) = blocks.as_chunks_mut::<8>();
    let mut step = 0_u64;
    for _ in 0..ROUNDS {
        for block in &mut *blocks {
            step += 1;
            let mut both = [*check, *block];
            encrypt(both.as_flattened_mut())?;
            *check = counted(both[0], step);
            *block = both[1];
        }
    }
    Some(wrapped)
}

/// Unwraps a key (RFC 3394 §2.2.2). `decrypt` decrypts a block of 128 bits in place.
pub(super) fn unwrap(wrapped: &[u8], decrypt: impl Fn(&mut [u8]) -> Option<()>) -> Option<Secret> {
    let (check, key) = wrapped.split_first_chunk::<8>()?;
    let mut check = *check;
    let mut key = zeroize::Zeroizing::new(key.to_vec());
    let (blocks, rest) = key.as_chunks_mut::<8>();
    if blocks.len() < 2 || !rest.is_empty() {
        return None;
    }
    let mut step = u64::try_from(blocks.len()).ok()?.checked_mul(ROUNDS)?;
    for _ in 0..ROUNDS {
        for block in blocks.iter_mut().rev() {
            let mut both = [counted(check, step), *block];
            decrypt(both.as_flattened_mut())?;
            [check, *block] = both;
            step -= 1;
        }
    }
    let sound: bool = check.ct_eq(&INITIAL).into();
    sound.then(|| Secret::new(core::mem::take(&mut *key)))
}

const ROUNDS: u64 = 6;
/// RFC 3394 §2.2.3.1.
const INITIAL: [u8; 8] = [0xa6; 8];

fn counted(check: [u8; 8], step: u64) -> [u8; 8] {
    (u64::from_be_bytes(check) ^ step).to_be_bytes()
}
