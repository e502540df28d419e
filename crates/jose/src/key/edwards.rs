//! Whether 32 bytes are a point of the Ed25519 curve (RFC 8032 §5.1.3).
//!
//! AWS-LC only finds out while it verifies, `RustCrypto` when it reads the key; asked here, both
//! refuse such a key at the same moment. Public numbers only, so the time taken reveals nothing.

/// A number modulo 2^255 - 19, little-endian, not always fully reduced.
type Element = [u64; 4];

const PRIME: Element = [0xffff_ffff_ffff_ffed, u64::MAX, u64::MAX, u64::MAX >> 1];
const MINUS_ONE: Element = [0xffff_ffff_ffff_ffec, u64::MAX, u64::MAX, u64::MAX >> 1];
const ONE: Element = [1, 0, 0, 0];
/// The constant of the curve, -121665/121666.
const D: Element = [
    0x75eb_4dca_1359_78a3,
    0x0070_0a4d_4141_d8ab,
    0x8cc7_4079_7779_e898,
    0x5203_6cee_2b6f_fe73,
];

/// Whether a canonical y coordinate (without its sign bit) has an x: on the curve
/// x² = (y² - 1) / (d·y² + 1), so the product of the two must be a square.
pub(crate) fn is_on_curve(y: [u8; 32]) -> bool {
    let y = from_bytes(y);
    let square = multiply(y, y);
    let numerator = add(square, MINUS_ONE);
    let denominator = add(multiply(D, square), ONE);
    is_square(multiply(numerator, denominator))
}

/// Euler's criterion: the power (p - 1) / 2 = 2^254 - 10 is 1, or the number is 0.
fn is_square(number: Element) -> bool {
    let mut power = ONE;
    for bit in (0..254).rev() {
        power = multiply(power, power);
        if bit != 3 && bit != 0 {
            power = multiply(power, number);
        }
    }
    let power = reduce(power);
    power == ONE || power == [0; 4]
}

fn from_bytes(bytes: [u8; 32]) -> Element {
    let mut limbs = [0; 4];
    for (limb, chunk) in limbs.iter_mut().zip(bytes.chunks_exact(8)) {
        for byte in chunk.iter().rev() {
            *limb = (*limb << 8) | u64::from(*byte);
        }
    }
    limbs
}

fn add(a: Element, b: Element) -> Element {
    let mut sum = [0; 4];
    let mut carry = 0;
    for ((out, a), b) in sum.iter_mut().zip(a).zip(b) {
        carry += u128::from(a) + u128::from(b);
        *out = low(carry);
        carry >>= 64;
    }
    fold(sum, carry)
}

#[expect(
    clippy::indexing_slicing,
    reason = "the indices run over fixed lengths"
)]
fn multiply(a: Element, b: Element) -> Element {
    let mut wide = [0_u64; 8];
    for (i, a) in a.into_iter().enumerate() {
        let mut carry = 0;
        for (j, b) in b.into_iter().enumerate() {
            carry += u128::from(a) * u128::from(b) + u128::from(wide[i + j]);
            wide[i + j] = low(carry);
            carry >>= 64;
        }
        wide[i + 4] = low(carry);
    }
    let mut product = [0; 4];
    let mut carry = 0;
    for (i, out) in product.iter_mut().enumerate() {
        carry += u128::from(wide[i]) + 38 * u128::from(wide[i + 4]);
        *out = low(carry);
        carry >>= 64;
    }
    fold(product, carry)
}

/// Brings what stands above 2^256 back in: 2^256 = 38 modulo the prime.
fn fold(mut limbs: Element, mut carry: u128) -> Element {
    while carry != 0 {
        carry *= 38;
        for limb in &mut limbs {
            carry += u128::from(*limb);
            *limb = low(carry);
            carry >>= 64;
        }
    }
    limbs
}

/// The number below the prime.
fn reduce(mut number: Element) -> Element {
    while number.iter().rev().cmp(PRIME.iter().rev()).is_ge() {
        let mut borrow = false;
        for (limb, prime) in number.iter_mut().zip(PRIME) {
            let (first, one) = limb.overflowing_sub(prime);
            let (second, two) = first.overflowing_sub(u64::from(borrow));
            *limb = second;
            borrow = one || two;
        }
    }
    number
}

#[expect(clippy::cast_possible_truncation, reason = "the carry keeps the rest")]
fn low(wide: u128) -> u64 {
    wide as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_are_told_from_others() {
        assert!(is_square([0; 4]));
        assert!(is_square(PRIME));
        assert!(is_square([4, 0, 0, 0]));
        assert!(is_square(MINUS_ONE), "the prime is 1 modulo 4");
        assert!(!is_square([2, 0, 0, 0]), "the prime is 5 modulo 8");
    }

    #[test]
    #[cfg(feature = "rustcrypto")]
    fn the_curve_is_the_one_dalek_knows() {
        let mut on = 0;
        let mut y = [0x55; 32];
        for round in 0..=255_u8 {
            y[0] = round;
            y[17] = round.wrapping_mul(91);
            y[31] = round >> 1;
            let dalek = ed25519_dalek::VerifyingKey::from_bytes(&y).is_ok();
            assert_eq!(is_on_curve(y), dalek, "{y:02x?}");
            on += usize::from(dalek);
        }
        assert!((64..192).contains(&on), "{on}");
    }
}
