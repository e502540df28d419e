//! The primitives of JWE.

use core::num::NonZeroU32;

use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{self, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::cipher::{
    self, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext,
    PaddedBlockDecryptingKey, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::encoding::{AsBigEndian, AsDer, Curve25519SeedBin, Pkcs8V1Der};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::key_wrap::{self, AesKek, KeyWrap};
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512,
    OaepAlgorithm, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey,
    PublicEncryptingKey,
};
use aws_lc_rs::{hmac, pbkdf2, rand};
use zeroize::Zeroizing;

use super::{AwsLc, failed, invalid, mismatch, rsa_pair};
use crate::alg::{Curve, Hash};
use crate::backend::{
    Digest, Encryption, KeyAgreement, KeyDecryptor, KeyEncryptor, Randomness, rfc3394, sec1_point,
};
use crate::jwk::Jwk;
use crate::key::{self, KeyError, KeyForm, KeyMaterial, OkpKey, RsaKey, Structure};
use crate::secret::Secret;

impl Randomness for AwsLc {
    fn fill(&self, bytes: &mut [u8]) -> Option<()> {
        rand::fill(bytes).ok()
    }
}

impl Encryption for AwsLc {
    fn gcm_seal(&self, key: &[u8], iv: &[u8; 12], aad: &[u8], data: &mut [u8]) -> Option<[u8; 16]> {
        let nonce = Nonce::assume_unique_for_key(*iv);
        let tag = gcm_key(key)?
            .seal_in_place_separate_tag(nonce, Aad::from(aad), data)
            .ok()?;
        tag.as_ref().try_into().ok()
    }

    fn gcm_open(
        &self,
        key: &[u8],
        iv: &[u8; 12],
        aad: &[u8],
        data: &mut [u8],
        tag: &[u8; 16],
    ) -> Option<()> {
        let nonce = Nonce::assume_unique_for_key(*iv);
        gcm_key(key)?
            .open_in_place_separate_tag(nonce, Aad::from(aad), tag, data)
            .ok()
            .map(|_| ())
    }

    fn cbc_encrypt(&self, key: &[u8], iv: &[u8; 16], data: &mut Vec<u8>) -> Option<()> {
        let context = EncryptionContext::Iv128(FixedLength::from(*iv));
        PaddedBlockEncryptingKey::cbc_pkcs7(cipher_key(key)?)
            .and_then(|key| key.less_safe_encrypt(data, context))
            .ok()
            .map(|_| ())
    }

    fn cbc_decrypt(&self, key: &[u8], iv: &[u8; 16], data: &mut Vec<u8>) -> Option<()> {
        // AWS-LC takes the last byte of the data for the padding, so there must be one.
        if data.is_empty() || !data.len().is_multiple_of(16) {
            return None;
        }
        let context = DecryptionContext::Iv128(FixedLength::from(*iv));
        let key = PaddedBlockDecryptingKey::cbc_pkcs7(cipher_key(key)?).ok()?;
        let len = key.decrypt(data, context).ok()?.len();
        data.truncate(len);
        Some(())
    }

    fn hmac(&self, hash: Hash, key: &[u8], parts: &[&[u8]]) -> Option<Digest> {
        let mut context = hmac::Context::with_key(&super::hmac_key(hash, key));
        for part in parts {
            context.update(part);
        }
        Some(Digest::new(context.sign().as_ref()))
    }

    fn wrap_key(&self, wrapping: &[u8], key: &[u8]) -> Option<Vec<u8>> {
        let Some(cipher) = wrapping_cipher(wrapping) else {
            let aes = EncryptingKey::ecb(cipher_key(wrapping)?).ok()?;
            return rfc3394::wrap(key, |block| aes.encrypt(block).ok().map(|_| ()));
        };
        let mut wrapped = vec![0; key.len() + 8];
        let kek = AesKek::new(cipher, wrapping).ok()?;
        kek.wrap(key, &mut wrapped).ok()?;
        Some(wrapped)
    }

    fn unwrap_key(&self, wrapping: &[u8], wrapped: &[u8]) -> Option<Secret> {
        let Some(cipher) = wrapping_cipher(wrapping) else {
            let aes = DecryptingKey::ecb(cipher_key(wrapping)?).ok()?;
            return rfc3394::unwrap(wrapped, |block| {
                aes.decrypt(block, DecryptionContext::None).ok().map(|_| ())
            });
        };
        let mut key = vec![0; wrapped.len()];
        let kek = AesKek::new(cipher, wrapping).ok()?;
        let len = kek.unwrap(wrapped, &mut key).ok()?.len();
        key.truncate(len);
        Some(Secret::new(key))
    }

    fn pbkdf2(
        &self,
        hash: Hash,
        password: &[u8],
        salt: &[u8],
        iterations: NonZeroU32,
        len: usize,
    ) -> Option<Secret> {
        let algorithm = match hash {
            Hash::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
            Hash::Sha384 => pbkdf2::PBKDF2_HMAC_SHA384,
            Hash::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
        };
        let mut key = vec![0; len];
        pbkdf2::derive(algorithm, iterations, salt, password, &mut key);
        Some(Secret::new(key))
    }

    fn key_encryptor(
        &self,
        hash: Option<Hash>,
        key: &RsaKey,
    ) -> Result<Box<dyn KeyEncryptor>, KeyError> {
        let public = Jwk::from(KeyMaterial::Rsa(key.clone()));
        let der = key::write(&public, KeyForm::Der(Structure::Spki))?;
        let key = PublicEncryptingKey::from_der(der.expose())
            .map_err(|_| invalid("n", "is not accepted by AWS-LC"))?;
        let key = OaepPublicEncryptingKey::new(key).map_err(|_| failed("RSA-OAEP"))?;
        Ok(Box::new((oaep(hash), key)))
    }

    fn key_decryptor(
        &self,
        hash: Option<Hash>,
        key: &RsaKey,
    ) -> Result<Box<dyn KeyDecryptor>, KeyError> {
        let der: Pkcs8V1Der = rsa_pair(key)?.as_der().map_err(|_| mismatch("d"))?;
        let key = PrivateDecryptingKey::from_pkcs8(der.as_ref()).map_err(|_| mismatch("d"))?;
        let key = OaepPrivateDecryptingKey::new(key).map_err(|_| failed("RSA-OAEP"))?;
        Ok(Box::new((oaep(hash), key)))
    }

    fn key_agreement(
        &self,
        curve: Curve,
        private: &Secret,
    ) -> Result<Box<dyn KeyAgreement>, KeyError> {
        let algorithm = ecdh(curve).ok_or_else(|| invalid("crv", "does not agree on keys"))?;
        let private = PrivateKey::from_private_key(algorithm, private.expose())
            .map_err(|_| invalid("d", "is not a private key of the curve"))?;
        Ok(Box::new(Agreement { curve, private }))
    }
}

impl KeyEncryptor for (&'static OaepAlgorithm, OaepPublicEncryptingKey) {
    fn encrypt(&self, key: &[u8]) -> Option<Vec<u8>> {
        let (algorithm, public) = self;
        let mut encrypted = vec![0; public.ciphertext_size()];
        let len = public
            .encrypt(algorithm, key, &mut encrypted, None)
            .ok()?
            .len();
        encrypted.truncate(len);
        Some(encrypted)
    }
}

impl KeyDecryptor for (&'static OaepAlgorithm, OaepPrivateDecryptingKey) {
    fn decrypt(&self, encrypted: &[u8]) -> Option<Secret> {
        let (algorithm, private) = self;
        let mut key = Zeroizing::new(vec![0; private.min_output_size()]);
        let len = private
            .decrypt(algorithm, encrypted, &mut key, None)
            .ok()?
            .len();
        key.truncate(len);
        Some(Secret::new(core::mem::take(&mut *key)))
    }
}

struct Agreement {
    curve: Curve,
    private: PrivateKey,
}

impl KeyAgreement for Agreement {
    fn agree(&self, public: &KeyMaterial) -> Option<Secret> {
        let point = match public {
            KeyMaterial::Ec(ec) if ec.curve == self.curve => sec1_point(ec),
            KeyMaterial::Okp(okp) if okp.curve == self.curve => okp.x.clone(),
            _ => return None,
        };
        let public = UnparsedPublicKey::new(ecdh(self.curve)?, point);
        agreement::agree(&self.private, public, (), |secret| {
            Ok(Secret::new(secret.to_vec()))
        })
        .ok()
    }
}

pub(super) fn generate_x25519() -> Result<KeyMaterial, KeyError> {
    let private =
        PrivateKey::generate(&agreement::X25519).map_err(|_| failed("generating a key"))?;
    let seed: Curve25519SeedBin = private
        .as_be_bytes()
        .map_err(|_| failed("generating a key"))?;
    Ok(KeyMaterial::Okp(OkpKey {
        curve: Curve::X25519,
        x: x25519_public(seed.as_ref())?,
        d: Some(Secret::new(seed.as_ref().to_vec())),
    }))
}

pub(super) fn x25519_public(private: &[u8]) -> Result<Vec<u8>, KeyError> {
    PrivateKey::from_private_key(&agreement::X25519, private)
        .ok()
        .and_then(|private| private.compute_public_key().ok())
        .map(|public| public.as_ref().to_vec())
        .ok_or_else(|| invalid("d", "is not a private key of the curve"))
}

fn gcm_key(key: &[u8]) -> Option<LessSafeKey> {
    let algorithm = match key.len() {
        16 => &aead::AES_128_GCM,
        24 => &aead::AES_192_GCM,
        32 => &aead::AES_256_GCM,
        _ => return None,
    };
    UnboundKey::new(algorithm, key).ok().map(LessSafeKey::new)
}

fn cipher_key(key: &[u8]) -> Option<UnboundCipherKey> {
    let algorithm = match key.len() {
        16 => &cipher::AES_128,
        24 => &cipher::AES_192,
        32 => &cipher::AES_256,
        _ => return None,
    };
    UnboundCipherKey::new(algorithm, key).ok()
}

/// The key wrap of AWS-LC; there is none with 192 bits.
fn wrapping_cipher(key: &[u8]) -> Option<&'static key_wrap::AesBlockCipher> {
    match key.len() {
        16 => Some(&key_wrap::AES_128),
        32 => Some(&key_wrap::AES_256),
        _ => None,
    }
}

fn oaep(hash: Option<Hash>) -> &'static OaepAlgorithm {
    match hash {
        None => &OAEP_SHA1_MGF1SHA1,
        Some(Hash::Sha256) => &OAEP_SHA256_MGF1SHA256,
        Some(Hash::Sha384) => &OAEP_SHA384_MGF1SHA384,
        Some(Hash::Sha512) => &OAEP_SHA512_MGF1SHA512,
    }
}

fn ecdh(curve: Curve) -> Option<&'static agreement::Algorithm> {
    match curve {
        Curve::P256 => Some(&agreement::ECDH_P256),
        Curve::P384 => Some(&agreement::ECDH_P384),
        Curve::P521 => Some(&agreement::ECDH_P521),
        Curve::X25519 => Some(&agreement::X25519),
        Curve::Secp256k1 | Curve::Ed25519 => None,
    }
}
