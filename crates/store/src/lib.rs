//! What a token service remembers, as records and as operations on them.
//!
//! An operation is a use case, not a table: [`Grants::rotate`] moves a refresh family one step on,
//! finds out replays and appends what follows from them (revocation log, audit log), all or
//! nothing. So a caller never needs a transaction, and a backend never shows one.
//!
//! # Asking and being answered
//!
//! Every operation takes a [`Reply`] and returns at once; the backend calls the reply later, from
//! a thread of its own, once the answer is durable. There is no runtime in here, because a group
//! commit decides when a write is acknowledged: blocking a caller's thread for each would need as
//! many threads as requests are under way, and a future would tie the trait to one way of waiting.
//! A caller on tokio hands in the sender of a `oneshot` and awaits the receiver:
//!
//! ```text
//! let (sender, receiver) = tokio::sync::oneshot::channel();
//! store.rotate(request, act, Reply::new(move |answer| drop(sender.send(answer))));
//! receiver.await
//! ```
//!
//! A command line or a test blocks with [`wait`]. A reply that is dropped unanswered answers
//! [`StoreError::Unavailable`], so nobody waits for ever.
//!
//! # Time, identity, proof
//!
//! Time is an argument ([`Act::at`]), as are all identifiers and hashes: a backend draws nothing.
//! Codes, cookies and tickets are kept as SHA-256 only; of a refresh token nothing is kept, since
//! its MAC proves it ([`refresh_token`]). Times are kept to the millisecond.
//!
//! To add a backend, implement [`Store`] and run [`conformance::run`] over it.

pub mod access;
pub mod account;
mod act;
pub mod audit;
pub mod client;
pub mod conformance;
mod document;
mod error;
pub mod grant;
mod hash;
mod id;
pub mod instant;
pub mod refresh_token;
mod reply;
pub mod revocation;
pub mod session;
pub mod signing_key;

pub use access::Access;
pub use account::Accounts;
pub use act::{Act, Actor};
pub use audit::AuditLog;
pub use client::Clients;
pub use document::{from_text, to_text};
pub use error::StoreError;
pub use grant::Grants;
pub use hash::Sha256;
pub use id::{AccountId, ClientId, FamilyId, SessionId};
pub use jeton_jose::UnixTime;
pub use jeton_jose::json::RawJson;
pub use jeton_oauth::{Resource, Scope};
pub use reply::{Reply, wait};
pub use revocation::Revocations;
pub use session::Sessions;
pub use signing_key::SigningKeys;

/// All that a token service remembers.
pub trait Store:
    Accounts
    + Clients
    + Sessions
    + Grants
    + SigningKeys
    + Access
    + Revocations
    + AuditLog
    + core::fmt::Debug
    + Send
    + Sync
{
    /// Forgets what can matter no more: codes, tickets and names past their time, sessions and
    /// families that ended, lapsed revocations. Answers how many records went. Does a bounded
    /// amount of work; call it again while it answers more than nothing.
    fn prune(&self, now: UnixTime, reply: Reply<u64>);
}
