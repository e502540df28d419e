//! AWS-LC through `aws-lc-rs`: constant time, fast, native only.

mod encryption;
mod ml_dsa;

use aws_lc_rs::encoding::{AsBigEndian, AsDer, Curve25519SeedBin, EcPrivateKeyBin, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeyPairComponents, KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, ParsedPublicKey,
    RsaEncoding, RsaParameters, VerificationAlgorithm,
};
use aws_lc_rs::{digest, hmac, rand};

use super::{Backend, Digest, GenerateKind, Signer, Verifier, sec1_point, split_point};
use crate::alg::{Algorithm, Curve, Family, Hash};
use crate::key::{
    AkpKey, EcKey, KeyError, KeyMaterial, OkpKey, RsaKey, encode_sec1, invalid, mismatch,
    rsa_from_pkcs8, unfit,
};
use crate::secret::Secret;

/// AWS-LC through `aws-lc-rs`.
///
/// It lacks RSA of less than 1024 bits, and of less than 2048 for signing, PSS and RS384, which
/// only the `dangerous_` doors let through.
#[derive(Clone, Copy, Debug)]
pub struct AwsLc;

impl Backend for AwsLc {
    fn name(&self) -> &'static str {
        "aws-lc"
    }

    fn digest(&self, hash: Hash, data: &[u8]) -> Digest {
        let algorithm = match hash {
            Hash::Sha256 => &digest::SHA256,
            Hash::Sha384 => &digest::SHA384,
            Hash::Sha512 => &digest::SHA512,
        };
        Digest::new(digest::digest(algorithm, data).as_ref())
    }

    fn certificate_sha1(&self, der: &[u8]) -> [u8; 20] {
        let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, der);
        digest.as_ref().first_chunk().copied().unwrap_or_default()
    }

    fn verifier(
        &self,
        algorithm: Algorithm,
        key: &KeyMaterial,
    ) -> Result<Box<dyn Verifier>, KeyError> {
        let row = algorithm.row();
        let parsed = match (key, row.hash) {
            (KeyMaterial::Oct(secret), Some(hash)) => {
                return Ok(Box::new(hmac_key(hash, secret.expose())));
            }
            (KeyMaterial::Rsa(rsa), Some(hash)) => {
                let components = PublicKeyComponents {
                    n: &rsa.n,
                    e: &rsa.e,
                };
                let parameters = rsa_parameters(row.family, hash, key.bits())?;
                components
                    .to_parsed_public_key(parameters)
                    .map_err(|_| invalid("n", "is not accepted by AWS-LC"))?
            }
            (KeyMaterial::Ec(ec), _) => {
                ParsedPublicKey::new(ecdsa_verification(ec.curve, algorithm)?, sec1_point(ec))
                    .map_err(|_| invalid("x", "is not on the curve"))?
            }
            (KeyMaterial::Okp(okp), _) => ParsedPublicKey::new(&signature::ED25519, &okp.x)
                .map_err(|_| invalid("x", "is not on the curve"))?,
            (KeyMaterial::Akp(akp), _) => ml_dsa::verifier(akp)?,
            _ => return Err(unfit(algorithm, key)),
        };
        Ok(Box::new(parsed))
    }

    fn signer(&self, algorithm: Algorithm, key: &KeyMaterial) -> Result<Box<dyn Signer>, KeyError> {
        let row = algorithm.row();
        match (key, row.hash) {
            (KeyMaterial::Oct(secret), Some(hash)) => Ok(Box::new(hmac_key(hash, secret.expose()))),
            (KeyMaterial::Rsa(rsa), Some(hash)) => Ok(Box::new(RsaSigner {
                pair: rsa_pair(rsa)?,
                encoding: rsa_encoding(row.family, hash),
            })),
            (KeyMaterial::Ec(ec), _) => {
                let d = ec.d.as_ref().ok_or(KeyError::PrivateMissing)?;
                let pair = EcdsaKeyPair::from_private_key_and_public_key(
                    ecdsa_signing(ec.curve, algorithm)?,
                    d.expose(),
                    &sec1_point(ec),
                );
                Ok(Box::new(pair.map_err(|_| mismatch("d"))?))
            }
            (KeyMaterial::Okp(okp), _) => {
                let d = okp.d.as_ref().ok_or(KeyError::PrivateMissing)?;
                let pair = Ed25519KeyPair::from_seed_and_public_key(d.expose(), &okp.x);
                Ok(Box::new(pair.map_err(|_| mismatch("d"))?))
            }
            (KeyMaterial::Akp(akp), _) => Ok(Box::new(ml_dsa::signer(akp)?)),
            _ => Err(unfit(algorithm, key)),
        }
    }

    fn generate(&self, kind: GenerateKind) -> Result<KeyMaterial, KeyError> {
        match kind {
            GenerateKind::Oct { bytes } => random(bytes).map(KeyMaterial::Oct),
            GenerateKind::Rsa { bits } => generate_rsa(bits),
            GenerateKind::Curve(Curve::Ed25519) => {
                let pair = Ed25519KeyPair::generate().map_err(|_| failed("generating a key"))?;
                let seed = pair.seed().map_err(|_| failed("generating a key"))?;
                let seed: Curve25519SeedBin =
                    seed.as_be_bytes().map_err(|_| failed("generating a key"))?;
                Ok(KeyMaterial::Okp(OkpKey {
                    curve: Curve::Ed25519,
                    x: pair.public_key().as_ref().to_vec(),
                    d: Some(Secret::new(seed.as_ref().to_vec())),
                }))
            }
            GenerateKind::Curve(Curve::X25519) => encryption::generate_x25519(),
            GenerateKind::Curve(curve) => generate_ec(curve),
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
        let refused = |_| invalid("d", "is not a private key of the curve");
        if curve == Curve::Ed25519 {
            let pair = Ed25519KeyPair::from_seed_unchecked(private).map_err(refused)?;
            return Ok((pair.public_key().as_ref().to_vec(), Vec::new()));
        }
        if curve == Curve::X25519 {
            return Ok((encryption::x25519_public(private)?, Vec::new()));
        }
        let der = encode_sec1(curve, private, None)?;
        let pair = EcdsaKeyPair::from_private_key_der(any_signing(curve)?, der.expose())
            .map_err(refused)?;
        split_point(curve, pair.public_key().as_ref())
            .ok_or_else(|| invalid("d", "is not a private key of the curve"))
    }

    fn expand_seed(&self, algorithm: Algorithm, seed: &[u8]) -> Result<Vec<u8>, KeyError> {
        ml_dsa::public(algorithm, seed)
    }
}

