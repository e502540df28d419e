//! The work: keys, claims and tokens, the same for everyone.

use std::path::Path;

use anyhow::Context as _;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use aws_lc_rs::{hmac, rsa};
use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use serde_json::{Value, json};

use crate::contestant;

/// The issuer that everyone checks.
pub const ISSUER: &str = "https://issuer.example";
/// The audience that everyone checks.
pub const AUDIENCE: &str = "https://api.example";
/// The largest `exp` that everyone takes: in the year 2100.
pub const EXPIRES: u64 = 4_102_444_800;
/// The `alg` of each row. `EdDSA`, since not everyone knows the name `Ed25519`.
pub const ALGORITHMS: [&str; 4] = ["HS256", "RS256", "ES256", "EdDSA"];
/// The sizes of each row.
pub const SIZES: [&str; 2] = ["small", "large"];
/// The `alg` and `enc` of each row of encryption.
pub const ENCRYPTIONS: [(&str, &str); 5] = [
    ("dir", "A256GCM"),
    ("dir", "A128CBC-HS256"),
    ("A256KW", "A256GCM"),
    ("RSA-OAEP-256", "A256GCM"),
    ("ECDH-ES+A256KW", "A256GCM"),
];

/// One row: an algorithm with its key, and claims with their token.
#[derive(Clone)]
pub struct Case {
    pub algorithm: &'static str,
    /// The `enc`, if the token is encrypted.
    pub encryption: Option<&'static str>,
    pub size: &'static str,
    pub claims: Value,
    pub token: String,
    pub keys: Keys,
}

/// The keys of one algorithm.
#[derive(Clone)]
pub enum Keys {
    Secret(Vec<u8>),
    /// PKCS#8 and SPKI, both DER.
    Pair {
        private: Vec<u8>,
        public: Vec<u8>,
    },
}

impl Case {
    pub fn name(&self) -> String {
        match self.encryption {
            Some(encryption) => format!("{} {encryption} {}", self.algorithm, self.size),
            None => format!("{} {}", self.algorithm, self.size),
        }
    }

    /// What is signed.
    pub fn message(&self) -> &[u8] {
        let end = self.token.rfind('.').unwrap_or(0);
        &self.token.as_bytes()[..end]
    }

    pub fn signature(&self) -> Vec<u8> {
        let start = self.token.rfind('.').map_or(0, |dot| dot + 1);
        Base64UrlUnpadded::decode_vec(&self.token[start..]).unwrap_or_default()
    }

    /// The rows of signatures under the keys of `folder`, which are made if they are not there.
    pub fn signed(folder: &Path) -> anyhow::Result<Vec<Self>> {
        let mut cases = Vec::new();
        for algorithm in ALGORITHMS {
            let keys = Keys::load(folder, algorithm).or_else(|_| Keys::make(folder, algorithm))?;
            for size in SIZES {
                let claims = claims(size);
                let token = token(algorithm, &claims, &keys)?;
                let keys = keys.clone();
                cases.push(Self {
                    algorithm,
                    encryption: None,
                    size,
                    claims,
                    token,
                    keys,
                });
            }
        }
        Ok(cases)
    }

    /// The rows of encryption, likewise.
    pub fn encrypted(folder: &Path) -> anyhow::Result<Vec<Self>> {
        let mut cases = Vec::new();
        for (algorithm, encryption) in ENCRYPTIONS {
            let keys = Keys::load(folder, algorithm).or_else(|_| Keys::make(folder, algorithm))?;
            for size in SIZES {
                let mut case = Self {
                    algorithm,
                    encryption: Some(encryption),
                    size,
                    claims: claims(size),
                    token: String::new(),
                    keys: keys.clone(),
                };
                case.token = contestant::encrypted(&case)?;
                cases.push(case);
            }
        }
        Ok(cases)
    }
}

impl Keys {
    pub fn private_pem(&self) -> String {
        match self {
            Self::Secret(_) => String::new(),
            Self::Pair { private, .. } => pem("PRIVATE KEY", private),
        }
    }

    pub fn public_pem(&self) -> String {
        match self {
            Self::Secret(_) => String::new(),
            Self::Pair { public, .. } => pem("PUBLIC KEY", public),
        }
    }

    fn load(folder: &Path, algorithm: &str) -> anyhow::Result<Self> {
        let private = std::fs::read(folder.join(format!("{algorithm}.private")))?;
        if matches!(algorithm, "HS256" | "dir" | "A256KW") {
            return Ok(Self::Secret(private));
        }
        let public = std::fs::read(folder.join(format!("{algorithm}.public")))?;
        Ok(Self::Pair { private, public })
    }

