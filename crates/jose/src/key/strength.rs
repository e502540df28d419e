//! What makes a key unusable or weak, judged on its numbers alone.

use crate::alg::{Algorithm, Curve, Family, KeyManagement, KeyType};
use crate::key::material::bit_len;
use crate::key::{AkpKey, EcKey, KeyError, KeyMaterial, OkpKey, RsaKey, Weakness};
use crate::key::{edwards, invalid, scalar};

/// Fewest bits of an RSA modulus that even the `dangerous_` doors open.
const RSA_FLOOR_BITS: usize = 512;
/// Fewest bits of an RSA modulus that encrypts (RFC 7518 §4.3).
const RSA_ENCRYPTION_BITS: usize = 2048;
/// Most bits of an RSA modulus; more is a way to burn a verifier's time.
const RSA_CEILING_BITS: usize = 8192;
/// Most bits of an RSA public exponent, for the same reason.
const RSA_EXPONENT_BITS: usize = 33;

/// Whether a sound key is also strong enough for `algorithm` (RFC 7518 §3.2, §3.3, §3.5).
///
/// # Errors
/// The weakness found first.
pub fn check_strength(algorithm: Algorithm, key: &KeyMaterial) -> Result<(), Weakness> {
    let wanted = algorithm.row().min_key_bits;
    match key {
        KeyMaterial::Oct(_) if key.bits() < wanted => Err(Weakness::HmacShort {
            bits: key.bits(),
            wanted,
        }),
        KeyMaterial::Rsa(rsa) if weak_exponent(&rsa.e) => Err(Weakness::RsaExponent),
        KeyMaterial::Rsa(_) if key.bits() < wanted => Err(Weakness::RsaShort {
            bits: key.bits(),
            wanted,
        }),
        KeyMaterial::Okp(okp) if okp.curve == Curve::Ed25519 && has_small_order(&okp.x) => {
            Err(Weakness::SmallOrder)
        }
        _ => Ok(()),
    }
}

/// What no door opens: numbers that are no key, or none for this algorithm.
pub(crate) fn check_sound(algorithm: Algorithm, key: &KeyMaterial) -> Result<(), KeyError> {
    if !key.algorithms().contains(algorithm) {
        let found = match key {
            KeyMaterial::Akp(akp) => akp.algorithm.name(),
            _ => key
                .curve()
                .map_or_else(|| key.key_type().name(), Curve::name),
        };
        let algorithm = algorithm.into();
        return Err(KeyError::Type { algorithm, found });
    }
    check_numbers(key)?;
    if let (Family::RsaPkcs1 | Family::RsaPss, KeyMaterial::Rsa(rsa)) =
        (algorithm.row().family, key)
    {
        check_rsa_room(algorithm, rsa)?;
    }
    Ok(())
}

/// Whether the key is sound and strong enough to protect content keys.
pub(crate) fn check_management(
    algorithm: KeyManagement,
    key: &KeyMaterial,
) -> Result<(), KeyError> {
    if !key.key_managements().contains(algorithm) {
        return Err(unmanageable(algorithm, key));
    }
    check_numbers(key)?;
    let KeyMaterial::Rsa(rsa) = key else {
        return Ok(());
    };
    if weak_exponent(&rsa.e) {
        return Err(KeyError::Weak(Weakness::RsaExponent));
    }
    let (bits, wanted) = (key.bits(), RSA_ENCRYPTION_BITS);
    if bits < wanted {
        return Err(KeyError::Weak(Weakness::RsaShort { bits, wanted }));
    }
    Ok(())
}

/// A secret of the wrong length says so; any other key has the wrong type.
fn unmanageable(algorithm: KeyManagement, key: &KeyMaterial) -> KeyError {
    let row = algorithm.row();
    if let (KeyMaterial::Oct(_), Some(KeyType::Oct)) = (key, row.key_type) {
        return invalid("k", secret_length(row.wrapping_key_len));
    }
    let found = key.curve().map(Curve::name);
    KeyError::Type {
        algorithm: algorithm.into(),
        found: found.unwrap_or_else(|| key.key_type().name()),
    }
}

