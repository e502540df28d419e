//! The primitives of JWE.

use core::num::NonZeroU32;

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::AesGcm;
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{AeadInOut, KeyInit, inout::InOutBuf};
use aes_kw::AesKw;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use curve25519_dalek::MontgomeryPoint;
use hmac::{Hmac, Mac};
use sha2::{Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

use super::{RustCrypto, invalid, rsa_public};
use crate::alg::{Curve, Hash};
use crate::backend::{
    Digest, Encryption, KeyAgreement, KeyDecryptor, KeyEncryptor, Randomness, sec1_point,
};
use crate::key::{KeyError, KeyMaterial, RsaKey};
use crate::secret::Secret;

/// Evaluates the body with `$aes` standing for the cipher of the key's length.
macro_rules! with_aes {
    ($key:expr, $aes:ident => $body:expr) => {
        match $key.len() {
            16 => {
                type $aes = Aes128;
                $body
            }
            24 => {
                type $aes = Aes192;
                $body
            }
            32 => {
                type $aes = Aes256;
                $body
            }
            _ => None,
        }
    };
}

/// Evaluates the body with `$sha` standing for the hash.
macro_rules! with_hash {
    ($hash:expr, $sha:ident => $body:expr) => {
        match $hash {
            Hash::Sha256 => {
                type $sha = Sha256;
                $body
            }
            Hash::Sha384 => {
                type $sha = Sha384;
                $body
            }
            Hash::Sha512 => {
                type $sha = Sha512;
                $body
            }
        }
    };
}

impl Randomness for RustCrypto {
    fn fill(&self, bytes: &mut [u8]) -> Option<()> {
        getrandom::fill(bytes).ok()
    }
}

impl Encryption for RustCrypto {
    fn gcm_seal(&self, key: &[u8], iv: &[u8; 12], aad: &[u8], data: &mut [u8]) -> Option<[u8; 16]> {
        with_aes!(key, Aes => {
            let cipher = AesGcm::<Aes, U12>::new_from_slice(key).ok()?;
            let tag = cipher.encrypt_inout_detached(&(*iv).into(), aad, InOutBuf::from(data));
            Some(tag.ok()?.into())
        })
    }

    fn gcm_open(
        &self,
        key: &[u8],
        iv: &[u8; 12],
        aad: &[u8],
        data: &mut [u8],
        tag: &[u8; 16],
    ) -> Option<()> {
        with_aes!(key, Aes => {
            let cipher = AesGcm::<Aes, U12>::new_from_slice(key).ok()?;
            let data = InOutBuf::from(data);
            cipher.decrypt_inout_detached(&(*iv).into(), aad, data, &(*tag).into()).ok()
        })
    }

    fn cbc_encrypt(&self, key: &[u8], iv: &[u8; 16], data: &mut Vec<u8>) -> Option<()> {
        let len = data.len();
        data.resize(len + 16, 0);
        let padded = with_aes!(key, Aes => {
            let cipher = cbc::Encryptor::<Aes>::new_from_slices(key, iv).ok()?;
            Some(cipher.encrypt_padded::<Pkcs7>(data, len).ok()?.len())
        })?;
        data.truncate(padded);
        Some(())
    }

    fn cbc_decrypt(&self, key: &[u8], iv: &[u8; 16], data: &mut Vec<u8>) -> Option<()> {
        let len = with_aes!(key, Aes => {
            let cipher = cbc::Decryptor::<Aes>::new_from_slices(key, iv).ok()?;
            Some(cipher.decrypt_padded::<Pkcs7>(data).ok()?.len())
        })?;
        data.truncate(len);
        Some(())
    }

    fn hmac(&self, hash: Hash, key: &[u8], parts: &[&[u8]]) -> Option<Digest> {
        with_hash!(hash, Sha => {
            let mut mac = Hmac::<Sha>::new_from_slice(key).ok()?;
            for part in parts {
                mac.update(part);
            }
            Some(Digest::new(&mac.finalize().into_bytes()))
        })
    }

    fn wrap_key(&self, wrapping: &[u8], key: &[u8]) -> Option<Vec<u8>> {
        if key.len() < 16 {
            return None;
        }
        let mut wrapped = vec![0; key.len() + 8];
        with_aes!(wrapping, Aes => {
            let kek = AesKw::<Aes>::new_from_slice(wrapping).ok()?;
            kek.wrap_key(key, &mut wrapped).ok().map(|_| ())
        })?;
        Some(wrapped)
    }

    fn unwrap_key(&self, wrapping: &[u8], wrapped: &[u8]) -> Option<Secret> {
        if wrapped.len() < 24 {
            return None;
        }
        let mut key = vec![0; wrapped.len() - 8];
        with_aes!(wrapping, Aes => {
            let kek = AesKw::<Aes>::new_from_slice(wrapping).ok()?;
            kek.unwrap_key(wrapped, &mut key).ok().map(|_| ())
        })?;
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
        let mut key = vec![0; len];
        with_hash!(hash, Sha => {
            pbkdf2::pbkdf2_hmac::<Sha>(password, salt, iterations.get(), &mut key);
        });
        Some(Secret::new(key))
    }

    fn key_encryptor(
        &self,
        hash: Option<Hash>,
        key: &RsaKey,
    ) -> Result<Box<dyn KeyEncryptor>, KeyError> {
        rsa_public::encryptor(hash, key)
    }

    fn key_decryptor(
        &self,
        hash: Option<Hash>,
        key: &RsaKey,
    ) -> Result<Box<dyn KeyDecryptor>, KeyError> {
        rsa_decryptor(hash, key)
    }

    fn key_agreement(
        &self,
        curve: Curve,
        private: &Secret,
    ) -> Result<Box<dyn KeyAgreement>, KeyError> {
        let refused = || invalid("d", "is not a private key of the curve");
        let bytes = private.expose();
        Ok(match curve {
            Curve::P256 => Box::new(p256::SecretKey::from_slice(bytes).map_err(|_| refused())?),
            Curve::P384 => Box::new(p384::SecretKey::from_slice(bytes).map_err(|_| refused())?),
            Curve::P521 => Box::new(p521::SecretKey::from_slice(bytes).map_err(|_| refused())?),
            Curve::X25519 => Box::new(X25519(private_x25519(bytes)?)),
            Curve::Secp256k1 | Curve::Ed25519 => {
                return Err(invalid("crv", "does not agree on keys"));
            }
        })
    }
}

macro_rules! agreement {
    ($($krate:ident => $curve:expr;)*) => {$(
        impl KeyAgreement for $krate::SecretKey {
            fn agree(&self, public: &KeyMaterial) -> Option<Secret> {
                let KeyMaterial::Ec(ec) = public else { return None };
                if ec.curve != $curve {
                    return None;
                }
                let public = $krate::PublicKey::from_sec1_bytes(&sec1_point(ec)).ok()?;
                let secret =
                    $krate::ecdh::diffie_hellman(self.to_nonzero_scalar(), public.as_affine());
                Some(Secret::new(secret.raw_secret_bytes().to_vec()))
            }
        }
    )*};
}

agreement! {
    p256 => Curve::P256;
    p384 => Curve::P384;
    p521 => Curve::P521;
}

struct X25519(zeroize::Zeroizing<[u8; 32]>);

impl KeyAgreement for X25519 {
    fn agree(&self, public: &KeyMaterial) -> Option<Secret> {
        let KeyMaterial::Okp(okp) = public else {
            return None;
        };
        if okp.curve != Curve::X25519 {
            return None;
        }
        let point = MontgomeryPoint(okp.x.as_slice().try_into().ok()?);
        let secret = Secret::new(point.mul_clamped(*self.0).to_bytes().to_vec());
        let nothing: bool = secret.expose().ct_eq(&[0; 32]).into();
        (!nothing).then_some(secret)
    }
}

pub(super) fn x25519_public(private: &[u8]) -> Result<Vec<u8>, KeyError> {
    let private = private_x25519(private)?;
    Ok(MontgomeryPoint::mul_base_clamped(*private)
        .to_bytes()
        .to_vec())
}

fn private_x25519(bytes: &[u8]) -> Result<zeroize::Zeroizing<[u8; 32]>, KeyError> {
    bytes
        .try_into()
        .map(zeroize::Zeroizing::new)
        .map_err(|_| invalid("d", "is not a private key of the curve"))
}

#[cfg(target_arch = "wasm32")]
use super::rsa_private::decryptor as rsa_decryptor;

#[cfg(not(target_arch = "wasm32"))]
fn rsa_decryptor(_: Option<Hash>, key: &RsaKey) -> Result<Box<dyn KeyDecryptor>, KeyError> {
    if key.private.is_none() {
        return Err(KeyError::PrivateMissing);
    }
    Err(super::not_supported("decrypting with RSA natively"))
}
