//! Times of tokens: reading them, and when a token is accepted.

use jeton_jose::UnixTime;
use jeton_jose::json::{Object, Value};

use super::{Lifetime, Options, State, Validity, WithLeeway};
use crate::moment::{Moment, relative, span, utc};

/// What a number that is meant to be a time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// Seconds, as it should be.
    Seconds(UnixTime),
    /// A thousand, a million or a milliard times too many: the time it would be, and the unit.
    Finer(UnixTime, &'static str),
    /// Before 1970 or after 9999.
    OutOfRange,
}

/// The year 5138 in seconds, the year 1973 in milliseconds.
const MILLISECONDS_FROM: i128 = 100_000_000_000;

impl Time {
    /// Reads a number; `None` for anything else.
    pub(super) fn read(value: Value<'_>) -> Option<Self> {
        let number = value.as_number()?;
        let whole = number.to_i128().or_else(|| {
            let (whole, _) = number.text().split_once('.')?;
            whole.parse().ok()
        });
        let scales = [
            (1_000, "milliseconds"),
            (1_000_000, "microseconds"),
            (1_000_000_000, "nanoseconds"),
        ];
        if let Some(whole) = whole.filter(|whole| *whole >= MILLISECONDS_FROM) {
            for (scale, unit) in scales {
                if whole < MILLISECONDS_FROM * scale {
                    let seconds = i64::try_from(whole / scale).unwrap_or_default();
                    return Some(Self::Finer(UnixTime::from_seconds(seconds), unit));
                }
            }
        }
        Some(UnixTime::from_numeric_date(number.text()).map_or(Self::OutOfRange, Self::Seconds))
    }

    /// In words.
    pub(super) fn explain(self, now: UnixTime) -> String {
        let words = |time| format!("{}, {}", utc(time).unwrap_or_default(), relative(time, now));
        match self {
            Self::Seconds(time) => words(time),
            Self::Finer(time, unit) => format!("not seconds; read as {unit} it is {}", words(time)),
            Self::OutOfRange => "not a time between 1970 and 9999".to_owned(),
        }
    }
}

/// The time that a claim names, if it is written as it should be.
pub(super) fn seconds(claims: Object<'_>, name: &str) -> Option<UnixTime> {
    match Time::read(claims.get(name)?)? {
        Time::Seconds(time) => Some(time),
        _ => None,
    }
}

/// When a token is accepted; `None` if its claims do not say.
pub(super) fn validity(claims: Object<'_>, options: &Options) -> Option<Validity> {
    let [issued, from, until] = ["iat", "nbf", "exp"].map(|name| seconds(claims, name));
    if issued.is_none() && from.is_none() && until.is_none() {
        return None;
    }
    let moment = |time| Moment::new(time, options.now);
    let lifetime = issued.or(from).zip(until).map(|(from, until)| {
        let seconds = until.seconds().saturating_sub(from.seconds());
        let length = u64::try_from(seconds).map(core::time::Duration::from_secs);
        Lifetime {
            seconds,
            words: length.map(span).unwrap_or_default(),
        }
    });
    let earlier = from.map(|time| time.saturating_sub(options.leeway));
    let later = until.map(|time| time.saturating_add(options.leeway));
    Some(Validity {
        issued: issued.map(moment),
        accepted_from: from.map(moment),
        accepted_until: until.map(moment),
        lifetime,
        state: state(from, until, options.now),
        with_leeway: (!options.leeway.is_zero()).then(|| WithLeeway {
            leeway: span(options.leeway),
            accepted_from: earlier.map(moment),
            accepted_until: later.map(moment),
            state: state(earlier, later, options.now),
        }),
    })
}

/// As a verifier decides (RFC 7519 §4.1.4, §4.1.5): refused from `exp` on and before `nbf`.
pub(super) fn state(from: Option<UnixTime>, until: Option<UnixTime>, now: UnixTime) -> State {
    if until.is_some_and(|until| now >= until) {
        State::Expired
    } else if from.is_some_and(|from| now < from) {
        State::NotYet
    } else {
        State::Accepted
    }
}
