//! What tests share: fixed keys, the instant they live at, the backends, the folder of vectors.
//!
//! A development dependency only. The keys are published here, so they protect nothing.

pub mod collector;

use std::path::PathBuf;

use jeton_jose::alg::{Algorithm, AlgorithmSet, KeyManagement, KeyManagementFamily};
use jeton_jose::backend::{Backend, Encryption};
use jeton_jose::jwk::{Jwk, JwkSet};
use jeton_jose::key::{
    DecryptingKey, EncryptingKey, KeyMaterial, SigningKey, VerifyingKey, VerifyingKeySet,
};
use jeton_jose::{Secret, UnixTime};

/// The instant at which tests live: 2026-01-01T00:00:00Z.
pub const NOW: UnixTime = UnixTime::from_seconds(1_767_225_600);

const TEST_KEYS: &str = include_str!("test_keys.json");

/// The faster backend of this build.
#[cfg(not(target_arch = "wasm32"))]
pub const BACKEND: &dyn Encryption = &jeton_jose::backend::AwsLc;
/// The faster backend of this build.
#[cfg(target_arch = "wasm32")]
pub const BACKEND: &dyn Encryption = &jeton_jose::backend::RustCrypto;

/// Every backend of this build.
pub fn backends() -> Vec<&'static dyn Encryption> {
    vec![
        #[cfg(not(target_arch = "wasm32"))]
        &jeton_jose::backend::AwsLc,
        &jeton_jose::backend::RustCrypto,
    ]
}

/// The private test key of an algorithm; its `kid` is the algorithm's name in lower case.
pub fn jwk(algorithm: Algorithm) -> Jwk {
    jwks()
        .into_iter()
        .find(|key| key.algorithm() == Some(algorithm))
        .expect("each algorithm has a test key")
}

/// All private test keys.
pub fn jwks() -> Vec<Jwk> {
    let set = JwkSet::parse(TEST_KEYS.as_bytes()).expect("the test keys are a JWK Set");
    assert!(set.skipped.is_empty(), "{:?}", set.skipped);
    set.keys
}

/// The signing key of an algorithm; `None` where the backend does not sign with it, which is only
/// RSA on RustCrypto outside wasm (RUSTSEC-2023-0071).
pub fn signing_key(algorithm: Algorithm, backend: &dyn Backend) -> Option<SigningKey> {
    let signs = algorithm.row().key_type != jeton_jose::alg::KeyType::Rsa
        || backend.name() != "rustcrypto"
        || cfg!(target_arch = "wasm32");
    signs.then(|| SigningKey::new(&jwk(algorithm), algorithm, backend).expect("the test key signs"))
}

/// A signing key of any backend that has it.
pub fn any_signing_key(algorithm: Algorithm) -> SigningKey {
    backends()
        .into_iter()
        .find_map(|backend| signing_key(algorithm, backend))
        .expect("some backend signs")
}

/// The verifying key of an algorithm, alone in its set.
pub fn verifying_key(algorithm: Algorithm, backend: &dyn Backend) -> VerifyingKeySet {
    VerifyingKey::new(&jwk(algorithm), algorithm, backend)
        .expect("the test key verifies")
        .into()
}

/// All public test keys as one set, secrets left out.
pub fn public_key_set(backend: &dyn Backend) -> VerifyingKeySet {
    let keys: Vec<Jwk> = jwks().iter().filter_map(Jwk::public).collect();
    VerifyingKeySet::new(&keys, AlgorithmSet::asymmetric(), backend)
        .expect("the test keys are a set")
}

/// The private test key of a key management algorithm: fixed, so that tokens can be kept.
pub fn encryption_jwk(algorithm: KeyManagement) -> Jwk {
    let key = match algorithm.row().family {
        KeyManagementFamily::RsaOaep => jwk(Algorithm::RS256).material().clone(),
        KeyManagementFamily::EcdhEs => jwk(Algorithm::ES256).material().clone(),
        KeyManagementFamily::AesKw | KeyManagementFamily::AesGcmKw => {
            let len = algorithm.row().wrapping_key_len.unwrap_or_default();
            KeyMaterial::Oct(Secret::new(vec![0x4b; len]))
        }
        KeyManagementFamily::Direct => KeyMaterial::Oct(Secret::new(vec![0x44; 32])),
        KeyManagementFamily::Pbes2 => {
            KeyMaterial::Oct(Secret::new(b"correct horse battery staple".to_vec()))
        }
    };
    Jwk::from(key).with_algorithm(algorithm)
}

/// The decrypting key of an algorithm; `None` where the backend does not decrypt with it, which is
/// only RSA on RustCrypto outside wasm (RUSTSEC-2023-0071).
pub fn decrypting_key(
    algorithm: KeyManagement,
    backend: &'static dyn Encryption,
) -> Option<DecryptingKey> {
    let decrypts = algorithm.row().family != KeyManagementFamily::RsaOaep
        || backend.name() != "rustcrypto"
        || cfg!(target_arch = "wasm32");
    let jwk = encryption_jwk(algorithm);
    decrypts.then(|| DecryptingKey::new(&jwk, algorithm, backend).expect("the test key decrypts"))
}

/// The encrypting key of an algorithm, with as few iterations of PBES2 as there may be.
pub fn encrypting_key(algorithm: KeyManagement, backend: &'static dyn Encryption) -> EncryptingKey {
    EncryptingKey::new(&encryption_jwk(algorithm), algorithm, backend)
        .expect("the test key encrypts")
        .with_iterations(1000)
}

/// A folder of published vectors beside the repository; `None`, with a printed reason, where it is
/// missing.
pub fn vectors(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/vectors")
        .join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: there is no folder {folder} of vectors beside the repository");
    None
}
