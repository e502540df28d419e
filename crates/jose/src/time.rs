//! Points in time as JWTs write them (`NumericDate`, RFC 7519 §2). The clock is the caller's.

use core::fmt;
use core::time::Duration;

/// Latest time a claim may name: 9999-12-31T23:59:59Z.
const LAST_SECOND: i64 = 253_402_300_799;
const NANOSECONDS: i128 = 1_000_000_000;

/// Seconds since 1970-01-01T00:00:00Z, leap seconds ignored, with nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime {
    seconds: i64,
    nanoseconds: u32,
}

impl UnixTime {
    /// A whole second.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self {
            seconds,
            nanoseconds: 0,
        }
    }

    /// Whole seconds, rounded down.
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds past the second.
    pub const fn subsec_nanoseconds(self) -> u32 {
        self.nanoseconds
    }

    /// This much later, at most the last time that can be represented.
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        Self::from_nanoseconds(self.nanoseconds().saturating_add(nanoseconds_of(duration)))
    }

    /// This much earlier, at least the first time that can be represented.
    #[must_use]
    pub fn saturating_sub(self, duration: Duration) -> Self {
        Self::from_nanoseconds(self.nanoseconds().saturating_sub(nanoseconds_of(duration)))
    }

    /// Reads the text of a JSON number exactly, without floating point.
    ///
    /// `None` where it is negative or past the year 9999: such a time is a mistake or an attack
    /// (`1e309`, `2^64-1`), never a lifetime. Digits past the nanosecond are dropped.
    pub fn from_numeric_date(number: &str) -> Option<Self> {
        if !number.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        if number.len() <= 12 && number.bytes().all(|byte| byte.is_ascii_digit()) {
            let seconds = number
                .bytes()
                .fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
            return (seconds <= LAST_SECOND).then_some(Self::from_seconds(seconds));
        }
        from_decimal(number).filter(|time| time.seconds <= LAST_SECOND)
    }

    fn nanoseconds(self) -> i128 {
        i128::from(self.seconds) * NANOSECONDS + i128::from(self.nanoseconds)
    }

    fn from_nanoseconds(nanoseconds: i128) -> Self {
        let seconds = nanoseconds.div_euclid(NANOSECONDS);
        match (
            i64::try_from(seconds),
            u32::try_from(nanoseconds.rem_euclid(NANOSECONDS)),
        ) {
            (Ok(seconds), Ok(nanoseconds)) => Self {
                seconds,
                nanoseconds,
            },
            _ if seconds < 0 => Self::from_seconds(i64::MIN),
            _ => Self::from_seconds(i64::MAX),
        }
    }
}

impl fmt::Debug for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnixTime({}.{:09})", self.seconds, self.nanoseconds)
    }
}

fn nanoseconds_of(duration: Duration) -> i128 {
    i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX)
}

/// The slow path: fractions and exponents.
fn from_decimal(number: &str) -> Option<UnixTime> {
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (number, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() + fraction.len() > 64 || !(-64..=64).contains(&exponent) {
        return None;
    }
    let digits = whole.bytes().chain(fraction.bytes());
    let point = i32::try_from(whole.len()).ok()? + exponent;
    let mut nanoseconds: i128 = 0;
    let mut place = point + 9;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        if place > 0 {
            nanoseconds = nanoseconds
                .checked_mul(10)?
                .checked_add(i128::from(digit - b'0'))?;
        }
        place -= 1;
    }
    while place > 0 && nanoseconds != 0 {
        nanoseconds = nanoseconds.checked_mul(10)?;
        place -= 1;
    }
    Some(UnixTime::from_nanoseconds(nanoseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(number: &str) -> Option<(i64, u32)> {
        UnixTime::from_numeric_date(number).map(|time| (time.seconds, time.nanoseconds))
    }

    #[test]
    fn numeric_dates_are_exact() {
        assert_eq!(read("0"), Some((0, 0)));
        assert_eq!(read("1300819380"), Some((1_300_819_380, 0)));
        assert_eq!(read("1300819380.5"), Some((1_300_819_380, 500_000_000)));
        assert_eq!(read("1300819380.000000001"), Some((1_300_819_380, 1)));
        assert_eq!(read("1300819380.0000000019"), Some((1_300_819_380, 1)));
        assert_eq!(read("1.30081938e9"), Some((1_300_819_380, 0)));
        assert_eq!(read("13008193800000E-4"), Some((1_300_819_380, 0)));
        assert_eq!(read("0.0000000001"), Some((0, 0)));
        assert_eq!(read("5e-1"), Some((0, 500_000_000)));
        assert_eq!(read("0e40"), Some((0, 0)));
        assert_eq!(read("253402300799"), Some((253_402_300_799, 0)));
    }

    #[test]
    fn attack_47_absurd_times_are_refused() {
        for number in [
            "-1",
            "-0.5",
            "253402300800",
            "1e309",
            "1e400",
            "1e19",
            "18446744073709551615",
            "9999999999999",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            // 2^127 nanoseconds: its last digit is the one too many.
            "170141183460469231731687303715884105728e-9",
            "170141183460469231731687303715.884105728",
        ] {
            assert_eq!(read(number), None, "{number}");
        }
    }

    #[test]
    fn what_is_no_json_number_is_no_time() {
        for text in [
            "", ".", ".5", "e5", "+1", " 1", "1 ", "1e", "0x10", "inf", "NaN",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn arithmetic_saturates() {
        let now = UnixTime::from_seconds(1_300_819_380);
        assert_eq!(now.saturating_add(Duration::MAX).seconds, i64::MAX);
        assert_eq!(
            UnixTime::from_seconds(i64::MIN)
                .saturating_sub(Duration::MAX)
                .seconds,
            i64::MIN
        );
        assert!(now.saturating_sub(Duration::from_secs(1)) < now);
        assert_eq!(
            now.saturating_add(Duration::from_millis(1500)).nanoseconds,
            500_000_000
        );
    }
}
