//! Times as whole seconds in JSON: `#[serde(with = "jeton_oauth::seconds")]`.

use jeton_jose::UnixTime;
use serde::{Deserialize as _, Deserializer, Serializer};

/// Writes a time as a number of seconds.
pub fn serialize<S: Serializer>(time: &UnixTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(time.seconds())
}

/// Reads a number of seconds.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<UnixTime, D::Error> {
    i64::deserialize(deserializer).map(UnixTime::from_seconds)
}

/// The same where the time may be absent; to be used with `default` and `skip_serializing_if`.
pub mod optional {
    use jeton_jose::UnixTime;
    use serde::{Deserialize as _, Deserializer, Serializer};

    /// Writes a time as a number of seconds, or `null`.
    pub fn serialize<S: Serializer>(
        time: &Option<UnixTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => serializer.serialize_some(&time.seconds()),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a number of seconds or `null`.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<UnixTime>, D::Error> {
        Option::<i64>::deserialize(deserializer).map(|seconds| seconds.map(UnixTime::from_seconds))
    }
}
