//! Access tokens of this very server, as it takes them back.
//!
//! A signature is verified once for each set of signing keys and remembered by the SHA-256 of the
//! token; whether the token expired or was revoked is judged at every use.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use jeton_jose::{AlgorithmSet, Code, Policy, UnixTime, jwt};
use jeton_oauth::claims::{ACCESS_TOKEN_TYP, Actor};
use jeton_oauth::revocation_log::Facts;
use jeton_oauth::{ErrorCode, OAuthError, Scope};
use jeton_problem::{Challenge, RequestCode};
use jeton_store::Sha256;
use jeton_store::grant::IssuedToken;

use crate::answer::with_status;
use crate::issuer::Issuer;

/// Tokens that are remembered in each of two generations.
const MOST: usize = 4096;

/// A verified access token of this server.
#[derive(Clone, Debug, serde::Deserialize)]
pub(crate) struct Bearer {
    pub(crate) sub: String,
    pub(crate) client_id: String,
    #[serde(default)]
    pub(crate) scope: Scope,
    #[serde(with = "jeton_oauth::seconds")]
    pub(crate) exp: UnixTime,
    #[serde(with = "jeton_oauth::seconds")]
    pub(crate) iat: UnixTime,
    pub(crate) jti: String,
    #[serde(default)]
    pub(crate) sid: Option<String>,
    #[serde(default, with = "jeton_oauth::seconds::optional")]
    pub(crate) auth_time: Option<UnixTime>,
    #[serde(default)]
    pub(crate) acr: Option<String>,
    #[serde(default)]
    pub(crate) amr: Vec<String>,
    #[serde(default)]
    pub(crate) act: Option<Actor>,
    #[serde(default)]
    pub(crate) may_act: Option<Actor>,
    #[serde(default)]
    pub(crate) userinfo_claims: Vec<String>,
    #[serde(skip)]
    pub(crate) audiences: Vec<String>,
    /// What introspection answers while the token is good.
    #[serde(skip)]
    pub(crate) introspection: Bytes,
}

/// Why a request with an access token is refused (RFC 6750 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unauthorized {
    /// There is no token.
    Missing,
    /// There are several, or one in the wrong place.
    Twice,
    /// The token does not count, for this reason of the core's.
    Invalid(Code),
    /// The token is revoked.
    Revoked,
    /// The token lacks this scope.
    Scope(&'static str),
}

impl Bearer {
    fn read(verified: &jwt::Verified) -> Result<Self, Code> {
        let claims = verified.claims();
        let read: Self = claims.deserialize().map_err(|_| Code::ClaimType)?;
        // A token of ours is an object with members, none of which has a name that is added here.
        let members = claims.text().strip_prefix('{').ok_or(Code::ClaimsInvalid)?;
        Ok(Self {
            audiences: claims.audiences().map(str::to_owned).collect(),
            introspection: Bytes::from(format!(
                "{{\"active\":true,\"token_type\":\"Bearer\",{members}"
            )),
            ..read
        })
    }

    /// Whether it speaks for a person, and not for a client in its own name.
    pub(crate) fn is_of_person(&self) -> bool {
        self.auth_time.is_some()
    }

    /// As the revocation log names it.
    pub(crate) fn record(&self, issuer: &Issuer) -> IssuedToken {
        IssuedToken {
            iss: issuer.url.clone(),
            jti: self.jti.clone(),
            expires_at: self.exp,
        }
    }

    /// Refuses a token without this scope.
    pub(crate) fn require(&self, word: &'static str) -> Result<(), Unauthorized> {
        if self.scope.contains(word) {
            return Ok(());
        }
        Err(Unauthorized::Scope(word))
    }
}

impl Issuer {
    /// A token that counts now and is meant for this audience.
    pub(crate) fn bearer_of(
        &self,
        token: &str,
        audience: &str,
    ) -> Result<Arc<Bearer>, Unauthorized> {
        let bearer = self.access_token(token)?;
        if bearer.audiences.iter().any(|one| one == audience) {
            return Ok(bearer);
        }
        Err(Unauthorized::Invalid(Code::AudienceMismatch))
    }

