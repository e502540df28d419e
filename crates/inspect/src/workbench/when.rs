//! Times and durations as people write them.

use core::str::FromStr;
use core::time::Duration;

use jeton_jose::UnixTime;
use jeton_jose::json::{Document, Options, RawJson};
use jeton_jose::jwt::policy::parse_duration;
use serde::Deserialize;

use crate::moment::read_utc;

/// A time as a person writes it, not yet held against the clock: `now`, `+1h`, `-2d`, seconds since
/// 1970, or RFC 3339. In a request it is a string or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawJson")]
pub enum When {
    /// The present.
    Now,
    /// That very time.
    At(UnixTime),
    /// So long after the present.
    After(Duration),
    /// So long before the present.
    Before(Duration),
}

impl When {
    /// The time, if it is `now` at present.
    pub fn resolve(self, now: UnixTime) -> UnixTime {
        match self {
            Self::Now => now,
            Self::At(time) => time,
            Self::After(duration) => now.saturating_add(duration),
            Self::Before(duration) => now.saturating_sub(duration),
        }
    }

    /// As [`FromStr`], but a duration may go without its sign: `15m` from now.
    ///
    /// # Errors
    /// It is no time; says what is expected.
    pub fn parse_later(text: &str) -> Result<Self, String> {
        let unit = text.ends_with(|c: char| c.is_ascii_alphabetic());
        match parse_duration(text) {
            Some(duration) if unit => Ok(Self::After(duration)),
            _ => text.parse(),
        }
    }
}

impl FromStr for When {
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
        match read_utc(text) {
            Some(time) => Ok(Self::At(time)),
            None => Err("expected RFC 3339 (2026-01-31T12:00:00Z), seconds since 1970, `now`, `+1h` or `-2d`".to_owned()),
        }
    }
}

/// A duration as a person writes it: `30s`.
///
/// # Errors
/// It is none; says what is expected.
pub fn duration_of(text: &str) -> Result<Duration, String> {
    parse_duration(text).ok_or_else(|| "expected a duration such as 30s, 15m, 1h or 7d".to_owned())
}

/// A duration in a request: `30s`, or a number of seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawJson")]
pub struct Span(pub Duration);

impl TryFrom<RawJson> for When {
    type Error = String;

    fn try_from(json: RawJson) -> Result<Self, String> {
        written(&json).parse()
    }
}

impl TryFrom<RawJson> for Span {
    type Error = String;

    fn try_from(json: RawJson) -> Result<Self, String> {
        duration_of(&written(&json)).map(Self)
    }
}

/// What a string says, or the number as it is written.
fn written(json: &RawJson) -> String {
    let document = Document::parse(json.text().as_bytes(), &Options::strict()).ok();
    let text = document.and_then(|document| Some(document.root().as_str()?.to_owned()));
    text.unwrap_or_else(|| json.text().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_seconds(1_767_225_600);

    fn resolved(text: &str) -> Option<i64> {
        text.parse::<When>()
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
            When::parse_later("15m"),
            Ok(When::After(Duration::from_mins(15)))
        );
        assert_eq!(
            When::parse_later("1700000000"),
            Ok(When::At(UnixTime::from_seconds(1_700_000_000)))
        );
        assert!(When::parse_later("15x").is_err());
    }

    #[test]
    fn requests_write_strings_or_numbers() {
        let when = |text: &str| {
            let document = Document::parse(text.as_bytes(), &Options::strict()).unwrap();
            jeton_jose::json::from_value::<When>(document.root()).ok()
        };
        assert_eq!(when("1700000000"), when("\"1700000000\""));
        assert_eq!(when("\"+1h\""), Some(When::After(Duration::from_hours(1))));
        assert_eq!(when("{}"), None);
        let span = |text: &str| {
            let document = Document::parse(text.as_bytes(), &Options::strict()).unwrap();
            jeton_jose::json::from_value::<Span>(document.root()).ok()
        };
        assert_eq!(span("30"), span("\"30s\""));
        assert_eq!(span("-30"), None);
    }
}
