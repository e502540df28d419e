//! ML-DSA (FIPS 204), with deterministic signing.

use ::ml_dsa::{
    B32, EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87, Signature, SigningKey, VerifyingKey,
};
use p256::ecdsa::signature::Keypair as _;

use super::{Native, invalid, mismatch};
use crate::alg::{Algorithm, KeyType};
use crate::backend::{Signer, Verifier};
use crate::key::{AkpKey, KeyError};

/// Evaluates the body with `$set` standing for the parameter set of the algorithm.
macro_rules! on_parameters {
    ($algorithm:expr, $set:ident => $body:expr) => {
        match $algorithm {
            Algorithm::MlDsa44 => {
                type $set = MlDsa44;
                $body
            }
            Algorithm::MlDsa65 => {
                type $set = MlDsa65;
                $body
            }
            Algorithm::MlDsa87 => {
                type $set = MlDsa87;
                $body
            }
            algorithm => Err(KeyError::Type {
                algorithm: algorithm.into(),
                found: KeyType::Akp.name(),
            }),
        }
    };
}

pub(super) fn verifier(key: &AkpKey) -> Result<Box<dyn Verifier>, KeyError> {
    on_parameters!(key.algorithm, Set => {
        let public = EncodedVerifyingKey::<Set>::try_from(key.public.as_slice())
            .map_err(|_| invalid("pub", "does not have the length of the algorithm"))?;
        let public = VerifyingKey::<Set>::decode(&public);
        Ok(Box::new(Native::<_, Signature<Set>>::new(public)))
    })
}

pub(super) fn signer(key: &AkpKey) -> Result<Box<dyn Signer>, KeyError> {
    let seed = seed(key.seed.as_ref().ok_or(KeyError::PrivateMissing)?.expose())?;
    on_parameters!(key.algorithm, Set => {
        let pair = SigningKey::<Set>::from_seed(&seed);
        if pair.verifying_key().encode().as_slice() != key.public.as_slice() {
            return Err(mismatch("priv"));
        }
        Ok(Box::new(Native::<_, Signature<Set>>::new(pair)))
    })
}

pub(super) fn public(algorithm: Algorithm, private: &[u8]) -> Result<Vec<u8>, KeyError> {
    let seed = seed(private)?;
    on_parameters!(algorithm, Set => {
        Ok(SigningKey::<Set>::from_seed(&seed).verifying_key().encode().to_vec())
    })
}

fn seed(private: &[u8]) -> Result<Box<B32>, KeyError> {
    B32::try_from(private)
        .map(Box::new)
        .map_err(|_| invalid("priv", "does not have 32 bytes"))
}
