use std::sync::Arc;

use jeton_settings::Tls;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::failure::Failure;

/// What answers TLS handshakes, from the settings.
pub(super) fn acceptor(settings: &Tls) -> Result<TlsAcceptor, Failure> {
    let path = settings.certificates.display();
    let unreadable = |error: rustls::pki_types::pem::Error| {
        Failure::content(format!("the certificates in `{path}` cannot be read"))
            .cause(error.to_string())
            .hint("give a file in PEM: the server's certificate first, then those above it")
    };
    let certificates = CertificateDer::pem_file_iter(&settings.certificates)
        .map_err(unreadable)?
        .collect::<Result<Vec<_>, _>>()
        .map_err(unreadable)?;
    let key = settings
        .private_key
        .read()
        .map_err(|error| Failure::content(error.to_string()))?;
    let key = PrivateKeyDer::from_pem_slice(&key).map_err(|_| {
        Failure::content(format!(
            "`{}` is no private key in PEM",
            settings.private_key
        ))
    })?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let unusable = |error: rustls::Error| {
        Failure::content(format!(
            "the certificates in `{path}` and the key of `{}` cannot be used together",
            settings.private_key
        ))
        .cause(error.to_string())
    };
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(unusable)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
