//! Keys as material and as native verifiers and signers.

mod error;
mod material;

pub use error::{KeyError, Weakness};
pub use material::{EcKey, KeyMaterial, OkpKey, RsaKey, RsaPrivate};
