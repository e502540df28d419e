//! jeton with each of its backends, and with one whose verifier and signer do nothing: what is
//! left then is jeton's own cost.

use std::hint::black_box;

use anyhow::Context as _;
use jeton_jose::alg::{Curve, Hash};
use jeton_jose::backend::{
    AwsLc, Backend, Digest, Encryption, GenerateKind, RustCrypto, Signer, Verifier,
};
use jeton_jose::jwk::Jwk;
use jeton_jose::jws::HeaderBuilder;
use jeton_jose::key::{self, KeyError, KeyMaterial, SigningKey, VerifyingKey, VerifyingKeySet};
use jeton_jose::{Algorithm, Policy, Secret, UnixTime, jwt};

use super::jeton_encryption::Encrypts;
use super::{Contestant, Turn, nanoseconds};
use crate::case::{AUDIENCE, Case, ISSUER, Keys};

/// 2026-01-01T00:00:00Z; the time is an argument, so it costs the caller nothing here.
const NOW: UnixTime = UnixTime::from_seconds(1_767_225_600);

pub struct Jeton {
    name: &'static str,
    backend: &'static dyn Backend,
    /// The same, if it encrypts.
    encrypts: Option<&'static dyn Encryption>,
}

pub struct Ready<'a> {
    case: &'a Case,
    keys: VerifyingKeySet,
    policy: Policy,
    signing: Option<SigningKey>,
}

impl Jeton {
    pub const AWS_LC: Self = Self {
        name: "jeton (aws-lc)",
        backend: &AwsLc,
        encrypts: Some(&AwsLc),
    };
    pub const RUSTCRYPTO: Self = Self {
        name: "jeton (rustcrypto)",
        backend: &RustCrypto,
        encrypts: Some(&RustCrypto),
    };
    pub const STUB: Self = Self {
        name: "jeton (no primitive)",
        backend: &Stub,
        encrypts: None,
    };

    pub fn ready<'a>(&self, case: &'a Case) -> anyhow::Result<Ready<'a>> {
        let algorithm: Algorithm = case.algorithm.parse()?;
        let private = private_key(case, self.backend)?;
        let public = private.public().unwrap_or_else(|| private.clone());
        Ok(Ready {
            case,
            keys: VerifyingKey::new(&public, algorithm, self.backend)?.into(),
            policy: Policy::new(algorithm)
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .require("exp"),
            signing: SigningKey::new(&private, algorithm, self.backend).ok(),
        })
    }
}

impl Contestant for Jeton {
    fn name(&self) -> &'static str {
        self.name
    }

    fn prepare<'a>(&'a mut self, case: &'a Case) -> anyhow::Result<Option<Box<dyn Turn + 'a>>> {
        match (case.encryption, self.encrypts) {
            (None, _) => Ok(Some(Box::new(self.ready(case)?))),
            // RustCrypto does not touch private RSA keys natively (RUSTSEC-2023-0071).
            (Some(_), _) if self.name == Self::RUSTCRYPTO.name && is_rsa(case) => Ok(None),
            (Some(encryption), Some(backend)) => {
                Ok(Some(Box::new(Encrypts::new(case, encryption, backend)?)))
            }
            (Some(_), None) => Ok(None),
        }
    }
}

impl Turn for Ready<'_> {
    fn take(&mut self, times: u32) -> anyhow::Result<f64> {
        nanoseconds(times, || {
            let token = black_box(self.case.token.as_str());
            black_box(jwt::verify(token, &self.keys, &self.policy, NOW)?);
            Ok(())
        })
    }

    fn makes(&self) -> bool {
        self.signing.is_some()
    }

    fn make(&mut self, times: u32) -> anyhow::Result<f64> {
        let key = self.signing.as_ref().context("a key that signs")?;
        let header = HeaderBuilder::new().typ("JWT");
        nanoseconds(times, || {
            black_box(jwt::sign(key, &header, black_box(&self.case.claims))?);
            Ok(())
        })
    }
}

fn is_rsa(case: &Case) -> bool {
    case.algorithm.starts_with("RSA")
}

/// The private key or secret of a case.
pub(super) fn private_key(case: &Case, backend: &dyn Backend) -> anyhow::Result<Jwk> {
    match &case.keys {
        Keys::Secret(secret) => Ok(Jwk::from(KeyMaterial::Oct(Secret::new(secret.clone())))),
        Keys::Pair { private, .. } => {
            let found = key::read(private, backend)?;
            found.keys.into_iter().next().context("the private key")
        }
    }
}

/// Accepts everything and computes nothing.
#[derive(Debug)]
struct Stub;

struct Nothing(usize);

impl Verifier for Nothing {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        black_box((message, signature));
        true
    }
}

impl Signer for Nothing {
    fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Option<()> {
        black_box(message);
        out.resize(out.len() + self.0, 0);
        Some(())
    }
}

impl Backend for Stub {
    fn name(&self) -> &'static str {
        "stub"
    }

    fn digest(&self, hash: Hash, data: &[u8]) -> Digest {
        AwsLc.digest(hash, data)
    }

    fn certificate_sha1(&self, der: &[u8]) -> [u8; 20] {
        AwsLc.certificate_sha1(der)
    }

    fn expand_seed(&self, algorithm: Algorithm, seed: &[u8]) -> Result<Vec<u8>, KeyError> {
        AwsLc.expand_seed(algorithm, seed)
    }

    fn verifier(&self, _: Algorithm, _: &KeyMaterial) -> Result<Box<dyn Verifier>, KeyError> {
        Ok(Box::new(Nothing(0)))
    }

    fn signer(&self, algorithm: Algorithm, key: &KeyMaterial) -> Result<Box<dyn Signer>, KeyError> {
        let len = algorithm.row().signature_len;
        Ok(Box::new(Nothing(len.unwrap_or(key.bits().div_ceil(8)))))
    }

    fn generate(&self, kind: GenerateKind) -> Result<KeyMaterial, KeyError> {
        AwsLc.generate(kind)
    }

    fn derive_public(&self, curve: Curve, private: &[u8]) -> Result<(Vec<u8>, Vec<u8>), KeyError> {
        AwsLc.derive_public(curve, private)
    }
}
