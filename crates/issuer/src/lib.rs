//! The token service: sign in, issue, refresh, revoke, rotate keys.
//!
//! The way of a request: an endpoint (one file each) reads it with the types of `jeton-oauth`, has
//! the client prove itself, asks the store one question, signs what is due, and answers.
//! [`Config`] is how all of it is configured, [`Config::build`] makes a router of it; who listens,
//! where the records are, and what time it is, is the caller's affair.
//!
//! It knows no database, no socket and no clock. To add an endpoint, add its file and its row in
//! `endpoints::router`.

mod admin;
mod allowance;
mod answer;
mod bearer;
mod caller;
mod client_auth;
mod clients;
mod config;
mod cookies;
pub mod device;
mod endpoints;
mod first_party;
mod hint;
mod interaction;
mod issuer;
pub mod limits;
pub mod mail;
pub mod metrics;
pub mod observe;
pub mod pages;
pub mod password;
mod people;
mod random;
mod scopes;
mod sealing;
mod session;
mod setup;
mod signing;
mod tokens;
mod username;
mod visit;

pub use caller::address;
pub use config::{
    BuildError, Clock, Config, Grace, Keys, Lifetimes, Place, Registration, SigningAlgorithm,
};
pub use issuer::Issuer;
pub use random::{NoRandomness, Random};
pub use sealing::{MasterKeyError, SHORTEST_MASTER_KEY, Unsealable};
pub use setup::SetupError;
pub use signing::{Planned, SigningError, Vault};
