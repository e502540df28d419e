#![doc = include_str!("../README.md")]

pub mod alg;
pub mod backend;
pub mod base64url;
mod code;
mod critical;
pub mod dpop;
pub mod json;
pub mod jwe;
pub mod jwk;
pub mod jws;
pub mod jwt;
pub mod key;
mod limits;
mod malformed;
pub mod sd_jwt;
mod secret;
mod time;

pub use alg::{Algorithm, AlgorithmSet, ContentEncryption, KeyManagement};
pub use code::Code;
pub use jwk::{Jwk, JwkSet};
pub use jwt::Policy;
pub use limits::Limits;
pub use secret::Secret;
pub use time::UnixTime;
