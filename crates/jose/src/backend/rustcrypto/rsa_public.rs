//! RSA with public keys: verification and OAEP encryption. Timing reveals no private number.

use core::marker::PhantomData;

use getrandom::SysRng;
use rsa::traits::PaddingScheme;
use rsa::{BoxedUint, RsaPublicKey, pkcs1v15, pss};
use sha1::Sha1;
use sha2::digest::{Digest, FixedOutputReset};
use sha2::{Sha256, Sha384, Sha512};

use super::{Native, RustCrypto, Verifier, invalid, unfit};
use crate::alg::{Algorithm, Family, Hash};
use crate::backend::KeyEncryptor;
use crate::key::{KeyError, KeyMaterial, RsaKey};

/// The native verifying form.
pub(super) fn verifier(algorithm: Algorithm, rsa: &RsaKey) -> Result<Box<dyn Verifier>, KeyError> {
    let key = public_key(rsa)?;
    let row = algorithm.row();
    Ok(match (row.family, row.hash) {
        (Family::RsaPkcs1, Some(Hash::Sha256)) => pkcs1(pkcs1v15::VerifyingKey::<Sha256>::new(key)),
        (Family::RsaPkcs1, Some(Hash::Sha384)) => pkcs1(pkcs1v15::VerifyingKey::<Sha384>::new(key)),
        (Family::RsaPkcs1, Some(Hash::Sha512)) => pkcs1(pkcs1v15::VerifyingKey::<Sha512>::new(key)),
        (Family::RsaPss, Some(Hash::Sha256)) => pss(pss::VerifyingKey::<Sha256>::new(key)),
        (Family::RsaPss, Some(Hash::Sha384)) => pss(pss::VerifyingKey::<Sha384>::new(key)),
        (Family::RsaPss, Some(Hash::Sha512)) => pss(pss::VerifyingKey::<Sha512>::new(key)),
        _ => return Err(unfit(algorithm, &KeyMaterial::Rsa(rsa.clone()))),
    })
}

impl RustCrypto {
    /// A verifier of RSASSA-PSS that accepts a salt of any length, where RFC 7518 §3.5 wants that of
    /// the hash. For finding out why a signature was refused, never for accepting one.
    ///
    /// # Errors
    /// The algorithm is not RSASSA-PSS, or the numbers are no key.
    pub fn dangerous_pss_any_salt(
        algorithm: Algorithm,
        rsa: &RsaKey,
    ) -> Result<Box<dyn Verifier>, KeyError> {
        let key = public_key(rsa)?;
        let row = algorithm.row();
        Ok(match (row.family, row.hash) {
            (Family::RsaPss, Some(Hash::Sha256)) => {
                pss(pss::VerifyingKey::<Sha256>::new_with_auto_salt_len(key))
            }
            (Family::RsaPss, Some(Hash::Sha384)) => {
                pss(pss::VerifyingKey::<Sha384>::new_with_auto_salt_len(key))
            }
            (Family::RsaPss, Some(Hash::Sha512)) => {
                pss(pss::VerifyingKey::<Sha512>::new_with_auto_salt_len(key))
            }
            _ => return Err(unfit(algorithm, &KeyMaterial::Rsa(rsa.clone()))),
        })
    }
}

fn public_key(rsa: &RsaKey) -> Result<RsaPublicKey, KeyError> {
    let n = BoxedUint::from_be_slice_vartime(&rsa.n);
    let e = BoxedUint::from_be_slice_vartime(&rsa.e);
    // Sizes are judged in `key::strength`; the bounds here only keep the crate from its own.
    RsaPublicKey::new_with_size_limits(n, e, 512..=8192)
        .map_err(|_| invalid("n", "is not accepted by RustCrypto"))
}

fn pkcs1<K>(key: K) -> Box<dyn Verifier>
where
    K: rsa::signature::Verifier<pkcs1v15::Signature> + Send + Sync + 'static,
{
    Box::new(Native::<_, pkcs1v15::Signature>::new(key))
}

fn pss<K>(key: K) -> Box<dyn Verifier>
where
    K: rsa::signature::Verifier<pss::Signature> + Send + Sync + 'static,
{
    Box::new(Native::<_, pss::Signature>::new(key))
}

/// The native form for OAEP, with SHA-1 if there is no hash.
pub(super) fn encryptor(
    hash: Option<Hash>,
    rsa: &RsaKey,
) -> Result<Box<dyn KeyEncryptor>, KeyError> {
    let key = public_key(rsa)?;
    Ok(match hash {
        None => Box::new(Oaep::<Sha1>(key, PhantomData)),
        Some(Hash::Sha256) => Box::new(Oaep::<Sha256>(key, PhantomData)),
        Some(Hash::Sha384) => Box::new(Oaep::<Sha384>(key, PhantomData)),
        Some(Hash::Sha512) => Box::new(Oaep::<Sha512>(key, PhantomData)),
    })
}

struct Oaep<D>(RsaPublicKey, PhantomData<fn() -> D>);

impl<D: Digest + FixedOutputReset> KeyEncryptor for Oaep<D> {
    fn encrypt(&self, key: &[u8]) -> Option<Vec<u8>> {
        let padding = rsa::Oaep::<D>::new();
        padding.encrypt(&mut SysRng, &self.0, key).ok()
    }
}
