use core::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
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

/// What a server proves itself with: files, or `self-signed` for a first try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// A certificate that the server makes for itself and keeps.
    SelfSigned,
    /// A certificate and its key.
    Files(TlsFiles),
}

/// A certificate and its key, in files.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
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

impl<'de> Deserialize<'de> for Tls {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;

        impl<'de> serde::de::Visitor<'de> for Form {
            type Value = Tls;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`certificates` and `private_key`, or the word `self-signed`")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Tls, E> {
                match text {
                    "self-signed" => Ok(Tls::SelfSigned),
                    // What is there may be a secret, so it is not repeated.
                    _ => Err(E::custom(
                        "expected `certificates` and `private_key`, or the word `self-signed`",
                    )),
                }
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Tls, A::Error> {
                TlsFiles::deserialize(MapAccessDeserializer::new(map)).map(Tls::Files)
            }
        }

        deserializer.deserialize_any(Form)
    }
}

impl utoipa::PartialSchema for Tls {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Type};

        let word = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(["self-signed"]))
            .description(Some("Make a certificate and keep it, for a first try."));
        OneOfBuilder::new()
            .item(utoipa::openapi::Ref::from_schema_name(TlsFiles::name()))
            .item(word)
            .description(Some("What a server proves itself with."))
            .into()
    }
}

impl ToSchema for Tls {
    fn schemas(
        schemas: &mut Vec<(
            String,
            utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>,
        )>,
    ) {
        schemas.push((
            TlsFiles::name().into_owned(),
            <TlsFiles as utoipa::PartialSchema>::schema(),
        ));
        TlsFiles::schemas(schemas);
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
        assert!(matches!(listener.tls, Some(Tls::Files(_))));
        let listener: Listener =
            toml::from_str("address = '127.0.0.1:1'\ntls = 'self-signed'").unwrap();
        assert_eq!(listener.tls, Some(Tls::SelfSigned));
        for text in [
            "address = '127.0.0.1:1'\nport = 1",
            "address = 'localhost'",
            "address = '127.0.0.1:1'\n[tls]\ncertificates = 'a'\nprivate_key = 'env:K'\nca = 'b'",
            "address = '127.0.0.1:1'\n[tls]\ncertificates = 'a'\nprivate_key = '-----BEGIN'",
            "address = '127.0.0.1:1'\ntls = '-----BEGIN'",
        ] {
            let error = toml::from_str::<Listener>(text).unwrap_err();
            assert!(!error.message().contains("BEGIN"), "{error}");
        }
    }
}
