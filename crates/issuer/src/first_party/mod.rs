//! Sign-in for the house's own applications, without a redirect: a short-lived access token in the
//! answer, the refresh token in a cookie that no script can read, or in the body where a client is
//! no browser's application (`rules.refresh_in_body`).
//!
//! These endpoints set and read cookies, so they believe only pages of this host and of the
//! configured origins (`Sec-Fetch-Site`, `Origin`), and take JSON alone, which no form can send.

mod me;
mod refresh;
mod sign_in;
mod sign_out;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::middleware::from_fn;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::{HeaderMap, HeaderValue, Method, header};
use http_body_util::{BodyExt as _, Limited};
use jeton_jose::json::{self, Document, Options};
use jeton_oauth::token::{PresentedAs, Response as Tokens};
use jeton_oauth::{Credential, ErrorCode, OAuthError, Scope};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::csrf::{CsrfLayer, ProtectionError};
use zeroize::Zeroizing;

use crate::allowance::told;
use crate::answer::{self, Failure};
use crate::clients::KnownClient;
use crate::config::{BuildError, Config};
use crate::cookies::Cookie;
use crate::endpoints::exposed;
use crate::issuer::Issuer;

/// The client that is meant where a request names none. The service makes it.
pub(crate) const OWN: &str = "first-party";
/// Longest body in bytes.
const MOST_BODY: usize = 16 << 10;

/// The endpoints.
pub(crate) fn routes(config: &Config) -> Result<Router<Arc<Issuer>>, BuildError> {
    let mut guard = CsrfLayer::new();
    let mut origins = Vec::new();
    for origin in &config.origins {
        let refused = |_| BuildError::Origin(origin.clone());
        guard = guard.add_trusted_origin(origin).map_err(refused)?;
        let origin = HeaderValue::from_str(origin);
        origins.push(origin.map_err(|_| BuildError::Origin(String::new()))?);
    }
    let guard = guard.with_rejection_response(|_: ProtectionError| {
        let why = "the request comes from a page of an origin that is not configured";
        Failure::OAuth(OAuthError::new(ErrorCode::AccessDenied, why)).into_response()
    });
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers(exposed());
    Ok(Router::new()
        .route("/login", post(sign_in::answer))
        .route("/refresh", post(refresh::answer))
        .route("/logout", post(sign_out::answer))
        .route("/logout/all", post(sign_out::everywhere))
        .layer(from_fn(told))
        .route("/me", get(me::answer))
        .layer(guard)
        .layer(cors))
}

/// What an application gets. In a browser the refresh token is not in it.
#[derive(Debug, Serialize)]
struct Signed {
    access_token: Credential,
    token_type: PresentedAs,
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<Scope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<Credential>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Credential>,
}

/// Answers with tokens, each where it belongs.
fn signed(issuer: &Issuer, client: &KnownClient, tokens: Tokens) -> Result<Response, Failure> {
    let in_body = client.record.metadata.rules.refresh_in_body;
    let (in_body, in_cookie) = match tokens.refresh_token {
        Some(token) if in_body => (Some(token), None),
        token => (None, token),
    };
    let mut response = answer::json(&Signed {
        access_token: tokens.access_token,
        token_type: tokens.token_type,
        expires_in: tokens.expires_in,
        scope: tokens.scope.filter(|scope| !scope.is_empty()),
        id_token: tokens.id_token,
        refresh_token: in_body,
    });
    if let Some(token) = in_cookie {
        let age = issuer.config.lifetimes.refresh.value();
        let cookie = Cookie::Refresh.set(&token, Some(age))?;
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// A client that belongs to the house.
async fn own_client(issuer: &Issuer, id: Option<&str>) -> Result<Arc<KnownClient>, Failure> {
    let client = issuer.client(id.unwrap_or(OWN)).await?;
    let client = client.ok_or_else(|| {
        OAuthError::new(ErrorCode::InvalidClient, "no client has this `client_id`")
    })?;
    let metadata = &client.record.metadata;
    if metadata.rules.first_party && metadata.is_public() {
        return Ok(client);
    }
    Err(OAuthError::new(
        ErrorCode::UnauthorizedClient,
        "the client is none of the house's own: it has to use the authorization endpoint",
    )
    .into())
}

/// A body in JSON; none at all is an empty object.
async fn body<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> Result<T, Failure> {
    let refuse = |why: &'static str| OAuthError::new(ErrorCode::InvalidRequest, why);
    let bytes = Limited::new(body, MOST_BODY)
        .collect()
        .await
        .map_err(|_| refuse("the body is too long, or broke off"))?;
    let bytes = Zeroizing::new(Vec::from(bytes.to_bytes()));
    let declared = headers.get(header::CONTENT_TYPE);
    let declared = declared.and_then(|value| value.to_str().ok()?.split(';').next());
    let is_json = declared.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if !is_json && !bytes.is_empty() {
        return Err(refuse("the body has to be `application/json`").into());
    }
    let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
    let document =
        Document::parse(text, &Options::strict()).map_err(|_| refuse("the body is not JSON"))?;
    Ok(json::from_value(document.root())
        .map_err(|_| refuse("the body has an unknown member, or one of another type"))?)
}
