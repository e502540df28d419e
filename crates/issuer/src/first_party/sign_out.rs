use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, header};
use jeton_oauth::ErrorCode;
use jeton_store::{AccountId, Actor, SessionId};

use crate::answer::Failure;
use crate::bearer::presented;
use crate::caller::Caller;
use crate::cookies::Cookie;
use crate::first_party::body;
use crate::first_party::refresh::{Request, family};
use crate::issuer::Issuer;

/// Who signs out: as the refresh token says, or else the access token.
struct Who {
    account: AccountId,
    session: Option<SessionId>,
}

/// `POST /logout`: ends this session.
pub(super) async fn answer(
    State(issuer): State<Arc<Issuer>>,
    caller: Caller,
    headers: HeaderMap,
    content: Body,
) -> Result<Response, Failure> {
    let request: Request = body(&headers, content).await?;
    if let Some(who) = who(&issuer, &headers, request).await?
        && let Some(session) = who.session
    {
        let act = caller.act(&issuer, Actor::Account(who.account));
        issuer
            .change(|store, reply| store.end_session(session, act, reply))
            .await?;
    }
    gone()
}

/// `POST /logout/all`: ends all sessions of the account, and whatever was issued for it.
pub(super) async fn everywhere(
    State(issuer): State<Arc<Issuer>>,
    caller: Caller,
    headers: HeaderMap,
    content: Body,
) -> Result<Response, Failure> {
    let request: Request = body(&headers, content).await?;
    let who = who(&issuer, &headers, request).await?;
    let who = who.ok_or(ErrorCode::InvalidGrant)?;
    let act = caller.act(&issuer, Actor::Account(who.account.clone()));
    issuer
        .change(|store, reply| store.end_sessions(who.account, None, act, reply))
        .await?;
    gone()
}

/// Nobody is told whether there was anything to end: it has ended now.
fn gone() -> Result<Response, Failure> {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let cookie = Cookie::Refresh.clear()?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

async fn who(
    issuer: &Issuer,
    headers: &HeaderMap,
    request: Request,
) -> Result<Option<Who>, Failure> {
    if let Some(token) = request.token(headers) {
        let family = match family(issuer, &token).await {
            Ok(family) => family,
            Err(Failure::OAuth(_)) => return Ok(None),
            Err(failure) => return Err(failure),
        };
        return Ok(Some(Who {
            account: family.grant.account,
            session: family.grant.session,
        }));
    }
    let Ok(Some(token)) = presented(headers) else {
        return Ok(None);
    };
    let bearer = issuer.access_token(token).ok();
    Ok(bearer
        .filter(|bearer| bearer.is_of_person())
        .map(|bearer| Who {
            account: AccountId::new(bearer.sub.as_str()),
            session: bearer.sid.as_deref().map(SessionId::new),
        }))
}
