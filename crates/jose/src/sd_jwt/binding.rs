//! The key-binding JWT (RFC 9901 §4.3): the holder's signature over what it presents.

use core::time::Duration;

use super::disclosure::digest;
use super::{Error, Unverified, rebuild};
use crate::alg::{AlgorithmSet, Hash};
use crate::backend::Backend;
use crate::json::Value;
use crate::jwk::Jwk;
use crate::jws::{HeaderAlgorithm, HeaderBuilder, SignError, SignatureRules};
use crate::jwt::policy::TypeRule;
use crate::jwt::{self, Claims, Policy};
use crate::key::{SigningKey, VerifyingKey, VerifyingKeySet};
use crate::limits::Limits;
use crate::time::UnixTime;

const TYPE: &str = "kb+jwt";

/// What the holder must prove.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyBindingRules {
    /// The algorithms that are accepted; never any with a shared secret.
    pub algorithms: AlgorithmSet,
    /// The one `aud`: this verifier.
    pub audience: String,
    /// The `nonce` that this verifier gave for this presentation.
    pub nonce: String,
    /// Longest time since `iat`. Default five minutes.
    pub max_age: Duration,
    /// How far clocks may differ. Default none.
    pub leeway: Duration,
}

impl KeyBindingRules {
    /// For this verifier and this presentation; all asymmetric algorithms, five minutes.
    pub fn new(audience: impl Into<String>, nonce: impl Into<String>) -> Self {
        Self {
            algorithms: AlgorithmSet::asymmetric(),
            audience: audience.into(),
            nonce: nonce.into(),
            max_age: Duration::from_mins(5),
            leeway: Duration::ZERO,
        }
    }
}

/// What a verifier asks a holder to sign.
#[derive(Clone, Copy)]
pub struct Challenge<'c> {
    /// The verifier.
    pub audience: &'c str,
    /// Its nonce for this presentation.
    pub nonce: &'c str,
}

/// Leaves the nonce out.
impl core::fmt::Debug for Challenge<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Challenge")
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}

/// Leaves the nonce out.
impl core::fmt::Debug for KeyBindingRules {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("KeyBindingRules")
            .field("algorithms", &self.algorithms)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}

/// Appends a key-binding JWT to a presentation, which ends in a tilde: `key` is the private half
/// of the token's `cnf`.
///
/// # Errors
/// The presentation is no SD-JWT or is bound already, or the backend failed.
pub fn bind(
    presentation: &str,
    key: &SigningKey,
    challenge: &Challenge<'_>,
    now: UnixTime,
    backend: &dyn Backend,
) -> Result<String, SignError> {
    let refused = |problem| SignError::Claims { problem };
    let limits = Limits {
        token_bytes: presentation.len(),
        disclosures: usize::MAX,
        ..Limits::default()
    };
    let token = Unverified::parse(presentation, &limits)
        .map_err(|_| refused("the presentation is not an SD-JWT"))?;
    if token.key_binding.is_some() {
        return Err(refused("the presentation is bound already"));
    }
    let claims = Claims::parse(token.unverified_payload().to_vec(), &limits)
        .map_err(|_| refused("the SD-JWT's payload is not a JSON object"))?;
    let hash = claims
        .value()
        .as_object()
        .and_then(|payload| rebuild::hash(payload).ok())
        .ok_or(refused("the SD-JWT's `_sd_alg` is unknown"))?;
    let proof = jwt::Builder::new()
        .header(HeaderBuilder::new().typ(TYPE))
        .issued_at(now)
        .audiences(&[challenge.audience])
        .claim("nonce", challenge.nonce)?
        .claim("sd_hash", &digest(presentation, hash, backend))?
        .sign(&key.clone().without_key_id())?;
    Ok(format!("{presentation}{proof}"))
}

/// What a key-binding JWT is held against.
pub(super) struct Expected<'e> {
    /// The claims of the issuer, which name the holder's key.
    pub(super) claims: &'e Claims,
    /// The hash of the digests.
    pub(super) hash: Hash,
    pub(super) rules: &'e KeyBindingRules,
}

/// Checks the key-binding JWT of a presentation whose token is good (RFC 9901 §7.3).
pub(super) fn check(
    token: &Unverified<'_>,
    expected: &Expected<'_>,
    now: UnixTime,
    backend: &dyn Backend,
) -> Result<jwt::Verified, Error> {
    let proof = token.key_binding.ok_or(Error::KeyBindingMissing)?;
    let proof = jwt::Unverified::parse(proof, &token.limits).map_err(Error::KeyBinding)?;
    let policy = policy(expected.rules, token.limits);
    let keys = match proof.unverified_header().algorithm() {
        HeaderAlgorithm::Known(algorithm) if policy.signature.algorithms.contains(algorithm) => {
            VerifyingKey::new(&holder_key(expected.claims)?, algorithm, backend)
                .map_err(|_| mismatch("the key in `cnf` cannot be used with its algorithm"))?
                .into()
        }
        // No key is looked at for an algorithm that is refused, with its reason, below.
        _ => VerifyingKeySet::empty(),
    };
    let proof = proof
        .verify(&keys, &policy, now)
        .map_err(Error::KeyBinding)?;
    let string = |name| proof.claims().get(name).and_then(Value::as_str);
    if string("aud").is_none() {
        return Err(mismatch("`aud` is not one string"));
    }
    if string("sd_hash") != Some(digest(token.presented, expected.hash, backend).as_str()) {
        return Err(mismatch("`sd_hash` is not the hash of this presentation"));
    }
    if string("nonce") != Some(expected.rules.nonce.as_str()) {
        return Err(Error::Nonce);
    }
    Ok(proof)
}

fn policy(rules: &KeyBindingRules, limits: Limits) -> Policy {
    let algorithms = rules.algorithms.intersection(AlgorithmSet::asymmetric());
    let required = ["iat", "aud", "nonce", "sd_hash"];
    Policy {
        signature: SignatureRules {
            limits,
            ..SignatureRules::new(algorithms)
        },
        audiences: vec![rules.audience.clone()],
        typ: Some(TypeRule {
            any_of: vec![TYPE.to_owned()],
            optional: false,
        }),
        required: required.map(str::to_owned).to_vec(),
        leeway: rules.leeway,
        max_age: Some(rules.max_age),
        ..Policy::default()
    }
}

/// The public key that the issuer put into `cnf` (RFC 7800 §3.2).
fn holder_key(claims: &Claims) -> Result<Jwk, Error> {
    let jwk = claims
        .nested(&["cnf", "jwk"])
        .ok_or(mismatch("the token names no key in `cnf`"))?;
    Jwk::from_value(jwk)
        .ok()
        .filter(|jwk| !jwk.material().is_private())
        .ok_or(mismatch("the key in `cnf` is not a sound public key"))
}

fn mismatch(problem: &'static str) -> Error {
    Error::KeyBindingMismatch { problem }
}
