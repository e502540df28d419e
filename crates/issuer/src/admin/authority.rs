//! Who administers: the owner of the machine, or whoever has an access token that permits it.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method};
use jeton_problem::{Problem, RequestCode};
use jeton_store::{AccountId, Act, Actor, ClientId};

use super::answer::Refusal;
use crate::bearer::presented;
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

    async fn from_request_parts(parts: &mut Parts, issuer: &Arc<Issuer>) -> Result<Self, Refusal> {
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

async fn judge(
    issuer: &Issuer,
    headers: &HeaderMap,
    needed: &'static str,
) -> Result<Actor, Refusal> {
    let refused = || unauthenticated().challenge(challenge(issuer, needed, "invalid_token"));
    let Ok(Some(token)) = presented(headers) else {
        return Err(unauthenticated().challenge(challenge(issuer, needed, "")));
    };
    let bearer = issuer.access_token(token).map_err(|_| refused())?;
    if !bearer.audiences.contains(&issuer.admin_resource()) {
        return Err(refused());
    }
    let lacking = || {
        Refusal::from(Problem::from(RequestCode::PermissionMissing)).challenge(challenge(
            issuer,
            needed,
            "insufficient_scope",
        ))
    };
    if !bearer.scope.contains(needed) {
        return Err(lacking());
    }
    // A client in its own name has what it is registered for.
    if bearer.sub == bearer.client_id {
        return Ok(Actor::Client(ClientId::new(&bearer.client_id)));
    }
    let account = AccountId::new(&bearer.sub);
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
