//! `jeton serve`: what the configuration asks for, from its file to the end of the process.
//!
//! `config` nests what each component reads, `tls` turns settings into a native form, `connections`
//! accepts and ends them. The components know nothing of any of it.

mod config;
mod connections;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use jeton_debugger::Place;
use jeton_issuer::metrics::Metrics;
use jeton_issuer::observe::{self, Observer, observed};
use jeton_keys::SystemResolver;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

pub(crate) use config::{Config, schema};

use crate::clock;
use crate::failure::{self, Failure};
use crate::telemetry::Guard;

/// A server that listens, and has not answered yet.
pub(crate) struct Server {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    /// Where it listens, with the port that it got.
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Listens, and builds all that will answer.
    pub(crate) async fn start(config: Config, telemetry: &Guard) -> Result<Self, Failure> {
        let listener = config.listener();
        let tls = listener.tls.as_ref().map(tls::acceptor).transpose()?;
        let socket = TcpListener::bind(listener.address)
            .await
            .map_err(|error| taken(listener.address, &error))?;
        let address = socket
            .local_addr()
            .map_err(|error| Failure::io("cannot tell the address that was got", &error))?;
        let place = Place {
            address,
            clock: Arc::new(clock::now),
            resolver: Arc::new(SystemResolver),
        };
        let router = config
            .debugger
            .build(place)
            .map_err(|error| failure::trust(&error))?;
        Ok(Self {
            listener: socket,
            tls,
            router: observed(router, observer(telemetry)),
            address,
        })
    }

    /// The address as a browser takes it.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Answers until the process is told to end, and then ends what has begun.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let stop = connections::told_to_end()
            .map_err(|error| Failure::io("cannot listen to signals", &error))?;
        connections::serve(self.listener, self.tls, self.router, stop).await;
        Ok(())
    }
}

fn observer(telemetry: &Guard) -> Observer {
    Observer {
        metrics: Arc::new(Metrics::new(env!("CARGO_PKG_VERSION"), clock::now())),
        clock: Box::new(clock::stopwatch()),
        // Without randomness requests are named alike, and answered all the same.
        random: Box::new(|bytes| getrandom::fill(bytes).unwrap_or_default()),
        address: Box::new(observe::peer),
        adopt: telemetry.adopt(),
    }
}

fn taken(address: SocketAddr, error: &io::Error) -> Failure {
    let (ip, port) = (address.ip(), address.port());
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            let failure = Failure::io(format!("port {port} of {ip} is taken"), error);
            failure.hint(format!(
                "end the program that listens there, which may be another `jeton serve`, or choose \
                 another port: --listen {}",
                SocketAddr::new(ip, port.checked_add(1).unwrap_or(0))
            ))
        }
        _ => Failure::io(format!("cannot listen on {address}"), error)
            .hint("choose an address of this machine: --listen 127.0.0.1:7519"),
    }
}
