//! Times as arguments, and as they read where the reader is.

use jeton_jose::UnixTime;
use jiff::Timestamp;
use jiff::tz::TimeZone;

pub(crate) use jeton_inspect::workbench::{When as Moment, duration_of};

/// The time at which a command acts.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct AtOption {
    /// Take this as the present time: RFC 3339, seconds since 1970, +1h, -2d
    #[arg(
        long,
        value_name = "TIME",
        default_value = "now",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    at: Moment,
}

impl AtOption {
    /// `clock` is what the clock says.
    pub(crate) fn resolve(self, clock: UnixTime) -> UnixTime {
        self.at.resolve(clock)
    }
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
