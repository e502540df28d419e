//! One exchange with the collector: its own connection, its own runtime, no redirects.

use core::fmt;
use core::pin::Pin;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::{HeaderName, HeaderValue};
use axum::http::{HeaderMap, Uri, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tracing::{info, warn};

use super::config::Otlp;
use crate::failure::{self, Failure};

/// The client of one collector. It blocks: the exporter asks it from a thread that does nothing
/// else, and so neither the service's threads nor its runtime ever wait for a collector.
pub(super) struct Collector {
    runtime: Runtime,
    tls: Option<TlsConnector>,
    headers: HeaderMap,
    /// The last exchange failed; the log is told when that changes.
    failing: AtomicBool,
}

/// For all of an exchange.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest answer: there is nothing much to say.
const MOST_ANSWER: usize = 64 << 10;

impl fmt::Debug for Collector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collector").finish_non_exhaustive()
    }
}

impl Collector {
    pub(super) fn new(config: &Otlp) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::io("cannot start what sends traces", &error))?;
        let is_tls = config.endpoint.uri().scheme_str() == Some("https");
        Ok(Self {
            runtime,
            tls: is_tls.then(|| connector(config)).transpose()?,
            headers: headers(config)?,
            failing: AtomicBool::new(false),
        })
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (host, port) = place(request.uri())?;
        let stream = TcpStream::connect((host.as_str(), port)).await?;
        match &self.tls {
            None => self.converse(stream, request).await,
            Some(tls) => {
                let stream = tls.connect(ServerName::try_from(host)?, stream).await?;
                self.converse(stream, request).await
            }
        }
    }

    async fn converse<S>(
        &self,
        stream: S,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, HttpError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // Dropping the set ends the connection, whatever ends this exchange.
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        let response = sender.send_request(self.addressed(request)?).await?;
        let (head, body) = response.into_parts();
        let body = to_bytes(Body::new(body), MOST_ANSWER).await?;
        Ok(Response::from_parts(head, body))
    }

    /// The request as it goes over the connection.
    fn addressed(&self, request: Request<Bytes>) -> Result<Request<Body>, HttpError> {
        let (mut head, body) = request.into_parts();
        let authority = head.uri.authority().ok_or("no authority")?.as_str();
        let host = HeaderValue::try_from(authority)?;
        head.uri = head.uri.path_and_query().ok_or("no path")?.clone().into();
        head.headers.extend(self.headers.clone());
        head.headers.insert(header::HOST, host);
        Ok(Request::from_parts(head, Body::from(body)))
    }

    /// Tells the log, once, that traces get lost, and once that they do no more.
    fn tell(&self, outcome: &Result<Response<Bytes>, HttpError>) {
        let problem = match outcome {
            Ok(response) if response.status().is_success() => None,
            Ok(response) => Some(format!("it answers {}", response.status())),
            Err(error) => Some(error.to_string()),
        };
        let was_failing = self.failing.swap(problem.is_some(), Ordering::Relaxed);
        match problem {
            Some(problem) if !was_failing => {
                warn!(
                    problem,
                    "the collector does not take traces; they are lost until it does"
                );
            }
            None if was_failing => info!("the collector takes traces again"),
            _ => {}
        }
    }
}

impl HttpClient for Collector {
    // What `async_trait` makes of the trait's function.
    fn send_bytes<'a, 'f>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'f>>
    where
        'a: 'f,
        Self: 'f,
    {
        let outcome = self.runtime.block_on(async {
            match timeout(TIMEOUT, self.exchange(request)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
            }
        });
        self.tell(&outcome);
        Box::pin(core::future::ready(outcome))
    }
}

/// Host, without the brackets of an IPv6 address, and port.
fn place(uri: &Uri) -> Result<(String, u16), HttpError> {
    let host = uri.host().ok_or("no host")?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let usual = if uri.scheme_str() == Some("https") {
        443
    } else {
        80
    };
    Ok((host.to_owned(), uri.port_u16().unwrap_or(usual)))
}

fn connector(config: &Otlp) -> Result<TlsConnector, Failure> {
    let trusted = jeton_keys::trust(config.authorities.as_deref());
    let mut tls: ClientConfig = trusted.map_err(|error| failure::trust(&error))?;
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(tls)))
}

fn headers(config: &Otlp) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    for (name, reference) in &config.headers {
        let wrong =
            |what: &str| Failure::content(format!("`telemetry.otlp.headers`, `{name}`: {what}"));
        let secret = reference
            .read()
            .map_err(|error| wrong(&error.to_string()))?;
        let mut value = HeaderValue::from_bytes(&secret)
            .map_err(|_| wrong(&format!("what `{reference}` holds is no value of a header")))?;
        value.set_sensitive(true);
        let name = HeaderName::try_from(name.as_str())
            .map_err(|_| wrong("this is no name of a header"))?;
        headers.insert(name, value);
    }
    Ok(headers)
}
