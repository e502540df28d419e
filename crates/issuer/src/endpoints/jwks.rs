use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};

use crate::endpoints::discovery;
use crate::issuer::Issuer;

/// The public keys (RFC 7517 §5), written anew for each call: what a key is follows from the time.
pub(crate) async fn answer(State(issuer): State<Arc<Issuer>>) -> Response {
    let (text, age) = issuer.keys().public(issuer.now());
    let mut response = text.into_response();
    let json = HeaderValue::from_static("application/jwk-set+json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    discovery::public(&mut response, age.as_secs());
    response
}
