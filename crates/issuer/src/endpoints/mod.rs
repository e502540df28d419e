//! The endpoints for programs, one file each. A page is one in `pages`.

pub(crate) mod authorize;
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

use zeroize::Zeroizing;

use crate::answer::Failure;
use crate::issuer::Issuer;

/// Longest form in bytes.
const MOST_FORM: usize = 64 << 10;

/// All that the service answers.
pub(crate) fn router(issuer: Arc<Issuer>) -> Router {
    let mut router = Router::new()
        .route("/authorize", get(authorize::get).post(authorize::post))
        .route("/jwks", get(jwks::answer))
        .route("/token", post(token::answer));
    for path in well_known_paths(&issuer.url) {
        router = router.route(&path, get(discovery::answer));
    }
    let pages = crate::people::routes(&issuer);
    router.merge(pages).with_state(issuer)
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
