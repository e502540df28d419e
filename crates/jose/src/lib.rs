//! Strict JSON Web Tokens, signatures and keys.
#![warn(missing_docs)]

pub mod alg;
pub mod backend;
pub mod base64url;
mod code;
pub mod json;
pub mod jwk;
pub mod key;
mod secret;

pub use alg::{Algorithm, AlgorithmSet};
pub use code::Code;
pub use jwk::{Jwk, JwkSet};
pub use secret::Secret;
