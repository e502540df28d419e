//! Which keys are due. It follows from what is stored and from the time alone, so that nodes that
//! come to it together need no agreement: one key too many does no harm.

use std::time::Duration;

use jeton_jose::{Algorithm, UnixTime};
use jeton_store::signing_key::{Schedule, SigningKey};

use crate::config::Config;
use crate::issuer::LEEWAY;
use crate::signing::Planned;

/// The keys that have to be made now.
pub(crate) fn due(stored: &[SigningKey], config: &Config, now: UnixTime) -> Vec<Planned> {
    let algorithms = config.keys.algorithms().into_iter();
    algorithms
        .filter_map(|algorithm| {
            let active_from = next(stored, algorithm, config, now)?;
            Some(Planned {
                algorithm,
                schedule: schedule(config, now, active_from),
            })
        })
        .collect()
}

/// A key that is shown from now on and signs from `active_from`.
pub(crate) fn schedule(config: &Config, now: UnixTime, active_from: UnixTime) -> Schedule {
    let retires_at = active_from.saturating_add(config.keys.rotate_every.value());
    Schedule {
        published_at: now,
        active_from,
        retires_at,
        removed_at: retires_at.saturating_add(shown_after(config)),
    }
}

/// How long a retired key is still shown: as long as the longest token that it signed may live.
pub(crate) fn shown_after(config: &Config) -> Duration {
    let lifetimes = &config.lifetimes;
    lifetimes
        .access_token
        .value()
        .max(lifetimes.id_token.value())
        + LEEWAY
}

/// From when a further key of the algorithm has to sign; `None` while the last one goes on longer
/// than a key is published ahead.
fn next(
    stored: &[SigningKey],
    algorithm: Algorithm,
    config: &Config,
    now: UnixTime,
) -> Option<UnixTime> {
    let last = stored
        .iter()
        .filter(|key| key.algorithm == algorithm.name() && key.revoked_at.is_none())
        .map(|key| key.schedule.retires_at)
        .max();
    match last {
        Some(end) if end > now.saturating_add(config.keys.publish_ahead.value()) => None,
        Some(end) => Some(end.max(now)),
        None => Some(now),
    }
}

#[cfg(test)]
mod tests {
    use jeton_jose::json::{Document, Options, RawJson};
    use jeton_store::signing_key::KeyState;
    use jeton_testkit::NOW;

    use super::*;

    const DAY: Duration = Duration::from_hours(24);

    fn made(planned: &Planned) -> SigningKey {
        let document = Document::parse(b"{}", &Options::strict()).unwrap();
        SigningKey {
            key_id: format!("{:?}", planned.schedule.active_from),
            algorithm: planned.algorithm.name().to_owned(),
            public: RawJson::from(document.root()),
            sealed_private: None,
            schedule: planned.schedule,
            revoked_at: None,
        }
    }

    #[test]
    fn at_every_time_of_a_year_one_key_signs_and_the_next_was_shown_two_days_before() {
        let config = Config::default();
        let mut stored: Vec<SigningKey> = due(&[], &config, NOW).iter().map(made).collect();
        assert_eq!(stored.len(), config.keys.algorithms().len());
        let mut now = NOW;
        for _ in 0..365 * 4 {
            now = now.saturating_add(DAY / 4);
            let planned = due(&stored, &config, now);
            for key in &planned {
                let ahead = key.schedule.active_from.seconds() - now.seconds();
                assert!(ahead > 42 * 60 * 60, "published only {ahead} s ahead");
            }
            stored.extend(planned.iter().map(made));
            for algorithm in config.keys.algorithms() {
                let states = stored
                    .iter()
                    .filter(|key| key.algorithm == algorithm.name())
                    .map(|key| key.state(now));
                assert_eq!(
                    states.filter(|state| *state == KeyState::Active).count(),
                    1,
                    "{algorithm:?} at {now:?}"
                );
            }
        }
        assert_eq!(stored.len(), 13 * config.keys.algorithms().len());
    }

    #[test]
    fn after_a_long_pause_or_a_revocation_a_key_signs_at_once() {
        let config = Config::default();
        let mut stored: Vec<SigningKey> = due(&[], &config, NOW).iter().map(made).collect();
        let late = NOW.saturating_add(100 * DAY);
        assert!(
            due(&stored, &config, late)
                .iter()
                .all(|key| key.schedule.active_from == late)
        );
        for key in &mut stored {
            key.revoked_at = Some(NOW);
        }
        assert!(
            due(&stored, &config, NOW)
                .iter()
                .all(|key| key.schedule.active_from == NOW)
        );
    }
}
