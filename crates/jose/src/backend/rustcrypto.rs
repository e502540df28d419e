//! RustCrypto.
/// The RustCrypto crates.
#[derive(Clone, Copy, Debug)]
pub struct RustCrypto;
