//! `POST /api/jwks/fetch`: the only thing that leaves the machine, and only when a person said so.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use jeton_jose::json::{self, Document, Options};
use jeton_keys::{FetchCode, FetchError, Fetched, Fetcher};
use jeton_problem::{Coded, Problem, RequestCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api;
use crate::config::Workshop;

/// Which key set to fetch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FetchRequest {
    /// Where the key set is: `https` only.
    #[schema(example = "https://issuer.example/jwks.json")]
    url: String,
    /// The URL's host, repeated to confirm that a person agreed to ask it.
    #[schema(example = "issuer.example")]
    confirm_host: String,
}

/// The key set as it was served.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FetchAnswer {
    /// The URL that was asked for.
    url: String,
    /// The address that served it.
    address: String,
    /// How many usable keys the set has.
    keys: usize,
    /// The set's text, byte for byte.
    text: String,
}

pub(crate) async fn fetch(State(workshop): State<Arc<Workshop>>, request: Request) -> Response {
    match fetch_set(&workshop, request).await {
        Ok(answer) => api::json(answer),
        Err(problem) => problem.into_response(),
    }
}

async fn fetch_set(workshop: &Workshop, request: Request) -> Result<String, Problem> {
    let text = api::read(request).await?;
    let request = parse(&text)?;
    if let Some(host) = Fetcher::host(&request.url)
        && !request.confirm_host.eq_ignore_ascii_case(&host)
    {
        let detail = format!("`confirm_host` does not repeat the host `{host}`");
        return Err(Problem::from(RequestCode::ConfirmationMissing).detail(detail));
    }
    let fetched = fetch_in_turn(workshop, request.url.clone()).await;
    let fetched = fetched
        .ok_or(RequestCode::Internal)?
        .map_err(|error| problem(&error))?;
    let answer = FetchAnswer {
        url: request.url,
        address: fetched.address.to_string(),
        keys: fetched.set.keys.len(),
        text: fetched.text,
    };
    json::to_string(&answer).map_err(|_| RequestCode::Internal.into())
}

/// Fetches, as soon as it may. What has begun goes on to its end when nobody waits for it any more,
/// as the system's search for an address would do anyway, and keeps its permit so long.
async fn fetch_in_turn(workshop: &Workshop, url: String) -> Option<Result<Fetched, FetchError>> {
    let permit = Arc::clone(&workshop.fetches).acquire_owned().await.ok()?;
    let fetcher = workshop.fetcher.clone();
    let fetch = tokio::spawn(async move {
        let fetched = fetcher.fetch(&url).await;
        drop(permit);
        fetched
    });
    fetch.await.ok()
}

fn parse(text: &str) -> Result<FetchRequest, Problem> {
    let unreadable = |reason: String| {
        Problem::from(RequestCode::Usage)
            .detail("the request can't be read")
            .cause(reason)
    };
    let document = Document::parse(text.as_bytes(), &Options::strict())
        .map_err(|error| unreadable(error.to_string()))?;
    json::from_value(document.root()).map_err(|error| unreadable(error.to_string()))
}

/// A code of the fetcher, which knows no problems.
pub(crate) struct OfFetch(pub(crate) FetchCode);

impl Coded for OfFetch {
    fn code(&self) -> &'static str {
        self.0.as_str()
    }

    fn cause(&self) -> &'static str {
        self.0.cause()
    }

    fn remedy(&self) -> &'static str {
        self.0.remedy()
    }
}

fn problem(error: &FetchError) -> Problem {
    let mut problem =
        Problem::new(status(error.code()), &OfFetch(error.code())).detail(error.to_string());
    let mut source = core::error::Error::source(error);
    while let Some(cause) = source {
        problem = problem.cause(cause.to_string());
        source = cause.source();
    }
    problem
}

fn status(code: FetchCode) -> StatusCode {
    match code {
        FetchCode::UrlRefused | FetchCode::HostUnresolved => StatusCode::UNPROCESSABLE_ENTITY,
        FetchCode::AddressRefused => StatusCode::FORBIDDEN,
        FetchCode::FetchTimedOut => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::BAD_GATEWAY,
    }
}
