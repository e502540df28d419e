//! Times and spans of time as people read them. No zone of the reader is known, so it is UTC.

use core::fmt;
use core::time::Duration;

use jeton_jose::UnixTime;
use jiff::Timestamp;

/// A moment, for `<time>`: readable as a text, exact for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(UnixTime);

impl Moment {
    /// In the form that the attribute `datetime` has.
    pub fn machine(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// How long it lasts already; `None` if it has not come yet.
    pub fn ago(self, now: UnixTime) -> Option<Span> {
        let seconds = now.seconds().checked_sub(self.0.seconds())?;
        Some(Span::down(Duration::from_secs(
            u64::try_from(seconds).ok()?,
        )))
    }

    fn timestamp(self) -> Timestamp {
        let end = if self.0.seconds() < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        };
        Timestamp::from_second(self.0.seconds()).unwrap_or(end)
    }
}

impl From<UnixTime> for Moment {
    fn from(at: UnixTime) -> Self {
        Self(at)
    }
}

/// `22 Nov 2026, 06:25 UTC`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp().strftime("%-d %b %Y, %H:%M UTC"))
    }
}

/// About how long: a number of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// How many.
    pub amount: u64,
    /// Of what.
    pub unit: Unit,
}

/// What a span is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
}

/// The units with their seconds, and from how many seconds on each is used: nobody counts 90
/// minutes as one hour.
const UNITS: [(Unit, u64, u64); 3] = [
    (Unit::Day, 86_400, 2 * 86_400),
    (Unit::Hour, 3600, 2 * 3600),
    (Unit::Minute, 60, 100),
];

impl Span {
    /// At least as long, for what somebody has to wait.
    pub fn up(duration: Duration) -> Self {
        let seconds = duration
            .as_secs()
            .saturating_add(u64::from(duration.subsec_nanos() > 0));
        Self::of(seconds, u64::div_ceil)
    }

    /// At most as long, for what is left or has gone by.
    pub fn down(duration: Duration) -> Self {
        Self::of(duration.as_secs(), |seconds, unit| seconds / unit)
    }

    /// How many seconds it is.
    pub fn seconds(self) -> u64 {
        let size = UNITS.iter().find(|(unit, ..)| *unit == self.unit);
        self.amount
            .saturating_mul(size.map_or(1, |(_, size, _)| *size))
    }

    fn of(seconds: u64, divide: fn(u64, u64) -> u64) -> Self {
        let fits = UNITS.iter().find(|(.., least)| seconds >= *least);
        let (unit, size, _) = fits.copied().unwrap_or((Unit::Second, 1, 0));
        Self {
            amount: divide(seconds, size),
            unit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_readable_and_exact() {
        let moment = Moment::from(UnixTime::from_seconds(1_767_225_605));
        assert_eq!(moment.to_string(), "1 Jan 2026, 00:00 UTC");
        assert_eq!(moment.machine(), "2026-01-01T00:00:05Z");
        for seconds in [i64::MIN, i64::MAX] {
            let moment = Moment::from(UnixTime::from_seconds(seconds));
            assert!(moment.to_string().ends_with("UTC"));
        }
    }

    #[test]
    fn spans_are_rounded_to_the_safe_side() {
        let span = |amount, unit| Span { amount, unit };
        for (seconds, up, down) in [
            (0, span(0, Unit::Second), span(0, Unit::Second)),
            (99, span(99, Unit::Second), span(99, Unit::Second)),
            (121, span(3, Unit::Minute), span(2, Unit::Minute)),
            (5400, span(90, Unit::Minute), span(90, Unit::Minute)),
            (7201, span(3, Unit::Hour), span(2, Unit::Hour)),
            (172_801, span(3, Unit::Day), span(2, Unit::Day)),
        ] {
            let duration = Duration::from_secs(seconds);
            assert_eq!(Span::up(duration), up, "{seconds}");
            assert_eq!(Span::down(duration), down, "{seconds}");
        }
        assert_eq!(Span::up(Duration::from_millis(1)), span(1, Unit::Second));
        assert_eq!(span(3, Unit::Minute).seconds(), 180);
    }

    #[test]
    fn what_has_not_come_yet_is_not_ago() {
        let now = UnixTime::from_seconds(100);
        assert_eq!(
            Moment::from(UnixTime::from_seconds(90)).ago(now),
            Some(Span {
                amount: 10,
                unit: Unit::Second
            })
        );
        assert_eq!(Moment::from(UnixTime::from_seconds(101)).ago(now), None);
        assert_eq!(
            Moment::from(UnixTime::from_seconds(i64::MIN)).ago(now),
            None
        );
    }
}
