//! What goes back: JSON that nothing may store, and refusals in the RFCs' own form.

use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use jeton_jose::json;
use jeton_oauth::{ErrorCode, OAuthError};
use jeton_store::StoreError;
use serde::Serialize;

use crate::allowance::TooMany;
use crate::random::NoRandomness;
use crate::signing::SigningError;

/// Why a request for programs is not answered with what it asks for.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The request.
    OAuth(OAuthError),
    /// Too often: not before this long.
    TooMany { wait: Duration },
    /// The service is busy or lacks space; it may be tried again after this many seconds.
    Busy { retry_after: u64 },
    /// The service failed; what happened is in the log.
    Internal,
}

impl From<TooMany> for Failure {
    fn from(TooMany(wait): TooMany) -> Self {
        Self::TooMany { wait }
    }
}

impl From<OAuthError> for Failure {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Self::OAuth(code.into())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store did not answer");
        match error {
            StoreError::Full | StoreError::Unavailable { .. } => Self::Busy { retry_after: 5 },
            _ => Self::Internal,
        }
    }
}

impl From<SigningError> for Failure {
    fn from(error: SigningError) -> Self {
        match error {
            SigningError::Store(error) => error.into(),
            // After a leap of the clock, until the next one is made.
            SigningError::NoKey(_) => {
                tracing::error!(%error, "no token could be signed");
                Self::Busy { retry_after: 60 }
            }
            error => {
                tracing::error!(%error, "no token could be signed");
                Self::Internal
            }
        }
    }
}

impl From<NoRandomness> for Failure {
    fn from(error: NoRandomness) -> Self {
        tracing::error!(%error, "nothing random could be drawn");
        Self::Internal
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::OAuth(error) => refusal(&error),
            Self::Busy { retry_after } => {
                let mut response = refusal(&ErrorCode::TemporarilyUnavailable.into());
                let headers = response.headers_mut();
                headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
                response
            }
            Self::TooMany { wait } => too_many(wait),
            Self::Internal => refusal(&ErrorCode::ServerError.into()),
        }
    }
}

/// RFC 6585 §4, with the code that OAuth has for "not now".
fn too_many(wait: Duration) -> Response {
    let error = OAuthError::new(
        ErrorCode::TemporarilyUnavailable,
        "too many requests: wait as long as `Retry-After` says",
    );
    let mut response = with_status(StatusCode::TOO_MANY_REQUESTS, &error.body());
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let seconds = HeaderValue::from(seconds.max(1));
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response
}

/// A refusal (RFC 6749 §5.2). Whoever failed to authenticate is told how it could.
fn refusal(error: &OAuthError) -> Response {
    let status = StatusCode::from_u16(error.code().status());
    let mut response = with_status(
        status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        &error.body(),
    );
    if error.code() == ErrorCode::InvalidClient {
        let basic = HeaderValue::from_static("Basic realm=\"jeton\", charset=\"UTF-8\"");
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, basic);
    }
    response
}

/// An answer in JSON.
pub(crate) fn json<T: Serialize>(answer: &T) -> Response {
    with_status(StatusCode::OK, answer)
}

/// An answer in JSON that is written already.
pub(crate) fn json_text(text: impl Into<Body>) -> Response {
    let mut response = Response::new(text.into());
    let headers = response.headers_mut();
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// An answer in JSON with another status.
pub(crate) fn with_status<T: Serialize>(status: StatusCode, answer: &T) -> Response {
    let Ok(text) = json::to_string(answer) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = json_text(text);
    *response.status_mut() = status;
    response
}
