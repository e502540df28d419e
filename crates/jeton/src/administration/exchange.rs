//! One request and its answer over a stream.

use std::path::Path;

use axum::body::Body;
use http::{HeaderValue, Request, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::client::conn::http1;
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;

use super::Reply;
use crate::failure::Failure;

/// Longest answer in bytes.
const MOST: usize = 64 << 20;

#[cfg(unix)]
pub(super) async fn over_socket(path: &Path, mut request: Request<Body>) -> Result<Reply, Failure> {
    let stream = tokio::net::UnixStream::connect(path)
        .await
        .map_err(|error| {
            Failure::io(
                format!("cannot reach the server at `{}`", path.display()),
                &error,
            )
        })?;
    let host = HeaderValue::from_static("localhost");
    request.headers_mut().insert(header::HOST, host);
    over(TokioIo::new(stream), request).await
}

pub(super) async fn over<S>(stream: S, request: Request<Body>) -> Result<Reply, Failure>
where
    S: Read + Write + Unpin + Send + 'static,
{
    let broken = |error: hyper::Error| {
        Failure::content("the exchange with the server failed").cause(error.to_string())
    };
    let (mut sender, connection) = http1::handshake(stream).await.map_err(broken)?;
    let driver = tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(broken)?;
    let status = response.status();
    let body = Limited::new(response.into_body(), MOST).collect().await;
    driver.abort();
    let body = body.map_err(|error| {
        Failure::content("the answer broke off, or is too long").cause(error.to_string())
    })?;
    Ok(Reply {
        status,
        text: String::from_utf8_lossy(&body.to_bytes()).into_owned(),
    })
}
