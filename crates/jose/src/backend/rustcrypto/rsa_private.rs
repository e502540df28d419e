//! RSA with private keys: signing, OAEP decryption and generation, on wasm32 only (RUSTSEC-2023-0071), and always blinded.

use core::marker::PhantomData;

use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use rsa::signature::{RandomizedSigner, SignatureEncoding};
use rsa::traits::{PaddingScheme, PrivateKeyParts, PublicKeyParts};
use rsa::{BoxedUint, RsaPrivateKey, pkcs1v15, pss};
use sha1::Sha1;
use sha2::digest::{Digest, FixedOutputReset};
use sha2::{Sha256, Sha384, Sha512};

use super::{Signer, invalid, mismatch, not_supported, random, unfit};
use crate::alg::{Algorithm, Family, Hash};
use crate::backend::KeyDecryptor;
use crate::key::{KeyError, KeyMaterial, RsaKey, RsaPrivate};
use crate::secret::Secret;

/// The native signing form.
pub(super) fn signer(algorithm: Algorithm, rsa: &RsaKey) -> Result<Box<dyn Signer>, KeyError> {
    let key = private_key(rsa)?;
    let row = algorithm.row();
    Ok(match (row.family, row.hash) {
        (Family::RsaPkcs1, Some(Hash::Sha256)) => pkcs1(pkcs1v15::SigningKey::<Sha256>::new(key)),
        (Family::RsaPkcs1, Some(Hash::Sha384)) => pkcs1(pkcs1v15::SigningKey::<Sha384>::new(key)),
        (Family::RsaPkcs1, Some(Hash::Sha512)) => pkcs1(pkcs1v15::SigningKey::<Sha512>::new(key)),
        (Family::RsaPss, Some(Hash::Sha256)) => pss(pss::SigningKey::<Sha256>::new(key)),
        (Family::RsaPss, Some(Hash::Sha384)) => pss(pss::SigningKey::<Sha384>::new(key)),
        (Family::RsaPss, Some(Hash::Sha512)) => pss(pss::SigningKey::<Sha512>::new(key)),
        _ => return Err(unfit(algorithm, &KeyMaterial::Rsa(rsa.clone()))),
    })
}

/// The native form for OAEP, with SHA-1 if there is no hash.
pub(super) fn decryptor(
    hash: Option<Hash>,
    rsa: &RsaKey,
) -> Result<Box<dyn KeyDecryptor>, KeyError> {
    let key = private_key(rsa)?;
    Ok(match hash {
        None => Box::new(Oaep::<Sha1>(key, PhantomData)),
        Some(Hash::Sha256) => Box::new(Oaep::<Sha256>(key, PhantomData)),
        Some(Hash::Sha384) => Box::new(Oaep::<Sha384>(key, PhantomData)),
        Some(Hash::Sha512) => Box::new(Oaep::<Sha512>(key, PhantomData)),
    })
}

struct Oaep<D>(RsaPrivateKey, PhantomData<fn() -> D>);

impl<D: Digest + FixedOutputReset> KeyDecryptor for Oaep<D> {
    fn decrypt(&self, encrypted: &[u8]) -> Option<Secret> {
        let padding = rsa::Oaep::<D>::new();
        let key = padding.decrypt(Some(&mut SysRng), &self.0, encrypted);
        key.ok().map(Secret::new)
    }
}

/// A fresh key with exponent 65537.
pub(super) fn generate(bits: usize) -> Result<KeyMaterial, KeyError> {
    // The crate wants a source that cannot fail; find out first that this one does not.
    random(1)?;
    let key = RsaPrivateKey::new(&mut UnwrapErr(SysRng), bits)
        .map_err(|_| not_supported("generating RSA of this size"))?;
    let (Some(p), Some(q)) = (key.primes().first(), key.primes().get(1)) else {
        return Err(not_supported("generating RSA of this size"));
    };
    let (Some(dp), Some(dq), Some(qi)) = (key.dp(), key.dq(), key.crt_coefficient()) else {
        return Err(not_supported("generating RSA of this size"));
    };
    Ok(KeyMaterial::Rsa(RsaKey {
        n: key.n().to_be_bytes_trimmed_vartime().into(),
        e: key.e().to_be_bytes_trimmed_vartime().into(),
        private: Some(RsaPrivate {
            d: secret(key.d()),
            p: secret(p),
            q: secret(q),
            dp: secret(dp),
            dq: secret(dq),
            qi: secret(&qi),
        }),
    }))
}

fn private_key(rsa: &RsaKey) -> Result<RsaPrivateKey, KeyError> {
    let private = rsa.private.as_ref().ok_or(KeyError::PrivateMissing)?;
    let number = |secret: &Secret| BoxedUint::from_be_slice_vartime(secret.expose());
    let mut key = RsaPrivateKey::from_components(
        BoxedUint::from_be_slice_vartime(&rsa.n),
        BoxedUint::from_be_slice_vartime(&rsa.e),
        number(&private.d),
        vec![number(&private.p), number(&private.q)],
    )
    .map_err(|_| mismatch("d"))?;
    key.precompute().map_err(|_| mismatch("d"))?;
    if key.dp().map(secret).as_ref() != Some(&private.dp) {
        return Err(invalid("dp", "does not belong to the key"));
    }
    if key.dq().map(secret).as_ref() != Some(&private.dq) {
        return Err(invalid("dq", "does not belong to the key"));
    }
    if key.crt_coefficient().as_ref().map(secret).as_ref() != Some(&private.qi) {
        return Err(invalid("qi", "does not belong to the key"));
    }
    Ok(key)
}

fn secret(number: &BoxedUint) -> Secret {
    Secret::new(number.to_be_bytes_trimmed_vartime().into())
}

fn pkcs1<K>(key: K) -> Box<dyn Signer>
where
    K: RandomizedSigner<pkcs1v15::Signature> + Send + Sync + 'static,
{
    Box::new(Blinded {
        key,
        signature: PhantomData::<fn() -> pkcs1v15::Signature>,
    })
}

fn pss<K>(key: K) -> Box<dyn Signer>
where
    K: RandomizedSigner<pss::Signature> + Send + Sync + 'static,
{
    Box::new(Blinded {
        key,
        signature: PhantomData::<fn() -> pss::Signature>,
    })
}

/// A key that draws randomness for each signature, to blind the exponentiation and for the salt.
struct Blinded<K, S> {
    key: K,
    signature: PhantomData<fn() -> S>,
}

impl<K, S> Signer for Blinded<K, S>
where
    K: RandomizedSigner<S> + Send + Sync,
    S: SignatureEncoding,
{
    fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Option<()> {
        let signature = self.key.try_sign_with_rng(&mut SysRng, message).ok()?;
        out.extend_from_slice(signature.to_bytes().as_ref());
        Some(())
    }
}
