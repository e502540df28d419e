use jeton_settings::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How long a remote key set is kept.
///
/// The lifetime that its server states in `Cache-Control: max-age` counts, between `cooldown` and
/// `fresh_at_most`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Caching {
    /// How long a set is fresh if its server does not say.
    pub fresh_for: Duration,
    /// How long a set is fresh at most, whatever its server says: so long a key that was withdrawn
    /// may still be trusted.
    pub fresh_at_most: Duration,
    /// The shortest time between two fetches of a set, however many unknown keys are named in it,
    /// and the longest between two attempts while its server fails.
    pub cooldown: Duration,
    /// How long after it was fetched, or seen whole in its file, a set is used while no newer one
    /// is to be had.
    pub max_stale: Duration,
}

impl Default for Caching {
    fn default() -> Self {
        Self {
            fresh_for: Duration::from_seconds(10 * 60),
            fresh_at_most: Duration::from_seconds(60 * 60),
            cooldown: Duration::from_seconds(30),
            max_stale: Duration::from_seconds(24 * 60 * 60),
        }
    }
}

impl Caching {
    /// How long a set is fresh whose server says this.
    pub(crate) fn freshness(&self, said: Option<std::time::Duration>) -> std::time::Duration {
        said.unwrap_or(self.fresh_for.value())
            .min(self.fresh_at_most.value())
            .max(self.cooldown.value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_counts_within_bounds() {
        let caching = Caching::default();
        let seconds = |said: Option<u64>| {
            caching
                .freshness(said.map(std::time::Duration::from_secs))
                .as_secs()
        };
        assert_eq!(seconds(None), 600);
        assert_eq!(seconds(Some(300)), 300);
        assert_eq!(seconds(Some(0)), 30);
        assert_eq!(seconds(Some(u64::MAX)), 3600);
    }

    #[test]
    fn unknown_settings_are_refused() {
        let caching: Caching = toml::from_str("cooldown = '1m'").unwrap();
        assert_eq!(caching.cooldown, Duration::from_seconds(60));
        assert!(toml::from_str::<Caching>("cool_down = '1m'").is_err());
        assert!(toml::from_str::<Caching>("cooldown = '0s'").is_err());
    }
}
