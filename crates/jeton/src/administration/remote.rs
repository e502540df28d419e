use std::sync::Arc;

use axum::body::Body;
use http::{HeaderValue, Request, Uri, header};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{Reply, exchange};
use crate::failure::{self, Failure};

/// A token service elsewhere.
pub(super) struct Server {
    host: String,
    port: u16,
    path: String,
    is_tls: bool,
    authorization: HeaderValue,
}

impl Server {
    pub(super) fn new(url: &str, token: &str) -> Result<Self, Failure> {
        let wrong = || {
            Failure::usage("the server's URL cannot be used")
                .hint("give an https URL; http is for this machine: http://localhost:7519")
        };
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let host = uri.host().ok_or_else(wrong)?.to_owned();
        let is_here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if is_here => false,
            _ => return Err(wrong()),
        };
        let mut authorization = HeaderValue::from_str(&format!("Bearer {token}"))
            .map_err(|_| Failure::content("the access token holds what no token has"))?;
        authorization.set_sensitive(true);
        Ok(Self {
            port: uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 }),
            path: uri.path().trim_end_matches('/').to_owned(),
            host,
            is_tls,
            authorization,
        })
    }

    pub(super) async fn exchange(&self, mut request: Request<Body>) -> Result<Reply, Failure> {
        let unreachable = |error: std::io::Error| {
            Failure::io(format!("cannot reach {}:{}", self.host, self.port), &error)
        };
        let path = format!("{}{}", self.path, request.uri());
        *request.uri_mut() = path
            .parse()
            .map_err(|_| Failure::usage("a name cannot be part of a request"))?;
        let host = HeaderValue::from_str(&format!("{}:{}", self.host, self.port))
            .map_err(|_| Failure::usage("the server's URL cannot be used"))?;
        let headers = request.headers_mut();
        headers.insert(header::HOST, host);
        headers.insert(header::AUTHORIZATION, self.authorization.clone());
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        let stream = TcpStream::connect((bare, self.port))
            .await
            .map_err(unreachable)?;
        if !self.is_tls {
            return exchange::over(TokioIo::new(stream), request).await;
        }
        let name = ServerName::try_from(bare.to_owned())
            .map_err(|_| Failure::usage("the server's URL cannot be used"))?;
        let stream = connector()?
            .connect(name, stream)
            .await
            .map_err(unreachable)?;
        exchange::over(TokioIo::new(stream), request).await
    }
}

/// TLS with the authorities that this machine trusts.
fn connector() -> Result<TlsConnector, Failure> {
    let config = jeton_keys::trust(None).map_err(|error| failure::trust(&error))?;
    Ok(TlsConnector::from(Arc::new(config)))
}
