//! The primitives of AWS-LC by themselves, over bytes that are taken apart already: the work on
//! the key, the derivation and the cipher.

use std::hint::black_box;

use anyhow::{Context as _, bail, ensure};
use aws_lc_rs::agreement::{self, ECDH_P256, EphemeralPrivateKey, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, OaepPublicEncryptingKey,
    PrivateDecryptingKey, PublicEncryptingKey,
};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use jeton_jose::alg::Hash;
use jeton_jose::backend::{AwsLc, Encryption as _, Randomness as _};
use serde_json::Value;

use super::{Turn, nanoseconds};
use crate::case::{Case, Keys};

struct Ready {
    key: Key,
    is_gcm: bool,
    aad: Vec<u8>,
    encrypted_key: Vec<u8>,
    iv: Vec<u8>,
    ciphertext: Vec<u8>,
    tag: Vec<u8>,
    plaintext: Vec<u8>,
}

enum Key {
    Direct(Vec<u8>),
    Wrapping(Vec<u8>),
    Rsa(OaepPublicEncryptingKey, OaepPrivateDecryptingKey),
    /// The recipient's pair and the sender's point.
    Agreement(PrivateKey, Vec<u8>),
}

pub fn ready<'a>(case: &'a Case, encryption: &str) -> anyhow::Result<Box<dyn Turn + 'a>> {
    let parts: Vec<&str> = case.token.split('.').collect();
    let decoded: Vec<Vec<u8>> = parts
        .iter()
        .map(|part| Base64UrlUnpadded::decode_vec(part))
        .collect::<Result<_, _>>()
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    let [header, encrypted_key, iv, ciphertext, tag] = decoded.as_slice() else {
        bail!("not five parts");
    };
    let ready = Ready {
        key: Key::of(case, &serde_json::from_slice(header)?)?,
        is_gcm: encryption.ends_with("GCM"),
        aad: parts[0].as_bytes().to_vec(),
        encrypted_key: encrypted_key.clone(),
        iv: iv.clone(),
        ciphertext: ciphertext.clone(),
        tag: tag.clone(),
        plaintext: case.claims.to_string().into_bytes(),
    };
    ensure!(ready.decrypt()? == ready.plaintext, "the primitives differ");
    Ok(Box::new(ready))
}

impl Key {
    fn of(case: &Case, header: &Value) -> anyhow::Result<Self> {
        Ok(match (case.algorithm, &case.keys) {
            ("dir", Keys::Secret(secret)) => Self::Direct(secret.clone()),
            (_, Keys::Secret(secret)) => Self::Wrapping(secret.clone()),
            ("RSA-OAEP-256", Keys::Pair { private, public }) => Self::Rsa(
                OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(public)?)?,
                OaepPrivateDecryptingKey::new(PrivateDecryptingKey::from_pkcs8(private)?)?,
            ),
            (_, Keys::Pair { private, .. }) => {
                let mut point = vec![4];
                for name in ["x", "y"] {
                    let text = header["epk"][name].as_str().context("a coordinate")?;
                    let coordinate = Base64UrlUnpadded::decode_vec(text);
                    point.extend(coordinate.map_err(|error| anyhow::anyhow!("{error}"))?);
                }
                let private = PrivateKey::from_private_key_der(&ECDH_P256, private)?;
                Self::Agreement(private, point)
            }
        })
    }

    fn unwrap(&self, encrypted: &[u8]) -> anyhow::Result<Vec<u8>> {
        match self {
            Self::Direct(key) => Ok(key.clone()),
            Self::Wrapping(key) => unwrap(key, encrypted),
            Self::Rsa(_, private) => {
                let mut key = vec![0; private.min_output_size()];
                let key = private.decrypt(&OAEP_SHA256_MGF1SHA256, encrypted, &mut key, None)?;
                Ok(key.to_vec())
            }
            Self::Agreement(private, point) => {
                let point = UnparsedPublicKey::new(&ECDH_P256, point);
                let failed = anyhow::anyhow!("no agreement");
                let wrapping = agreement::agree(private, point, failed, |z| Ok(derived(z)))?;
                unwrap(&wrapping, encrypted)
            }
        }
    }

    /// A new content key and its encrypted form.
    fn wrap(&self) -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
        let mut content = vec![0; 32];
        AwsLc.fill(&mut content).context("randomness")?;
        let encrypted = match self {
            Self::Direct(key) => return Ok((key.clone(), Vec::new())),
            Self::Wrapping(key) => AwsLc.wrap_key(key, &content).context("the wrap")?,
            Self::Rsa(public, _) => {
                let mut encrypted = vec![0; public.ciphertext_size()];
                public.encrypt(&OAEP_SHA256_MGF1SHA256, &content, &mut encrypted, None)?;
                encrypted
            }
            Self::Agreement(private, _) => {
                let ephemeral = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new())?;
                black_box(ephemeral.compute_public_key()?);
                let recipient = private.compute_public_key()?;
                let point = UnparsedPublicKey::new(&ECDH_P256, recipient.as_ref());
                let failed = anyhow::anyhow!("no agreement");
                let wrapping =
                    agreement::agree_ephemeral(ephemeral, point, failed, |z| Ok(derived(z)))?;
                AwsLc.wrap_key(&wrapping, &content).context("the wrap")?
            }
        };
        Ok((content, encrypted))
    }
}

