//! The algorithms of RFC 7518, RFC 8037, RFC 8812, RFC 9864 and RFC 9964, one table row each.
//!
//! Nothing else in the crate enumerates algorithms: backends, keys and policies ask the row.
//! To add an algorithm, add a row to its table (signatures below, key management and content
//! encryption in modules of their own) and teach the backends its family.

#[macro_use]
mod table;
mod content_encryption;
mod key_management;

use core::fmt;

pub use content_encryption::{
    ContentEncryption, ContentEncryptionRow, ContentEncryptionSet, ContentFamily,
};
pub use key_management::{
    KeyManagement, KeyManagementFamily, KeyManagementRow, KeyManagementSet, refusal,
};
pub use table::UnknownAlgorithm;

/// How an algorithm signs; backends implement families, not names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// HMAC with SHA-2 (RFC 7518 §3.2).
    Hmac,
    /// RSASSA-PKCS1-v1_5 (RFC 7518 §3.3).
    RsaPkcs1,
    /// RSASSA-PSS, salt as long as the hash (RFC 7518 §3.5).
    RsaPss,
    /// ECDSA, `r || s` of fixed length (RFC 7518 §3.4, RFC 8812).
    Ecdsa,
    /// Edwards-curve signatures (RFC 8037, RFC 9864).
    EdDsa,
    /// Module-lattice signatures (FIPS 204, RFC 9964).
    MlDsa,
}

/// A hash function of the SHA-2 family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// Output length in bytes.
    pub const fn output_len(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The name in the "Named Information Hash Algorithm" registry (RFC 6920), as RFC 9278 uses it.
    pub const fn registry_name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::Sha384 => "sha-384",
            Self::Sha512 => "sha-512",
        }
    }
}

/// An elliptic curve, by its JWK `crv` name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-256 (RFC 7518 §6.2.1.1).
    P256,
    /// NIST P-384 (RFC 7518 §6.2.1.1).
    P384,
    /// NIST P-521 (RFC 7518 §6.2.1.1).
    P521,
    /// secp256k1 (RFC 8812 §3.1).
    Secp256k1,
    /// Ed25519 (RFC 8037 §2). Signs.
    Ed25519,
    /// X25519 (RFC 8037 §2). Agrees on keys, never signs.
    X25519,
}

impl Curve {
    /// All curves, in the order of the registry.
    pub const ALL: [Self; 6] = [
        Self::P256,
        Self::P384,
        Self::P521,
        Self::Secp256k1,
        Self::Ed25519,
        Self::X25519,
    ];

    /// The `crv` value.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Secp256k1 => "secp256k1",
            Self::Ed25519 => "Ed25519",
            Self::X25519 => "X25519",
        }
    }

    /// The curve with this exact `crv` name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.name() == name)
    }

    /// Length in bytes of a coordinate and of a private key.
    pub const fn coordinate_len(self) -> usize {
        match self {
            Self::P256 | Self::Secp256k1 | Self::Ed25519 | Self::X25519 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// Whether ECDH-ES works on it (RFC 7518 §4.6.1.1, RFC 8037 §3.2).
    pub const fn agrees(self) -> bool {
        matches!(self, Self::P256 | Self::P384 | Self::P521 | Self::X25519)
    }

    /// The JWK `kty` of keys on this curve.
    pub const fn key_type(self) -> KeyType {
        match self {
            Self::Ed25519 | Self::X25519 => KeyType::Okp,
            _ => KeyType::Ec,
        }
    }
}

/// The JWK `kty` (RFC 7518 §6.1, RFC 8037 §2, RFC 9964 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Symmetric.
    Oct,
    /// RSA.
    Rsa,
    /// Elliptic curve in Weierstrass form.
    Ec,
    /// Octet key pair.
    Okp,
    /// Algorithm key pair: its `alg` says what the octets are.
    Akp,
}

impl KeyType {
    /// The `kty` value.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Oct => "oct",
            Self::Rsa => "RSA",
            Self::Ec => "EC",
            Self::Okp => "OKP",
            Self::Akp => "AKP",
        }
    }

    /// The type with this exact `kty` name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Oct, Self::Rsa, Self::Ec, Self::Okp, Self::Akp]
            .into_iter()
            .find(|kty| kty.name() == name)
    }
}

