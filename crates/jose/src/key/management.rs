//! What encrypting and decrypting keys have in common: the parameters that travel in the header,
//! and the keys that are derived from what was agreed or from a password.

use core::num::NonZeroU32;

use zeroize::Zeroizing;

use crate::alg::{ContentEncryption, KeyManagement, KeyManagementFamily};
use crate::backend::Encryption;
use crate::jwk::Jwk;
use crate::key::{KeyError, KeyMaterial};
use crate::secret::Secret;

/// Fewest iterations of PBKDF2 (RFC 7518 §4.8.1.2).
pub(crate) const FEWEST_ITERATIONS: u32 = 1000;
/// Shortest salt of PBES2 in bytes (RFC 7518 §4.8.1.1).
pub(crate) const SHORTEST_SALT: usize = 8;

/// What the header says to the key management algorithm (RFC 7518 §4.6.1, §4.7.1, §4.8.1).
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters {
    /// `epk`: the sender's ephemeral public key.
    pub(crate) ephemeral: Option<KeyMaterial>,
    /// `apu` and `apv`: who agrees with whom.
    pub(crate) parties: Parties,
    /// `iv` of AES-GCM key wrapping.
    pub(crate) iv: Vec<u8>,
    /// `tag` of AES-GCM key wrapping.
    pub(crate) tag: Vec<u8>,
    /// `p2s`.
    pub(crate) salt: Vec<u8>,
    /// `p2c`.
    pub(crate) iterations: Option<NonZeroU32>,
}

/// The parties that agree on a key (RFC 7518 §4.6.1.2, §4.6.1.3). Empty unless they are named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parties {
    /// The producer, `apu`.
    pub(crate) u: Vec<u8>,
    /// The recipient, `apv`.
    pub(crate) v: Vec<u8>,
}

/// Which half of the work a key is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Encrypt,
    Decrypt,
}

/// Whether `alg`, `use` and `key_ops` let the key serve (RFC 7517 §4.2 to §4.4). Answers the
/// content encryption that a shared key is bound to by its `alg`.
pub(crate) fn check_description(
    jwk: &Jwk,
    algorithm: KeyManagement,
    direction: Direction,
) -> Result<Option<ContentEncryption>, KeyError> {
    let family = algorithm.row().family;
    let content = jwk
        .algorithm_name()
        .and_then(ContentEncryption::from_name)
        .filter(|_| family == KeyManagementFamily::Direct);
    if content.is_none() {
        jwk.check_algorithm(algorithm)?;
    } else {
        jwk.key_managements()?;
    }
    let (name, operations): (_, &[&str]) = match (direction, family) {
        (_, KeyManagementFamily::EcdhEs) => ("agreement", &["deriveKey", "deriveBits"]),
        (Direction::Encrypt, KeyManagementFamily::Direct) => ("encrypt", &["encrypt"]),
        (Direction::Decrypt, KeyManagementFamily::Direct) => ("decrypt", &["decrypt"]),
        (Direction::Encrypt, KeyManagementFamily::Pbes2) => {
            ("wrapKey", &["wrapKey", "deriveKey", "deriveBits"])
        }
        (Direction::Decrypt, KeyManagementFamily::Pbes2) => {
            ("unwrapKey", &["unwrapKey", "deriveKey", "deriveBits"])
        }
        (Direction::Encrypt, KeyManagementFamily::AesKw) => ("wrapKey", &["wrapKey"]),
        (Direction::Decrypt, KeyManagementFamily::AesKw) => ("unwrapKey", &["unwrapKey"]),
        (Direction::Encrypt, _) => ("wrapKey", &["wrapKey", "encrypt"]),
        (Direction::Decrypt, _) => ("unwrapKey", &["unwrapKey", "decrypt"]),
    };
    // Web Cryptography exports public agreement keys with an empty list: only the private half
    // operates there.
    let may_be_empty = family == KeyManagementFamily::EcdhEs && direction == Direction::Encrypt;
    jwk.check_usage("enc", name, |ops| {
        (may_be_empty && ops.is_empty()) || ops.iter().any(|op| operations.contains(&op.as_str()))
    })?;
    Ok(content)
}

/// The key that was agreed (RFC 7518 §4.6.2): the content key itself, or what wraps it.
pub(crate) fn agreed_key(
    backend: &dyn Encryption,
    secret: &Secret,
    algorithm: KeyManagement,
    encryption: ContentEncryption,
    parties: &Parties,
) -> Option<Secret> {
    let (name, len) = match algorithm.row().wrapping_key_len {
        Some(len) => (algorithm.name(), len),
        None => (encryption.name(), encryption.row().key_len),
    };
    concat_kdf(backend, secret, name, len, parties)
}

/// The Concat KDF of NIST SP 800-56A with SHA-256, as RFC 7518 §4.6.2 fills it in.
fn concat_kdf(
    backend: &dyn Encryption,
    secret: &Secret,
    algorithm: &str,
    len: usize,
    parties: &Parties,
) -> Option<Secret> {
    let mut info = Vec::new();
    for field in [algorithm.as_bytes(), &parties.u, &parties.v] {
        info.extend_from_slice(&u32::try_from(field.len()).ok()?.to_be_bytes());
        info.extend_from_slice(field);
    }
    info.extend_from_slice(&u32::try_from(len.checked_mul(8)?).ok()?.to_be_bytes());
    let hash = crate::alg::Hash::Sha256;
    let rounds = u32::try_from(len.div_ceil(hash.output_len())).ok()?;
    let mut key = Zeroizing::new(Vec::with_capacity(len + hash.output_len()));
    for round in 1..=rounds {
        let mut input = Zeroizing::new(Vec::with_capacity(4 + secret.len() + info.len()));
        input.extend_from_slice(&round.to_be_bytes());
        input.extend_from_slice(secret.expose());
        input.extend_from_slice(&info);
        key.extend_from_slice(backend.digest(hash, &input).as_ref());
    }
    key.truncate(len);
    Some(Secret::new(core::mem::take(&mut *key)))
}

/// The key that wraps under a password (RFC 7518 §4.8.1.1): its salt names the algorithm too.
pub(crate) fn password_key(
    backend: &dyn Encryption,
    password: &Secret,
    algorithm: KeyManagement,
    salt: &[u8],
    iterations: NonZeroU32,
) -> Option<Secret> {
    let row = algorithm.row();
    let mut full = Vec::with_capacity(row.name.len() + 1 + salt.len());
    full.extend_from_slice(row.name.as_bytes());
    full.push(0);
    full.extend_from_slice(salt);
    backend.pbkdf2(
        row.hash?,
        password.expose(),
        &full,
        iterations,
        row.wrapping_key_len?,
    )
}

#[cfg(test)]
mod tests;
