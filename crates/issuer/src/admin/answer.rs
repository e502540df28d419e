use core::time::Duration;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use jeton_jose::json::{self, Document, Options};
use jeton_oauth::OAuthError;
use jeton_problem::{Problem, RequestCode};
use jeton_store::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer::with_status;
use crate::random::NoRandomness;
use crate::signing::SigningError;

/// Longest body in bytes.
const MOST_BODY: usize = 256 << 10;
/// A body takes no longer to arrive than this.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Why an operation is not done.
#[derive(Debug)]
pub(super) struct Refusal {
    problem: Box<Problem>,
    challenge: Option<HeaderValue>,
}

pub(super) type Answer = Result<Response, Refusal>;

impl Refusal {
    /// What was given cannot be: `what` says why and repeats nothing of it.
    pub(super) fn content(what: impl Into<String>) -> Self {
        Problem::from(RequestCode::Content).detail(what).into()
    }

    pub(super) fn missing(record: &str) -> Self {
        Problem::from(RequestCode::Missing)
            .detail(format!("there is no such {record}"))
            .into()
    }

    #[must_use]
    pub(super) fn challenge(mut self, challenge: HeaderValue) -> Self {
        self.challenge = Some(challenge);
        self
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self {
            problem: Box::new(problem),
            challenge: None,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::Missing { .. } => RequestCode::Missing,
            StoreError::Taken { .. } => RequestCode::Taken,
            StoreError::Stale { .. } => RequestCode::Stale,
            StoreError::Full | StoreError::Unavailable { .. } | StoreError::Locked => {
                tracing::error!(%error, "the store did not answer");
                RequestCode::Busy
            }
            _ => {
                tracing::error!(%error, "the store did not answer");
                return Problem::from(RequestCode::Internal).into();
            }
        };
        Problem::from(code).detail(error.to_string()).into()
    }
}

impl From<SigningError> for Refusal {
    fn from(error: SigningError) -> Self {
        match error {
            SigningError::Store(error) => error.into(),
            error => {
                tracing::error!(%error, "the signing keys could not be changed");
                Problem::from(RequestCode::Internal).into()
            }
        }
    }
}

impl From<NoRandomness> for Refusal {
    fn from(error: NoRandomness) -> Self {
        tracing::error!(%error, "nothing random could be drawn");
        Problem::from(RequestCode::Internal).into()
    }
}

impl From<OAuthError> for Refusal {
    fn from(error: OAuthError) -> Self {
        Self::content(error.description())
    }
}

impl From<PathRejection> for Refusal {
    fn from(_: PathRejection) -> Self {
        Problem::from(RequestCode::NotFound)
            .detail("the path names nothing that can be read")
            .into()
    }
}

impl From<QueryRejection> for Refusal {
    fn from(_: QueryRejection) -> Self {
        Problem::from(RequestCode::Usage)
            .detail("a parameter of the query is unknown or cannot be read")
            .into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let is_busy = self.problem.code() == "busy";
        let mut response: Response = self.problem.into_response();
        let headers = response.headers_mut();
        if is_busy {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(5));
        }
        if let Some(challenge) = self.challenge {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// An answer in JSON.
#[expect(clippy::unnecessary_wraps, reason = "what every operation answers")]
pub(super) fn ok<T: Serialize>(answer: &T) -> Answer {
    Ok(with_status(StatusCode::OK, answer))
}

/// What was made.
#[expect(clippy::unnecessary_wraps, reason = "what every operation answers")]
pub(super) fn created<T: Serialize>(answer: &T) -> Answer {
    Ok(with_status(StatusCode::CREATED, answer))
}

/// Done, and nothing to say.
#[expect(clippy::unnecessary_wraps, reason = "what every operation answers")]
pub(super) fn done() -> Answer {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// A record with the tag that a change of it may name.
#[expect(clippy::unnecessary_wraps, reason = "what every operation answers")]
pub(super) fn tagged<T: Serialize>(answer: &T, revision: u64) -> Answer {
    let mut response = with_status(StatusCode::OK, answer);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{revision}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// The revision that a change is meant for, if it says so (RFC 9110 §13.1.1).
#[derive(Clone, Copy, Debug)]
pub(super) struct IfMatch(Option<u64>);

impl IfMatch {
    /// Refuses a change that is meant for another revision.
    pub(super) fn check(self, record: &'static str, revision: u64) -> Result<(), Refusal> {
        match self.0 {
            Some(wanted) if wanted != revision => Err(StoreError::Stale { record }.into()),
            _ => Ok(()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Ok(Self(None));
        };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self(None));
        }
        let revision = text.trim_matches('"').parse().map_err(|_| {
            Problem::from(RequestCode::Usage).detail("`If-Match` is not a tag of this service")
        })?;
        Ok(Self(Some(revision)))
    }
}

/// A body in JSON.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        if !is_json(request.headers()) {
            return Err(Problem::from(RequestCode::MediaTypeRefused).into());
        }
        let body = Limited::new(request.into_body(), MOST_BODY).collect();
        let body = tokio::time::timeout(BODY_TIMEOUT, body)
            .await
            .map_err(|_| Problem::from(RequestCode::BodyUnreadable))?
            .map_err(|error| {
                let is_long = error.is::<http_body_util::LengthLimitError>();
                Problem::from(if is_long {
                    RequestCode::BodyTooLarge
                } else {
                    RequestCode::BodyUnreadable
                })
            })?;
        let body = zeroize::Zeroizing::new(Vec::from(body.to_bytes()));
        let document = Document::parse(&body, &Options::strict())
            .map_err(|error| Refusal::content("the body is no JSON").cause(&error))?;
        json::from_value(document.root())
            .map(Self)
            .map_err(|error| {
                Refusal::content("the body says something else than was expected").cause(&error)
            })
    }
}

impl Refusal {
    fn cause(self, error: &dyn core::error::Error) -> Self {
        Self {
            problem: Box::new(self.problem.cause(error.to_string())),
            ..self
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let declared = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next());
    declared.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
        && !headers.contains_key(header::CONTENT_ENCODING)
}

/// A part of the path.
pub(super) struct Named(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let axum::extract::Path(name) =
            axum::extract::Path::<String>::from_request_parts(parts, state).await?;
        check_name(&name)?;
        Ok(Self(name))
    }
}

/// What names a record: short, and without what no name has.
pub(super) fn check_name(name: &str) -> Result<(), Refusal> {
    if name.is_empty() || name.len() > 2048 || name.chars().any(char::is_control) {
        return Err(Refusal::content(
            "a name has between 1 and 2048 bytes and no control characters",
        ));
    }
    Ok(())
}
