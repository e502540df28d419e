use std::convert::Infallible;
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, header};
use http_body_util::channel::{Channel, Sender};
use jeton_jose::json;
use jeton_oauth::revocation_log::{Entry, Heartbeat};
use jeton_oauth::{ErrorCode, OAuthError, Parameters};
use jeton_store::StoreError;
use tokio::sync::OwnedSemaphorePermit;

use crate::answer::Failure;
use crate::bearer::{Bearer, Unauthorized, presented};
use crate::caller::Caller;
use crate::client_auth::authenticate_confidential;
use crate::issuer::Issuer;

/// What the token has to allow, or the client has to be registered for.
const SCOPE: &str = "revocations:read";
/// How often a stream shows that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Entries in a piece of the answer.
const PIECE: u32 = 1000;
/// Pieces that wait for a slow reader.
const WAITING: usize = 4;
/// A reader that takes nothing for so long is left alone, and asks again.
const PATIENCE: Duration = Duration::from_mins(1);
/// Streams at once.
pub(crate) const MOST_STREAMS: usize = 64;

/// The revocation log after an entry, for gateways: a line of JSON for each entry, then a heartbeat
/// with the last sequence number, and so on as long as somebody reads. `wait=0` ends it after the
/// first heartbeat.
pub(crate) async fn answer(
    State(issuer): State<Arc<Issuer>>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let reader = match reader(&issuer, &caller, &headers).await? {
        Ok(reader) => reader,
        Err(unauthorized) => return Ok(unauthorized.into_response()),
    };
    let query = Parameters::parse(query.unwrap_or_default().as_bytes())?;
    let after = after(&query)?;
    let waits = match query.get("wait") {
        None | Some("1") => true,
        Some("0") => false,
        Some(_) => return Err(invalid("`wait` has to be 0 or 1").into()),
    };
    let permit = Arc::clone(&issuer.streams).try_acquire_owned();
    let permit = permit.map_err(|_| Failure::Busy { retry_after: 5 })?;
    let (sender, body) = Channel::<Bytes, Infallible>::new(WAITING);
    let stream = Stream {
        issuer: Arc::downgrade(&issuer),
        reader,
        after,
        sender,
        _permit: permit,
    };
    tokio::spawn(stream.run(waits));
    let mut response = Response::new(Body::new(body));
    let headers = response.headers_mut();
    let lines = HeaderValue::from_static("application/x-ndjson");
    headers.insert(header::CONTENT_TYPE, lines);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn invalid(why: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidRequest, why)
}

fn after(query: &Parameters) -> Result<u64, OAuthError> {
    let Some(text) = query.get("after") else {
        return Ok(0);
    };
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    // What the store counts with has one bit less.
    let number = text.parse::<i64>().ok().filter(|_| is_number);
    number
        .and_then(|number| u64::try_from(number).ok())
        .ok_or_else(|| invalid("`after` has to be a sequence number"))
}

/// Who reads: a client that is registered for the scope, or whoever bears a token with it.
enum Reader {
    Client(String),
    Bearer(String),
}

async fn reader(
    issuer: &Issuer,
    caller: &Caller,
    headers: &HeaderMap,
) -> Result<Result<Reader, Unauthorized>, Failure> {
    if let Ok(Some(token)) = presented(headers) {
        let bearer = issuer.bearer_of(token, &issuer.url);
        let bearer = bearer.and_then(|bearer| allowed(&bearer));
        return Ok(bearer.map(|()| Reader::Bearer(token.to_owned())));
    }
    let form = Parameters::default();
    let client = authenticate_confidential(issuer, caller, headers, &form).await?;
    if client.record.metadata.scope.contains(SCOPE) {
        return Ok(Ok(Reader::Client(client.record.id.as_str().to_owned())));
    }
    Ok(Err(Unauthorized::Scope(SCOPE)))
}

fn allowed(bearer: &Bearer) -> Result<(), Unauthorized> {
    bearer.require(SCOPE)
}

impl Reader {
    /// Whether it still may.
    async fn may_read(&self, issuer: &Issuer) -> bool {
        match self {
            Self::Bearer(token) => {
                let bearer = issuer.bearer_of(token, &issuer.url);
                bearer.and_then(|bearer| allowed(&bearer)).is_ok()
            }
            Self::Client(id) => {
                let client = issuer.client(id).await.ok().flatten();
                client.is_some_and(|client| client.record.metadata.scope.contains(SCOPE))
            }
        }
    }
}

struct Stream {
    issuer: Weak<Issuer>,
    reader: Reader,
    after: u64,
    sender: Sender<Bytes, Infallible>,
    _permit: OwnedSemaphorePermit,
}

impl Stream {
    async fn run(mut self, waits: bool) {
        let Some(mut news) = self.issuer.upgrade().map(|issuer| issuer.revocations()) else {
            return;
        };
        loop {
            news.mark_unchanged();
            let step = self.catch_up().await;
            if !waits || step.is_none() {
                return;
            }
            // Either way the next step sends a heartbeat.
            if let Ok(Err(_)) = tokio::time::timeout(HEARTBEAT, news.changed()).await {
                return;
            }
        }
    }

    /// Sends what is new and a heartbeat; `None` when it is over.
    async fn catch_up(&mut self) -> Option<()> {
        let issuer = self.issuer.upgrade()?;
        if !self.reader.may_read(&issuer).await {
            return None;
        }
        loop {
            let entries = self.entries(&issuer).await.ok()?;
            let Some(last) = entries.last() else {
                break;
            };
            self.after = last.sequence;
            let mut lines = String::new();
            for entry in &entries {
                lines.push_str(&json::to_string(entry).ok()?);
                lines.push('\n');
            }
            self.send(lines).await?;
        }
        let heartbeat = Heartbeat {
            sequence: self.after,
            at: issuer.now(),
        };
        drop(issuer);
        let line = json::to_string(&heartbeat).ok()?;
        self.send(line + "\n").await
    }

    async fn entries(&self, issuer: &Issuer) -> Result<Vec<Entry>, StoreError> {
        let after = self.after;
        issuer
            .ask(|store, reply| store.revocations_after(after, PIECE, reply))
            .await
    }

    async fn send(&mut self, lines: String) -> Option<()> {
        let sent = self.sender.send_data(Bytes::from(lines));
        tokio::time::timeout(PATIENCE, sent).await.ok()?.ok()
    }
}
