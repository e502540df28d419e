//! The token service: its name, which stays, and its start from the data folder.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use http::Uri;
use jeton_issuer::metrics::Metrics;
use jeton_issuer::{BuildError, Issuer, Place, Random};
use jeton_jose::backend::AwsLc;
use jeton_keys::SystemResolver;
use jeton_settings::{HostName, Listener};
use jeton_store::Store;

use super::config::Config;
use super::data::{Chosen, Data};
use super::site::Names;
use crate::clock;
use crate::failure::Failure;

/// A token service that is about to answer.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) issuer: Arc<Issuer>,
    pub(super) router: Router,
    pub(super) names: Names,
    pub(super) url: String,
    /// Where the first administrator is set up, as long as there is none.
    pub(super) setup: Option<String>,
    /// Whether the master key was made just now, in the data folder.
    pub(super) made_master_key: bool,
}

/// The address to listen on: that of the configuration, with the port that was chosen before.
pub(super) fn address(config: &Config, data: &Data) -> Result<SocketAddr, Failure> {
    let mut address = config.listener().address;
    let Some(chosen) = data.chosen()? else {
        return Ok(address);
    };
    let is_free = config.listen.is_none() || address.port() == 0;
    if !is_free && address.port() != chosen.port {
        return Err(changed(data, "port", &chosen).cause(format!(
            "the configuration asks for port {}",
            address.port()
        )));
    }
    address.set_port(chosen.port);
    Ok(address)
}

/// Plain HTTP is for this machine, and for a proxy that does TLS in front.
pub(super) fn check_plain(config: &Config, listener: &Listener) -> Result<(), Failure> {
    let is_plain = listener.tls.is_none() && config.issuer.trusted_proxies.is_empty();
    if !is_plain || listener.address.ip().is_loopback() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "the token service speaks plain HTTP on loopback addresses only, and {} is none",
        listener.address.ip()
    ))
    .hint(
        "give it a certificate, [listen] tls = { certificates = …, private_key = … }, or \
         \"self-signed\" for a first try; name the proxy that does TLS in front, [issuer] \
         trusted_proxies; or leave the token service out: --no-issuer",
    ))
}

impl Service {
    /// Opens the store and starts the service of the URL. `address` is where it listens.
    pub(super) async fn start(
        config: &Config,
        data: &Data,
        address: SocketAddr,
        metrics: Arc<Metrics>,
    ) -> Result<Self, Failure> {
        let url = url(config, address);
        let before = data.chosen()?;
        if let Some(chosen) = before.as_ref().filter(|chosen| chosen.url != url) {
            return Err(
                changed(data, "URL", chosen).cause(format!("the configuration asks for {url}"))
            );
        }
        let names = names(config, &url, address)?;
        data.create()?;
        let (router, issuer, made_master_key) = open(config, data, url.clone(), metrics).await?;
        if before.is_none() {
            let port = address.port();
            data.choose(&Chosen {
                url: url.clone(),
                port,
            })?;
        }
        let setup = issuer.setup_link().await.map_err(|error| {
            Failure::content("the first administrator cannot be set up").cause(error.to_string())
        })?;
        Ok(Self {
            issuer,
            router,
            names,
            url,
            setup,
            made_master_key,
        })
    }
}

/// The administration API of a service that is stopped.
pub(crate) async fn administration(config: &Config) -> Result<Router, Failure> {
    let data = Data::new(config.data.clone());
    let chosen = data.chosen()?.ok_or_else(|| {
        Failure::usage(format!(
            "there is no token service in `{}`",
            data.folder().display()
        ))
        .hint("name its folder, --data FOLDER, or make one: jeton init")
    })?;
    let (_, issuer, _) = open(config, &data, chosen.url, metrics()).await?;
    Ok(issuer.administration())
}

/// The socket of a service that runs on this machine.
#[cfg(unix)]
pub(crate) fn control_socket(config: &Config) -> Option<std::path::PathBuf> {
    let path = Data::new(config.data.clone()).path(CONTROL);
    let answers = std::os::unix::net::UnixStream::connect(&path).is_ok();
    answers.then_some(path)
}

/// The file of that socket.
pub(super) const CONTROL: &str = "control.sock";

/// Opens the store and builds the service over it; answers also whether a master key was made.
async fn open(
    config: &Config,
    data: &Data,
    url: String,
    metrics: Arc<Metrics>,
) -> Result<(Router, Arc<Issuer>, bool), Failure> {
    let store: Arc<dyn Store> = Arc::new(data.open_store()?);
    let (master_key, made_master_key) = data.master_key()?;
    let place = Place {
        url,
        clock: Arc::new(clock::now),
        random: Random::new(AwsLc),
        store,
        master_key,
        resolver: Arc::new(SystemResolver),
        mails: data.path("mails"),
        metrics,
    };
    let built = config.issuer.clone().build(place).await;
    let (router, issuer) = built.map_err(|error| unbuilt(&error))?;
    Ok((router, issuer, made_master_key))
}

/// What is counted, from now on.
pub(super) fn metrics() -> Arc<Metrics> {
    let metrics = Metrics::new(env!("CARGO_PKG_VERSION"), clock::now());
    Arc::new(metrics.timed_by(clock::stopwatch()))
}

/// The URL of the configuration, or else this machine with the port that is listened on.
pub(super) fn url(config: &Config, address: SocketAddr) -> String {
    let is_tls = config.listener().tls.is_some();
    let scheme = if is_tls { "https" } else { "http" };
    let default = || format!("{scheme}://localhost:{}", address.port());
    config.issuer.url.clone().unwrap_or_else(default)
}

/// The host of a URL without brackets.
pub(super) fn host_of(url: &str) -> Option<HostName> {
    let uri: Uri = url.parse().ok()?;
    let host = uri.host()?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.parse().ok()
}

fn names(config: &Config, url: &str, address: SocketAddr) -> Result<Names, Failure> {
    let host = host_of(url)
        .ok_or_else(|| Failure::content(format!("`{url}` is no URL that a service can have")))?;
    let mut hosts = config.issuer.hosts.clone();
    hosts.push(host);
    Ok(Names { hosts, address })
}

fn changed(data: &Data, what: &str, chosen: &Chosen) -> Failure {
    Failure::usage(format!(
        "the {what} of a token service stays what it is, and `{}` belongs to {}, port {}",
        data.folder().display(),
        chosen.url,
        chosen.port
    ))
    .hint(format!(
        "every token that was issued and every client that is registered names {}: keep url and \
         port as they are, or begin anew in another folder: --data FOLDER",
        chosen.url
    ))
}

fn unbuilt(error: &BuildError) -> Failure {
    let mut failure = Failure::content(format!("the token service cannot start: {error}"));
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        failure = failure.cause(inner.to_string());
        cause = inner.source();
    }
    failure
}
