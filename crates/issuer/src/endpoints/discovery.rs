use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderValue, header};
use jeton_oauth::metadata::ServerMetadata;

use crate::answer::{self, Failure};
use crate::issuer::Issuer;

/// What the service says of itself (RFC 8414 §3, OpenID Connect Discovery §4).
pub(crate) async fn answer(State(issuer): State<Arc<Issuer>>) -> Result<Response, Failure> {
    let metadata = ServerMetadata::new(&issuer.url, &issuer.config.keys.algorithms())?;
    let mut response = answer::json(&metadata);
    public(&mut response, 300);
    Ok(response)
}

/// Anybody may keep it this long.
pub(super) fn public(response: &mut Response, seconds: u64) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&format!("public, max-age={seconds}")) {
        headers.insert(header::CACHE_CONTROL, value);
    }
}