impl Verifier for ParsedPublicKey {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verify_sig(message, signature).is_ok()
    }
}

impl Verifier for hmac::Key {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        hmac::verify(self, message, signature).is_ok()
    }
}

impl Signer for hmac::Key {
    fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Option<()> {
        out.extend_from_slice(hmac::sign(self, message).as_ref());
        Some(())
    }
}

impl Signer for EcdsaKeyPair {
    fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Option<()> {
        let signature = self.sign(&SystemRandom::new(), message).ok()?;
        out.extend_from_slice(signature.as_ref());
        Some(())
    }
}

impl Signer for Ed25519KeyPair {
    fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Option<()> {
        out.extend_from_slice(self.try_sign(message).ok()?.as_ref());
        Some(())
    }
}

struct RsaSigner {
    pair: RsaKeyPair,
    encoding: &'static dyn RsaEncoding,
}

impl Signer for RsaSigner {
    fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Option<()> {
        let start = out.len();
        out.resize(start + self.pair.public_modulus_len(), 0);
        let signature = out.get_mut(start..)?;
        let signed = self
            .pair
            .sign(self.encoding, &SystemRandom::new(), message, signature);
        if signed.is_err() {
            out.truncate(start);
        }
        signed.ok()
    }
}

fn hmac_key(hash: Hash, secret: &[u8]) -> hmac::Key {
    let algorithm = match hash {
        Hash::Sha256 => hmac::HMAC_SHA256,
        Hash::Sha384 => hmac::HMAC_SHA384,
        Hash::Sha512 => hmac::HMAC_SHA512,
    };
    hmac::Key::new(algorithm, secret)
}

/// The parameters whose bounds admit a modulus of `bits`.
fn rsa_parameters(
    family: Family,
    hash: Hash,
    bits: usize,
) -> Result<&'static RsaParameters, KeyError> {
    use signature::{
        RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256,
        RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
        RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    };
    match (family, hash, bits) {
        (Family::RsaPss, Hash::Sha256, 2048..) => Ok(&RSA_PSS_2048_8192_SHA256),
        (Family::RsaPss, Hash::Sha384, 2048..) => Ok(&RSA_PSS_2048_8192_SHA384),
        (Family::RsaPss, Hash::Sha512, 2048..) => Ok(&RSA_PSS_2048_8192_SHA512),
        (Family::RsaPss, _, _) => Err(failed("verifying RSA-PSS with less than 2048 bits")),
        (_, Hash::Sha256, 2048..) => Ok(&RSA_PKCS1_2048_8192_SHA256),
        (_, Hash::Sha384, 2048..) => Ok(&RSA_PKCS1_2048_8192_SHA384),
        (_, Hash::Sha512, 2048..) => Ok(&RSA_PKCS1_2048_8192_SHA512),
        (_, Hash::Sha256, 1024..) => Ok(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        (_, Hash::Sha512, 1024..) => Ok(&RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        (_, Hash::Sha384, 1024..) => Err(failed("verifying RS384 with less than 2048 bits")),
        _ => Err(failed("verifying RSA with less than 1024 bits")),
    }
}

fn rsa_encoding(family: Family, hash: Hash) -> &'static dyn RsaEncoding {
    match (family, hash) {
        (Family::RsaPss, Hash::Sha256) => &signature::RSA_PSS_SHA256,
        (Family::RsaPss, Hash::Sha384) => &signature::RSA_PSS_SHA384,
        (Family::RsaPss, Hash::Sha512) => &signature::RSA_PSS_SHA512,
        (_, Hash::Sha256) => &signature::RSA_PKCS1_SHA256,
        (_, Hash::Sha384) => &signature::RSA_PKCS1_SHA384,
        (_, Hash::Sha512) => &signature::RSA_PKCS1_SHA512,
    }
}

