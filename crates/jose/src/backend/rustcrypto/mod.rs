//! The `RustCrypto` crates: pure Rust, for wasm32 and for cross-checking the native backend.

mod encryption;
mod ml_dsa;
#[cfg(target_arch = "wasm32")]
mod rsa_private;
mod rsa_public;

use core::marker::PhantomData;

use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::{self, SignatureEncoding};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::{Backend, Digest, GenerateKind, Signer, Verifier, sec1_point, split_point};
use crate::alg::{Algorithm, Curve, Hash};
#[cfg(not(target_arch = "wasm32"))]
use crate::key::RsaKey;
use crate::key::{AkpKey, EcKey, KeyError, KeyMaterial, OkpKey, invalid, mismatch, unfit};
use crate::secret::Secret;

/// The `RustCrypto` crates.
///
/// ECDSA nonces follow RFC 6979. Work with private RSA keys exists on wasm32 only: its timing
/// depends on the key (RUSTSEC-2023-0071), which a remote party can measure natively.
#[derive(Clone, Copy, Debug)]
pub struct RustCrypto;

/// Evaluates the body with `$krate` standing for the crate of the curve.
macro_rules! on_curve {
    ($curve:expr, $krate:ident => $body:expr) => {
        match $curve {
            Curve::P256 => {
                use p256 as $krate;
                $body
            }
            Curve::P384 => {
                use p384 as $krate;
                $body
            }
            Curve::P521 => {
                use p521 as $krate;
                $body
            }
            Curve::Secp256k1 => {
                use k256 as $krate;
                $body
            }
            Curve::Ed25519 | Curve::X25519 => Err(invalid("crv", "is not a Weierstrass curve")),
        }
    };
}

impl Backend for RustCrypto {
    fn name(&self) -> &'static str {
        NAME
    }

    fn digest(&self, hash: Hash, data: &[u8]) -> Digest {
        match hash {
            Hash::Sha256 => Digest::new(&Sha256::digest(data)),
            Hash::Sha384 => Digest::new(&Sha384::digest(data)),
            Hash::Sha512 => Digest::new(&Sha512::digest(data)),
        }
    }

    fn certificate_sha1(&self, der: &[u8]) -> [u8; 20] {
        sha1::Sha1::digest(der).into()
    }

    fn verifier(
        &self,
        algorithm: Algorithm,
        key: &KeyMaterial,
    ) -> Result<Box<dyn Verifier>, KeyError> {
        match (key, algorithm.row().hash) {
            (KeyMaterial::Oct(secret), Some(Hash::Sha256)) => Ok(Box::new(hmac_sha256(secret)?)),
            (KeyMaterial::Oct(secret), Some(Hash::Sha384)) => Ok(Box::new(hmac_sha384(secret)?)),
            (KeyMaterial::Oct(secret), Some(Hash::Sha512)) => Ok(Box::new(hmac_sha512(secret)?)),
            (KeyMaterial::Rsa(rsa), _) => rsa_public::verifier(algorithm, rsa),
            (KeyMaterial::Ec(ec), _) => on_curve!(ec.curve, krate => {
                let key = krate::ecdsa::VerifyingKey::from_sec1_bytes(&sec1_point(ec))
                    .map_err(|_| invalid("x", "is not on the curve"))?;
                Ok(Box::new(Native::<_, krate::ecdsa::Signature>::new(key)))
            }),
            (KeyMaterial::Okp(okp), _) => {
                let key = ed25519_dalek::VerifyingKey::try_from(okp.x.as_slice())
                    .map_err(|_| invalid("x", "is not on the curve"))?;
                Ok(Box::new(Native::<_, ed25519_dalek::Signature>::new(key)))
            }
            (KeyMaterial::Akp(akp), _) => ml_dsa::verifier(akp),
            (KeyMaterial::Oct(_), None) => Err(unfit(algorithm, key)),
        }
    }

    fn signer(&self, algorithm: Algorithm, key: &KeyMaterial) -> Result<Box<dyn Signer>, KeyError> {
        match (key, algorithm.row().hash) {
            (KeyMaterial::Oct(secret), Some(Hash::Sha256)) => Ok(Box::new(hmac_sha256(secret)?)),
            (KeyMaterial::Oct(secret), Some(Hash::Sha384)) => Ok(Box::new(hmac_sha384(secret)?)),
            (KeyMaterial::Oct(secret), Some(Hash::Sha512)) => Ok(Box::new(hmac_sha512(secret)?)),
            (KeyMaterial::Rsa(rsa), _) => rsa_signer(algorithm, rsa),
            (KeyMaterial::Ec(ec), _) => on_curve!(ec.curve, krate => {
                let d = ec.d.as_ref().ok_or(KeyError::PrivateMissing)?;
                let key = krate::ecdsa::SigningKey::from_slice(d.expose())
                    .map_err(|_| mismatch("d"))?;
                let point = krate::ecdsa::VerifyingKey::from(&key).to_sec1_point(false);
                if point.as_bytes() != sec1_point(ec).as_slice() {
                    return Err(mismatch("d"));
                }
                Ok(Box::new(Native::<_, krate::ecdsa::Signature>::new(key)))
            }),
            (KeyMaterial::Okp(okp), _) => {
                let d = okp.d.as_ref().ok_or(KeyError::PrivateMissing)?;
                let key = ed25519_key(d.expose())?;
                if key.verifying_key().as_bytes() != okp.x.as_slice() {
                    return Err(mismatch("d"));
                }
                Ok(Box::new(Native::<_, ed25519_dalek::Signature>::new(key)))
            }
            (KeyMaterial::Akp(akp), _) => ml_dsa::signer(akp),
            (KeyMaterial::Oct(_), None) => Err(unfit(algorithm, key)),
        }
    }

    fn generate(&self, kind: GenerateKind) -> Result<KeyMaterial, KeyError> {
        match kind {
            GenerateKind::Oct { bytes } => Ok(KeyMaterial::Oct(random(bytes)?)),
            GenerateKind::Rsa { bits } => generate_rsa(bits),
            GenerateKind::Curve(curve) => {
                let private = random_scalar(curve)?;
                let (x, y) = self.derive_public(curve, private.expose())?;
                let d = Some(private);
                Ok(match curve {
                    Curve::Ed25519 | Curve::X25519 => KeyMaterial::Okp(OkpKey { curve, x, d }),
                    _ => KeyMaterial::Ec(EcKey { curve, x, y, d }),
                })
            }
            GenerateKind::Akp(algorithm) => {
                let seed = random(32)?;
                Ok(KeyMaterial::Akp(AkpKey {
                    algorithm,
                    public: ml_dsa::public(algorithm, seed.expose())?,
                    seed: Some(seed),
                }))
            }
        }
    }

    fn derive_public(&self, curve: Curve, private: &[u8]) -> Result<(Vec<u8>, Vec<u8>), KeyError> {
        if curve == Curve::Ed25519 {
            let public = ed25519_key(private)?.verifying_key();
            return Ok((public.as_bytes().to_vec(), Vec::new()));
        }
        if curve == Curve::X25519 {
            return Ok((encryption::x25519_public(private)?, Vec::new()));
        }
        let refused = || invalid("d", "is not a private key of the curve");
        on_curve!(curve, krate => {
            let key = krate::ecdsa::SigningKey::from_slice(private).map_err(|_| refused())?;
            let point = krate::ecdsa::VerifyingKey::from(&key).to_sec1_point(false);
            split_point(curve, point.as_bytes()).ok_or_else(refused)
        })
    }

    fn expand_seed(&self, algorithm: Algorithm, seed: &[u8]) -> Result<Vec<u8>, KeyError> {
        ml_dsa::public(algorithm, seed)
    }
}

