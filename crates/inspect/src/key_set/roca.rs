//! The fingerprint of CVE-2017-15361 (ROCA).
//!
//! The flawed generator made primes `k * M + (65537^a mod M)`, where `M` is the product of the
//! first primes. So the modulus is a power of 65537 modulo `M`, which the modulus of another
//! generator is with a probability of about 2^-154. It is one exactly if it is one modulo each small
//! prime and the exponents, each known modulo its order, do not contradict each other.

/// The odd primes in the least `M` that was used, that of keys of 512 bits; every greater `M` is a
/// multiple of it.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];
const GENERATOR: u32 = 65_537;

/// The sizes that are looked at, in bits: the generator made no key below 512, and below the size of
/// `M` a number can be a power of 65537 by chance.
const BITS: core::ops::RangeInclusive<usize> = 512..=16_384;

/// Whether a modulus, big-endian, has the fingerprint. One below 512 or above 16,384 bits is not
/// looked at.
pub fn has_fingerprint(modulus: &[u8]) -> bool {
    if !BITS.contains(&bits(modulus)) {
        return false;
    }
    let mut exponents: Vec<Exponent> = Vec::with_capacity(PRIMES.len());
    for prime in PRIMES {
        match Exponent::of(residue(modulus, prime), prime) {
            Some(exponent) if exponents.iter().all(|other| exponent.agrees(other)) => {
                exponents.push(exponent);
            }
            _ => return false,
        }
    }
    true
}

/// An exponent of 65537, known modulo the order of 65537.
struct Exponent {
    value: u32,
    order: u32,
}

impl Exponent {
    /// The discrete logarithm of `residue`; `None` if 65537 does not generate it.
    fn of(residue: u32, prime: u32) -> Option<Self> {
        let generator = GENERATOR % prime;
        let mut found = None;
        let mut power = 1;
        for exponent in 0..prime {
            if power == residue && found.is_none() {
                found = Some(exponent);
            }
            power = power * generator % prime;
            if power == 1 {
                return found.map(|value| Self {
                    value,
                    order: exponent + 1,
                });
            }
        }
        None
    }

    /// Whether some exponent is both, by the Chinese remainder theorem; that each pair has one is
    /// enough for all to have one.
    fn agrees(&self, other: &Self) -> bool {
        let common = greatest_common_divisor(self.order, other.order);
        self.value % common == other.value % common
    }
}

fn bits(modulus: &[u8]) -> usize {
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    match modulus.get(zeros) {
        Some(first) => (modulus.len() - zeros) * 8 - first.leading_zeros() as usize,
        None => 0,
    }
}

fn residue(modulus: &[u8], prime: u32) -> u32 {
    modulus.iter().fold(0, |residue, byte| {
        (residue * 256 + u32::from(*byte)) % prime
    })
}

fn greatest_common_divisor(mut one: u32, mut two: u32) -> u32 {
    while two != 0 {
        (one, two) = (two, one % two);
    }
    one
}

#[cfg(test)]
mod tests {
    use super::*;

    fn low(number: u32) -> u8 {
        number.to_le_bytes()[0]
    }

    /// Numbers, least significant byte first.
    fn multiply(one: &[u8], two: &[u8]) -> Vec<u8> {
        let mut product = vec![0u8; one.len() + two.len()];
        for (i, a) in one.iter().enumerate() {
            let mut carry = 0;
            for (j, b) in two.iter().enumerate() {
                let sum = u32::from(product[i + j]) + u32::from(*a) * u32::from(*b) + carry;
                product[i + j] = low(sum);
                carry = sum >> 8;
            }
            product[i + two.len()] = low(carry);
        }
        product
    }

    fn add(one: &[u8], two: &[u8]) -> Vec<u8> {
        let mut carry = 0;
        let mut sum = Vec::new();
        for i in 0..one.len().max(two.len()) {
            let byte = |number: &[u8]| u32::from(number.get(i).copied().unwrap_or(0));
            carry += byte(one) + byte(two);
            sum.push(low(carry));
            carry >>= 8;
        }
        sum.push(low(carry));
        sum
    }

