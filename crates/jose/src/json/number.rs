//! Numbers, kept as text and compared by exact decimal value (RFC 8259 §6).

use core::cmp::Ordering;
use core::fmt;

/// A number, as its text. Equality and order are by exact decimal value: `1.0`, `1e0` and `1` are
/// equal, and nothing is rounded. Exponents beyond ±2⁶⁰ count as that bound.
#[derive(Clone, Copy)]
pub struct Number<'d>(&'d str);

/// The largest exponent told from a larger one; leaves room to add the length of a text.
const EXPONENT_BOUND: i64 = 1 << 60;

impl<'d> Number<'d> {
    /// Takes a text that the reader found to be a number.
    pub(super) fn new(text: &'d str) -> Self {
        Self(text)
    }

    /// The text as it stands in the document.
    pub fn text(self) -> &'d str {
        self.0
    }

    /// The exact value as an integer (`10.0` and `1e1` are 10); `None` if it is none or too large.
    pub fn to_i64(self) -> Option<i64> {
        self.0
            .parse()
            .ok()
            .or_else(|| self.to_i128()?.try_into().ok())
    }

    /// As [`to_i64`](Self::to_i64), unsigned.
    pub fn to_u64(self) -> Option<u64> {
        self.0
            .parse()
            .ok()
            .or_else(|| self.to_u128()?.try_into().ok())
    }

    /// As [`to_i64`](Self::to_i64), wider.
    pub fn to_i128(self) -> Option<i128> {
        let (negative, magnitude) = Decimal::new(self.0).integer()?;
        if negative {
            0i128.checked_sub_unsigned(magnitude)
        } else {
            magnitude.try_into().ok()
        }
    }

    /// As [`to_u64`](Self::to_u64), wider.
    pub fn to_u128(self) -> Option<u128> {
        let (negative, magnitude) = Decimal::new(self.0).integer()?;
        (!negative || magnitude == 0).then_some(magnitude)
    }

    /// The nearest `f64`; `None` beyond its range, so never infinite.
    pub fn to_f64(self) -> Option<f64> {
        self.0.parse().ok().filter(|value: &f64| value.is_finite())
    }

    /// Compares by exact decimal value.
    pub fn cmp_exact(self, other: Number<'_>) -> Ordering {
        Decimal::new(self.0).cmp(Decimal::new(other.0))
    }
}

impl PartialEq for Number<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp_exact(*other).is_eq()
    }
}

impl Eq for Number<'_> {}

impl PartialOrd for Number<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_exact(*other)
    }
}

/// Shows no value: it may be confidential.
impl fmt::Debug for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({} bytes)", self.0.len())
    }
}

/// 0.d₁d₂d₃… times ten to the power of `exponent`, where d₁ and the last digit are not zero.
/// Zero has no digits and is not negative.
#[derive(Clone, Copy)]
struct Decimal<'d> {
    negative: bool,
    whole: &'d [u8],
    fraction: &'d [u8],
    exponent: i64,
}

impl<'d> Decimal<'d> {
    fn new(text: &'d str) -> Self {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let exponent = bounded(exponent);
        let whole = without_leading_zeros(whole.as_bytes());
        let fraction = without_trailing_zeros(fraction.as_bytes());
        if !whole.is_empty() {
            let exponent = exponent + length(whole);
            let whole = if fraction.is_empty() {
                without_trailing_zeros(whole)
            } else {
                whole
            };
            return Self {
                negative,
                whole,
                fraction,
                exponent,
            };
        }
        let digits = without_leading_zeros(fraction);
        let exponent = exponent - (length(fraction) - length(digits));
        Self {
            negative: negative && !digits.is_empty(),
            whole,
            fraction: digits,
            exponent,
        }
    }

    fn digits(self) -> impl Iterator<Item = u8> {
        self.whole.iter().chain(self.fraction).copied()
    }

    fn cmp(self, other: Decimal<'_>) -> Ordering {
        match (self.sign(), other.sign()) {
            (1, 1) => self.cmp_magnitude(other),
            (-1, -1) => other.cmp_magnitude(self),
            (one, two) => one.cmp(&two),
        }
    }

    fn sign(self) -> i8 {
        match (
            self.negative,
            self.whole.is_empty() && self.fraction.is_empty(),
        ) {
            (_, true) => 0,
            (true, false) => -1,
            (false, false) => 1,
        }
    }

    fn cmp_magnitude(self, other: Decimal<'_>) -> Ordering {
        self.exponent
            .cmp(&other.exponent)
            .then_with(|| self.digits().cmp(other.digits()))
    }

    /// The sign and the magnitude, if it is an integer that fits.
    fn integer(self) -> Option<(bool, u128)> {
        if self.sign() == 0 {
            return Some((false, 0));
        }
        let count = length(self.whole) + length(self.fraction);
        // u128::MAX has 39 digits.
        if self.exponent < count || self.exponent > 39 {
            return None;
        }
        let zeros = usize::try_from(self.exponent - count).ok()?;
        let magnitude = self
            .digits()
            .chain(core::iter::repeat_n(b'0', zeros))
            .try_fold(0u128, |magnitude, digit| {
                magnitude
                    .checked_mul(10)?
                    .checked_add(u128::from(digit - b'0'))
            })?;
        Some((self.negative, magnitude))
    }
}

fn without_leading_zeros(mut digits: &[u8]) -> &[u8] {
    while let [b'0', rest @ ..] = digits {
        digits = rest;
    }
    digits
}

fn without_trailing_zeros(mut digits: &[u8]) -> &[u8] {
    while let [rest @ .., b'0'] = digits {
        digits = rest;
    }
    digits
}

fn length(digits: &[u8]) -> i64 {
    i64::try_from(digits.len()).unwrap_or(EXPONENT_BOUND)
}

/// The exponent, or the bound on its side.
fn bounded(text: &str) -> i64 {
    let value = text.parse().unwrap_or(if text.starts_with('-') {
        -EXPONENT_BOUND
    } else {
        EXPONENT_BOUND
    });
    value.clamp(-EXPONENT_BOUND, EXPONENT_BOUND)
}
