use std::sync::Arc;

use jeton_jose::alg::Hash;
use jeton_jose::backend::{AwsLc, Backend as _};
use jeton_settings::{HostName, SecretReference, Tls, TlsFiles};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::data::Data;
use crate::failure::Failure;

/// What answers TLS handshakes.
pub(super) struct Identity {
    pub(super) acceptor: TlsAcceptor,
    /// The SHA-256 of a certificate that no authority vouches for.
    pub(super) fingerprint: Option<String>,
}

/// What answers TLS handshakes, from the settings. A certificate of one's own is for this host.
pub(super) fn identity(settings: &Tls, data: &Data, host: &HostName) -> Result<Identity, Failure> {
    match settings {
        Tls::Files(files) => {
            let (acceptor, _) = acceptor(files)?;
            Ok(Identity {
                acceptor,
                fingerprint: None,
            })
        }
        Tls::SelfSigned => {
            let files = TlsFiles {
                certificates: data.path(CERTIFICATE),
                private_key: SecretReference::File(data.path(KEY)),
            };
            if !files.certificates.exists() {
                make(data, host)?;
            }
            let (acceptor, fingerprint) = acceptor(&files)?;
            Ok(Identity {
                acceptor,
                fingerprint: Some(fingerprint),
            })
        }
    }
}

const CERTIFICATE: &str = "self-signed.pem";
const KEY: &str = "self-signed.key";

/// Makes a certificate for a host and this machine, and keeps it with its key.
fn make(data: &Data, host: &HostName) -> Result<(), Failure> {
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
    if !names.iter().any(|name| name == host.as_str()) {
        names.insert(0, host.as_str().to_owned());
    }
    let made = rcgen::generate_simple_self_signed(names).map_err(|error| {
        Failure::content("no certificate can be made for itself").cause(error.to_string())
    })?;
    data.create()?;
    let key = zeroize::Zeroizing::new(made.signing_key.serialize_pem());
    data.write_new(KEY, key.as_bytes())?;
    data.write_new(CERTIFICATE, made.cert.pem().as_bytes())
}

/// The acceptor, and the fingerprint of the first certificate.
fn acceptor(settings: &TlsFiles) -> Result<(TlsAcceptor, String), Failure> {
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
    let fingerprint = certificates.first().map(fingerprint).unwrap_or_default();
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
    Ok((TlsAcceptor::from(Arc::new(config)), fingerprint))
}

/// As browsers show it: pairs of hexadecimal digits.
fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let digest = AwsLc.digest(Hash::Sha256, certificate);
    let pairs: Vec<String> = digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    pairs.join(":")
}
