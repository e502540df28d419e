use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::SecretReference;

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// Address and port.
    #[schema(value_type = String, example = "127.0.0.1:7519")]
    pub address: SocketAddr,
    /// Serve HTTPS instead of HTTP.
    #[serde(default)]
    pub tls: Option<Tls>,
}

/// What a server proves itself with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// File of the certificate and those that lead to its authority, in PEM.
    #[schema(value_type = String, example = "server.pem")]
    pub certificates: PathBuf,
    /// Its private key, in PEM.
    pub private_key: SecretReference,
}

impl Listener {
    /// Plain HTTP at an address.
    pub const fn plain(address: SocketAddr) -> Self {
        Self { address, tls: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_are_refused() {
        let listener: Listener = toml::from_str(
            "address = '127.0.0.1:1'\n[tls]\ncertificates = 'a.pem'\nprivate_key = 'env:KEY'",
        )
        .unwrap();
        assert!(listener.tls.is_some());
        for text in [
            "address = '127.0.0.1:1'\nport = 1",
            "address = 'localhost'",
            "address = '127.0.0.1:1'\n[tls]\ncertificates = 'a'\nprivate_key = 'env:K'\nca = 'b'",
            "address = '127.0.0.1:1'\n[tls]\ncertificates = 'a'\nprivate_key = '-----BEGIN'",
        ] {
            let error = toml::from_str::<Listener>(text).unwrap_err();
            assert!(!error.message().contains("BEGIN"), "{error}");
        }
    }
}
