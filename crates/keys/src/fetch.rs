use core::fmt;
use core::time::Duration;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Empty, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use jeton_jose::jwk::JwkSet;
use jeton_jose::key::KeyError;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

use crate::address::{self, Kind};
use crate::freshness;
use crate::target::{self, Target};
use crate::{Config, FetchCode, Resolve};

/// Fetches key sets under guard.
#[derive(Clone)]
pub struct Fetcher {
    config: Arc<Config>,
    resolver: Arc<dyn Resolve>,
    tls: TlsConnector,
}

/// A key set as it was served.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The text of the set.
    pub text: String,
    /// The same, read.
    pub set: JwkSet,
    /// Who served it.
    pub address: SocketAddr,
}

/// A document in JSON as it was served.
#[derive(Clone, Debug)]
pub(crate) struct Served {
    pub(crate) text: String,
    pub(crate) address: SocketAddr,
    /// How long its server says that it is fresh.
    pub(crate) fresh_for: Option<Duration>,
}

/// Why nothing was fetched. It names the place, and nothing of what was there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// Not a URL that is fetched.
    #[error("the URL is refused: {reason}")]
    Url {
        /// What is wrong with it.
        reason: String,
    },
    /// The host has no address.
    #[error("the host has no address")]
    Unresolved(#[source] Option<io::Error>),
    /// The host leads to an address that is not public.
    #[error("{address} is not a public address ({kind})")]
    Address {
        /// The first such address.
        address: IpAddr,
        /// What it is.
        kind: Kind,
    },
    /// No connection, or none with a good certificate.
    #[error("the connection failed")]
    Connection(#[source] io::Error),
    /// No answer in HTTP.
    #[error("the answer failed")]
    Exchange(#[source] hyper::Error),
    /// The answer broke off.
    #[error("the answer broke off")]
    Body(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// Not in time.
    #[error("the answer was not there after {0}")]
    Timeout(jeton_settings::Duration),
    /// Not 200.
    #[error("the answer has status {0}")]
    Status(StatusCode),
    /// Too long.
    #[error("the answer is longer than {0}")]
    Size(jeton_settings::Size),
    /// Not declared as JSON, or encoded.
    #[error("the answer's {0} is not that of a plain JSON document")]
    MediaType(&'static str),
    /// No JWK Set.
    #[error("the answer is no JWK Set")]
    KeySet(#[source] KeyError),
}

/// Addresses of a host that are tried.
const MOST_ADDRESSES: usize = 4;
/// Most bytes of the answer's head.
const MOST_HEAD: usize = 32 << 10;

impl Fetcher {
    pub(crate) fn new(config: Config, resolver: Arc<dyn Resolve>, tls: ClientConfig) -> Self {
        Self {
            config: Arc::new(config),
            resolver,
            tls: TlsConnector::from(Arc::new(tls)),
        }
    }

    /// The host that a URL names, in lower case and without port or brackets.
    pub fn host(url: &str) -> Option<String> {
        target::host_of(url)
    }

    /// Whether a URL is one that is fetched, as far as it shows without asking anybody.
    ///
    /// # Errors
    /// [`FetchError::Url`] if it is not.
    pub fn check(&self, url: &str) -> Result<(), FetchError> {
        Target::parse(url, &self.config).map(drop)
    }

    /// Fetches the key set at a URL.
    ///
    /// # Errors
    /// The URL or an address of its host is refused, the exchange fails or takes too long, or the
    /// answer is no JWK Set.
    pub async fn fetch(&self, url: &str) -> Result<Fetched, FetchError> {
        let served = self.document(url).await?;
        Ok(Fetched {
            set: served.key_set()?,
            text: served.text,
            address: served.address,
        })
    }

    /// Fetches the JSON at a URL.
    pub(crate) async fn document(&self, url: &str) -> Result<Served, FetchError> {
        let target = Target::parse(url, &self.config)?;
        self.in_time(self.fetch_target(&target)).await?
    }

    /// The outcome of `work`, unless it takes longer than a fetch may.
    pub(crate) async fn in_time<T>(&self, work: impl Future<Output = T>) -> Result<T, FetchError> {
        let limit = self.config.timeout;
        tokio::time::timeout(limit.value(), work)
            .await
            .map_err(|_| FetchError::Timeout(limit))
    }

    async fn fetch_target(&self, target: &Target) -> Result<Served, FetchError> {
        let addresses = self.resolver.resolve(&target.host).await;
        let addresses = self.admitted(target, addresses)?;
        let (stream, address) = connect(&addresses, target.port).await?;
        let stream = self
            .tls
            .connect(target.server.clone(), stream)
            .await
            .map_err(FetchError::Connection)?;
        let mut client = http1::Builder::new();
        client.max_buf_size(MOST_HEAD);
        let (mut sender, connection) = client
            .handshake(TokioIo::new(stream))
            .await
            .map_err(FetchError::Exchange)?;
        // Dropping the set ends the connection, whatever ends this fetch.
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        let response = sender
            .send_request(request(target))
            .await
            .map_err(FetchError::Exchange)?;
        let fresh_for = freshness::fresh_for(response.headers());
        Ok(Served {
            text: self.read(response).await?,
            address,
            fresh_for,
        })
    }

    /// The addresses of a host, if each of them may be connected to: one that may not says what the
    /// name is for.
    fn admitted(
        &self,
        target: &Target,
        answer: io::Result<Vec<IpAddr>>,
    ) -> Result<Vec<IpAddr>, FetchError> {
        let addresses = answer.map_err(|error| FetchError::Unresolved(Some(error)))?;
        if addresses.is_empty() {
            return Err(FetchError::Unresolved(None));
        }
        if self
            .config
            .hosts
            .iter()
            .any(|host| host.as_str() == target.host)
        {
            return Ok(addresses);
        }
        for address in &addresses {
            let is_named = self
                .config
                .networks
                .iter()
                .any(|network| network.contains(*address));
            if let (false, Some(kind)) = (is_named, address::special(*address)) {
                return Err(FetchError::Address {
                    address: *address,
                    kind,
                });
            }
        }
        Ok(addresses)
    }

    async fn read(&self, response: Response<Incoming>) -> Result<String, FetchError> {
        if response.status() != StatusCode::OK {
            return Err(FetchError::Status(response.status()));
        }
        check_form(response.headers())?;
        let limit = self.config.max_size;
        let body = Limited::new(response.into_body(), limit.bytes());
        let bytes = body.collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                FetchError::Size(limit)
            } else {
                FetchError::Body(error)
            }
        })?;
        String::from_utf8(bytes.to_bytes().into()).map_err(|_| FetchError::MediaType("encoding"))
    }
}

/// Connects to the first address that answers. Nothing is resolved a second time.
async fn connect(addresses: &[IpAddr], port: u16) -> Result<(TcpStream, SocketAddr), FetchError> {
    let mut failure = io::Error::from(io::ErrorKind::NotConnected);
    for address in addresses.iter().take(MOST_ADDRESSES) {
        let address = SocketAddr::new(*address, port);
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok((stream, address)),
            Err(error) => failure = error,
        }
    }
    Err(FetchError::Connection(failure))
}

fn request(target: &Target) -> Request<Empty<Bytes>> {
    let mut request = Request::new(Empty::new());
    // Both were parts of a URL that was parsed.
    *request.uri_mut() = target.path.parse().unwrap_or_default();
    let headers = request.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    };
    set(header::HOST, &target.authority);
    set(header::ACCEPT, "application/jwk-set+json, application/json");
    set(header::ACCEPT_ENCODING, "identity");
    set(header::CONNECTION, "close");
    set(
        header::USER_AGENT,
        concat!("jeton/", env!("CARGO_PKG_VERSION")),
    );
    request
}

