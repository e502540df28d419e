//! The endpoints for programs, one file each. A page is one in `pages`.

mod discovery;
mod jwks;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use http::{HeaderMap, header};
use http_body_util::{BodyExt as _, Limited};
use jeton_oauth::metadata::well_known_paths;
use jeton_oauth::{ErrorCode, OAuthError, Parameters};

use crate::admin;
use crate::answer::Failure;
use crate::issuer::Issuer;

/// Longest form in bytes.
const MOST_FORM: usize = 64 << 10;

/// All that the service answers.
pub(crate) fn router(issuer: Arc<Issuer>) -> Router {
    let mut router = Router::new()
        .route("/jwks", get(jwks::answer))
        .route("/token", post(token::answer))
        .route("/openapi.json", get(admin::openapi::answer));
    for path in well_known_paths(&issuer.url) {
        router = router.route(&path, get(discovery::answer));
    }
    let administration = admin::guarded(&issuer);
    router.with_state(issuer).merge(administration)
}

/// The parameters of a form (RFC 6749 appendix B).
pub(crate) async fn form(headers: &HeaderMap, body: Body) -> Result<Parameters, Failure> {
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
    Ok(Parameters::parse(&body.to_bytes())?)
}
