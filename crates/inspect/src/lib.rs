//! Reads anything a person pastes, loses nothing, trusts nothing, and explains.
//!
//! The way of a text: [`find`] locates tokens and keys in it; [`token`] decodes each as far as it
//! goes and collects [`finding`]s; [`verdict`] holds it against keys and a policy and lists each
//! check with the value wanted and the value seen; where the signature does not match, [`doctor`]
//! tries what would make it match. [`diff`], [`openid`] and [`key_set`] compare. [`workbench`] is
//! where every face asks.
//!
//! Everything here is for people: what it answers is a report that shows values, and no verdict
//! but [`verdict`]'s, which is the core's. It must not know files, clocks or networks.

mod certificate;
pub mod diff;
pub mod doctor;
pub mod find;
pub mod finding;
pub mod key_set;
pub mod moment;
pub mod names;
pub mod openid;
mod parts;
pub mod sent;
pub mod token;
pub mod verdict;
pub mod workbench;

pub use parts::Unreadable;
