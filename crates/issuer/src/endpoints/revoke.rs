use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode};
use jeton_oauth::revoke::Request;
use jeton_oauth::{ErrorCode, OAuthError};
use jeton_store::Actor;
use jeton_store::refresh_token::RefreshToken;
use jeton_store::revocation::Revocation;

use crate::answer::Failure;
use crate::bearer::Bearer;
use crate::caller::Caller;
use crate::client_auth::authenticate;
use crate::clients::KnownClient;
use crate::endpoints::form;
use crate::issuer::Issuer;

/// A client gives a token back (RFC 7009). A token that does not count, or is none, is as good as
/// revoked; one of another client is refused (§2.1).
pub(crate) async fn answer(
    State(issuer): State<Arc<Issuer>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let form = form(&headers, body).await?;
    let client = authenticate(&issuer, &caller, &headers, &form).await?;
    let token = Request::read(&form)?.token;
    let keys = &issuer.secrets.refresh.verifying;
    if let Some(token) = RefreshToken::authentic(&token, keys) {
        refresh_token(&issuer, &client, &token).await?;
    } else if let Ok(bearer) = issuer.access_token(token.expose()) {
        access_token(&issuer, &client, &bearer).await?;
    }
    Ok(StatusCode::OK.into_response())
}

fn of_another() -> OAuthError {
    OAuthError::new(
        ErrorCode::InvalidGrant,
        "the token was issued to another client",
    )
}

/// The whole family ends, whichever of its tokens comes back, and with it the access tokens of the
/// session (§2.1); whoever else has one of those gets the next by refreshing.
async fn refresh_token(
    issuer: &Issuer,
    client: &KnownClient,
    token: &RefreshToken,
) -> Result<(), Failure> {
    let id = token.family().clone();
    let family = issuer.ask(|store, reply| store.family(id, reply)).await?;
    let Some(family) = family else {
        return Ok(());
    };
    if family.grant.client != client.record.id {
        return Err(of_another().into());
    }
    let by = client.record.id.clone();
    let act = issuer.act(Actor::Client(by.clone()));
    issuer
        .change(|store, reply| store.revoke_family(family.id, by, act, reply))
        .await?;
    Ok(())
}

async fn access_token(
    issuer: &Issuer,
    client: &KnownClient,
    bearer: &Bearer,
) -> Result<(), Failure> {
    if bearer.client_id != client.record.id.as_str() {
        return Err(of_another().into());
    }
    let act = issuer.act(Actor::Client(client.record.id.clone()));
    let token = Revocation::Token(bearer.record(issuer));
    issuer
        .change(|store, reply| store.revoke(token, act, reply))
        .await?;
    Ok(())
}
