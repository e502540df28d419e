//! jsonwebtoken with its aws-lc-rs provider.

use std::hint::black_box;

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, TokenData, Validation, decode, encode,
};
use serde_json::Value;

use super::{Contestant, Turn, nanoseconds};
use crate::case::{AUDIENCE, Case, ISSUER, Keys};

pub struct JsonWebToken;

struct Ready<'a> {
    case: &'a Case,
    algorithm: Algorithm,
    decoding: DecodingKey,
    encoding: EncodingKey,
    validation: Validation,
}

impl Contestant for JsonWebToken {
    fn name(&self) -> &'static str {
        "jsonwebtoken"
    }

    fn prepare<'a>(&'a mut self, case: &'a Case) -> anyhow::Result<Option<Box<dyn Turn + 'a>>> {
        if case.encryption.is_some() {
            return Ok(None);
        }
        let (public, private) = (case.keys.public_pem(), case.keys.private_pem());
        let (public, private) = (public.as_bytes(), private.as_bytes());
        let algorithm: Algorithm = case.algorithm.parse()?;
        let (decoding, encoding) = match (&case.keys, algorithm) {
            (Keys::Secret(secret), _) => (
                DecodingKey::from_secret(secret),
                EncodingKey::from_secret(secret),
            ),
            (_, Algorithm::RS256) => (
                DecodingKey::from_rsa_pem(public)?,
                EncodingKey::from_rsa_pem(private)?,
            ),
            (_, Algorithm::ES256) => (
                DecodingKey::from_ec_pem(public)?,
                EncodingKey::from_ec_pem(private)?,
            ),
            _ => (
                DecodingKey::from_ed_pem(public)?,
                EncodingKey::from_ed_pem(private)?,
            ),
        };
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        Ok(Some(Box::new(Ready {
            case,
            algorithm,
            decoding,
            encoding,
            validation,
        })))
    }
}

impl Turn for Ready<'_> {
    fn take(&mut self, times: u32) -> anyhow::Result<f64> {
        nanoseconds(times, || {
            let token = black_box(self.case.token.as_str());
            let verified: TokenData<Value> = decode(token, &self.decoding, &self.validation)?;
            black_box(verified);
            Ok(())
        })
    }

    fn make(&mut self, times: u32) -> anyhow::Result<f64> {
        let header = Header::new(self.algorithm);
        nanoseconds(times, || {
            black_box(encode(
                &header,
                black_box(&self.case.claims),
                &self.encoding,
            )?);
            Ok(())
        })
    }
}