    fn make(folder: &Path, algorithm: &str) -> anyhow::Result<Self> {
        let (private, public) = match algorithm {
            "HS256" | "dir" | "A256KW" => {
                let mut secret = vec![0; 32];
                aws_lc_rs::rand::fill(&mut secret)?;
                (secret, Vec::new())
            }
            "RS256" | "RSA-OAEP-256" => {
                let pair = rsa::KeyPair::generate(KeySize::Rsa2048)?;
                let private: Pkcs8V1Der = pair.as_der()?;
                let public: PublicKeyX509Der = pair.public_key().as_der()?;
                (private.as_ref().to_vec(), public.as_ref().to_vec())
            }
            "ES256" | "ECDH-ES+A256KW" => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
                let public: PublicKeyX509Der = pair.public_key().as_der()?;
                let private = pair.to_pkcs8v1()?;
                (private.as_ref().to_vec(), public.as_ref().to_vec())
            }
            _ => {
                let pair = Ed25519KeyPair::generate()?;
                let public: PublicKeyX509Der = pair.public_key().as_der()?;
                let private = pair.to_pkcs8v1()?;
                (private.as_ref().to_vec(), public.as_ref().to_vec())
            }
        };
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join(format!("{algorithm}.private")), private)?;
        std::fs::write(folder.join(format!("{algorithm}.public")), public)?;
        Self::load(folder, algorithm).context("the keys that were just written")
    }
}

/// The bare primitives, ready to sign.
pub enum BareSigner {
    Hmac(hmac::Key),
    Rsa(RsaKeyPair, SystemRandom),
    Ecdsa(EcdsaKeyPair, SystemRandom),
    Ed25519(Ed25519KeyPair),
}

impl BareSigner {
    pub fn new(algorithm: &str, keys: &Keys) -> anyhow::Result<Self> {
        Ok(match (algorithm, keys) {
            ("RS256", Keys::Pair { private, .. }) => {
                Self::Rsa(RsaKeyPair::from_pkcs8(private)?, SystemRandom::new())
            }
            ("ES256", Keys::Pair { private, .. }) => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, private)?;
                Self::Ecdsa(pair, SystemRandom::new())
            }
            (_, Keys::Pair { private, .. }) => {
                Self::Ed25519(Ed25519KeyPair::from_pkcs8_maybe_unchecked(private)?)
            }
            (_, Keys::Secret(secret)) => Self::Hmac(hmac::Key::new(hmac::HMAC_SHA256, secret)),
        })
    }

    pub fn sign(&self, message: &[u8]) -> anyhow::Result<Vec<u8>> {
        Ok(match self {
            Self::Hmac(key) => hmac::sign(key, message).as_ref().to_vec(),
            Self::Rsa(pair, random) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, random, message, &mut signature)?;
                signature
            }
            Self::Ecdsa(pair, random) => pair.sign(random, message)?.as_ref().to_vec(),
            Self::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
        })
    }
}

/// About 300 or 4,700 bytes as a token with a short signature.
fn claims(size: &str) -> Value {
    let mut claims = json!({
        "iss": ISSUER,
        "sub": "7b1f0c52-8c1e",
        "aud": AUDIENCE,
        "exp": EXPIRES,
        "iat": 1_767_225_600,
        "jti": "0d6f3c7e9a514b8f",
        "scope": "read write",
    });
    if size == "large" {
        let groups: Vec<String> = (0..99)
            .map(|number| format!("/departments/engineering/{number:03}"))
            .collect();
        claims["name"] = json!("Zoë Example");
        claims["email"] = json!("zoe@users.example");
        claims["email_verified"] = json!(true);
        claims["realm_access"] = json!({ "roles": ["offline_access", "user", "auditor"] });
        claims["groups"] = json!(groups);
        claims["limits"] = json!({ "requests": 5000, "ratio": 0.75, "burst": [10, 20, 40] });
    }
    claims
}

fn token(algorithm: &str, claims: &Value, keys: &Keys) -> anyhow::Result<String> {
    let header = format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#);
    let mut token = Base64UrlUnpadded::encode_string(header.as_bytes());
    token.push('.');
    token += &Base64UrlUnpadded::encode_string(claims.to_string().as_bytes());
    let signature = BareSigner::new(algorithm, keys)?.sign(token.as_bytes())?;
    token.push('.');
    Ok(token + &Base64UrlUnpadded::encode_string(&signature))
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = Base64::encode_string(der);
    let lines: Vec<&str> = (0..text.len())
        .step_by(64)
        .map(|start| &text[start..text.len().min(start + 64)])
        .collect();
    let body = lines.join("\n");
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}
