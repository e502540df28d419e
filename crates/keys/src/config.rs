use std::path::{Path, PathBuf};
use std::sync::Arc;

use jeton_settings::{Duration, HostName, Network, Size};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Fetcher, Resolve};

/// What may be fetched beside public https on port 443, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = FetchConfig)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Hosts that may have any address.
    pub hosts: Vec<HostName>,
    /// Networks whose addresses any host may have, though they are not public.
    pub networks: Vec<Network>,
    /// Admitted ports.
    pub ports: Vec<u16>,
    /// File of certificate authorities in PEM that are trusted beside the system's.
    #[schema(value_type = Option<String>)]
    pub authorities: Option<PathBuf>,
    /// The time for all of one fetch.
    pub timeout: Duration,
    /// The longest answer.
    pub max_size: Size,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            hosts: Vec::new(),
            networks: Vec::new(),
            ports: vec![443],
            authorities: None,
            timeout: Duration::from_seconds(10),
            max_size: Size::from_bytes(512 << 10),
        }
    }
}

/// The configured authorities cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The file cannot be read, or is no PEM.
    #[error("the certificate authorities in `{}` cannot be read", .0.display())]
    Unreadable(PathBuf, #[source] rustls::pki_types::pem::Error),
    /// It has no certificate, or one that no authority can have.
    #[error("`{}` has no certificate of an authority", .0.display())]
    Unusable(PathBuf),
    /// The cryptography lacks what TLS needs.
    #[error("TLS cannot be set up")]
    Tls(#[source] rustls::Error),
}

impl Config {
    /// A fetcher that asks `resolver` for addresses.
    ///
    /// # Errors
    /// The configured authorities cannot be used.
    pub fn build(self, resolver: Arc<dyn Resolve>) -> Result<Fetcher, TrustError> {
        let tls = trust(self.authorities.as_deref())?;
        Ok(Fetcher::new(self, resolver, tls))
    }
}

/// A TLS client that trusts the system's authorities, as far as they can be read, and those of a
/// file in PEM.
///
/// # Errors
/// The file cannot be used.
pub fn trust(authorities: Option<&Path>) -> Result<ClientConfig, TrustError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TrustError::Tls)?
        .with_root_certificates(roots(authorities)?)
        .with_no_client_auth();
    Ok(config)
}

fn roots(authorities: Option<&Path>) -> Result<RootCertStore, TrustError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let Some(path) = authorities else {
        return Ok(roots);
    };
    let unreadable = |error| TrustError::Unreadable(path.to_owned(), error);
    let before = roots.len();
    for certificate in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
        roots
            .add(certificate.map_err(unreadable)?)
            .map_err(|_| TrustError::Unusable(path.to_owned()))?;
    }
    if roots.len() == before {
        return Err(TrustError::Unusable(path.to_owned()));
    }
    Ok(roots)
}
