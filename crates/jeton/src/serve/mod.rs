//! `jeton serve`: what the configuration asks for, from its file to the end of the process.
//!
//! `config` nests what each component reads, `data` is the folder of what is remembered, `issuer`
//! starts the token service from it, `tls` turns settings into a native form, `site` says which
//! component answers, `connections` accepts and ends them. The components know nothing of any of it.

mod config;
mod connections;
#[cfg(unix)]
mod control;
mod data;
mod issuer;
mod site;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jeton_debugger::Place;
use jeton_issuer::metrics::Metrics;
use jeton_issuer::observe::{Observer, observed};
use jeton_keys::SystemResolver;
use jeton_settings::Network;
use tokio::net::TcpListener;

pub(crate) use config::{Config, schema};
use data::Data;
use issuer::Service;
pub(crate) use issuer::administration;
#[cfg(unix)]
pub(crate) use issuer::control_socket;
use site::Site;

use crate::clock;
use crate::failure::{self, Failure};
use crate::telemetry::Guard;

/// For mails that are under way when the process is told to end.
const LAST_MAILS: Duration = Duration::from_secs(5);

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
    #[cfg(unix)]
    control: control::Control,
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
        let metrics = issuer::metrics();
        let service = if config.issuer.disabled {
            None
        } else {
            Some(Service::start(&config, &data, address, Arc::clone(&metrics)).await?)
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
        let served = service.map(|service| served(service, &data)).transpose()?;
        let (service, issuer) = served.unzip();
        let proxies = &config.issuer.trusted_proxies;
        let watched = |router| observed(router, observer(telemetry, &metrics, proxies));
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
        let mut beside = tokio::task::JoinSet::new();
        let issuer = self
            .service
            .as_ref()
            .map(|service| Arc::clone(&service.issuer));
        if let Some(service) = self.service {
            #[cfg(unix)]
            beside.spawn(service.control.serve(service.issuer.administration()));
            beside.spawn(service.issuer.tend());
        }
        let acceptor = self.tls.map(|identity| identity.acceptor);
        connections::serve(self.listener, acceptor, self.site, stop).await;
        beside.shutdown().await;
        if let Some(issuer) = issuer {
            issuer.drain(LAST_MAILS).await;
        }
        Ok(())
    }
}

fn observer(telemetry: &Guard, metrics: &Arc<Metrics>, proxies: &[Network]) -> Observer {
    Observer {
        metrics: Arc::clone(metrics),
        clock: Box::new(clock::stopwatch()),
        // Without randomness requests are named alike, and answered all the same.
        random: Box::new(|bytes| getrandom::fill(bytes).unwrap_or_default()),
        address: jeton_issuer::address(proxies.to_vec()),
        adopt: telemetry.adopt(),
    }
}

/// Makes the data folder of a token service without serving it; answers its URL and the link to set
/// up its first administrator.
pub(crate) async fn make(config: &Config) -> Result<(String, Option<String>), Failure> {
    let data = Data::new(config.data.clone());
    let address = issuer::address(config, &data)?;
    if address.port() == 0 {
        return Err(Failure::usage(
            "a token service keeps its port, so 0 is none for it",
        ));
    }
    let service = Service::start(config, &data, address, issuer::metrics()).await?;
    Ok((service.url, service.setup))
}

/// Parts what answers from what is said of it.
fn served(service: Service, data: &Data) -> Result<(Served, (axum::Router, site::Names)), Failure> {
    let new_master_key = service.made_master_key.then(|| data.path(data::MASTER_KEY));
    let served = Served {
        issuer: service.issuer,
        #[cfg(unix)]
        control: control::Control::bind(data.path(issuer::CONTROL))?,
        url: service.url,
        setup: service.setup,
        new_master_key,
    };
    Ok((served, (service.router, service.names)))
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
