//! The revocation log ([`jeton_oauth::revocation_log`]) as the store keeps it.

pub use jeton_oauth::revocation_log::{Entry, Holder, Revoked};

use crate::act::Act;
use crate::grant::IssuedToken;
use crate::reply::Reply;

/// What is to be revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// One access token.
    Token(IssuedToken),
    /// All access tokens issued to somebody until now. Refresh families stay.
    Until(Holder),
}

/// The revocation log.
pub trait Revocations {
    /// Appends to the log; answers the sequence number.
    fn revoke(&self, revocation: Revocation, act: Act, reply: Reply<u64>);

    /// Up to `limit` entries after this sequence number, in order. An entry that is not there yet
    /// never appears behind one that was already given.
    fn revocations_after(&self, sequence: u64, limit: u32, reply: Reply<Vec<Entry>>);
}
