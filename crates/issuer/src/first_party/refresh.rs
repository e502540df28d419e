use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, header};
use jeton_oauth::{Credential, ErrorCode};
use jeton_store::refresh_token::RefreshToken;
use jeton_store::{Actor, grant};
use serde::Deserialize;

use crate::answer::Failure;
use crate::caller::Caller;
use crate::cookies::Cookie;
use crate::first_party::{body, own_client, signed};
use crate::issuer::Issuer;
use crate::tokens::grant::{Presented, refresh};
use crate::tokens::worth::Asked;

/// The refresh token, where it is not in the cookie.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Request {
    refresh_token: Option<String>,
}

/// `POST /refresh`
pub(super) async fn answer(
    State(issuer): State<Arc<Issuer>>,
    caller: Caller,
    headers: HeaderMap,
    content: Body,
) -> Result<Response, Failure> {
    let request: Request = body(&headers, content).await?;
    let token = request.token(&headers).ok_or(ErrorCode::InvalidGrant)?;
    caller.may_present(&issuer)?;
    let refreshed = async {
        let presented = Presented::read(&issuer, &caller, &token).await?;
        let grant = &presented.family.grant;
        let client = own_client(&issuer, Some(grant.client.as_str())).await?;
        let act = caller.act(&issuer, Actor::Account(grant.account.clone()));
        let tokens = refresh(&issuer, &client, (presented, Asked::default()), act).await?;
        signed(&issuer, &client, tokens)
    };
    match refreshed.await {
        // A cookie that is worth nothing any more is not sent again.
        Err(Failure::OAuth(error)) if error.code() == ErrorCode::InvalidGrant => {
            let mut response = Failure::OAuth(error).into_response();
            let cookie = Cookie::Refresh.clear()?;
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        answer => answer,
    }
}

impl Request {
    pub(super) fn token(self, headers: &HeaderMap) -> Option<Credential> {
        match self.refresh_token {
            Some(token) => Some(Credential::new(token)),
            None => Cookie::Refresh.read(headers),
        }
    }
}

/// The family that an authentic token belongs to.
pub(super) async fn family(issuer: &Issuer, token: &Credential) -> Result<grant::Family, Failure> {
    let keys = &issuer.secrets.refresh.verifying;
    let token = RefreshToken::authentic(token, keys).ok_or(ErrorCode::InvalidGrant)?;
    let id = token.family().clone();
    let family = issuer.ask(|store, reply| store.family(id, reply)).await?;
    Ok(family.ok_or(ErrorCode::InvalidGrant)?)
}
