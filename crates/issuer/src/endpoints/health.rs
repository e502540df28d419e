use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use jeton_jose::Algorithm;

use crate::answer::Failure;
use crate::caller::Caller;
use crate::issuer::Issuer;
use crate::metrics::CONTENT_TYPE;

/// Whether the service can answer: it asks its store.
pub(super) async fn answer(State(issuer): State<Arc<Issuer>>) -> Result<Response, Failure> {
    issuer.ask(|store, reply| store.audit_head(reply)).await?;
    Ok("ok\n".into_response())
}

/// What was counted, in the form of `OpenMetrics`. It tells how much the service is used, so it is
/// for this machine and for the networks that are configured.
pub(super) async fn metrics(State(issuer): State<Arc<Issuer>>, caller: Caller) -> Response {
    let may_see = |address: IpAddr| {
        let networks = &issuer.config.metrics_for;
        address.is_loopback() || networks.iter().any(|network| network.contains(address))
    };
    if !caller.address.is_none_or(may_see) {
        return StatusCode::NOT_FOUND.into_response();
    }
    measure(&issuer).await;
    let mut response = issuer.metrics.render().into_response();
    let kind = HeaderValue::from_static(CONTENT_TYPE);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// What is not counted as it happens. A store that cannot answer leaves its numbers as they were.
async fn measure(issuer: &Issuer) {
    let (metrics, now) = (&issuer.metrics, issuer.now());
    metrics.passwords_waiting(issuer.hasher.waiting());
    let (revoked, last) = issuer.revoked();
    metrics.revocation_log_length(u64::try_from(revoked).unwrap_or(u64::MAX));
    metrics.revocation_log_sequence(last);
    let keys = issuer.keys();
    let keys = keys.stored().filter_map(|key| {
        let algorithm = Algorithm::from_name(&key.algorithm)?;
        Some((key.state(now), algorithm, 1))
    });
    metrics.keys_counted(&keys.collect::<Vec<_>>());
    if let Ok(head) = issuer.ask(|store, reply| store.audit_head(reply)).await {
        metrics.audit_sequence(head.sequence);
    }
}
