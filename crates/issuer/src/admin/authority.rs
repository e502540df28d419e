//! Who administers: the owner of the machine, or whoever has an access token that permits it.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, header};
use jeton_jose::{AlgorithmSet, Policy, UnixTime, jwt};
use jeton_oauth::claims::ACCESS_TOKEN_TYP;
use jeton_oauth::revocation_log::Facts;
use jeton_oauth::Scope;
use jeton_problem::{Problem, RequestCode};
use jeton_store::{AccountId, Act, Actor, ClientId};

use super::answer::Refusal;
use crate::caller::Caller;
use crate::issuer::Issuer;
use crate::setup::{ADMIN_READ, ADMIN_WRITE};

/// Who administers.
#[derive(Clone, Debug)]
struct Authority(Actor);

/// The circumstances of a change that somebody asks for.
#[derive(Clone, Debug)]
pub(super) struct By(pub(super) Act);

impl FromRequestParts<Arc<Issuer>> for By {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        issuer: &Arc<Issuer>,
    ) -> Result<Self, Refusal> {
        let authority = parts.extensions.get::<Authority>().cloned();
        let Authority(actor) = authority.ok_or_else(unauthenticated)?;
        let Ok(caller) = Caller::from_request_parts(parts, issuer).await;
        Ok(Self(Act {
            address: caller.address_text(),
            ..issuer.act(actor)
        }))
    }
}

/// Lets whoever has the machine in.
pub(super) async fn of_the_machine(mut request: Request, next: Next) -> Response {
    request
        .extensions_mut()
        .insert(Authority(Actor::CommandLine));
    next.run(request).await
}

/// Lets whoever has an access token for administration in.
pub(super) async fn by_token(
    State(issuer): State<Arc<Issuer>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let needed = match *request.method() {
        Method::GET | Method::HEAD => ADMIN_READ,
        _ => ADMIN_WRITE,
    };
    let actor = judge(&issuer, request.headers(), needed).await?;
    request.extensions_mut().insert(Authority(actor));
    Ok(next.run(request).await)
}

/// What of a token is looked at here.
#[derive(serde::Deserialize)]
struct Claims {
    sub: String,
    client_id: String,
    #[serde(default)]
    scope: Scope,
    jti: String,
    #[serde(default)]
    sid: Option<String>,
    #[serde(with = "jeton_oauth::seconds")]
    iat: UnixTime,
}

async fn judge(
    issuer: &Issuer,
    headers: &HeaderMap,
    needed: &'static str,
) -> Result<Actor, Refusal> {
    let refused = || unauthenticated().challenge(challenge(issuer, needed, "invalid_token"));
    let token = bearer(headers).ok_or_else(|| {
        unauthenticated().challenge(challenge(issuer, needed, ""))
    })?;
    let policy = Policy::new(AlgorithmSet::asymmetric())
        .issuer(&issuer.url)
        .audience(issuer.admin_resource())
        .typ(ACCESS_TOKEN_TYP)
        .require("exp");
    let now = issuer.now();
    let verified =
        jwt::verify(token, issuer.keys().verifying(), &policy, now).map_err(|_| refused())?;
    let claims: Claims = verified.claims().deserialize().map_err(|_| refused())?;
    let is_revoked = issuer.is_revoked(&Facts {
        issuer: &issuer.url,
        jwt_id: Some(&claims.jti),
        subject: Some(&claims.sub),
        session: claims.sid.as_deref(),
        client: Some(&claims.client_id),
        tenant: None,
        issued_at: Some(claims.iat),
    });
    if is_revoked {
        return Err(refused());
    }
    let lacking = || {
        Refusal::from(Problem::from(RequestCode::PermissionMissing))
            .challenge(challenge(issuer, needed, "insufficient_scope"))
    };
    if !claims.scope.contains(needed) {
        return Err(lacking());
    }
    // A client in its own name has what it is registered for.
    if claims.sub == claims.client_id {
        return Ok(Actor::Client(ClientId::new(claims.client_id)));
    }
    let account = AccountId::new(claims.sub);
    let asked = account.clone();
    let entitlements = issuer
        .ask(|store, reply| store.entitlements(asked, reply))
        .await?;
    match entitlements {
        Some(entitlements) if entitlements.permissions.contains(needed) => {
            Ok(Actor::Account(account))
        }
        _ => Err(lacking()),
    }
}

fn unauthenticated() -> Refusal {
    Problem::from(RequestCode::Unauthenticated).into()
}

/// The one token of the one `Authorization` header.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).into_iter();
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim_matches(' '))
}

/// RFC 6750 §3: without a token there is no error, only what would do.
fn challenge(issuer: &Issuer, scope: &str, error: &str) -> HeaderValue {
    let error = match error {
        "" => String::new(),
        error => format!(", error=\"{error}\""),
    };
    // The URL was checked to be printable when the service started.
    let text = format!(
        "Bearer realm=\"{}\"{error}, scope=\"{scope}\"",
        issuer.admin_resource().replace(['"', '\\'], "'")
    );
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("Bearer"))
}
