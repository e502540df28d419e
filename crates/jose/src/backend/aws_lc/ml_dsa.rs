//! ML-DSA (FIPS 204), with hedged signing.

use aws_lc_rs::signature::{
    KeyPair as _, ML_DSA_44, ML_DSA_44_SIGNING, ML_DSA_65, ML_DSA_65_SIGNING, ML_DSA_87,
    ML_DSA_87_SIGNING, ParsedPublicKey, PqdsaKeyPair, PqdsaSigningAlgorithm, VerificationAlgorithm,
};

use super::{invalid, mismatch};
use crate::alg::{Algorithm, KeyType};
use crate::backend::Signer;
use crate::key::{AkpKey, KeyError};

pub(super) fn verifier(key: &AkpKey) -> Result<ParsedPublicKey, KeyError> {
    let (verification, _) = parameters(key.algorithm)?;
    ParsedPublicKey::new(verification, &key.public)
        .map_err(|_| invalid("pub", "is not accepted by AWS-LC"))
}

pub(super) fn signer(key: &AkpKey) -> Result<PqdsaKeyPair, KeyError> {
    let seed = key.seed.as_ref().ok_or(KeyError::PrivateMissing)?;
    let pair = expand(key.algorithm, seed.expose())?;
    if pair.public_key().as_ref() != key.public.as_slice() {
        return Err(mismatch("priv"));
    }
    Ok(pair)
}

pub(super) fn public(algorithm: Algorithm, seed: &[u8]) -> Result<Vec<u8>, KeyError> {
    Ok(expand(algorithm, seed)?.public_key().as_ref().to_vec())
}

impl Signer for PqdsaKeyPair {
    fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Option<()> {
        let start = out.len();
        out.resize(start + self.algorithm().signature_len(), 0);
        let signed = self.sign(message, out.get_mut(start..)?);
        if signed.is_err() {
            out.truncate(start);
        }
        signed.ok().map(|_| ())
    }
}

fn expand(algorithm: Algorithm, seed: &[u8]) -> Result<PqdsaKeyPair, KeyError> {
    let (_, signing) = parameters(algorithm)?;
    PqdsaKeyPair::from_seed(signing, seed).map_err(|_| invalid("priv", "does not have 32 bytes"))
}

fn parameters(
    algorithm: Algorithm,
) -> Result<
    (
        &'static dyn VerificationAlgorithm,
        &'static PqdsaSigningAlgorithm,
    ),
    KeyError,
> {
    match algorithm {
        Algorithm::MlDsa44 => Ok((&ML_DSA_44, &ML_DSA_44_SIGNING)),
        Algorithm::MlDsa65 => Ok((&ML_DSA_65, &ML_DSA_65_SIGNING)),
        Algorithm::MlDsa87 => Ok((&ML_DSA_87, &ML_DSA_87_SIGNING)),
        _ => Err(KeyError::Type {
            algorithm: algorithm.into(),
            found: KeyType::Akp.name(),
        }),
    }
}