const NAME: &str = "rustcrypto";

/// A public or private key of one of the crates, with the signature type it works on.
struct Native<K, S> {
    key: K,
    signature: PhantomData<fn() -> S>,
}

impl<K, S> Native<K, S> {
    fn new(key: K) -> Self {
        Self {
            key,
            signature: PhantomData,
        }
    }
}

impl<K, S> Verifier for Native<K, S>
where
    K: signature::Verifier<S> + Send + Sync,
    S: for<'a> TryFrom<&'a [u8]>,
{
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        S::try_from(signature).is_ok_and(|signature| self.key.verify(message, &signature).is_ok())
    }
}

impl<K, S> Signer for Native<K, S>
where
    K: signature::Signer<S> + Send + Sync,
    S: SignatureEncoding,
{
    fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Option<()> {
        let signature = self.key.try_sign(message).ok()?;
        out.extend_from_slice(signature.to_bytes().as_ref());
        Some(())
    }
}

macro_rules! hmac {
    ($($hash:ident => $new:ident;)*) => {$(
        fn $new(secret: &Secret) -> Result<Hmac<$hash>, KeyError> {
            Hmac::new_from_slice(secret.expose()).map_err(|_| invalid("k", "has a bad length"))
        }

        impl Verifier for Hmac<$hash> {
            fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
                self.clone()
                    .chain_update(message)
                    .verify_slice(signature)
                    .is_ok()
            }
        }

        impl Signer for Hmac<$hash> {
            fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Option<()> {
                let tag = self.clone().chain_update(message).finalize();
                out.extend_from_slice(&tag.into_bytes());
                Some(())
            }
        }
    )*};
}

hmac! {
    Sha256 => hmac_sha256;
    Sha384 => hmac_sha384;
    Sha512 => hmac_sha512;
}

#[cfg(target_arch = "wasm32")]
use rsa_private::{generate as generate_rsa, signer as rsa_signer};

#[cfg(not(target_arch = "wasm32"))]
fn rsa_signer(_: Algorithm, key: &RsaKey) -> Result<Box<dyn Signer>, KeyError> {
    if key.private.is_none() {
        return Err(KeyError::PrivateMissing);
    }
    Err(not_supported("signing with RSA natively"))
}

#[cfg(not(target_arch = "wasm32"))]
fn generate_rsa(_: usize) -> Result<KeyMaterial, KeyError> {
    Err(not_supported("generating RSA keys natively"))
}

fn ed25519_key(seed: &[u8]) -> Result<ed25519_dalek::SigningKey, KeyError> {
    ed25519_dalek::SigningKey::try_from(seed)
        .map_err(|_| invalid("d", "is not a private key of the curve"))
}

fn random(bytes: usize) -> Result<Secret, KeyError> {
    let mut secret = vec![0; bytes];
    getrandom::fill(&mut secret).map_err(|_| not_supported("drawing random bytes"))?;
    Ok(Secret::new(secret))
}

/// A uniform scalar by rejection: a candidate is out of range half the time at worst.
fn random_scalar(curve: Curve) -> Result<Secret, KeyError> {
    let Some(order) = crate::key::scalar_order(curve) else {
        return random(curve.coordinate_len());
    };
    let top_bits = 0xff >> order.first().map_or(0, |byte| byte.leading_zeros());
    loop {
        let mut candidate = random(order.len())?.expose().to_vec();
        if let Some(first) = candidate.first_mut() {
            *first &= top_bits;
        }
        let candidate = Secret::new(candidate);
        if crate::key::scalar_in_range(candidate.expose(), order) {
            return Ok(candidate);
        }
    }
}

fn not_supported(operation: &'static str) -> KeyError {
    KeyError::NotSupported {
        backend: NAME,
        operation,
    }
}
