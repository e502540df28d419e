//! The endpoints for programs, one file each. A page is one in `pages`.

pub(crate) mod authorize;
mod discovery;
mod health;
mod introspect;
mod jwks;
pub(crate) mod revocations;
mod revoke;
mod token;
mod userinfo;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use http::{HeaderMap, HeaderName, Method, header};
use http_body_util::{BodyExt as _, Limited};
use jeton_oauth::metadata::well_known_paths;
use jeton_oauth::{ErrorCode, OAuthError, Parameters};
use tower_http::cors::{self, CorsLayer};

use zeroize::Zeroizing;

use crate::admin;
use crate::allowance::told;
use crate::answer::Failure;
use crate::config::BuildError;
use crate::first_party;
use crate::issuer::Issuer;
use crate::limits::{RATE_LIMIT, RATE_LIMIT_POLICY};

/// How long a browser may keep the answer to a preflight.
const PREFLIGHT: Duration = Duration::from_hours(1);
/// Longest form in bytes.
const MOST_FORM: usize = 64 << 10;

/// All that the service answers.
pub(crate) fn router(issuer: &Arc<Issuer>) -> Result<Router, BuildError> {
    let mut from_any_page = Router::new()
        .route("/jwks", get(jwks::answer))
        .route("/token", post(token::answer))
        .route("/revoke", post(revoke::answer))
        .layer(from_fn(told))
        .route("/userinfo", get(userinfo::answer).post(userinfo::answer))
        .route("/openapi.json", get(admin::openapi::answer));
    for path in well_known_paths(&issuer.url) {
        from_any_page = from_any_page.route(&path, get(discovery::answer));
    }
    let from_servers = Router::new()
        .route("/introspect", post(introspect::answer))
        .route("/revocations", get(revocations::answer))
        .layer(from_fn(told))
        .route("/metrics", get(health::metrics))
        .route("/health", get(health::answer));
    Ok(from_any_page
        .layer(any_page())
        .merge(from_servers)
        .route("/authorize", get(authorize::get).post(authorize::post))
        .merge(crate::people::routes(issuer).layer(from_fn(told)))
        .merge(first_party::routes(&issuer.config)?)
        .with_state(Arc::clone(issuer))
        .merge(admin::guarded(issuer)))
}

/// Applications in pages of any origin may ask: what they get depends on what they send along, never
/// on a cookie.
fn any_page() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(cors::Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers(exposed())
        .max_age(PREFLIGHT)
}

/// What pages may read of an answer beside what all may.
pub(crate) fn exposed() -> [HeaderName; 4] {
    [
        header::WWW_AUTHENTICATE,
        header::RETRY_AFTER,
        RATE_LIMIT,
        RATE_LIMIT_POLICY,
    ]
}

/// The parameters of a form (RFC 6749 appendix B).
pub(crate) async fn form(headers: &HeaderMap, body: Body) -> Result<Parameters, Failure> {
    Ok(Parameters::parse(
        form_text(headers, body).await?.as_bytes(),
    )?)
}

/// The text of a form.
pub(crate) async fn form_text(
    headers: &HeaderMap,
    body: Body,
) -> Result<Zeroizing<String>, Failure> {
    let refuse = |why: &'static str| OAuthError::new(ErrorCode::InvalidRequest, why);
    let declared = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next());
    let is_form = declared.is_some_and(|kind| {
        kind.trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    });
    if !is_form {
        return Err(refuse("the body has to be `application/x-www-form-urlencoded`").into());
    }
    let body = Limited::new(body, MOST_FORM)
        .collect()
        .await
        .map_err(|_| refuse("the body is too long, or broke off"))?;
    String::from_utf8(body.to_bytes().into())
        .map(Zeroizing::new)
        .map_err(|error| {
            drop(Zeroizing::new(error.into_bytes()));
            refuse("the body is not UTF-8").into()
        })
}
