//! Key sets from elsewhere.
//!
//! [`Fetcher`] gets a JWK Set from a URL that somebody else wrote, without becoming that somebody's
//! hand in the network it runs in: https only, no redirects, every address judged ([`address`])
//! before the connection is made to that very address, and limits on size and time. What is not a
//! public address is refused unless the [`Config`] names it.
//!
//! This crate decides nothing about keys; what is fetched is read and handed over.

pub mod address;
mod code;
mod config;
mod fetch;
mod resolve;
mod target;

pub use code::FetchCode;
pub use config::{Config, TrustError, trust};
pub use fetch::{FetchError, Fetched, Fetcher};
pub use resolve::{Answer, Resolve, SystemResolver};