    /// A token of this service, for whomever it is meant, that counts now.
    pub(crate) fn access_token(&self, token: &str) -> Result<Arc<Bearer>, Unauthorized> {
        let bearer = self.genuine(token).map_err(Unauthorized::Invalid)?;
        let now = self.now();
        if now >= bearer.exp {
            return Err(Unauthorized::Invalid(Code::TokenExpired));
        }
        let facts = Facts {
            issuer: &self.url,
            jwt_id: Some(&bearer.jti),
            subject: Some(&bearer.sub),
            session: bearer.sid.as_deref(),
            client: Some(&bearer.client_id),
            tenant: None,
            issued_at: Some(bearer.iat),
        };
        if self.is_revoked(&facts) {
            return Err(Unauthorized::Revoked);
        }
        Ok(bearer)
    }

    /// Verifies what no use can change: signature, issuer, type.
    fn genuine(&self, token: &str) -> Result<Arc<Bearer>, Code> {
        let keys = self.keys();
        let hash = Sha256::of(token.as_bytes());
        if let Some(known) = keys.verified().find(&hash) {
            return Ok(known);
        }
        let policy = Policy::new(AlgorithmSet::asymmetric())
            .issuer(&self.url)
            .typ(ACCESS_TOKEN_TYP)
            .require("exp");
        let verified = jwt::verify(token, keys.verifying(), &policy, self.now())
            .map_err(|error| error.code())?;
        let bearer = Arc::new(Bearer::read(&verified)?);
        keys.verified().keep(hash, &bearer);
        Ok(bearer)
    }
}

/// The token of the `Authorization` header; `None` if there is no such header.
pub(crate) fn presented(headers: &HeaderMap) -> Result<Option<&str>, Unauthorized> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Unauthorized::Twice);
    }
    let value = value.to_str().map_err(|_| Unauthorized::Twice)?;
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(Some(token.trim_matches(' ')))
        }
        _ => Err(Unauthorized::Missing),
    }
}

impl Unauthorized {
    /// What `WWW-Authenticate` says.
    pub(crate) fn challenge(self) -> Challenge {
        let challenge = Challenge::new("jeton");
        match self {
            Self::Missing => challenge,
            Self::Twice => challenge.invalid_request(&RequestCode::TokenTwice),
            Self::Invalid(code) => challenge.invalid_token(&code),
            Self::Revoked => challenge.invalid_token(&RequestCode::TokenRevoked),
            Self::Scope(word) => challenge.insufficient_scope(&RequestCode::ScopeMissing, word),
        }
    }

    /// The same as an OAuth error; none where there is no token, which is no error yet.
    fn error(self) -> Option<OAuthError> {
        let (code, cause) = match self {
            Self::Missing => return None,
            Self::Twice => (ErrorCode::InvalidRequest, RequestCode::TokenTwice.cause()),
            Self::Invalid(code) => (ErrorCode::InvalidToken, code.cause()),
            Self::Revoked => (ErrorCode::InvalidToken, RequestCode::TokenRevoked.cause()),
            Self::Scope(_) => (
                ErrorCode::InsufficientScope,
                RequestCode::ScopeMissing.cause(),
            ),
        };
        Some(OAuthError::new(code, cause))
    }
}

impl IntoResponse for Unauthorized {
    fn into_response(self) -> Response {
        let challenge = self.challenge();
        let mut response = match self.error() {
            Some(error) => with_status(challenge.status(), &error.body()),
            None => StatusCode::UNAUTHORIZED.into_response(),
        };
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, challenge.header());
        response
    }
}

/// Tokens whose signature was found good, by the SHA-256 of their text. When one generation is
/// full, the one before it is forgotten.
#[derive(Debug, Default)]
pub(crate) struct Verified(RwLock<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Sha256, Arc<Bearer>>,
    old: HashMap<Sha256, Arc<Bearer>>,
}

impl Verified {
    fn find(&self, hash: &Sha256) -> Option<Arc<Bearer>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.young.get(hash) {
            return Some(Arc::clone(found));
        }
        let found = known.old.get(hash).map(Arc::clone)?;
        drop(known);
        self.keep(*hash, &found);
        Some(found)
    }

    fn keep(&self, hash: Sha256, bearer: &Arc<Bearer>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.young.len() >= MOST {
            known.old = core::mem::take(&mut known.young);
        }
        known.young.insert(hash, Arc::clone(bearer));
    }
}
