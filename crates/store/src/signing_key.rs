//! The keys that tokens are signed with, through time.

use core::fmt;

use jeton_jose::UnixTime;
use jeton_jose::json::RawJson;

use crate::act::Act;
use crate::reply::Reply;

/// A signing key. Its state follows from the time alone, so that nodes need no agreement.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its `kid`.
    pub key_id: String,
    /// Its `alg`.
    pub algorithm: String,
    /// Its public half, as a JWK.
    pub public: RawJson,
    /// Its private half, sealed; gone when it is not needed any more.
    pub sealed_private: Option<Vec<u8>>,
    /// When it is what.
    pub schedule: Schedule,
    /// Since when it counts no more, by command.
    pub revoked_at: Option<UnixTime>,
}

/// When a key is what. The times do not decrease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Schedule {
    /// From when its public half is shown.
    #[serde(with = "crate::instant")]
    pub published_at: UnixTime,
    /// From when it signs.
    #[serde(with = "crate::instant")]
    pub active_from: UnixTime,
    /// From when it signs no more; its public half is still shown.
    #[serde(with = "crate::instant")]
    pub retires_at: UnixTime,
    /// From when nothing of it is shown.
    #[serde(with = "crate::instant")]
    pub removed_at: UnixTime,
}

/// What a key is at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyState {
    /// Not shown yet.
    Planned,
    /// Shown, so that everybody knows it before it signs.
    Published,
    /// Signs.
    Active,
    /// Signs no more, but what it signed still counts.
    Retired,
    /// Nothing of it counts.
    Removed,
}

impl SigningKey {
    /// What it is at this time.
    pub fn state(&self, now: UnixTime) -> KeyState {
        if self.revoked_at.is_some() {
            return KeyState::Removed;
        }
        self.schedule.state(now)
    }
}

impl Schedule {
    /// What a key with this schedule is at this time.
    pub fn state(&self, now: UnixTime) -> KeyState {
        match now {
            now if now < self.published_at => KeyState::Planned,
            now if now < self.active_from => KeyState::Published,
            now if now < self.retires_at => KeyState::Active,
            now if now < self.removed_at => KeyState::Retired,
            _ => KeyState::Removed,
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("key_id", &self.key_id)
            .field("algorithm", &self.algorithm)
            .field("schedule", &self.schedule)
            .field("revoked_at", &self.revoked_at)
            .finish_non_exhaustive()
    }
}

/// The keys that tokens are signed with.
pub trait SigningKeys {
    /// Adds a key.
    fn add_signing_key(&self, key: SigningKey, act: Act, reply: Reply<()>);

    /// All keys, the first to be active first.
    fn signing_keys(&self, reply: Reply<Vec<SigningKey>>);

    /// Changes when a key is what.
    fn reschedule_signing_key(
        &self,
        key_id: String,
        schedule: Schedule,
        act: Act,
        reply: Reply<()>,
    );

    /// Ends a key at once and erases its private half.
    fn revoke_signing_key(&self, key_id: String, act: Act, reply: Reply<()>);

    /// Erases the private halves of retired keys; answers how many.
    fn erase_retired_keys(&self, act: Act, reply: Reply<u64>);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_follows_the_time() {
        let at = UnixTime::from_seconds;
        let schedule = Schedule {
            published_at: at(10),
            active_from: at(20),
            retires_at: at(30),
            removed_at: at(40),
        };
        let states = [5, 10, 19, 20, 29, 30, 39, 40].map(|seconds| schedule.state(at(seconds)));
        assert_eq!(
            states,
            [
                KeyState::Planned,
                KeyState::Published,
                KeyState::Published,
                KeyState::Active,
                KeyState::Active,
                KeyState::Retired,
                KeyState::Retired,
                KeyState::Removed,
            ]
        );
    }
}
