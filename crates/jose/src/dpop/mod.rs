//! Proofs that the sender of a request holds a private key (DPoP, RFC 9449).
//!
//! [`Prover`] makes them, [`check`] checks them. This is the one place where a key that travels in
//! a header is used: it proves possession of itself and nothing else, so ask [`Checked::is_bound`]
//! whether the access token names this very key. Whether a proof was seen before is for the caller
//! to remember: [`Checked`] hands out what and for how long.

mod error;
#[cfg(test)]
mod tests;
mod uri;

pub use error::Error;

use core::time::Duration;

use crate::alg::{Algorithm, AlgorithmSet, Hash};
use crate::backend::Backend;
use crate::base64url;
use crate::json::Value;
use crate::jwk::Jwk;
use crate::jws::{Header, HeaderAlgorithm, HeaderBuilder, SignError, SignatureRules};
use crate::jwt::policy::Preset;
use crate::jwt::{self, ClaimError, Claims, Policy};
use crate::key::{KeyError, SigningKey, VerifyingKey, VerifyingKeySet};
use crate::limits::Limits;
use crate::time::UnixTime;

/// The request that a proof is for. The prover writes it, the checker compares it.
#[derive(Clone, Copy)]
pub struct Request<'r> {
    /// The method as it stands in the request; case matters (RFC 9110 §9.1).
    pub method: &'r str,
    /// The target as an absolute `http` or `https` URI. Query and fragment are left out of it.
    pub uri: &'r str,
    /// The access token that goes with the request, if one does: the proof carries its hash.
    pub access_token: Option<&'r str>,
    /// The nonce that the server gave, if it gave one (RFC 9449 §8).
    pub nonce: Option<&'r str>,
}

/// What a proof must satisfy beside belonging to its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The algorithms that are accepted; never any with a shared secret.
    pub algorithms: AlgorithmSet,
    /// Longest time since `iat`. Default one minute.
    pub max_age: Duration,
    /// How far clocks may differ, in both directions. Default 15 seconds.
    pub leeway: Duration,
    /// Sizes. By default a proof has at most 16 KiB.
    pub limits: Limits,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            algorithms: AlgorithmSet::asymmetric(),
            max_age: Duration::from_mins(1),
            leeway: Duration::from_secs(15),
            limits: Limits {
                token_bytes: 16 * 1024,
                ..Limits::default()
            },
        }
    }
}

/// A proof that was found good for its request.
#[derive(Clone, Debug)]
pub struct Checked {
    jwt_id: String,
    thumbprint: String,
    key: Jwk,
    claims: Claims,
    expires_at: UnixTime,
}

impl Checked {
    /// The `jti`. Refuse the proof if the pair of thumbprint and `jti` was seen before
    /// [`Checked::expires_at`] (RFC 9449 §11.1).
    pub fn jwt_id(&self) -> &str {
        &self.jwt_id
    }

    /// The SHA-256 thumbprint of the key, as `cnf.jkt` names it (RFC 9449 §6.1).
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// Until when the proof could be sent again and so has to be remembered.
    pub fn expires_at(&self) -> UnixTime {
        self.expires_at
    }

    /// The key of which possession was proven.
    pub fn key(&self) -> &Jwk {
        &self.key
    }

    /// All claims of the proof.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Whether `access_token`, whose claims are verified already, is bound to this key by
    /// `cnf.jkt` (RFC 9449 §6.1).
    pub fn is_bound(&self, access_token: &Claims) -> bool {
        access_token.nested(&["cnf", "jkt"]).and_then(Value::as_str) == Some(self.thumbprint())
    }
}

/// Longest `jti` in bytes, since somebody has to remember it.
const LONGEST_JWT_ID: usize = 256;

/// Checks a proof against the request that it came with (RFC 9449 §4.3).
///
/// A request must carry exactly one `DPoP` header field; more than one is for the caller to refuse.
///
/// # Errors
/// The form, the embedded key, the signature, the claims in this order; a wrong or missing nonce
/// is an error of its own, since the server answers it with a fresh one.
pub fn check(
    proof: &str,
    request: &Request<'_>,
    rules: &Rules,
    now: UnixTime,
    backend: &dyn Backend,
) -> Result<Checked, Error> {
    let token = jwt::Unverified::parse(proof, &rules.limits)?;
    let policy = policy(rules);
    let header = token.unverified_header();
    let (jwk, keys) = match header.algorithm() {
        HeaderAlgorithm::Known(algorithm) if policy.signature.algorithms.contains(algorithm) => {
            let jwk = embedded_key(header)?;
            let key = VerifyingKey::new(&jwk, algorithm, backend)?;
            (Some(jwk), key.into())
        }
        // No key is looked at for an algorithm that is refused, with its reason, below.
        _ => (None, VerifyingKeySet::empty()),
    };
    let claims = token.verify(&keys, &policy, now)?.into_claims();
    let key = jwk.ok_or(Error::KeyMissing)?;
    let failures = request_failures(&claims, request, backend);
    if !failures.is_empty() {
        return Err(jwt::Error::Claims(failures).into());
    }
    if request.nonce.is_some() && string(&claims, "nonce") != request.nonce {
        return Err(Error::Nonce);
    }
    let lifetime = rules.max_age.saturating_add(rules.leeway);
    Ok(Checked {
        jwt_id: claims.jwt_id().unwrap_or_default().to_owned(),
        thumbprint: key.thumbprint(Hash::Sha256, backend),
        expires_at: claims.issued_at().unwrap_or(now).saturating_add(lifetime),
        key,
        claims,
    })
}

