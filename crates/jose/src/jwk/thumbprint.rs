//! Thumbprints: a name for a key that follows from its numbers.

use zeroize::Zeroizing;

use crate::alg::Hash;
use crate::backend::Backend;
use crate::base64url;
use crate::jwk::Jwk;
use crate::jwk::write::{Object, numbers_len};
use crate::key::KeyMaterial;

impl Jwk {
    /// The RFC 7638 thumbprint in base64url. That of a secret lets anyone confirm a guess of it
    /// (RFC 7638 §7), so it names strong secrets only.
    pub fn thumbprint(&self, hash: Hash, backend: &dyn Backend) -> String {
        let input = required_members(&self.material);
        base64url::encode(backend.digest(hash, input.as_bytes()).as_ref())
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

/// The required members alone, in lexicographic order (RFC 7638 §3.2, RFC 8037 §2,
/// RFC 9964 §6).
fn required_members(material: &KeyMaterial) -> Zeroizing<String> {
    let kty = material.key_type().name();
    let mut object = Object::with_capacity(numbers_len(material));
    match material {
        KeyMaterial::Oct(secret) => {
            object.bytes("k", secret.expose());
            object.string("kty", kty);
        }
        KeyMaterial::Rsa(rsa) => {
            object.bytes("e", &rsa.e);
            object.string("kty", kty);
            object.bytes("n", &rsa.n);
        }
        KeyMaterial::Ec(ec) => {
            object.string("crv", ec.curve.name());
            object.string("kty", kty);
            object.bytes("x", &ec.x);
            object.bytes("y", &ec.y);
        }
        KeyMaterial::Okp(okp) => {
            object.string("crv", okp.curve.name());
            object.string("kty", kty);
            object.bytes("x", &okp.x);
        }
        KeyMaterial::Akp(akp) => {
            object.string("alg", akp.algorithm.name());
            object.string("kty", kty);
            object.bytes("pub", &akp.public);
        }
    }
    object.finish()
}