/// What a secret of another length is told.
const fn secret_length(bytes: Option<usize>) -> &'static str {
    match bytes {
        Some(16) => "must have 16 bytes for this algorithm, no more and no less",
        Some(24) => "must have 24 bytes for this algorithm, no more and no less",
        Some(32) => "must have 32 bytes for this algorithm, no more and no less",
        _ => "must have as many bytes as the content encryption takes: 16, 24, 32, 48 or 64",
    }
}

/// The weakness of a key that a `dangerous_` door may open.
pub(crate) fn opened_weakness(
    algorithm: Algorithm,
    key: &KeyMaterial,
) -> Result<Option<Weakness>, KeyError> {
    match check_strength(algorithm, key) {
        Ok(()) => Ok(None),
        Err(weakness) if weakness.is_void() => Err(KeyError::Weak(weakness)),
        Err(weakness) => Ok(Some(weakness)),
    }
}

/// What holds for the numbers of a key whatever its algorithm.
pub(crate) fn check_numbers(key: &KeyMaterial) -> Result<(), KeyError> {
    match key {
        KeyMaterial::Oct(secret) if secret.is_empty() => Err(invalid("k", "is empty")),
        KeyMaterial::Oct(_) => Ok(()),
        KeyMaterial::Rsa(rsa) => check_rsa(rsa),
        KeyMaterial::Ec(ec) => check_ec(ec),
        KeyMaterial::Okp(okp) => check_okp(okp),
        KeyMaterial::Akp(akp) => check_akp(akp),
    }
}

fn check_rsa(rsa: &RsaKey) -> Result<(), KeyError> {
    if rsa.n.first() == Some(&0) {
        return Err(invalid("n", "has leading zeros"));
    }
    if rsa.e.first() == Some(&0) {
        return Err(invalid("e", "has leading zeros"));
    }
    match bit_len(&rsa.n) {
        bits if bits < RSA_FLOOR_BITS => return Err(invalid("n", "has fewer than 512 bits")),
        bits if bits > RSA_CEILING_BITS => return Err(invalid("n", "has more than 8192 bits")),
        _ => {}
    }
    if rsa.n.last().is_none_or(|byte| byte & 1 == 0) {
        return Err(invalid("n", "is even"));
    }
    if bit_len(&rsa.e) > RSA_EXPONENT_BITS {
        return Err(invalid("e", "has more than 33 bits"));
    }
    let Some(private) = &rsa.private else {
        return Ok(());
    };
    // A backend multiplies them before it finds out that they do not belong to the key.
    for (member, number) in [
        ("d", &private.d),
        ("p", &private.p),
        ("q", &private.q),
        ("dp", &private.dp),
        ("dq", &private.dq),
        ("qi", &private.qi),
    ] {
        if number.len() > rsa.n.len() {
            return Err(invalid(member, "is longer than the modulus"));
        }
    }
    Ok(())
}

/// The modulus must hold the padded hash (RFC 8017 §9.1.1, §9.2), which only weak keys fail.
fn check_rsa_room(algorithm: Algorithm, rsa: &RsaKey) -> Result<(), KeyError> {
    let row = algorithm.row();
    let hash = row.hash.map_or(0, crate::alg::Hash::output_len);
    let needed = match row.family {
        Family::RsaPss => 2 * hash + 2,
        _ => hash + 19 + 11,
    };
    let available = match row.family {
        Family::RsaPss => bit_len(&rsa.n).saturating_sub(1).div_ceil(8),
        _ => rsa.n.len(),
    };
    if available < needed {
        return Err(invalid("n", "is too short for the algorithm's padding"));
    }
    Ok(())
}

fn check_ec(ec: &EcKey) -> Result<(), KeyError> {
    let len = ec.curve.coordinate_len();
    let Some(order) = scalar::order(ec.curve) else {
        return Err(invalid("crv", "is not a Weierstrass curve"));
    };
    if ec.x.len() != len {
        return Err(invalid("x", "does not have the length of the curve"));
    }
    if ec.y.len() != len {
        return Err(invalid("y", "does not have the length of the curve"));
    }
    if let Some(d) = &ec.d {
        if d.len() != len {
            return Err(invalid("d", "does not have the length of the curve"));
        }
        if !scalar::in_range(d.expose(), order) {
            return Err(invalid("d", "is not between 1 and the order of the curve"));
        }
    }
    Ok(())
}