    fn number(value: u32) -> Vec<u8> {
        value.to_le_bytes().to_vec()
    }

    fn power(exponent: usize) -> Vec<u8> {
        (0..exponent).fold(number(1), |power, _| multiply(&power, &number(GENERATOR)))
    }

    /// The product of 2 and all `PRIMES`.
    fn primorial() -> Vec<u8> {
        PRIMES.iter().fold(number(2), |product, prime| {
            multiply(&product, &number(*prime))
        })
    }

    /// Whether a factor is prime does not matter to the fingerprint.
    fn factor(k: &[u8], exponent: usize) -> Vec<u8> {
        add(&multiply(k, &primorial()), &power(exponent))
    }

    fn fingerprint(mut little_endian: Vec<u8>) -> bool {
        little_endian.reverse();
        has_fingerprint(&little_endian)
    }

    #[test]
    fn primes_are_the_first_odd_ones() {
        let is_prime = |n: &u32| (2..*n).all(|divisor| !n.is_multiple_of(divisor));
        assert!((3..=167).filter(is_prime).eq(PRIMES));
    }

    #[test]
    fn moduli_of_the_flawed_generator_are_recognised() {
        for (k, a, l, b) in [(0x5a, 17, 0x33, 40), (0xc1, 5, 0x7f, 1), (1, 0, 2, 0)] {
            let (one, two) = (factor(&[k; 60], a), factor(&[l; 60], b));
            assert!(fingerprint(multiply(&one, &two)), "{k} {a} {l} {b}");
        }
    }

    #[test]
    fn one_residue_outside_is_enough() {
        let good = multiply(&factor(&[0x5a; 60], 17), &factor(&[0x33; 60], 40));
        // Adding M divided by a prime changes the residue of that prime alone.
        for prime in [11, 37, 97] {
            let others = PRIMES.iter().filter(|other| **other != prime);
            let step = others.fold(number(2), |product, other| {
                multiply(&product, &number(*other))
            });
            let changed = (1..prime)
                .filter(|times| fingerprint(add(&good, &multiply(&step, &number(*times)))));
            assert_eq!(changed.count(), 0, "{prime}");
        }
    }

    #[test]
    fn multiples_of_the_primorial_change_nothing() {
        let good = multiply(&factor(&[0x5a; 60], 17), &factor(&[0x33; 60], 40));
        assert!(fingerprint(add(
            &good,
            &multiply(&primorial(), &[0x77; 30])
        )));
    }

    #[test]
    fn other_moduli_are_left_alone() {
        for jwk in jeton_testkit::jwks() {
            if let jeton_jose::key::KeyMaterial::Rsa(rsa) = jwk.material() {
                assert!(!has_fingerprint(&rsa.n), "{:?}", jwk.key_id());
            }
        }
        for seed in 1..=2000u32 {
            let noise: Vec<u8> = (0..256u32)
                .map(|i| {
                    let mixed = seed.wrapping_mul(2_654_435_761).wrapping_add(i);
                    low(mixed.wrapping_mul(2_246_822_519) >> 21)
                })
                .collect();
            assert!(!has_fingerprint(&noise), "{seed}");
        }
        assert!(!has_fingerprint(&[]));
        assert!(!has_fingerprint(&[0; 256]));
    }

    #[test]
    fn only_sizes_of_keys_are_looked_at() {
        // 65537^31 has 497 bits, 65537^32 513, 65537^1023 16,369 and 65537^1024 16,385.
        for (exponent, looked_at) in [
            (1, false),
            (31, false),
            (32, true),
            (1023, true),
            (1024, false),
        ] {
            assert_eq!(fingerprint(power(exponent)), looked_at, "{exponent}");
        }
        let mut padded = vec![0; 4096];
        padded.extend(power(32).iter().rev());
        assert!(has_fingerprint(&padded), "leading zeros do not count");
    }
}