/// A key that proves its possession.
#[derive(Clone, Debug)]
pub struct Prover {
    key: SigningKey,
    header: HeaderBuilder,
    thumbprint: String,
}

impl Prover {
    /// Prepares the private key `jwk`. Of it only the public numbers are sent along.
    ///
    /// # Errors
    /// The algorithm works with a shared secret; as for [`SigningKey::new`] otherwise.
    pub fn new(jwk: &Jwk, algorithm: Algorithm, backend: &dyn Backend) -> Result<Self, KeyError> {
        let key = SigningKey::new(jwk, algorithm, backend)?;
        let public = jwk.material().public().ok_or(KeyError::Type {
            algorithm: algorithm.into(),
            found: jwk.material().key_type().name(),
        })?;
        let public = Jwk::from(public);
        Ok(Self {
            key: key.without_key_id(),
            thumbprint: public.thumbprint(Hash::Sha256, backend),
            header: HeaderBuilder::new()
                .typ("dpop+jwt")
                .json_parameter("jwk", public.to_json().as_str().to_owned()),
        })
    }

    /// The SHA-256 thumbprint of the key, as `dpop_jkt` and `cnf.jkt` carry it.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// A proof for one request. `jwt_id` must be unique: 96 random bits or more (RFC 9449 §4.2).
    ///
    /// # Errors
    /// The URI is not an absolute `http` or `https` one, or the backend failed.
    pub fn prove(
        &self,
        request: &Request<'_>,
        jwt_id: &str,
        now: UnixTime,
        backend: &dyn Backend,
    ) -> Result<String, SignError> {
        let uri = uri::normalize(request.uri).ok_or(SignError::Claims {
            problem: "`htu` must be an absolute http or https URI",
        })?;
        let mut claims = jwt::Builder::new()
            .header(self.header.clone())
            .jwt_id(jwt_id)
            .claim("htm", request.method)?
            .claim("htu", &uri)?
            .issued_at(now);
        if let Some(token) = request.access_token {
            claims = claims.claim("ath", &token_hash(token, backend))?;
        }
        if let Some(nonce) = request.nonce {
            claims = claims.claim("nonce", nonce)?;
        }
        claims.sign(&self.key)
    }
}

fn policy(rules: &Rules) -> Policy {
    let algorithms = rules.algorithms.intersection(AlgorithmSet::asymmetric());
    Policy {
        signature: SignatureRules {
            limits: rules.limits,
            ..SignatureRules::new(algorithms)
        },
        max_age: Some(rules.max_age),
        leeway: rules.leeway,
        ..Preset::DpopProof.policy()
    }
}

/// The public key in the `jwk` parameter (RFC 9449 §4.2).
fn embedded_key(header: &Header) -> Result<Jwk, Error> {
    let jwk = Jwk::from_value(header.get("jwk").ok_or(Error::KeyMissing)?)?;
    if jwk.material().is_private() {
        return Err(Error::KeyPrivate);
    }
    Ok(jwk)
}

/// What of the claims does not belong to the request.
fn request_failures(
    claims: &Claims,
    request: &Request<'_>,
    backend: &dyn Backend,
) -> Vec<ClaimError> {
    let mut failures = Vec::new();
    let mut fail = |claim: &str, rule| {
        failures.push(ClaimError::Rule {
            claim: claim.to_owned(),
            rule,
        });
    };
    match claims.jwt_id().map_or(0, str::len) {
        0 => fail("jti", "is empty"),
        len if len > LONGEST_JWT_ID => fail("jti", "is longer than 256 bytes"),
        _ => {}
    }
    if string(claims, "htm") != Some(request.method) {
        fail("htm", "is not the method of the request");
    }
    let claimed = string(claims, "htu").and_then(uri::normalize);
    if claimed.is_none() || claimed != uri::normalize(request.uri) {
        fail("htu", "is not the target of the request");
    }
    if let Some(token) = request.access_token
        && string(claims, "ath") != Some(token_hash(token, backend).as_str())
    {
        fail("ath", "is not the hash of the access token");
    }
    failures
}

fn string<'c>(claims: &'c Claims, name: &str) -> Option<&'c str> {
    claims.get(name)?.as_str()
}

fn token_hash(token: &str, backend: &dyn Backend) -> String {
    base64url::encode(backend.digest(Hash::Sha256, token.as_bytes()).as_ref())
}

/// Leaves the access token and the nonce out.
impl core::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}
