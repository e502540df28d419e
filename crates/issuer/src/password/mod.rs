//! Passwords: how one is read, what a new one has to be, and the one thread that hashes them.
//!
//! ```text
//! form field ─► Password::new ─► Rules::judge (new passwords only)
//!               space, NFC,  └─► Hasher::verify / Hasher::hash ─► queue ─► one low-priority thread
//!               256 bytes              │
//!                                      └─ full: Busy { wait } → 503 with Retry-After
//! ```
//!
//! How to use it: [`Passwords`] is the configuration. [`Hasher::start`] once; it ends with its last
//! clone. A sign-in asks [`Hasher::verify`] with the account's hash, and with `None` where there is
//! no account or no password: that costs the same and answers no. Where the answer has an
//! `upgrade`, hand it to the store (`upgrade_password`). A future that is dropped gives its place in the queue up, unless its hash
//! has begun. Salts come from the caller's randomness, 16 bytes each.
//!
//! This module knows no account, no store and no clock.

mod given;
mod guessed;
mod hasher;
mod memory;
mod parameters;
mod queue;
mod rules;
mod stored;

pub use given::{MOST_BYTES, Password, TooLong};
pub use hasher::{Busy, Hasher, Verified};
pub use parameters::{Parameters, ParametersError};
pub use rules::{Refusal, Rules};

use jeton_settings::Size;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Bytes of a salt.
pub const SALT: usize = 16;

/// How passwords are hashed, and what new ones have to be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Passwords {
    /// Memory of one argon2id hash. Memory times passes is at least 35 MiB, and at most 1 GiB.
    pub memory: Size,
    /// How often a hash goes through its memory.
    pub passes: u32,
    /// Lanes of a hash. They are computed one after the other.
    pub lanes: u32,
    /// How many hashes may wait; who comes then is asked to come again.
    pub queue: u32,
    /// Fewest characters of a new password, from 8 to 64. NIST SP 800-63B asks for 15 where the
    /// password is all that is asked for, and for 8 beside a second factor; OWASP ASVS asks for 8 and
    /// recommends 15.
    pub minimum_length: u32,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            memory: Size::from_bytes(19 << 20),
            passes: 2,
            lanes: 1,
            queue: 64,
            minimum_length: 12,
        }
    }
}

impl Passwords {
    /// The parameters of new hashes.
    ///
    /// # Errors
    /// They are too weak, or more than a sign-in may cost.
    pub fn parameters(&self) -> Result<Parameters, ParametersError> {
        Parameters::new(self.memory, self.passes, self.lanes)
    }

    /// What new passwords have to be. A length out of bounds is brought within them.
    pub fn rules(&self) -> Rules {
        Rules::new(self.minimum_length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_sound_and_unknown_keys_refused() {
        let passwords: Passwords = toml::from_str("").unwrap();
        assert_eq!(passwords, Passwords::default());
        assert!(passwords.parameters().is_ok());
        assert!(toml::from_str::<Passwords>("memory = '64MiB'\npepper = 1").is_err());
        let weak: Passwords = toml::from_str("memory = '8MiB'").unwrap();
        assert!(weak.parameters().is_err());
    }
}
