//! Times as people read them. The clock is the caller's; so is the time zone, which is not known
//! here.

use core::time::Duration;

use jeton_jose::UnixTime;
use serde::Serialize;

/// A point in time, told three ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// RFC 3339 in UTC; empty past the year 9999.
    pub utc: String,
    /// Told from now: `in 12 minutes`, `3 days ago`.
    pub relative: String,
}

impl Moment {
    /// Tells a time.
    pub fn new(time: UnixTime, now: UnixTime) -> Self {
        Self {
            seconds: time.seconds(),
            utc: utc(time).unwrap_or_default(),
            relative: relative(time, now),
        }
    }
}

/// RFC 3339 in UTC, `2026-01-31T12:00:00Z`, with a fraction if there is one; `None` before the year
/// 0 or after 9999.
pub fn utc(time: UnixTime) -> Option<String> {
    let days = time.seconds().div_euclid(DAY);
    let second = time.seconds().rem_euclid(DAY);
    let (year, month, day) = date(days).filter(|(year, _, _)| (0..=9999).contains(year))?;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let fraction = match time.subsec_nanoseconds() {
        0 => String::new(),
        nanoseconds => format!(".{nanoseconds:09}")
            .trim_end_matches('0')
            .to_owned(),
    };
    Some(format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z"
    ))
}

/// Reads RFC 3339 to the second: `2026-01-31T12:00:00Z`, `2026-01-31t13:00:00.5+01:00`.
pub fn read_utc(text: &str) -> Option<UnixTime> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let start = time.find(['Z', 'z', '+', '-'])?;
    let (time, offset) = time.split_at_checked(start)?;
    let time = match time.split_once('.') {
        None => time,
        Some((whole, fraction)) => {
            let digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
            Some(whole).filter(|_| digits && !fraction.is_empty())?
        }
    };
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let offset = match offset {
        "Z" | "z" => 0,
        offset => {
            let [hours, minutes] = numbers(offset.get(1..)?, ':', [2, 2])?;
            let seconds = (hours < 24 && minutes < 60).then_some(hours * 3600 + minutes * 60)?;
            if offset.starts_with('-') {
                -seconds
            } else {
                seconds
            }
        }
    };
    let days = days(year, month, day)?;
    (hour < 24 && minute < 60 && second < 60)
        .then(|| UnixTime::from_seconds(days * DAY + hour * 3600 + minute * 60 + second - offset))
}

/// Seconds of a day; leap seconds have no number (RFC 7519 §2).
const DAY: i64 = 86_400;

/// Numbers of exactly so many digits each.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits)?;
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        *number = part.parse().ok().filter(|_| digits)?;
    }
    parts.next().is_none().then_some(numbers)
}

/// Years are counted from March, so that the leap day is the last one of a year; the calendar
/// repeats after 400 of them.
const ERA: i64 = 146_097;

/// Days from 1 March of the year 0 to 1 January 1970.
const EPOCH: i64 = 719_468;

/// The year, month and day so many days after 1970-01-01 in the Gregorian calendar.
fn date(days: i64) -> Option<(i64, i64, i64)> {
    let days = days.checked_add(EPOCH)?;
    let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    // The last day of four years, of a century and of an era belongs to the year before.
    let year = (day - day / 1460 + day / 36_524 - day / (ERA - 1)) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // From March on, months have 31 30 31 30 31 days, again and again.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + i64::from(month <= 2);
    Some((year, month, day))
}

/// The way back; `None` for a day that the calendar does not have.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let from_march = year - i64::from(month <= 2);
    let (era, of_era) = (from_march.div_euclid(400), from_march.rem_euclid(400));
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    let days = era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH;
    (date(days) == Some((year, month, day))).then_some(days)
}

/// `in 12 minutes`, `3 days ago`, `now`: the largest unit, and the next one while that matters.
pub fn relative(time: UnixTime, now: UnixTime) -> String {
    let seconds = time.seconds().saturating_sub(now.seconds());
    let span = || span(Duration::from_secs(seconds.unsigned_abs()));
    match seconds {
        0 => "now".to_owned(),
        1.. => format!("in {}", span()),
        _ => format!("{} ago", span()),
    }
}

