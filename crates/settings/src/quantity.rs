use core::fmt;
use core::str::FromStr;

use crate::{Invalid, from_text};

/// A length of time, as `250ms`, `30s`, `15m`, `1h` or `7d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(std::time::Duration);

/// A number of bytes, as `512B`, `64KiB`, `4MiB` or `1GiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(usize);

const MILLISECONDS: &[(&str, u64)] = &[
    ("ms", 1),
    ("s", 1000),
    ("m", 60 * 1000),
    ("h", 60 * 60 * 1000),
    ("d", 24 * 60 * 60 * 1000),
];

const BYTES: &[(&str, u64)] = &[
    ("B", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
];

impl Duration {
    /// So many seconds.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(std::time::Duration::from_secs(seconds))
    }

    /// For what waits.
    pub const fn value(self) -> std::time::Duration {
        self.0
    }
}

impl Size {
    /// So many bytes.
    pub const fn from_bytes(bytes: usize) -> Self {
        Self(bytes)
    }

    /// In bytes.
    pub const fn bytes(self) -> usize {
        self.0
    }
}

impl FromStr for Duration {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let milliseconds = quantity(text, MILLISECONDS).ok_or(Invalid(
            "a duration: a whole number above zero with `ms`, `s`, `m`, `h` or `d`, as `30s`",
        ))?;
        Ok(Self(std::time::Duration::from_millis(milliseconds)))
    }
}

impl FromStr for Size {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        quantity(text, BYTES)
            .and_then(|bytes| usize::try_from(bytes).ok())
            .map(Self)
            .ok_or(Invalid(
                "a size: a whole number above zero, with `B`, `KiB`, `MiB` or `GiB`, as `64KiB`",
            ))
    }
}

/// A whole number above zero times its unit.
fn quantity(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    let quantity = digits.parse::<u64>().ok()?.checked_mul(*factor)?;
    (quantity > 0).then_some(quantity)
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        write_quantity(f, milliseconds, MILLISECONDS)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_quantity(f, u64::try_from(self.0).unwrap_or(u64::MAX), BYTES)
    }
}

/// In the largest unit that it is a multiple of.
fn write_quantity(f: &mut fmt::Formatter<'_>, quantity: u64, units: &[(&str, u64)]) -> fmt::Result {
    let fits = |(_, factor): &&(&str, u64)| quantity >= *factor && quantity.is_multiple_of(*factor);
    match units.iter().rev().find(fits) {
        Some((name, factor)) => write!(f, "{}{name}", quantity / factor),
        None => write!(f, "{quantity}"),
    }
}

from_text!(
    Duration,
    "^[0-9]+(ms|s|m|h|d)$",
    "A length of time: a whole number with `ms`, `s`, `m`, `h` or `d`.",
    "30s",
    "15m"
);
from_text!(
    Size,
    "^[0-9]+(B|KiB|MiB|GiB)$",
    "A number of bytes: a whole number with `B`, `KiB`, `MiB` or `GiB`.",
    "64KiB",
    "4MiB"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written() {
        for (text, milliseconds) in [
            ("250ms", 250),
            ("30s", 30_000),
            ("15m", 900_000),
            ("2h", 7_200_000),
            ("7d", 604_800_000),
        ] {
            let duration: Duration = text.parse().unwrap();
            assert_eq!(duration.value().as_millis(), milliseconds);
            assert_eq!(duration.to_string(), text);
        }
        for text in [
            "",
            "30",
            "s",
            "0s",
            "-1s",
            "1.5h",
            "1 h",
            "1H",
            "1y",
            "99999999999999999999s",
        ] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_read_and_written() {
        for (text, bytes, shown) in [
            ("512B", 512, "512B"),
            ("64KiB", 65_536, "64KiB"),
            ("2048B", 2048, "2KiB"),
            ("4MiB", 4 << 20, "4MiB"),
        ] {
            let size: Size = text.parse().unwrap();
            assert_eq!(size.bytes(), bytes);
            assert_eq!(size.to_string(), shown);
        }
        for text in [
            "",
            "512",
            "0B",
            "KiB",
            "1KB",
            "1kib",
            "1.5MiB",
            "99999999999GiB",
        ] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_error_names_what_was_expected_and_not_what_was_there() {
        let error = "hunter2".parse::<Duration>().unwrap_err().to_string();
        assert!(error.starts_with("expected a duration"), "{error}");
        assert!(!error.contains("hunter2"));
    }
}
