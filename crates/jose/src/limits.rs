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
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            token_bytes: 64 * 1024,
            json_depth: 32,
            signatures: 16,
            disclosures: 256,
        }
    }
}
