//! Key sets over time.
//!
//! ```text
//! configuration ─► Source::open ─► LiveKeySet ─┬─ Fixed    the environment
//!                                              ├─ File     looked at once a second
//! jwks_uri ─► RemoteKeySets::at ─────────────► └─ Remote   keys_for(kid, now)
//!                                                 │ fresh and known: at once, no lock
//!                                                 ▼ else
//!                             board ─► one flight ─► (metadata ─►) Fetcher ─► Published
//! ```
//!
//! [`Fetcher`] gets a JWK Set from a URL that somebody else wrote, without becoming that somebody's
//! hand in the network it runs in: https only, no redirects, every address judged ([`address`])
//! before the connection is made to that very address, and limits on size and time. What is not a
//! public address is refused unless the [`Config`] names it.
//!
//! [`RemoteKeySet`] keeps what was fetched, by the rules of [`Caching`]:
//!
//! - *Fresh*: for as long as `Cache-Control: max-age` says, within bounds. Ten minutes if it says
//!   nothing.
//! - *One flight*: whoever needs a fetch shares the one under way. A stale set is still handed to
//!   all but the one who fetches it anew.
//! - *Unknown `kid`*: keys are rotated, so the set is fetched once more, but at most every 30
//!   seconds, and for the same name less and less often. Verifiers that do not look again fail
//!   after a rotation (envoyproxy/gateway#4180, envoyproxy/envoy#39643); those that look each time
//!   can be made to hammer the issuer by whoever invents names (auth0/node-jwks-rsa#319,
//!   zmartzone/lua-resty-openidc#468). Thirty seconds is what panva/jose waits, too.
//!   A token that names no key, or whose key was replaced under the same name, is served by
//!   [`RemoteKeySet::newer_than`] at the same price.
//! - *Failure*: the last good set is used for a day, counted from when it was fetched, and its
//!   server is asked again after 1, 2, 4 seconds and so on, up to the same 30.
//!
//! Keys are of the one set that the caller asks: a `kid` is never looked up over several issuers.
//! One key that is unusable leaves the others of its set as they are. One whose private half is
//! published, or that is a secret, is unusable. Nothing is spawned here, and the time is an
//! argument.
//!
//! This crate decides nothing about tokens. To add a place where keys may be, add a [`Source`] and
//! what it opens as.

pub mod address;
mod caching;
mod code;
mod config;
mod discovery;
mod error;
mod fetch;
mod file;
mod freshness;
mod published;
mod remote;
mod remote_sets;
mod resolve;
mod retrieval;
mod source;
mod target;
#[cfg(test)]
mod test_server;

pub use caching::Caching;
pub use code::FetchCode;
pub use config::{Config, TrustError, trust};
pub use error::KeySetError;
pub use fetch::{FetchError, Fetched, Fetcher};
pub use file::FileKeySet;
pub use published::{Reading, Unusable};
pub use remote::{RemoteKeySet, Status};
pub use remote_sets::RemoteKeySets;
pub use resolve::{Answer, Resolve, SystemResolver};
pub use retrieval::Retrieval;
pub use source::{InvalidSource, LiveKeySet, Source};
