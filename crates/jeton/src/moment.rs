//! Times as arguments, and as they read where the reader is.

use core::str::FromStr;
use core::time::Duration;

use jeton_jose::UnixTime;
use jeton_jose::jwt::policy::parse_duration;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A time on the command line, not yet held against the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    Now,
    At(UnixTime),
    After(Duration),
    Before(Duration),
}

impl Moment {
    pub(crate) fn resolve(self, now: UnixTime) -> UnixTime {
        match self {
            Self::Now => now,
            Self::At(time) => time,
            Self::After(duration) => now.saturating_add(duration),
            Self::Before(duration) => now.saturating_sub(duration),
        }
    }

    /// As [`Moment::from_str`], but a duration may go without its sign: `15m` from now.
    pub(crate) fn parse_later(text: &str) -> Result<Self, String> {
        let unit = text.ends_with(|c: char| c.is_ascii_alphabetic());
        match parse_duration(text) {
            Some(duration) if unit => Ok(Self::After(duration)),
            _ => text.parse(),
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    /// `now`, `+1h`, `-2d`, seconds since 1970, or RFC 3339.
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "now" {
            return Ok(Self::Now);
        }
        if let Some(duration) = text.strip_prefix('+') {
            return duration_of(duration).map(Self::After);
        }
        if let Some(duration) = text.strip_prefix('-') {
            return duration_of(duration).map(Self::Before);
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
            return match UnixTime::from_numeric_date(text) {
                Some(time) => Ok(Self::At(time)),
                None => Err("a number of seconds since 1970 must be before the year 10000 (is it milliseconds?)".to_owned()),
            };
        }
        match text.parse::<Timestamp>() {
            Ok(time) => Ok(Self::At(UnixTime::from_seconds(time.as_second()))),
            Err(_) => Err("expected RFC 3339 (2026-01-31T12:00:00Z), seconds since 1970, `now`, `+1h` or `-2d`".to_owned()),
        }
    }
}

/// A duration on the command line.
pub(crate) fn duration_of(text: &str) -> Result<Duration, String> {
    parse_duration(text).ok_or_else(|| "expected a duration such as 30s, 15m, 1h or 7d".to_owned())
}

/// The time where the reader is; `None` if that is UTC.
pub(crate) fn local(time: UnixTime, zone: &TimeZone) -> Option<String> {
    let timestamp = Timestamp::from_second(time.seconds()).ok()?;
    let zoned = timestamp.to_zoned(zone.clone());
    if matches!(
        zone.iana_name(),
        None | Some("UTC" | "Etc/UTC" | "Etc/Unknown")
    ) && zoned.offset().is_zero()
    {
        return None;
    }
    let text = zoned.strftime("%Y-%m-%d %H:%M:%S %:z").to_string();
    Some(match zone.iana_name() {
        Some(name) => format!("{text} {name}"),
        None => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_seconds(1_767_225_600);

    fn resolved(text: &str) -> Option<i64> {
        text.parse::<Moment>()
            .ok()
            .map(|moment| moment.resolve(NOW).seconds())
    }

    #[test]
    fn times_are_read_in_every_form() {
        assert_eq!(resolved("now"), Some(1_767_225_600));
        assert_eq!(resolved("1700000000"), Some(1_700_000_000));
        assert_eq!(resolved("+1h"), Some(1_767_229_200));
        assert_eq!(resolved("-2d"), Some(1_767_052_800));
        assert_eq!(resolved("2026-01-01T00:00:00Z"), Some(1_767_225_600));
        assert_eq!(resolved("2026-01-01T01:00:00+01:00"), Some(1_767_225_600));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "tomorrow",
            "15m",
            "+",
            "-",
            "+1y",
            "1700000000000",
            "2026-01-01",
            "2026-13-01T00:00:00Z",
        ] {
            assert_eq!(resolved(text), None, "{text}");
        }
    }

    #[test]
    fn an_expiry_may_be_a_bare_duration() {
        assert_eq!(
            Moment::parse_later("15m"),
            Ok(Moment::After(Duration::from_mins(15)))
        );
        assert_eq!(
            Moment::parse_later("1700000000"),
            Ok(Moment::At(UnixTime::from_seconds(1_700_000_000)))
        );
        assert!(Moment::parse_later("15x").is_err());
    }

    #[test]
    fn clock_times_are_shown_where_the_reader_is() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        assert_eq!(
            local(NOW, &zone).as_deref(),
            Some("2026-01-01 02:00:00 +02:00")
        );
        assert_eq!(local(NOW, &TimeZone::UTC), None);
    }
}
