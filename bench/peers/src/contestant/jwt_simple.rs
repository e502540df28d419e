//! jwt-simple with its pure Rust cryptography.

use std::collections::HashSet;
use std::hint::black_box;

use jwt_simple::prelude::*;
use serde_json::Value;

use super::{Contestant, Turn, nanoseconds};
use crate::case::{AUDIENCE, Case, EXPIRES, ISSUER, Keys};

pub struct JwtSimple;

struct Ready<'a> {
    case: &'a Case,
    keys: Native,
    options: VerificationOptions,
}

enum Native {
    Hmac(HS256Key),
    Rsa(RS256KeyPair, RS256PublicKey),
    Ecdsa(ES256KeyPair, ES256PublicKey),
    Ed25519(Ed25519KeyPair, Ed25519PublicKey),
}

impl Contestant for JwtSimple {
    fn name(&self) -> &'static str {
        "jwt-simple (pure Rust)"
    }

    fn prepare<'a>(&'a mut self, case: &'a Case) -> anyhow::Result<Option<Box<dyn Turn + 'a>>> {
        if case.encryption.is_some() {
            return Ok(None);
        }
        let (public, private) = (case.keys.public_pem(), case.keys.private_pem());
        let keys = match (&case.keys, case.algorithm) {
            (Keys::Secret(secret), _) => Native::Hmac(HS256Key::from_bytes(secret)),
            (_, "RS256") => Native::Rsa(
                RS256KeyPair::from_pem(&private)?,
                RS256PublicKey::from_pem(&public)?,
            ),
            (_, "ES256") => Native::Ecdsa(
                ES256KeyPair::from_pem(&private)?,
                ES256PublicKey::from_pem(&public)?,
            ),
            _ => Native::Ed25519(
                Ed25519KeyPair::from_pem(&private)?,
                Ed25519PublicKey::from_pem(&public)?,
            ),
        };
        let options = VerificationOptions {
            allowed_issuers: Some(HashSet::from([ISSUER.to_owned()])),
            allowed_audiences: Some(HashSet::from([AUDIENCE.to_owned()])),
            ..VerificationOptions::default()
        };
        Ok(Some(Box::new(Ready {
            case,
            keys,
            options,
        })))
    }
}

impl Turn for Ready<'_> {
    fn take(&mut self, times: u32) -> anyhow::Result<f64> {
        nanoseconds(times, || {
            let token = black_box(self.case.token.as_str());
            // The library takes its rules by value, so a caller has to clone them.
            let options = Some(self.options.clone());
            let verified: JWTClaims<Value> = match &self.keys {
                Native::Hmac(key) => key.verify_token(token, options)?,
                Native::Rsa(_, key) => key.verify_token(token, options)?,
                Native::Ecdsa(_, key) => key.verify_token(token, options)?,
                Native::Ed25519(_, key) => key.verify_token(token, options)?,
            };
            black_box(verified);
            Ok(())
        })
    }

    fn make(&mut self, times: u32) -> anyhow::Result<f64> {
        let mut claims: JWTClaims<Value> = serde_json::from_value(self.case.claims.clone())?;
        claims.expires_at = Some(Duration::from_secs(EXPIRES));
        nanoseconds(times, || {
            // The claims go in by value as well.
            let claims = black_box(&claims).clone();
            black_box(match &self.keys {
                Native::Hmac(key) => key.authenticate(claims)?,
                Native::Rsa(key, _) => key.sign(claims)?,
                Native::Ecdsa(key, _) => key.sign(claims)?,
                Native::Ed25519(key, _) => key.sign(claims)?,
            });
            Ok(())
        })
    }
}
