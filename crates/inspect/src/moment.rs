//! Times as people read them. The clock is the caller's; so is the time zone, which is not known
//! here.

use core::time::Duration;

use jeton_jose::UnixTime;
use jiff::Timestamp;
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
/// -9999 or after 9999.
pub fn utc(time: UnixTime) -> Option<String> {
    let nanoseconds = i32::try_from(time.subsec_nanoseconds()).ok()?;
    let timestamp = Timestamp::new(time.seconds(), nanoseconds).ok()?;
    Some(timestamp.to_string())
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
        assert_eq!(relative(at(i64::MIN), NOW), "292277026596 years ago");
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
