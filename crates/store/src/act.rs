use core::fmt;

use jeton_jose::UnixTime;

use crate::id::{AccountId, ClientId};
use crate::instant;

/// The circumstances of a change: they go into the audit log with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: UnixTime,
    /// Who.
    pub actor: Actor,
    /// From which network address.
    pub address: Option<String>,
    /// When the last access token that was issued until now has expired: until then the revocation
    /// log keeps what this change revokes.
    pub access_tokens_end: UnixTime,
}

/// Who changes something.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// The service itself, by schedule or by rule.
    Service,
    /// Whoever has the command line on the machine.
    CommandLine,
    /// Somebody who has not signed in.
    Anonymous,
    /// An account.
    Account(AccountId),
    /// A client in its own name.
    Client(ClientId),
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service => f.write_str("service"),
            Self::CommandLine => f.write_str("command line"),
            Self::Anonymous => f.write_str("anonymous"),
            Self::Account(id) => write!(f, "account {id}"),
            Self::Client(id) => write!(f, "client {id}"),
        }
    }
}

impl Act {
    /// The time in milliseconds.
    pub fn millis(&self) -> i64 {
        instant::to_millis(self.at)
    }
}
