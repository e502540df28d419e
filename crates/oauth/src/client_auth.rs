//! Which client speaks, and what it shows for it (RFC 6749 §2.3, RFC 7523).

use core::time::Duration;

use base64ct::{Base64, Encoding as _};
use jeton_jose::alg::Hash;
use jeton_jose::backend::Backend;
use jeton_jose::key::VerifyingKeySet;
use jeton_jose::{AlgorithmSet, Limits, Policy, Secret, UnixTime, jwt};

use crate::client::AuthMethod;
use crate::credential::Credential;
use crate::error::{ErrorCode, OAuthError, invalid_request};
use crate::form::{self, Parameters};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The longest an assertion may live, so that what remembers its `jti` stays small.
const LONGEST_ASSERTION: Duration = Duration::from_hours(1);

/// What a client presented. Nothing of it is checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// The client it claims to be.
    pub client_id: String,
    /// What it shows.
    pub proof: Proof,
}

/// What a client shows for being itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Nothing.
    None,
    /// A secret in the `Authorization` header.
    Basic(Credential),
    /// A secret in the body.
    Post(Credential),
    /// A signed assertion.
    Assertion(Credential),
}

impl Proof {
    /// The method it belongs to.
    pub fn method(&self) -> AuthMethod {
        match self {
            Self::None => AuthMethod::None,
            Self::Basic(_) => AuthMethod::Basic,
            Self::Post(_) => AuthMethod::Post,
            Self::Assertion(_) => AuthMethod::PrivateKeyJwt,
        }
    }
}

impl Presented {
    /// Reads the `Authorization` header and the form. More than one way at once is refused
    /// (RFC 6749 §2.3).
    pub fn read(authorization: Option<&str>, form: &Parameters) -> Result<Self, OAuthError> {
        let basic = authorization.map(read_basic).transpose()?;
        let post = form.get("client_secret");
        let assertion = form.get("client_assertion");
        let ways = [basic.is_some(), post.is_some(), assertion.is_some()];
        if ways.iter().filter(|used| **used).count() > 1 {
            return Err(invalid_request("the client authenticates in two ways"));
        }
        let named = form.get("client_id");
        let presented = if let Some(basic) = basic {
            basic
        } else if let Some(assertion) = assertion {
            read_assertion(assertion, form)?
        } else {
            let client_id = named
                .ok_or_else(|| OAuthError::new(ErrorCode::InvalidClient, "no client is named"))?;
            Self {
                client_id: client_id.to_owned(),
                proof: post.map_or(Proof::None, |secret| Proof::Post(Credential::new(secret))),
            }
        };
        if named.is_some_and(|named| named != presented.client_id) {
            return Err(invalid_request(
                "`client_id` is not the client that authenticates",
            ));
        }
        Ok(presented)
    }
}

/// RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
fn read_basic(header: &str) -> Result<Presented, OAuthError> {
    let refuse = |why: &'static str| OAuthError::new(ErrorCode::InvalidClient, why);
    let (scheme, encoded) = header.split_once(' ').unwrap_or((header, ""));
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(refuse("the `Authorization` header is not Basic"));
    }
    let joined = Base64::decode_vec(encoded.trim_matches(' '))
        .map_err(|_| refuse("the `Authorization` header is not base64"))?;
    let joined = Secret::new(joined);
    let colon = joined.expose().iter().position(|byte| *byte == b':');
    let at = colon.ok_or_else(|| refuse("the `Authorization` header has no colon"))?;
    let half = |bytes: Option<&[u8]>| {
        form::decode(bytes.unwrap_or_default())
            .map_err(|_| refuse("the `Authorization` header is not form-encoded"))
    };
    let client_id = half(joined.expose().get(..at))?;
    let secret = half(joined.expose().get(at + 1..))?;
    if client_id.is_empty() {
        return Err(refuse("no client is named"));
    }
    Ok(Presented {
        client_id,
        proof: Proof::Basic(Credential::new(secret)),
    })
}

fn read_assertion(assertion: &str, form: &Parameters) -> Result<Presented, OAuthError> {
    if form.get("client_assertion_type") != Some(ASSERTION_TYPE) {
        return Err(invalid_request("`client_assertion_type` is unknown"));
    }
    let malformed = |_| OAuthError::new(ErrorCode::InvalidClient, "the assertion is no JWT");
    let token = jwt::Unverified::parse(assertion, &Limits::default()).map_err(malformed)?;
    let claims = token.unverified_claims().map_err(malformed)?;
    let subject = claims.subject().ok_or_else(|| {
        OAuthError::new(ErrorCode::InvalidClient, "the assertion names no client")
    })?;
    Ok(Presented {
        client_id: subject.to_owned(),
        proof: Proof::Assertion(Credential::new(assertion)),
    })
}

/// Under what a client secret is kept. Secrets are random, so a plain hash is enough.
pub fn secret_hash(secret: &Credential, backend: &dyn Backend) -> [u8; 32] {
    let digest = backend.digest(Hash::Sha256, secret.expose().as_bytes());
    digest.as_ref().first_chunk().copied().unwrap_or_default()
}

/// Whether the secret is the one that is kept under the hash.
pub fn check_secret(secret: &Credential, kept: &[u8; 32], backend: &dyn Backend) -> bool {
    Secret::new(secret_hash(secret, backend).to_vec()) == Secret::new(kept.to_vec())
}

/// A verified assertion, to be accepted once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssertionId {
    /// Its `jti`.
    pub jwt_id: String,
    /// Until when the `jti` has to be remembered.
    pub expires_at: UnixTime,
}

/// What an assertion has to be (RFC 7523 §3).
#[derive(Clone, Copy, Debug)]
pub struct AssertionRules<'a> {
    /// The client that presents it.
    pub client_id: &'a str,
    /// The names of this server: its issuer, the token endpoint.
    pub audiences: &'a [&'a str],
    /// How far clocks may differ.
    pub leeway: Duration,
}

/// Verifies a client's assertion under its keys.
pub fn verify_assertion(
    assertion: &Credential,
    rules: &AssertionRules<'_>,
    keys: &VerifyingKeySet,
    now: UnixTime,
) -> Result<AssertionId, OAuthError> {
    let refuse = |why: String| OAuthError::new(ErrorCode::InvalidClient, why);
    let policy = Policy {
        audiences: rules.audiences.iter().map(|&one| one.to_owned()).collect(),
        ..Policy::new(AlgorithmSet::asymmetric())
    }
    .issuer(rules.client_id)
    .subject(rules.client_id)
    .require("exp")
    .require("jti")
    .leeway(rules.leeway);
    let verified = jwt::verify(assertion.expose(), keys, &policy, now)
        .map_err(|error| refuse(format!("the assertion is refused: {}", error.code())))?;
    let (Some(jwt_id), Some(expires_at)) =
        (verified.claims().jwt_id(), verified.claims().expires_at())
    else {
        return Err(refuse("the assertion has no `jti` or `exp`".to_owned()));
    };
    if expires_at > now.saturating_add(LONGEST_ASSERTION) {
        return Err(refuse("the assertion lives longer than an hour".to_owned()));
    }
    Ok(AssertionId {
        jwt_id: jwt_id.to_owned(),
        expires_at: expires_at.saturating_add(rules.leeway),
    })
}

#[cfg(test)]
mod tests;