fn rsa_pair(rsa: &RsaKey) -> Result<RsaKeyPair, KeyError> {
    let private = rsa.private.as_ref().ok_or(KeyError::PrivateMissing)?;
    if crate::key::bit_len(&rsa.n) < 2048 {
        return Err(failed("signing with RSA of less than 2048 bits"));
    }
    RsaKeyPair::from_components(&KeyPairComponents {
        public_key: PublicKeyComponents {
            n: rsa.n.as_slice(),
            e: rsa.e.as_slice(),
        },
        d: private.d.expose(),
        p: private.p.expose(),
        q: private.q.expose(),
        dP: private.dp.expose(),
        dQ: private.dq.expose(),
        qInv: private.qi.expose(),
    })
    .map_err(|_| mismatch("d"))
}

fn ecdsa_verification(
    curve: Curve,
    algorithm: Algorithm,
) -> Result<&'static dyn VerificationAlgorithm, KeyError> {
    match (curve, algorithm) {
        (Curve::P256, Algorithm::ES256) => Ok(&signature::ECDSA_P256_SHA256_FIXED),
        (Curve::P384, Algorithm::ES384) => Ok(&signature::ECDSA_P384_SHA384_FIXED),
        (Curve::P521, Algorithm::ES512) => Ok(&signature::ECDSA_P521_SHA512_FIXED),
        (Curve::Secp256k1, Algorithm::ES256K) => Ok(&signature::ECDSA_P256K1_SHA256_FIXED),
        _ => Err(KeyError::Type {
            algorithm: algorithm.into(),
            found: curve.name(),
        }),
    }
}

fn ecdsa_signing(
    curve: Curve,
    algorithm: Algorithm,
) -> Result<&'static EcdsaSigningAlgorithm, KeyError> {
    if algorithm.row().curve != Some(curve) {
        return Err(KeyError::Type {
            algorithm: algorithm.into(),
            found: curve.name(),
        });
    }
    any_signing(curve)
}

fn any_signing(curve: Curve) -> Result<&'static EcdsaSigningAlgorithm, KeyError> {
    match curve {
        Curve::P256 => Ok(&signature::ECDSA_P256_SHA256_FIXED_SIGNING),
        Curve::P384 => Ok(&signature::ECDSA_P384_SHA384_FIXED_SIGNING),
        Curve::P521 => Ok(&signature::ECDSA_P521_SHA512_FIXED_SIGNING),
        Curve::Secp256k1 => Ok(&signature::ECDSA_P256K1_SHA256_FIXED_SIGNING),
        Curve::Ed25519 | Curve::X25519 => Err(invalid("crv", "is not a Weierstrass curve")),
    }
}

fn generate_ec(curve: Curve) -> Result<KeyMaterial, KeyError> {
    let pair =
        EcdsaKeyPair::generate(any_signing(curve)?).map_err(|_| failed("generating a key"))?;
    let private: EcPrivateKeyBin = pair
        .private_key()
        .as_be_bytes()
        .map_err(|_| failed("generating a key"))?;
    let (x, y) =
        split_point(curve, pair.public_key().as_ref()).ok_or_else(|| failed("generating a key"))?;
    Ok(KeyMaterial::Ec(EcKey {
        curve,
        x,
        y,
        d: Some(Secret::new(private.as_ref().to_vec())),
    }))
}

fn generate_rsa(bits: usize) -> Result<KeyMaterial, KeyError> {
    let size = match bits {
        2048 => KeySize::Rsa2048,
        3072 => KeySize::Rsa3072,
        4096 => KeySize::Rsa4096,
        _ => return Err(failed("generating RSA of this size")),
    };
    let pair = RsaKeyPair::generate(size).map_err(|_| failed("generating a key"))?;
    let der: Pkcs8V1Der = pair.as_der().map_err(|_| failed("generating a key"))?;
    rsa_from_pkcs8(der.as_ref()).map(KeyMaterial::Rsa)
}

fn random(bytes: usize) -> Result<Secret, KeyError> {
    let mut secret = vec![0; bytes];
    rand::fill(&mut secret).map_err(|_| failed("drawing random bytes"))?;
    Ok(Secret::new(secret))
}

fn failed(operation: &'static str) -> KeyError {
    KeyError::NotSupported {
        backend: "aws-lc",
        operation,
    }
}
