//! Verify and sign per backend, beside the bare primitive and with the primitive left out.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark fails by panicking"
)]

use std::hint::black_box;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use jeton_jose::alg::{Curve, Hash};
use jeton_jose::backend::{AwsLc, Backend, Digest, GenerateKind, RustCrypto, Signer, Verifier};
use jeton_jose::jwk::Jwk;
use jeton_jose::jws::compact;
use jeton_jose::key::{
    self, KeyError, KeyForm, KeyMaterial, SigningKey, Structure, VerifyingKey, VerifyingKeySet,
};
use jeton_jose::{Algorithm, Limits, Policy, jwt};
use jeton_testkit::{NOW, any_signing_key, jwk, verifying_key};

const ALGORITHMS: [Algorithm; 4] = [
    Algorithm::HS256,
    Algorithm::RS256,
    Algorithm::ES256,
    Algorithm::Ed25519,
];
const ISSUER: &str = "https://issuer.example";
const AUDIENCE: &str = "https://api.example";

fn verify(criterion: &mut Criterion) {
    for algorithm in ALGORITHMS {
        let mut group = criterion.benchmark_group(format!("verify {algorithm}"));
        let policy = Policy::new(algorithm).issuer(ISSUER).audience(AUDIENCE);
        for (size, claims) in [("small", claims(0)), ("large", claims(104))] {
            let token = claims.sign(&any_signing_key(algorithm)).unwrap();
            let bare = Bare::new(algorithm, &token);
            group.bench_function(BenchmarkId::new("primitive", size), |bencher| {
                bencher.iter(|| assert!(bare.verify()));
            });
            let contestants: [(&str, VerifyingKeySet); 3] = [
                ("aws-lc", verifying_key(algorithm, &AwsLc)),
                ("rustcrypto", verifying_key(algorithm, &RustCrypto)),
                ("no primitive", stub_verifying_key(algorithm)),
            ];
            for (name, keys) in contestants {
                group.bench_function(BenchmarkId::new(name, size), |bencher| {
                    bencher.iter(|| jwt::verify(black_box(&token), &keys, &policy, NOW).unwrap());
                });
            }
        }
        group.finish();
    }
}

fn sign(criterion: &mut Criterion) {
    for algorithm in ALGORITHMS {
        let mut group = criterion.benchmark_group(format!("sign {algorithm}"));
        for (size, claims) in [("small", claims(0)), ("large", claims(104))] {
            let backends: [(&str, &dyn Backend); 3] = [
                ("aws-lc", &AwsLc),
                ("rustcrypto", &RustCrypto),
                ("no primitive", &Stub),
            ];
            for (name, backend) in backends {
                let Ok(key) = SigningKey::new(&jwk(algorithm), algorithm, backend) else {
                    println!("sign {algorithm}/{name}: the backend does not sign with it");
                    continue;
                };
                group.bench_function(BenchmarkId::new(name, size), |bencher| {
                    bencher.iter(|| black_box(&claims).sign(&key).unwrap());
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, verify, sign);
criterion_main!(benches);

/// A token of about 300 bytes without groups, of 4,700 with 104.
fn claims(groups: usize) -> jwt::Builder {
    let claims = jwt::Builder::new()
        .issuer(ISSUER)
        .subject("7b1f0c52-8c1e")
        .audiences(&[AUDIENCE])
        .lifetime(NOW, core::time::Duration::from_mins(10))
        .jwt_id("0d6f3c7e9a514b8f")
        .claim("scope", &"read write")
        .unwrap();
    if groups == 0 {
        return claims;
    }
    let groups: Vec<String> = (0..groups)
        .map(|number| format!("/departments/engineering/{number:03}"))
        .collect();
    claims.claim("groups", &groups).unwrap()
}

/// `aws-lc-rs` over bytes that are already there.
struct Bare {
    message: Vec<u8>,
    signature: Vec<u8>,
    key: BareKey,
}

enum BareKey {
    Hmac(Box<hmac::Key>),
    Public(ParsedPublicKey),
}

impl Bare {
    fn new(algorithm: Algorithm, token: &str) -> Self {
        let private = jwk(algorithm);
        let key = match private.material() {
            KeyMaterial::Oct(secret) => {
                BareKey::Hmac(Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret.expose())))
            }
            _ => BareKey::Public(parsed(algorithm, &private)),
        };
        let parsed = compact::Unverified::parse(token, &Limits::default()).unwrap();
        let end = token.rfind('.').unwrap();
        Self {
            message: token.as_bytes()[..end].to_vec(),
            signature: parsed.unverified_signature().to_vec(),
            key,
        }
    }

    fn verify(&self) -> bool {
        let (message, signature) = (black_box(&self.message), black_box(&self.signature));
        match &self.key {
            BareKey::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
            BareKey::Public(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

fn parsed(algorithm: Algorithm, private: &Jwk) -> ParsedPublicKey {
    let public = private.public().unwrap();
    let spki = key::write(&public, KeyForm::Der(Structure::Spki)).unwrap();
    match algorithm {
        Algorithm::RS256 => ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki.expose()),
        Algorithm::ES256 => ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, spki.expose()),
        _ => ParsedPublicKey::new(&ED25519, spki.expose()),
    }
    .unwrap()
}

fn stub_verifying_key(algorithm: Algorithm) -> VerifyingKeySet {
    VerifyingKey::new(&jwk(algorithm), algorithm, &Stub)
        .unwrap()
        .into()
}

/// Accepts everything and computes nothing: what is left is the library's own cost.
#[derive(Debug)]
struct Stub;

struct Nothing {
    signature_len: usize,
}

impl Verifier for Nothing {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        black_box((message, signature));
        true
    }
}

impl Signer for Nothing {
    fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Option<()> {
        black_box(message);
        out.resize(out.len() + self.signature_len, 0);
        Some(())
    }
}

impl Nothing {
    fn new(algorithm: Algorithm, key: &KeyMaterial) -> Self {
        let fixed = algorithm.row().signature_len;
        Self {
            signature_len: fixed.unwrap_or(key.bits().div_ceil(8)),
        }
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

    fn verifier(&self, alg: Algorithm, key: &KeyMaterial) -> Result<Box<dyn Verifier>, KeyError> {
        Ok(Box::new(Nothing::new(alg, key)))
    }

    fn signer(&self, alg: Algorithm, key: &KeyMaterial) -> Result<Box<dyn Signer>, KeyError> {
        Ok(Box::new(Nothing::new(alg, key)))
    }

    fn generate(&self, kind: GenerateKind) -> Result<KeyMaterial, KeyError> {
        AwsLc.generate(kind)
    }

    fn derive_public(&self, curve: Curve, private: &[u8]) -> Result<(Vec<u8>, Vec<u8>), KeyError> {
        AwsLc.derive_public(curve, private)
    }

    fn expand_seed(&self, algorithm: Algorithm, seed: &[u8]) -> Result<Vec<u8>, KeyError> {
        AwsLc.expand_seed(algorithm, seed)
    }
}
