//! The numbers a key is made of, independent of any backend and any text form.

use core::fmt;

use crate::alg::{
    Algorithm, AlgorithmSet, ContentEncryption, Curve, KeyManagement, KeyManagementFamily,
    KeyManagementRow, KeyManagementSet, KeyType,
};
use crate::secret::Secret;

/// What a key is made of. Big integers are big-endian without leading zeros (RSA) or of the
/// curve's exact length (EC, OKP).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMaterial {
    /// A symmetric secret (RFC 7518 §6.4).
    Oct(Secret),
    /// RSA, public or private (RFC 7518 §6.3).
    Rsa(RsaKey),
    /// An elliptic-curve point and perhaps its scalar (RFC 7518 §6.2).
    Ec(EcKey),
    /// An octet key pair (RFC 8037 §2).
    Okp(OkpKey),
    /// A key pair of one algorithm (RFC 9964 §3).
    Akp(AkpKey),
}

/// An RSA key.
#[derive(Clone, PartialEq, Eq)]
pub struct RsaKey {
    /// Modulus.
    pub n: Vec<u8>,
    /// Public exponent.
    pub e: Vec<u8>,
    /// The private half.
    pub private: Option<RsaPrivate>,
}

/// The private half of an RSA key with its Chinese-remainder members, which signing needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaPrivate {
    /// Private exponent.
    pub d: Secret,
    /// First prime.
    pub p: Secret,
    /// Second prime.
    pub q: Secret,
    /// `d mod (p-1)`.
    pub dp: Secret,
    /// `d mod (q-1)`.
    pub dq: Secret,
    /// `q^-1 mod p`.
    pub qi: Secret,
}

/// A key on a Weierstrass curve.
#[derive(Clone, PartialEq, Eq)]
pub struct EcKey {
    /// The curve.
    pub curve: Curve,
    /// X coordinate, `curve.coordinate_len()` bytes.
    pub x: Vec<u8>,
    /// Y coordinate, `curve.coordinate_len()` bytes.
    pub y: Vec<u8>,
    /// The private scalar, same length.
    pub d: Option<Secret>,
}

/// An Ed25519 or X25519 key.
#[derive(Clone, PartialEq, Eq)]
pub struct OkpKey {
    /// The curve.
    pub curve: Curve,
    /// The public key.
    pub x: Vec<u8>,
    /// The private seed.
    pub d: Option<Secret>,
}

/// A key that is made for one algorithm: ML-DSA.
#[derive(Clone, PartialEq, Eq)]
pub struct AkpKey {
    /// The algorithm, without which the octets mean nothing.
    pub algorithm: Algorithm,
    /// The public key, of the algorithm's exact length.
    pub public: Vec<u8>,
    /// The private seed of 32 bytes, from which both halves follow (FIPS 204 §3.6.3).
    pub seed: Option<Secret>,
}

impl KeyMaterial {
    /// The JWK `kty`.
    pub fn key_type(&self) -> KeyType {
        match self {
            Self::Oct(_) => KeyType::Oct,
            Self::Rsa(_) => KeyType::Rsa,
            Self::Ec(_) => KeyType::Ec,
            Self::Okp(_) => KeyType::Okp,
            Self::Akp(_) => KeyType::Akp,
        }
    }

    /// The curve, for EC and OKP keys.
    pub fn curve(&self) -> Option<Curve> {
        match self {
            Self::Oct(_) | Self::Rsa(_) | Self::Akp(_) => None,
            Self::Ec(key) => Some(key.curve),
            Self::Okp(key) => Some(key.curve),
        }
    }

    /// Whether it can sign: it is symmetric or has its private half.
    pub fn is_private(&self) -> bool {
        match self {
            Self::Oct(_) => true,
            Self::Rsa(key) => key.private.is_some(),
            Self::Ec(key) => key.d.is_some(),
            Self::Okp(key) => key.d.is_some(),
            Self::Akp(key) => key.seed.is_some(),
        }
    }

