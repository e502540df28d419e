//! Keys: as numbers ([`KeyMaterial`]), as text and files ([`read`], [`write()`]), and as the native
//! form of one algorithm ([`VerifyingKey`], [`SigningKey`]).
//!
//! All that can be judged without cryptography is judged here, once, before a backend is asked:
//! lengths, ranges, strength, usage. To add a file form, add a [`Structure`] and its reader in
//! `der`; to add a curve, add its order in `scalar`.

mod certificate;
mod chain;
mod decrypting;
mod der;
mod distinguished_name;
mod edwards;
mod encrypted;
mod encrypting;
mod error;
mod form;
mod generate;
mod management;
mod material;
mod ml_dsa;
mod openssh;
mod pem;
mod scalar;
mod set;
mod signing;
mod strength;
mod verifying;
mod write;

pub(crate) use certificate::check_chain;
#[cfg(all(feature = "aws-lc", not(target_arch = "wasm32")))]
pub(crate) use der::{encode_sec1, rsa_from_pkcs8};
#[cfg(all(feature = "aws-lc", not(target_arch = "wasm32")))]
pub(crate) use material::bit_len;
#[cfg(feature = "rustcrypto")]
pub(crate) use scalar::in_range as scalar_in_range;
#[cfg(any(feature = "rustcrypto", test))]
pub(crate) use scalar::order as scalar_order;
pub(crate) use strength::check_numbers;

pub use certificate::Certificate;
pub use chain::TrustAnchors;
pub use decrypting::DecryptingKey;
pub use encrypted::write_encrypted;
pub use encrypting::{EncryptingKey, EncryptionError};
pub(crate) use encrypting::{Managed, Purpose};
#[cfg(any(feature = "aws-lc", feature = "rustcrypto"))]
pub(crate) use error::mismatch;
pub use error::{KeyError, NoKey, SigningError, Weakness};
pub(crate) use error::{invalid, unfit};
pub use form::{KeyForm, ReadKeys, Skipped, Structure, read, read_with_passphrase};
pub use generate::generate;
pub(crate) use management::{FEWEST_ITERATIONS, Parameters, Parties, SHORTEST_SALT};
pub use material::{AkpKey, EcKey, KeyMaterial, OkpKey, RsaKey, RsaPrivate};
pub use set::{BoundKey, Candidates, DecryptingKeySet, KeySet, VerifyingKeySet};
pub use signing::SigningKey;
pub use strength::check_strength;
pub use verifying::VerifyingKey;
pub use write::write;

#[cfg(test)]
pub(crate) mod testdata;
#[cfg(test)]
mod tests;
