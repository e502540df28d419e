//! `jeton serve`: what the configuration asks for, from its file to the end of the process.
//!
//! `config` nests what each component reads, `data` is the folder of what is remembered, `issuer`
//! starts the token service from it, `tls` turns settings into a native form, `site` says which
//! component answers, `connections` accepts and ends them. The components know nothing of any of it.

mod config;
mod connections;
mod data;
mod issuer;
mod site;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use jeton_debugger::Place;
use jeton_issuer::metrics::Metrics;
use jeton_issuer::observe::{self, Observer, observed};
use jeton_keys::SystemResolver;
use tokio::net::TcpListener;

pub(crate) use config::{Config, schema};
use data::Data;
use issuer::Service;
use site::Site;

use crate::clock;
use crate::failure::{self, Failure};
use crate::telemetry::Guard;

/// A server that listens, and has not answered yet.
pub(crate) struct Server {
    listener: TcpListener,
    tls: Option<tls::Identity>,
    site: Site,
    service: Option<Served>,
    /// Where it listens, with the port that it got.
    pub(crate) address: SocketAddr,
}

/// What is to be said of the token service.
pub(crate) struct Served {
    issuer: Arc<jeton_issuer::Issuer>,
    /// Its issuer.
    pub(crate) url: String,
    /// Where the first administrator is set up, as long as there is none.
    pub(crate) setup: Option<String>,
    /// Where a master key was made just now.
    pub(crate) new_master_key: Option<std::path::PathBuf>,
}

impl Server {
    /// Listens, and builds all that will answer.
    pub(crate) async fn start(config: Config, telemetry: &Guard) -> Result<Self, Failure> {
        let data = Data::new(config.data.clone());
        let mut listener = config.listener();
        if !config.issuer.disabled {
            listener.address = issuer::address(&config, &data)?;
            issuer::check_plain(&config, &listener)?;
        }
        let socket = TcpListener::bind(listener.address)
            .await
            .map_err(|error| taken(listener.address, &error))?;
        let address = socket
            .local_addr()
            .map_err(|error| Failure::io("cannot tell the address that was got", &error))?;
        let service = if config.issuer.disabled {
            None
        } else {
            Some(Service::start(&config, &data, address).await?)
        };
        let tls = match &listener.tls {
            Some(settings) => {
                let url = issuer::url(&config, address);
                let host = issuer::host_of(&url)
                    .ok_or_else(|| Failure::content(format!("`{url}` is no URL")))?;
                Some(tls::identity(settings, &data, &host)?)
            }
            None => None,
        };
        let place = Place {
            address,
            clock: Arc::new(clock::now),
            resolver: Arc::new(SystemResolver),
        };
        let debugger = config
            .debugger
            .build(place)
            .map_err(|error| failure::trust(&error))?;
        let (service, issuer) = served(service, &data).unzip();
        let metrics = Arc::new(Metrics::new(env!("CARGO_PKG_VERSION"), clock::now()));
        let watched = |router| observed(router, observer(telemetry, &metrics));
        Ok(Self {
            listener: socket,
            tls,
            site: Site::new(
                watched(debugger),
                issuer.map(|(router, names)| (watched(router), names)),
            ),
            service,
            address,
        })
    }

    /// The address as a browser takes it.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The token service, if it is served.
    pub(crate) fn service(&self) -> Option<&Served> {
        self.service.as_ref()
    }

    /// The SHA-256 of a certificate that the server made for itself.
    pub(crate) fn fingerprint(&self) -> Option<&str> {
        self.tls.as_ref()?.fingerprint.as_deref()
    }

    /// Answers until the process is told to end, and then ends what has begun.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let stop = connections::told_to_end()
            .map_err(|error| Failure::io("cannot listen to signals", &error))?;
        let tending = self
            .service
            .map(|service| tokio::spawn(service.issuer.tend()));
        let acceptor = self.tls.map(|identity| identity.acceptor);
        connections::serve(self.listener, acceptor, self.site, stop).await;
        if let Some(tending) = tending {
            tending.abort();
        }
        Ok(())
    }
}

fn observer(telemetry: &Guard, metrics: &Arc<Metrics>) -> Observer {
    Observer {
        metrics: Arc::clone(metrics),
        clock: Box::new(clock::stopwatch()),
        // Without randomness requests are named alike, and answered all the same.
        random: Box::new(|bytes| getrandom::fill(bytes).unwrap_or_default()),
        address: Box::new(observe::peer),
        adopt: telemetry.adopt(),
    }
}

/// Parts what answers from what is said of it.
fn served(service: Option<Service>, data: &Data) -> Option<(Served, (axum::Router, site::Names))> {
    let service = service?;
    let new_master_key = service.made_master_key.then(|| data.path(data::MASTER_KEY));
    let served = Served {
        issuer: service.issuer,
        url: service.url,
        setup: service.setup,
        new_master_key,
    };
    Some((served, (service.router, service.names)))
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
