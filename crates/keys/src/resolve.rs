use core::fmt;
use core::pin::Pin;
use std::io;
use std::net::IpAddr;

/// The addresses of a host, to come.
pub type Answer<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Turns the name of a host into addresses. It judges nothing; the fetcher does.
pub trait Resolve: fmt::Debug + Send + Sync {
    /// Every address of a host.
    fn resolve<'a>(&'a self, host: &'a str) -> Answer<'a>;
}

/// As the system does.
#[derive(Clone, Copy, Debug)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> Answer<'a> {
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((host, 0)).await?;
            Ok(addresses.map(|address| address.ip()).collect())
        })
    }
}
