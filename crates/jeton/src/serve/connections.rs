//! Connections: accepted up to a number, each with time limits, and ended when the process
//! is told to end.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::rt::{Read, Write};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;

use super::site::{Site, Visit};

/// Connections at once.
const MOST: usize = 512;
/// For a TLS handshake, and for the head of each request; an idle connection ends after it.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);
/// For a client to take some of an answer; one that takes none of it has to go.
const STALL_TIMEOUT: Duration = Duration::from_secs(20);
/// Most bytes of a request's head.
const MOST_HEAD: usize = 64 << 10;
/// For what has begun when the process is told to end.
const END_TIMEOUT: Duration = Duration::from_secs(10);
/// After a failure to accept, as when there are no more file descriptors.
pub(super) const PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop`.
pub(super) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    site: Site,
    stop: impl Future<Output = ()>,
) {
    let connections = GracefulShutdown::new();
    let permits = Arc::new(Semaphore::new(MOST));
    let accepting = async {
        loop {
            let Ok(permit) = Arc::clone(&permits).acquire_owned().await else {
                return;
            };
            let Ok((stream, peer)) = listener.accept().await else {
                sleep(PAUSE).await;
                continue;
            };
            let (tls, watcher) = (tls.clone(), connections.watcher());
            let visit = Visit {
                site: site.clone(),
                peer,
            };
            tokio::spawn(async move {
                answer(patient(stream, STALL_TIMEOUT), tls, visit, watcher).await;
                drop(permit);
            });
        }
    };
    tokio::select! {
        () = accepting => {}
        () = stop => {}
    }
    drop(listener);
    // Whoever is not done by then is cut off.
    timeout(END_TIMEOUT, connections.shutdown()).await.ok();
}

type Patient = Pin<Box<TimeoutStream<TcpStream>>>;

/// A stream that waits no longer than this for its peer to take what it is sent.
fn patient(stream: TcpStream, stall: Duration) -> Patient {
    stream.set_nodelay(true).ok();
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(stall));
    Box::pin(stream)
}

async fn answer(stream: Patient, tls: Option<TlsAcceptor>, visit: Visit, watcher: Watcher) {
    match tls {
        None => answer_http(TokioIo::new(stream), visit, watcher).await,
        Some(tls) => {
            if let Ok(Ok(stream)) = timeout(HEAD_TIMEOUT, tls.accept(stream)).await {
                answer_http(TokioIo::new(stream), visit, watcher).await;
            }
        }
    }
}

async fn answer_http<S>(stream: S, visit: Visit, watcher: Watcher)
where
    S: Read + Write + Unpin + 'static,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MOST_HEAD)
        .pipeline_flush(true)
        .serve_connection(stream, visit);
    // A client that breaks off is its own affair.
    watcher.watch(connection).await.ok();
}

/// Resolves when the process is told to end: interrupted from its terminal, or asked by whoever
/// started it.
pub(super) fn told_to_end() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        tokio::signal::ctrl_c().await.ok();
    })
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::get;

    use super::*;

    #[tokio::test]
    async fn who_takes_nothing_of_an_answer_has_to_go() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (stream, peer) = listener.accept().await.unwrap();
        let router = Router::new().route("/", get(|| async { vec![0; 64 << 20] }));
        let request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
        client.writable().await.unwrap();
        client.try_write(request).unwrap();
        let connections = GracefulShutdown::new();
        let stream = patient(stream, Duration::from_millis(100));
        let visit = Visit {
            site: Site::new(router, None),
            peer,
        };
        let answer = answer(stream, None, visit, connections.watcher());
        timeout(Duration::from_secs(10), answer).await.unwrap();
        drop(client);
    }
}