/// A duration in words, whole seconds only: `12 minutes`, `1 hour 20 minutes`. Years and months are
/// mean ones.
pub fn span(duration: Duration) -> String {
    const UNITS: [(&str, u64); 6] = [
        ("year", 31_557_600),
        ("month", 2_629_800),
        ("day", 86_400),
        ("hour", 3_600),
        ("minute", 60),
        ("second", 1),
    ];
    let seconds = duration.as_secs();
    let mut units = UNITS.into_iter().skip_while(|(_, size)| *size > seconds);
    let Some((name, size)) = units.next() else {
        return "0 seconds".to_owned();
    };
    let count = seconds / size;
    let mut text = counted(count, name);
    if let Some((name, smaller)) = units.next()
        && count < 3
        && seconds % size / smaller > 0
    {
        text.push(' ');
        text.push_str(&counted(seconds % size / smaller, name));
    }
    text
}

/// `1 key`, `2 keys`.
pub(crate) fn counted(count: u64, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeton_testkit::NOW;

    fn at(seconds: i64) -> UnixTime {
        UnixTime::from_seconds(seconds)
    }

    #[test]
    fn spans_read_like_speech() {
        let cases = [
            (0, "0 seconds"),
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (119, "1 minute 59 seconds"),
            (720, "12 minutes"),
            (7_140, "1 hour 59 minutes"),
            (10_800, "3 hours"),
            (86_400, "1 day"),
            (259_200, "3 days"),
            (252_460_800, "8 years"),
            (u64::MAX, "584542046090 years"),
        ];
        for (seconds, text) in cases {
            assert_eq!(span(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn relative_times_name_their_side() {
        assert_eq!(relative(NOW, NOW), "now");
        assert_eq!(relative(at(1_767_226_320), NOW), "in 12 minutes");
        assert_eq!(relative(at(1_766_966_400), NOW), "3 days ago");
        assert_eq!(relative(at(i64::MIN), NOW), "292271023045 years ago");
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in [
            "",
            "2026-01-01",
            "2026-01-01T00:00:00",
            "2026-1-01T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-32T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:60Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00.xZ",
            "2026-01-01T00:00:00Zx",
            "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00+1:00",
            "2026-01-01T00:00:00\u{2212}01:00",
            "+026-01-01T00:00:00Z",
        ] {
            assert_eq!(read_utc(text), None, "{text}");
        }
        for text in [
            "2026-01-01T00:00:00Z",
            "2026-01-01t00:00:00.999z",
            "2026-01-01 01:30:00+01:30",
            "2025-12-31T23:00:00-01:00",
        ] {
            assert_eq!(read_utc(text), Some(NOW), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_calendar_is_that_of_a_date_library(
            seconds in -62_167_219_200_i64..253_402_300_800,
            nanoseconds in 0_i32..1_000_000_000,
        ) {
            let stamp = jiff::Timestamp::new(seconds, nanoseconds).unwrap();
            let text = stamp.to_string();
            if seconds >= 0 {
                let time = UnixTime::from_numeric_date(&format!("{seconds}.{nanoseconds:09}"));
                proptest::prop_assert_eq!(utc(time.unwrap()), Some(text));
            }
            let whole = jiff::Timestamp::new(seconds, 0).unwrap().to_string();
            proptest::prop_assert_eq!(read_utc(&whole), Some(at(seconds)));
            proptest::prop_assert_eq!(utc(at(seconds)), Some(whole));
        }
    }

    #[test]
    fn instants_are_written_as_rfc_3339() {
        assert_eq!(utc(NOW).as_deref(), Some("2026-01-01T00:00:00Z"));
        let fraction = UnixTime::from_numeric_date("1767225600.25").unwrap();
        assert_eq!(utc(fraction).as_deref(), Some("2026-01-01T00:00:00.25Z"));
        assert_eq!(utc(at(i64::MAX)), None);
        assert_eq!(Moment::new(at(i64::MAX), NOW).utc, "");
    }
}
