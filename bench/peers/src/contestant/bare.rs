//! aws-lc-rs by itself: the signature over bytes that are already there, and nothing else.

use std::hint::black_box;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
};

use super::{Contestant, Turn, bare_encryption, nanoseconds};
use crate::case::{BareSigner, Case, Keys};

pub struct Bare;

struct Ready<'a> {
    message: &'a [u8],
    signature: Vec<u8>,
    verifier: Verifier,
    signer: BareSigner,
}

enum Verifier {
    Hmac(hmac::Key),
    Public(ParsedPublicKey),
}

impl Contestant for Bare {
    fn name(&self) -> &'static str {
        "bare aws-lc-rs"
    }

    fn prepare<'a>(&'a mut self, case: &'a Case) -> anyhow::Result<Option<Box<dyn Turn + 'a>>> {
        if let Some(encryption) = case.encryption {
            return bare_encryption::ready(case, encryption).map(Some);
        }
        let verifier = match (case.algorithm, &case.keys) {
            (_, Keys::Secret(secret)) => Verifier::Hmac(hmac::Key::new(hmac::HMAC_SHA256, secret)),
            ("RS256", Keys::Pair { public, .. }) => {
                Verifier::Public(ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public)?)
            }
            ("ES256", Keys::Pair { public, .. }) => {
                Verifier::Public(ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public)?)
            }
            (_, Keys::Pair { public, .. }) => {
                Verifier::Public(ParsedPublicKey::new(&ED25519, public)?)
            }
        };
        Ok(Some(Box::new(Ready {
            message: case.message(),
            signature: case.signature(),
            verifier,
            signer: BareSigner::new(case.algorithm, &case.keys)?,
        })))
    }
}

impl Turn for Ready<'_> {
    fn take(&mut self, times: u32) -> anyhow::Result<f64> {
        nanoseconds(times, || {
            let (message, signature) = (black_box(self.message), black_box(&self.signature));
            match &self.verifier {
                Verifier::Hmac(key) => hmac::verify(key, message, signature)?,
                Verifier::Public(key) => key.verify_sig(message, signature)?,
            }
            Ok(())
        })
    }

    fn make(&mut self, times: u32) -> anyhow::Result<f64> {
        nanoseconds(times, || {
            black_box(self.signer.sign(black_box(self.message))?);
            Ok(())
        })
    }
}
