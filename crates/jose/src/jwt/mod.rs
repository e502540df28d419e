//! JSON Web Token (RFC 7519): claims, the policy they must satisfy, signing and verifying.
//!
//! [`verify`] is the usual way in. [`Unverified`] is for those who must look before they can
//! choose keys; what it shows proves nothing.

mod builder;
mod check;
mod claims;
mod error;
pub mod nested;
pub mod policy;

pub use builder::Builder;
pub use claims::{Audiences, Claims};
pub use error::{ClaimError, Error};
pub use policy::Policy;

use core::fmt;

use crate::jws::{self, Header, compact};
use crate::key::{VerifyingKey, VerifyingKeySet};
use crate::limits::Limits;
use crate::time::UnixTime;

/// Parses and verifies a compact token: the signature under `keys`, then every rule of `policy`
/// at the time `now`.
///
/// Failing claims are reported together, and only after the signature was found good.
pub fn verify(
    token: &str,
    keys: &VerifyingKeySet,
    policy: &Policy,
    now: UnixTime,
) -> Result<Verified, Error> {
    Unverified::parse(token, &policy.signature.limits)?.verify(keys, policy, now)
}

/// A token that nobody has verified.
#[derive(Clone, Debug)]
pub struct Unverified<'t>(compact::Unverified<'t>);

impl<'t> Unverified<'t> {
    /// Splits and decodes; the size is checked first.
    pub fn parse(token: &'t str, limits: &Limits) -> Result<Self, Error> {
        Ok(Self(compact::Unverified::parse(token, limits)?))
    }

    /// The header as it was sent.
    pub fn unverified_header(&self) -> &Header {
        self.0.unverified_header()
    }

    /// The claims as they were sent.
    pub fn unverified_claims(&self) -> Result<Claims, Error> {
        Claims::parse(self.0.unverified_payload().to_vec(), &Limits::default())
    }

    /// Verifies the signature, then every rule of `policy` at the time `now`.
    pub fn verify(
        self,
        keys: &VerifyingKeySet,
        policy: &Policy,
        now: UnixTime,
    ) -> Result<Verified, Error> {
        // RFC 7797 §7: a JWT's payload is always encoded.
        if !self.unverified_header().base64_payload() {
            return Err(Error::Signature(jws::Error::PayloadEncoding {
                problem: "a JWT cannot have an unencoded one",
            }));
        }
        let verified = self.0.verify(keys, &policy.signature)?;
        Verified::check(verified, policy, now)
    }
}

/// A token whose signature and claims were found good: the only source of claims that other code
/// should accept.
#[derive(Clone)]
pub struct Verified {
    header: Header,
    claims: Claims,
    key: VerifyingKey,
}

impl Verified {
    /// Holds an already verified signature's payload against the policy, for tokens that do not
    /// come in the compact form.
    pub fn check(signed: jws::Verified, policy: &Policy, now: UnixTime) -> Result<Self, Error> {
        let claims = Claims::parse(signed.payload, &policy.signature.limits)?;
        let mut failures = Vec::new();
        check::check(policy, &signed.header, &claims, now, &mut failures);
        if failures.is_empty() {
            Ok(Self {
                header: signed.header,
                claims,
                key: signed.key,
            })
        } else {
            Err(Error::Claims(failures))
        }
    }

    /// The protected header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The claims.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The claims, taken out.
    pub fn into_claims(self) -> Claims {
        self.claims
    }

    /// The key that verified.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}