fn check_okp(okp: &OkpKey) -> Result<(), KeyError> {
    if okp.curve.key_type() != KeyType::Okp {
        return Err(invalid("crv", "is neither Ed25519 nor X25519"));
    }
    if okp.x.len() != 32 {
        return Err(invalid("x", "does not have 32 bytes"));
    }
    if okp.d.as_ref().is_some_and(|d| d.len() != 32) {
        return Err(invalid("d", "does not have 32 bytes"));
    }
    // Any 32 bytes are an X25519 public key (RFC 7748 §5); what is agreed with them is checked.
    if okp.curve == Curve::X25519 {
        return Ok(());
    }
    if !is_canonical(&okp.x) {
        return Err(invalid("x", "is not a canonical point"));
    }
    if !edwards::is_on_curve(without_sign(&okp.x)) {
        return Err(invalid("x", "is not on the curve"));
    }
    Ok(())
}

/// Any octets of the right length are an ML-DSA public key (FIPS 204 §7.2).
fn check_akp(akp: &AkpKey) -> Result<(), KeyError> {
    let row = akp.algorithm.row();
    if row.key_type != KeyType::Akp {
        return Err(invalid("alg", "is not an algorithm of AKP keys"));
    }
    if akp.public.len() * 8 != row.min_key_bits {
        return Err(invalid("pub", "does not have the length of the algorithm"));
    }
    if akp.seed.as_ref().is_some_and(|seed| seed.len() != 32) {
        return Err(invalid("priv", "does not have 32 bytes"));
    }
    Ok(())
}

/// Even, or below 3.
fn weak_exponent(e: &[u8]) -> bool {
    bit_len(e) < 2 || e.last().is_none_or(|byte| byte & 1 == 0)
}

/// Whether the y coordinate, little-endian without its sign bit, is below 2^255 - 19
/// (RFC 8032 §5.1.3).
fn is_canonical(point: &[u8]) -> bool {
    let y = without_sign(point);
    let Some((last, rest)) = y.split_last() else {
        return false;
    };
    let Some((first, middle)) = rest.split_first() else {
        return false;
    };
    *last != 0x7f || *first < 0xed || middle.iter().any(|byte| *byte != 0xff)
}

/// Whether the point is one of the eight whose order divides the cofactor. They have five
/// y coordinates: 1, -1, 0 and the two of order eight.
fn has_small_order(point: &[u8]) -> bool {
    SMALL_ORDER_Y.contains(&without_sign(point))
}

fn without_sign(point: &[u8]) -> [u8; 32] {
    let mut y = [0; 32];
    for (to, from) in y.iter_mut().zip(point) {
        *to = *from;
    }
    if let Some(last) = y.last_mut() {
        *last &= 0x7f;
    }
    y
}

const SMALL_ORDER_Y: [[u8; 32]; 5] = [
    [0; 32],
    {
        let mut one = [0; 32];
        one[0] = 1;
        one
    },
    {
        let mut minus_one = [0xff; 32];
        minus_one[0] = 0xec;
        minus_one[31] = 0x7f;
        minus_one
    },
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(feature = "rustcrypto")]
    fn small_order_table_agrees_with_dalek() {
        for y in SMALL_ORDER_Y {
            for sign in [0, 0x80] {
                let mut point = y;
                point[31] |= sign;
                let key = ed25519_dalek::VerifyingKey::from_bytes(&point).unwrap();
                assert!(key.is_weak(), "{point:02x?}");
            }
        }
        for seed in 0..32 {
            let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]).verifying_key();
            assert!(!has_small_order(key.as_bytes()));
            assert!(is_canonical(key.as_bytes()));
        }
    }

    #[test]
    fn only_coordinates_below_the_prime_are_canonical() {
        let mut y = [0xff; 32];
        y[31] = 0x7f;
        for low in 0..=255 {
            y[0] = low;
            assert_eq!(is_canonical(&y), low < 0xed, "{low:02x}");
        }
    }
}