fn unwrap(wrapping: &[u8], encrypted: &[u8]) -> anyhow::Result<Vec<u8>> {
    let key = AwsLc
        .unwrap_key(wrapping, encrypted)
        .context("the unwrap")?;
    Ok(key.expose().to_vec())
}

/// Concat KDF for A256KW without names of the parties (RFC 7518 §4.6.2).
fn derived(z: &[u8]) -> Vec<u8> {
    let name = b"ECDH-ES+A256KW";
    let mut input = vec![0, 0, 0, 1];
    input.extend_from_slice(z);
    input.extend_from_slice(&[0, 0, 0, 14]);
    input.extend_from_slice(name);
    input.extend_from_slice(&[0; 8]);
    input.extend_from_slice(&256_u32.to_be_bytes());
    digest(&SHA256, &input).as_ref().to_vec()
}

impl Ready {
    fn decrypt(&self) -> anyhow::Result<Vec<u8>> {
        let key = self.key.unwrap(black_box(&self.encrypted_key))?;
        let mut data = self.ciphertext.clone();
        if self.is_gcm {
            let (iv, tag) = (
                self.iv.as_slice().try_into()?,
                self.tag.as_slice().try_into()?,
            );
            let opened = AwsLc.gcm_open(&key, iv, &self.aad, &mut data, tag);
            opened.context("the tag")?;
            return Ok(data);
        }
        let (mac, cipher) = key.split_at(16);
        let tag = self.mac(mac, &self.iv, &data)?;
        ensure!(aws_lc_rs::constant_time::verify_slices_are_equal(&tag, &self.tag).is_ok());
        let iv = self.iv.as_slice().try_into()?;
        AwsLc.cbc_decrypt(cipher, iv, &mut data).context("CBC")?;
        Ok(data)
    }

    fn encrypt(&self) -> anyhow::Result<()> {
        let (key, encrypted) = self.key.wrap()?;
        let mut data = self.plaintext.clone();
        if self.is_gcm {
            let mut iv = [0; 12];
            AwsLc.fill(&mut iv).context("randomness")?;
            black_box(AwsLc.gcm_seal(&key, &iv, &self.aad, &mut data));
        } else {
            let (mut iv, (mac, cipher)) = ([0; 16], key.split_at(16));
            AwsLc.fill(&mut iv).context("randomness")?;
            AwsLc.cbc_encrypt(cipher, &iv, &mut data).context("CBC")?;
            black_box(self.mac(mac, &iv, &data)?);
        }
        black_box((encrypted, data));
        Ok(())
    }

    fn mac(&self, key: &[u8], iv: &[u8], data: &[u8]) -> anyhow::Result<Vec<u8>> {
        let bits = (self.aad.len() as u64 * 8).to_be_bytes();
        let parts = [self.aad.as_slice(), iv, data, &bits];
        let mac = AwsLc.hmac(Hash::Sha256, key, &parts).context("HMAC")?;
        Ok(mac.as_ref()[..16].to_vec())
    }
}

impl Turn for Ready {
    fn take(&mut self, times: u32) -> anyhow::Result<f64> {
        nanoseconds(times, || {
            black_box(self.decrypt()?);
            Ok(())
        })
    }

    fn make(&mut self, times: u32) -> anyhow::Result<f64> {
        nanoseconds(times, || self.encrypt())
    }
}
