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
pub use check::Expectation;
pub use claims::{Audiences, Claims};
pub use error::{ClaimError, Error};
pub use policy::Policy;

use core::fmt;

use crate::jws::{self, Header, HeaderBuilder, SignError, compact};
use crate::key::{SigningKey, VerifyingKey, VerifyingKeySet};
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

/// Signs claims of any type that serializes to a JSON object, in the compact form.
///
/// Each name must occur once, as it does in a struct or a map. [`Builder`] sets claims one by one.
///
/// # Errors
/// The claims are no JSON object; the header leaves the payload unencoded; the backend fails.
pub fn sign<C: serde::Serialize + ?Sized>(
    key: &SigningKey,
    header: &HeaderBuilder,
    claims: &C,
) -> Result<String, SignError> {
    let text = crate::json::to_string(claims)?;
    if !text.starts_with('{') {
        return Err(SignError::Claims {
            problem: "they are not a JSON object",
        });
    }
    sign_text(key, header, &text)
}

fn sign_text(key: &SigningKey, header: &HeaderBuilder, claims: &str) -> Result<String, SignError> {
    // RFC 7797 §7: a JWT's payload is always encoded.
    if header.has_unencoded_payload() {
        return Err(SignError::Header {
            problem: "a JWT cannot have an unencoded payload",
        });
    }
    compact::sign(key, header, claims.as_bytes())
}

/// A token that nobody has verified.
#[derive(Clone, Debug)]
pub struct Unverified<'t> {
    signed: compact::Unverified<'t>,
    limits: Limits,
}

impl<'t> Unverified<'t> {
    /// Splits and decodes; the size is checked first.
    pub fn parse(token: &'t str, limits: &Limits) -> Result<Self, Error> {
        Ok(Self {
            signed: compact::Unverified::parse(token, limits)?,
            limits: *limits,
        })
    }

    /// The header as it was sent.
    pub fn unverified_header(&self) -> &Header {
        self.signed.unverified_header()
    }

    /// The claims as they were sent, within the limits that the token was parsed with.
    pub fn unverified_claims(&self) -> Result<Claims, Error> {
        Claims::parse(self.signed.unverified_payload().to_vec(), &self.limits)
    }

    /// Verifies the signature, then every rule of `policy` at the time `now`.
    pub fn verify(
        self,
        keys: &VerifyingKeySet,
        policy: &Policy,
        now: UnixTime,
    ) -> Result<Verified, Error> {
        check_encoded(self.unverified_header())?;
        let signed = self.signed.verify(keys, &policy.signature)?;
        Verified::check_claims(signed, policy, now)
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
    /// Holds an already verified signature and its payload against the policy, for tokens that do
    /// not come in the compact form. What the signature was verified by need not have been the
    /// policy, so its algorithm and `crit` are asked again.
    pub fn check(signed: jws::Verified, policy: &Policy, now: UnixTime) -> Result<Self, Error> {
        check_encoded(&signed.header)?;
        signed.header.check_critical(&policy.signature.critical)?;
        let algorithm = signed.key.algorithm();
        if !policy.signature.algorithms.contains(algorithm) {
            return Err(jws::Error::AlgorithmNotAllowed { algorithm }.into());
        }
        Self::check_claims(signed, policy, now)
    }

    fn check_claims(signed: jws::Verified, policy: &Policy, now: UnixTime) -> Result<Self, Error> {
        let claims = Claims::parse(signed.payload, &policy.signature.limits)?;
        let mut failures = Vec::new();
        check::check(policy, &signed.header, &claims, now, &mut |_, failure| {
            failures.extend(failure);
        });
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

/// RFC 7797 §7: a JWT's payload is always encoded.
fn check_encoded(header: &Header) -> Result<(), Error> {
    if header.base64_payload() {
        return Ok(());
    }
    Err(Error::Signature(jws::Error::PayloadEncoding {
        problem: "a JWT cannot have an unencoded one",
    }))
}