/// All that is known of one algorithm.
#[derive(Debug)]
pub struct Row {
    /// The `alg` value.
    pub name: &'static str,
    /// How it signs.
    pub family: Family,
    /// The hash; `None` where the scheme has its own.
    pub hash: Option<Hash>,
    /// The only curve it accepts; `None` for HMAC, RSA and ML-DSA.
    pub curve: Option<Curve>,
    /// The JWK type of its keys.
    pub key_type: KeyType,
    /// Smallest acceptable key in bits: of the HMAC secret, the RSA modulus, the curve, the
    /// ML-DSA public key (whose length is exact).
    pub min_key_bits: usize,
    /// Exact signature length in bytes; `None` for RSA, where it is the modulus length.
    pub signature_len: Option<usize>,
    /// The section that defines it.
    pub reference: &'static str,
    /// What a person who chooses it should know.
    pub note: &'static str,
}

const fn hmac(name: &'static str, hash: Hash) -> Row {
    Row {
        name,
        family: Family::Hmac,
        hash: Some(hash),
        curve: None,
        key_type: KeyType::Oct,
        min_key_bits: hash.output_len() * 8,
        signature_len: Some(hash.output_len()),
        reference: "RFC 7518 §3.2",
        note: "shared secret: whoever can verify can also sign",
    }
}

const fn rsa(name: &'static str, family: Family, hash: Hash) -> Row {
    let (reference, note) = match family {
        Family::RsaPss => (
            "RFC 7518 §3.5",
            "probabilistic padding with a security proof",
        ),
        _ => (
            "RFC 7518 §3.3",
            "widest support; prefer PS or ES for new work",
        ),
    };
    Row {
        name,
        family,
        hash: Some(hash),
        curve: None,
        key_type: KeyType::Rsa,
        min_key_bits: 2048,
        signature_len: None,
        reference,
        note,
    }
}

const fn ecdsa(
    name: &'static str,
    hash: Hash,
    curve: Curve,
    bits: usize,
    reference: &'static str,
) -> Row {
    Row {
        name,
        family: Family::Ecdsa,
        hash: Some(hash),
        curve: Some(curve),
        key_type: KeyType::Ec,
        min_key_bits: bits,
        signature_len: Some(curve.coordinate_len() * 2),
        reference,
        note: "small keys and signatures; signing needs sound nonces",
    }
}

const fn eddsa(name: &'static str, reference: &'static str, note: &'static str) -> Row {
    Row {
        name,
        family: Family::EdDsa,
        hash: None,
        curve: Some(Curve::Ed25519),
        key_type: KeyType::Okp,
        min_key_bits: 256,
        signature_len: Some(64),
        reference,
        note,
    }
}

const fn ml_dsa(
    name: &'static str,
    public_len: usize,
    signature_len: usize,
    note: &'static str,
) -> Row {
    Row {
        name,
        family: Family::MlDsa,
        hash: None,
        curve: None,
        key_type: KeyType::Akp,
        min_key_bits: public_len * 8,
        signature_len: Some(signature_len),
        reference: "RFC 9964 §2",
        note,
    }
}

algorithm_table! {
    /// A signature or MAC algorithm (`alg`, RFC 7518 §3.1).
    ///
    /// `none` is not one of them: it is recognised where headers are read and never verifies.
    Algorithm: Row,

    /// A set of algorithms, as allow-lists use it.
    AlgorithmSet;

    /// HMAC with SHA-256.
    HS256 = hmac("HS256", Hash::Sha256);
    /// HMAC with SHA-384.
    HS384 = hmac("HS384", Hash::Sha384);
    /// HMAC with SHA-512.
    HS512 = hmac("HS512", Hash::Sha512);
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256 = rsa("RS256", Family::RsaPkcs1, Hash::Sha256);
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384 = rsa("RS384", Family::RsaPkcs1, Hash::Sha384);
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512 = rsa("RS512", Family::RsaPkcs1, Hash::Sha512);
    /// RSASSA-PSS with SHA-256.
    PS256 = rsa("PS256", Family::RsaPss, Hash::Sha256);
    /// RSASSA-PSS with SHA-384.
    PS384 = rsa("PS384", Family::RsaPss, Hash::Sha384);
    /// RSASSA-PSS with SHA-512.
    PS512 = rsa("PS512", Family::RsaPss, Hash::Sha512);
    /// ECDSA on P-256 with SHA-256.
    ES256 = ecdsa("ES256", Hash::Sha256, Curve::P256, 256, "RFC 7518 §3.4");
    /// ECDSA on P-384 with SHA-384.
    ES384 = ecdsa("ES384", Hash::Sha384, Curve::P384, 384, "RFC 7518 §3.4");
    /// ECDSA on P-521 with SHA-512.
    ES512 = ecdsa("ES512", Hash::Sha512, Curve::P521, 521, "RFC 7518 §3.4");
    /// ECDSA on secp256k1 with SHA-256.
    ES256K = ecdsa("ES256K", Hash::Sha256, Curve::Secp256k1, 256, "RFC 8812 §3.2");
    /// Ed25519 under its fully specified name.
    Ed25519 = eddsa("Ed25519", "RFC 9864 §2.2", "fast, deterministic, hard to misuse");
    /// Ed25519 under its older, polymorphic name.
    EdDSA = eddsa("EdDSA", "RFC 8037 §3.1", "older name; RFC 9864 prefers Ed25519");
    /// ML-DSA-44, of NIST security category 2.
    MlDsa44 = ml_dsa("ML-DSA-44", 1312, 2420, "withstands quantum computers; signatures of 2.4 kB");
    /// ML-DSA-65, of NIST security category 3.
    MlDsa65 = ml_dsa("ML-DSA-65", 1952, 3309, "withstands quantum computers; signatures of 3.3 kB");
    /// ML-DSA-87, of NIST security category 5.
    MlDsa87 = ml_dsa("ML-DSA-87", 2592, 4627, "withstands quantum computers; signatures of 4.6 kB");
}

