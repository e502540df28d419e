//! One file per command: its arguments, its help, and `run`.
//!
//! To add a command, add a file here and a variant to `cli::Command`.

pub(crate) mod api;
pub(crate) mod audit;
mod batch;
pub(crate) mod client;
pub(crate) mod completions;
pub(crate) mod debugger;
pub(crate) mod decode;
pub(crate) mod decrypt;
pub(crate) mod diff;
pub(crate) mod encrypt;
pub(crate) mod group;
pub(crate) mod init;
pub(crate) mod jwks;
pub(crate) mod key;
pub(crate) mod keys;
pub(crate) mod man;
pub(crate) mod policy;
pub(crate) mod revoke;
pub(crate) mod role;
pub(crate) mod sd;
pub(crate) mod serve;
pub(crate) mod sign;
pub(crate) mod user;
pub(crate) mod verify;
