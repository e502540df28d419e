//! What there is to choose from: names, algorithms, presets.

use jeton_jose::Algorithm;
use jeton_jose::alg::{
    ContentEncryption, ContentFamily, Curve, Family, KeyManagement, KeyManagementFamily, KeyType,
};
use jeton_jose::jwt::policy::Preset;
use serde::{Deserialize, Serialize};

use super::{Failure, Setting};
use crate::names::{self, ValueKind};

/// Asks for everything.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {}

/// Everything.
#[derive(Clone, Debug, Serialize)]
pub struct Names {
    /// The registered header parameters, in the order of names.
    pub header_parameters: Vec<Registered>,
    /// The registered claims, in the order of names.
    pub claims: Vec<Registered>,
    /// The signature algorithms.
    pub signature_algorithms: Vec<SignatureAlgorithm>,
    /// How the key of an encrypted token is protected.
    pub key_management: Vec<KeyProtection>,
    /// How the content of an encrypted token is protected.
    pub content_encryption: Vec<ContentProtection>,
    /// The ready policies.
    pub presets: Vec<ReadyPolicy>,
}

/// A registered name.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Registered {
    /// The name as it is written.
    pub name: &'static str,
    /// In words, to stand before a value.
    pub label: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What its value is meant to be.
    pub kind: ValueKind,
    /// The same in words.
    pub value: &'static str,
    /// The section that defines it.
    pub reference: &'static str,
}

/// A signature algorithm.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SignatureAlgorithm {
    /// The `alg` value.
    pub name: &'static str,
    /// How it signs.
    pub family: &'static str,
    /// The `kty` of its keys.
    pub kty: &'static str,
    /// The `crv` of its keys.
    pub crv: Option<&'static str>,
    /// The smallest key, in bits.
    pub min_key_bits: usize,
    /// The length of a signature in bytes, where it does not depend on the key.
    pub signature_bytes: Option<usize>,
    /// What a person who chooses it should know.
    pub note: &'static str,
    /// The section that defines it.
    pub reference: &'static str,
}

/// A key management algorithm.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct KeyProtection {
    /// The `alg` value.
    pub name: &'static str,
    /// How it works.
    pub family: &'static str,
    /// The `kty` of its keys; all those that it takes.
    pub kty: &'static [&'static str],
    /// The exact size of its key in bits, where there is one.
    pub key_bits: Option<usize>,
    /// What a person who chooses it should know.
    pub note: &'static str,
    /// The section that defines it.
    pub reference: &'static str,
}

/// A content encryption algorithm.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ContentProtection {
    /// The `enc` value.
    pub name: &'static str,
    /// How it works.
    pub family: &'static str,
    /// The size of the content key in bits.
    pub key_bits: usize,
    /// What a person who chooses it should know.
    pub note: &'static str,
    /// The section that defines it.
    pub reference: &'static str,
}

/// A ready policy.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ReadyPolicy {
    /// Its name.
    pub name: &'static str,
    /// The document that defines the token.
    pub reference: &'static str,
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every question")]
pub(super) fn answer(_request: &Request, _setting: &Setting<'_>) -> Result<Names, Failure> {
    Ok(all())
}

/// Everything there is to choose from.
pub fn all() -> Names {
    let registered = |table: &'static [names::Name]| table.iter().map(Registered::from).collect();
    Names {
        header_parameters: registered(names::header_parameters()),
        claims: registered(names::claims()),
        signature_algorithms: Algorithm::ALL.iter().copied().map(signature).collect(),
        key_management: KeyManagement::ALL.iter().copied().map(management).collect(),
        content_encryption: ContentEncryption::ALL
            .iter()
            .copied()
            .map(content)
            .collect(),
        presets: Preset::ALL
            .iter()
            .map(|preset| ReadyPolicy {
                name: preset.name(),
                reference: preset.reference(),
            })
            .collect(),
    }
}

impl From<&names::Name> for Registered {
    fn from(name: &names::Name) -> Self {
        Self {
            name: name.name,
            label: name.label,
            meaning: name.meaning,
            kind: name.kind,
            value: name.kind.as_str(),
            reference: name.reference,
        }
    }
}

fn signature(algorithm: Algorithm) -> SignatureAlgorithm {
    let row = algorithm.row();
    SignatureAlgorithm {
        name: row.name,
        family: match row.family {
            Family::Hmac => "HMAC",
            Family::RsaPkcs1 => "RSA PKCS #1 v1.5",
            Family::RsaPss => "RSA-PSS",
            Family::Ecdsa => "ECDSA",
            Family::EdDsa => "EdDSA",
            Family::MlDsa => "ML-DSA",
        },
        kty: row.key_type.name(),
        crv: row.curve.map(Curve::name),
        min_key_bits: row.min_key_bits,
        signature_bytes: row.signature_len,
        note: row.note,
        reference: row.reference,
    }
}

fn management(algorithm: KeyManagement) -> KeyProtection {
    let row = algorithm.row();
    let exact = matches!(
        row.family,
        KeyManagementFamily::AesKw | KeyManagementFamily::AesGcmKw
    );
    KeyProtection {
        name: row.name,
        family: match row.family {
            KeyManagementFamily::RsaOaep => "RSA-OAEP",
            KeyManagementFamily::AesKw => "AES key wrap",
            KeyManagementFamily::Direct => "shared key",
            KeyManagementFamily::EcdhEs => "ECDH",
            KeyManagementFamily::AesGcmKw => "AES-GCM key wrap",
            KeyManagementFamily::Pbes2 => "password",
        },
        kty: match row.key_type {
            Some(KeyType::Rsa) => &["RSA"],
            Some(_) => &["oct"],
            None => &["EC", "OKP"],
        },
        key_bits: row.wrapping_key_len.filter(|_| exact).map(|len| len * 8),
        note: row.note,
        reference: row.reference,
    }
}

fn content(encryption: ContentEncryption) -> ContentProtection {
    let row = encryption.row();
    ContentProtection {
        name: row.name,
        family: match row.family {
            ContentFamily::CbcHmac => "AES-CBC with HMAC",
            ContentFamily::Gcm => "AES-GCM",
        },
        key_bits: row.key_len * 8,
        note: row.note,
        reference: row.reference,
    }
}