impl AlgorithmSet {
    /// Every algorithm with a public and a private key, so everything but HMAC.
    pub fn asymmetric() -> Self {
        Algorithm::ALL
            .iter()
            .copied()
            .filter(|algorithm| algorithm.row().family != Family::Hmac)
            .collect()
    }
}

/// An algorithm of any of the tables, as errors name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnyAlgorithm {
    /// Signatures and MACs.
    Signature(Algorithm),
    /// How the content key reaches the recipient.
    KeyManagement(KeyManagement),
    /// How the content is encrypted.
    ContentEncryption(ContentEncryption),
}

impl AnyAlgorithm {
    /// The algorithm with this exact name, whichever table it is in; no two share one.
    pub fn from_name(name: &str) -> Option<Self> {
        let signature = Algorithm::from_name(name).map(Self::from);
        signature
            .or_else(|| KeyManagement::from_name(name).map(Self::from))
            .or_else(|| ContentEncryption::from_name(name).map(Self::from))
    }

    /// The `alg` or `enc` value.
    pub fn name(self) -> &'static str {
        match self {
            Self::Signature(algorithm) => algorithm.name(),
            Self::KeyManagement(algorithm) => algorithm.name(),
            Self::ContentEncryption(encryption) => encryption.name(),
        }
    }
}

impl From<Algorithm> for AnyAlgorithm {
    fn from(algorithm: Algorithm) -> Self {
        Self::Signature(algorithm)
    }
}

impl From<KeyManagement> for AnyAlgorithm {
    fn from(algorithm: KeyManagement) -> Self {
        Self::KeyManagement(algorithm)
    }
}

impl From<ContentEncryption> for AnyAlgorithm {
    fn from(encryption: ContentEncryption) -> Self {
        Self::ContentEncryption(encryption)
    }
}

impl fmt::Display for AnyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_round_trip() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::from_name(algorithm.name()), Some(*algorithm));
        }
        for algorithm in KeyManagement::ALL {
            assert_eq!(KeyManagement::from_name(algorithm.name()), Some(*algorithm));
        }
        for encryption in ContentEncryption::ALL {
            let name = encryption.name();
            assert_eq!(ContentEncryption::from_name(name), Some(*encryption));
        }
        let signatures = Algorithm::ALL.iter().map(|row| row.name());
        let managements = KeyManagement::ALL.iter().map(|row| row.name());
        let encryptions = ContentEncryption::ALL.iter().map(|row| row.name());
        let all: Vec<_> = signatures.chain(managements).chain(encryptions).collect();
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(all.len(), distinct.len());
        for name in all {
            assert_eq!(AnyAlgorithm::from_name(name).unwrap().name(), name);
        }
    }

    #[test]
    fn attack_02_names_match_exactly() {
        for name in [
            "none", "None", "noNE", "hs256", "HS256 ", " HS256", "", "RSA1_5",
        ] {
            assert_eq!(Algorithm::from_name(name), None, "{name:?}");
        }
    }
}
