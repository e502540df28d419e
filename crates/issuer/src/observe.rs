//! A request as those see it who run the service: a series, a span and an identifier.
//!
//! Only what the program itself knows is told: the template of the route, the method if it is a
//! known one, the status, the time, the address, the request's identifier. The path as it was
//! sent, the query, headers and bodies are not even looked at.

use core::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode};
use tracing::field::Empty;
use tracing::{Instrument as _, Span, debug, info_span, record_all, warn};

use crate::metrics::{Metrics, Route, Verb};

/// What observing needs from outside.
pub struct Observer {
    /// Where requests are counted.
    pub metrics: Arc<Metrics>,
    /// The time since some instant; it never goes back.
    pub clock: Box<dyn Fn() -> Duration + Send + Sync>,
    /// Fills in random bytes.
    pub random: Random,
    /// The address of who asks.
    pub address: Address,
    /// Is handed each span before anything happens in it, with the headers of the request, to find
    /// the span of the caller that it belongs to.
    pub adopt: fn(&Span, &HeaderMap),
}

/// Fills in random bytes.
pub type Random = Box<dyn Fn(&mut [u8]) + Send + Sync>;

/// Finds the address of who asks: of the connection, or what a trusted proxy says it is.
pub type Address = Box<dyn Fn(&Extensions, &HeaderMap) -> Option<IpAddr> + Send + Sync>;

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observer").finish_non_exhaustive()
    }
}

/// What a request is called in logs, in the audit log and in its answer; a handler finds it in the
/// request's extensions. A caller may choose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

/// Carries a request's identifier, in both directions.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest identifier that is taken over.
const LONGEST_ID: usize = 64;

/// The route of a request for which there is none.
const UNMATCHED: &str = "unmatched";

/// Observes every request to these routes, those for which there is no route included.
pub fn observed(routes: Router, observer: Observer) -> Router {
    routes.layer(from_fn_with_state(Arc::new(observer), observe))
}

/// The other end of the connection, for a server without a proxy before it.
pub fn peer(extensions: &Extensions, _: &HeaderMap) -> Option<IpAddr> {
    let ConnectInfo(address) = extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(address.ip())
}

impl RequestId {
    /// The one that the caller chose, if it is harmless, or a random one.
    fn of(headers: &HeaderMap, random: impl Fn(&mut [u8])) -> Self {
        let is_harmless = |value: &&HeaderValue| {
            (1..=LONGEST_ID).contains(&value.len())
                && value
                    .as_bytes()
                    .iter()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte))
        };
        if let Some(chosen) = headers.get(REQUEST_ID).filter(is_harmless) {
            return Self(chosen.clone());
        }
        let mut bytes = [0; 16];
        random(&mut bytes);
        let text = format!("{:032x}", u128::from_be_bytes(bytes));
        // Hexadecimal digits are always good in a header.
        Self(HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("unnamed")))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

async fn observe(
    State(observer): State<Arc<Observer>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId::of(request.headers(), &observer.random);
    let mut observed = Observed::begin(&observer, &request, &id);
    request.extensions_mut().insert(id.clone());
    let answering = next.run(request);
    let mut response = if observed.span.is_disabled() {
        answering.await
    } else {
        answering.instrument(observed.span.clone()).await
    };
    observed.status = Some(response.status());
    response.headers_mut().insert(REQUEST_ID, id.0);
    response
}

/// A request under way; it ends where it is dropped, which is early for a caller that is gone.
struct Observed<'a> {
    observer: &'a Observer,
    route: Arc<Route>,
    verb: Verb,
    began: Duration,
    status: Option<StatusCode>,
    span: Span,
}

impl<'a> Observed<'a> {
    fn begin(observer: &'a Observer, request: &Request, id: &RequestId) -> Self {
        let (extensions, headers) = (request.extensions(), request.headers());
        let template = extensions.get::<MatchedPath>();
        let template = template.map_or(UNMATCHED, MatchedPath::as_str);
        let route = observer.metrics.requests.route(template);
        route.began();
        let verb = Verb::from(request.method());
        let span = info_span!(
            "http.request",
            otel.name = %format_args!("{} {}", verb.as_str(), route.template()),
            otel.kind = "server",
            otel.status_code = Empty,
            http.request.method = verb.as_str(),
            http.route = route.template(),
            http.response.status_code = Empty,
            client.address = (observer.address)(extensions, headers).map(display),
            request.id = id.as_str(),
            duration_ms = Empty,
        );
        if !span.is_disabled() {
            (observer.adopt)(&span, headers);
        }
        Self {
            observer,
            route,
            verb,
            began: (observer.clock)(),
            status: None,
            span,
        }
    }
}

impl Drop for Observed<'_> {
    fn drop(&mut self) {
        let took = (self.observer.clock)().saturating_sub(self.began);
        self.route.ended(self.verb, self.status, took);
        if self.span.is_disabled() {
            return;
        }
        let failed = self.status.is_some_and(|status| status.is_server_error());
        record_all!(
            self.span,
            http.response.status_code = self.status.map(|status| status.as_u16()),
            otel.status_code = failed.then_some("ERROR"),
            duration_ms = took.as_secs_f64() * 1e3,
        );
        match self.status {
            None => debug!(parent: &self.span, "the caller was gone before it was answered"),
            Some(_) if failed => warn!(parent: &self.span, "the server failed to answer"),
            Some(_) => debug!(parent: &self.span, "answered"),
        }
    }
}

#[cfg(test)]
mod tests;
