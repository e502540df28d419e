//! Big-endian arithmetic on ECDSA scalars: the ranges and the low-S form both backends need.
//!
//! Only public numbers of signatures pass through the subtraction; private scalars are only
//! compared with the order.

use subtle::{Choice, ConstantTimeEq, ConstantTimeLess};

use crate::alg::Curve;

/// The order of the curve's group, `coordinate_len` bytes; `None` for Ed25519 and X25519.
pub(crate) fn order(curve: Curve) -> Option<&'static [u8]> {
    match curve {
        Curve::P256 => Some(&P256_ORDER),
        Curve::P384 => Some(&P384_ORDER),
        Curve::P521 => Some(&P521_ORDER),
        Curve::Secp256k1 => Some(&SECP256K1_ORDER),
        Curve::Ed25519 | Curve::X25519 => None,
    }
}

/// Whether half of a signature lies between 1 and `order - 1`.
pub(crate) fn public_in_range(scalar: &[u8], order: &[u8]) -> bool {
    scalar.len() == order.len() && scalar < order && scalar.iter().any(|byte| *byte != 0)
}

/// Whether a private scalar lies between 1 and `order - 1`, in constant time.
pub(crate) fn in_range(scalar: &[u8], order: &[u8]) -> bool {
    if scalar.len() != order.len() {
        return false;
    }
    let mut less = Choice::from(0);
    let mut equal = Choice::from(1);
    let mut bits = 0;
    for (ours, theirs) in scalar.iter().zip(order) {
        less |= equal & ours.ct_lt(theirs);
        equal &= ours.ct_eq(theirs);
        bits |= ours;
    }
    (less & !bits.ct_eq(&0)).into()
}

/// Brings `s` of a secp256k1 signature `r || s` into the lower half of its range: `n - s` is as
/// good a signature as `s`, and some libraries only know one of them.
pub(crate) fn to_low_s(signature: &mut [u8; 64]) {
    let (_, s) = signature.split_at_mut(32);
    if *s <= SECP256K1_HALF_ORDER[..] {
        return;
    }
    let mut borrow = 0;
    for (digit, minuend) in s.iter_mut().zip(&SECP256K1_ORDER).rev() {
        let difference = i16::from(*minuend) - i16::from(*digit) - borrow;
        borrow = i16::from(difference < 0);
        *digit = difference.to_le_bytes()[0];
    }
}

const P256_ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];
const P384_ORDER: [u8; 48] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
    0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73,
];
const P521_ORDER: [u8; 66] = [
    0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xfa, 0x51, 0x86, 0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b, 0x7f, 0xcc, 0x01, 0x48, 0xf7, 0x09,
    0xa5, 0xd0, 0x3b, 0xb5, 0xc9, 0xb8, 0x89, 0x9c, 0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38,
    0x64, 0x09,
];
const SECP256K1_ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
    0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];
const SECP256K1_HALF_ORDER: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn range_excludes_zero_and_the_order() {
        for curve in [Curve::P256, Curve::P384, Curve::P521, Curve::Secp256k1] {
            let order = order(curve).unwrap();
            assert_eq!(order.len(), curve.coordinate_len());
            let zero = vec![0; order.len()];
            let mut one = zero.clone();
            *one.last_mut().unwrap() = 1;
            let mut below = order.to_vec();
            *below.last_mut().unwrap() -= 1;
            let mut above = order.to_vec();
            *above.last_mut().unwrap() += 1;
            for in_range in [in_range, public_in_range] {
                assert!(!in_range(&zero, order));
                assert!(in_range(&one, order));
                assert!(in_range(&below, order));
                assert!(!in_range(order, order));
                assert!(!in_range(&above, order));
                assert!(!in_range(&vec![0xff; order.len()], order));
                assert!(!in_range(&one[1..], order));
                assert!(!in_range(&[], order));
            }
        }
    }

    #[test]
    fn low_s_is_an_involution_on_the_upper_half() {
        let mut signature = [7; 64];
        signature[32..].copy_from_slice(&SECP256K1_HALF_ORDER);
        let low = signature;
        to_low_s(&mut signature);
        assert_eq!(signature, low, "the half itself is low");

        // (n - 1) / 2 + 1 = n - (n - 1) / 2
        signature[63] += 1;
        to_low_s(&mut signature);
        assert_eq!(signature, low);

        signature[32..].copy_from_slice(&SECP256K1_ORDER);
        signature[63] -= 1;
        to_low_s(&mut signature);
        let mut one = [0; 32];
        one[31] = 1;
        assert_eq!(signature[32..], one);
        assert_eq!(signature[..32], [7; 32], "r is left alone");
    }
}
