#![doc = include_str!("../README.md")]

pub mod alg;
pub mod backend;
pub mod base64url;
mod code;
pub mod dpop;
pub mod json;
pub mod jwk;
pub mod jws;
pub mod jwt;
pub mod key;
mod limits;
pub mod sd_jwt;
mod secret;
mod time;

pub use alg::{Algorithm, AlgorithmSet};
pub use code::Code;
pub use jwk::{Jwk, JwkSet};
pub use jwt::Policy;
pub use limits::Limits;
pub use secret::Secret;
pub use time::UnixTime;