/// Declared as JSON, and not compressed: a small answer must not become a large one.
fn check_form(headers: &HeaderMap) -> Result<(), FetchError> {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(FetchError::MediaType("content encoding"));
    }
    let declared = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match declared.as_str() {
        "application/json" | "application/jwk-set+json" => Ok(()),
        _ => Err(FetchError::MediaType("content type")),
    }
}

impl Served {
    pub(crate) fn key_set(&self) -> Result<JwkSet, FetchError> {
        JwkSet::parse(self.text.as_bytes()).map_err(FetchError::KeySet)
    }
}

impl FetchError {
    /// The stable code.
    pub fn code(&self) -> FetchCode {
        match self {
            Self::Url { .. } => FetchCode::UrlRefused,
            Self::Unresolved(_) => FetchCode::HostUnresolved,
            Self::Address { .. } => FetchCode::AddressRefused,
            Self::Connection(_) | Self::Exchange(_) | Self::Body(_) => FetchCode::FetchFailed,
            Self::Timeout(_) => FetchCode::FetchTimedOut,
            Self::Status(_) => FetchCode::FetchStatus,
            Self::Size(_) => FetchCode::FetchTooLarge,
            Self::MediaType(_) | Self::KeySet(_) => FetchCode::FetchContent,
        }
    }
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetcher")
            .field("config", &self.config)
            .field("resolver", &self.resolver)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