    /// The public half; `None` for a symmetric key, which has none.
    pub fn public(&self) -> Option<Self> {
        match self {
            Self::Oct(_) => None,
            Self::Rsa(key) => Some(Self::Rsa(RsaKey {
                private: None,
                ..key.clone()
            })),
            Self::Ec(key) => Some(Self::Ec(EcKey {
                d: None,
                ..key.clone()
            })),
            Self::Okp(key) => Some(Self::Okp(OkpKey {
                d: None,
                ..key.clone()
            })),
            Self::Akp(key) => Some(Self::Akp(AkpKey {
                seed: None,
                ..key.clone()
            })),
        }
    }

    /// Size in bits: of the secret, the modulus, the curve or (ML-DSA) the public key.
    pub fn bits(&self) -> usize {
        match self {
            Self::Oct(secret) => secret.len() * 8,
            Self::Rsa(key) => bit_len(&key.n),
            Self::Akp(key) => key.public.len() * 8,
            Self::Ec(EcKey { curve, .. }) | Self::Okp(OkpKey { curve, .. }) => match curve {
                Curve::P521 => 521,
                _ => curve.coordinate_len() * 8,
            },
        }
    }

    /// The algorithms this form of key can serve, whatever its strength.
    pub fn algorithms(&self) -> AlgorithmSet {
        if let Self::Akp(key) = self {
            return key.algorithm.into();
        }
        Algorithm::ALL
            .iter()
            .copied()
            .filter(|algorithm| {
                let row = algorithm.row();
                row.key_type == self.key_type() && row.curve == self.curve()
            })
            .collect()
    }
}

impl KeyMaterial {
    /// The key management algorithms this form of key can serve, whatever its strength.
    pub fn key_managements(&self) -> KeyManagementSet {
        KeyManagement::ALL
            .iter()
            .copied()
            .filter(|algorithm| self.manages(algorithm.row()))
            .collect()
    }

    fn manages(&self, row: &KeyManagementRow) -> bool {
        match (self, row.family) {
            (Self::Oct(secret), KeyManagementFamily::AesKw | KeyManagementFamily::AesGcmKw) => {
                row.wrapping_key_len == Some(secret.len())
            }
            (Self::Oct(secret), KeyManagementFamily::Direct) => ContentEncryption::ALL
                .iter()
                .any(|encryption| encryption.row().key_len == secret.len()),
            (Self::Oct(_), KeyManagementFamily::Pbes2)
            | (Self::Rsa(_), KeyManagementFamily::RsaOaep) => true,
            (Self::Ec(_) | Self::Okp(_), KeyManagementFamily::EcdhEs) => {
                self.curve().is_some_and(Curve::agrees)
            }
            _ => false,
        }
    }
}

/// Bits of a big-endian integer, leading zeros not counted.
pub(crate) fn bit_len(bytes: &[u8]) -> usize {
    let Some(first) = bytes.iter().position(|byte| *byte != 0) else {
        return 0;
    };
    let lead = bytes
        .get(first)
        .map_or(0, |byte| byte.leading_zeros() as usize);
    (bytes.len() - first) * 8 - lead
}

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let half = if self.private.is_some() {
            "private"
        } else {
            "public"
        };
        write!(f, "RsaKey({} bits, {half})", bit_len(&self.n))
    }
}

impl fmt::Debug for EcKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let half = if self.d.is_some() {
            "private"
        } else {
            "public"
        };
        write!(f, "EcKey({}, {half})", self.curve.name())
    }
}

impl fmt::Debug for OkpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let half = if self.d.is_some() {
            "private"
        } else {
            "public"
        };
        write!(f, "OkpKey({}, {half})", self.curve.name())
    }
}

impl fmt::Debug for AkpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let half = if self.seed.is_some() {
            "private"
        } else {
            "public"
        };
        write!(f, "AkpKey({}, {half})", self.algorithm)
    }
}
