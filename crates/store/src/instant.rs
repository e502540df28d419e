//! Times as the store keeps them: whole milliseconds since 1970.

use core::time::Duration;

use jeton_jose::UnixTime;
use serde::{Deserialize as _, Deserializer, Serializer};

/// A time as milliseconds.
pub fn to_millis(time: UnixTime) -> i64 {
    let millis = i64::from(time.subsec_nanoseconds() / 1_000_000);
    time.seconds().saturating_mul(1000).saturating_add(millis)
}

/// Milliseconds as a time.
pub fn from_millis(millis: i64) -> UnixTime {
    let within = u64::try_from(millis.rem_euclid(1000)).unwrap_or_default();
    UnixTime::from_seconds(millis.div_euclid(1000)).saturating_add(Duration::from_millis(within))
}

/// For `#[serde(with = "jeton_store::instant")]`.
pub fn serialize<S: Serializer>(time: &UnixTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(to_millis(*time))
}

/// For `#[serde(with = "jeton_store::instant")]`.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<UnixTime, D::Error> {
    i64::deserialize(deserializer).map(from_millis)
}

/// The same where the time may be absent.
pub mod optional {
    use jeton_jose::UnixTime;
    use serde::{Deserialize as _, Deserializer, Serializer};

    /// For `#[serde(with = "jeton_store::instant::optional", default)]`.
    pub fn serialize<S: Serializer>(
        time: &Option<UnixTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => serializer.serialize_some(&super::to_millis(*time)),
            None => serializer.serialize_none(),
        }
    }

    /// For `#[serde(with = "jeton_store::instant::optional", default)]`.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<UnixTime>, D::Error> {
        Option::<i64>::deserialize(deserializer).map(|millis| millis.map(super::from_millis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_come_back() {
        for millis in [0, 1, 999, 1_767_225_600_123, -1, -1001] {
            assert_eq!(to_millis(from_millis(millis)), millis);
        }
    }
}
