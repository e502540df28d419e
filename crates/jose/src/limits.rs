//! Sizes that are checked before the allocation or the work they would cause.

/// What a token may cost. Every path applies them, `b64=false` and the JSON forms included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest token text in bytes (also a detached payload). Default 64 KiB.
    pub token_bytes: usize,
    /// Deepest JSON nesting in header and claims. Default 32.
    pub json_depth: usize,
    /// Most signatures of a general JSON serialization. Default 16.
    pub signatures: usize,
    /// Most disclosures of an SD-JWT. Default 256.
    pub disclosures: usize,
    /// Most recipients of a general JSON serialization. Default 16.
    pub recipients: usize,
    /// Longest plaintext in bytes that a compressed one may inflate to (`zip`). Default 250 kB.
    pub inflated_bytes: usize,
    /// Most iterations of PBKDF2 that one token may cause, over all its recipients and the keys
    /// that are tried. Default 1,200,000, twice what is common for passwords today (RFC 8725bis).
    pub pbes2_iterations: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            token_bytes: 64 * 1024,
            json_depth: 32,
            signatures: 16,
            disclosures: 256,
            recipients: 16,
            inflated_bytes: 250_000,
            pbes2_iterations: 1_200_000,
        }
    }
}
