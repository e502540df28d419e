use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use jeton_settings::Listener;
use serde::{Deserialize, Serialize};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema as _, ToSchema};

use super::data;
use crate::failure::Failure;
use crate::input::{Place, SMALL};
use crate::telemetry;

/// The configuration of `jeton serve`. Every part may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Where the server listens.
    #[serde(default)]
    pub(crate) listen: Option<Listener>,
    /// The debugger page and its HTTP API.
    #[serde(default)]
    pub(crate) debugger: jeton_debugger::Config,
    /// Log and traces.
    #[serde(default)]
    pub(crate) telemetry: telemetry::Config,
    /// The token service.
    #[serde(default)]
    pub(crate) issuer: jeton_issuer::Config,
    /// Where what the token service remembers is kept.
    #[serde(default)]
    pub(crate) data: data::Config,
}

/// Where the server listens if nothing says otherwise.
const ADDRESS: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7519);

impl Config {
    /// Reads a configuration file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let text = Place::File(path.to_owned()).read_text("configuration", SMALL)?;
        Self::parse(&text, &path.display().to_string())
    }

    /// `name` is the file's, for errors.
    fn parse(text: &str, name: &str) -> Result<Self, Failure> {
        let wrong = |error: &toml::de::Error, key: &str| {
            let line = line_of(text, error);
            Failure::content(format!("{name}, line {line}{key}: {}", error.message()))
                .hint("`jeton serve --schema` prints what a configuration may say")
        };
        let deserializer = toml::Deserializer::parse(text).map_err(|error| wrong(&error, ""))?;
        serde_path_to_error::deserialize(deserializer).map_err(|error| {
            let key = error.path().to_string();
            // The file as a whole is `.`.
            let key = match key.as_str() {
                "." => String::new(),
                key => format!(", `{key}`"),
            };
            wrong(error.inner(), &key)
        })
    }

    /// Listens there instead.
    pub(crate) fn listen_on(&mut self, address: SocketAddr) {
        match &mut self.listen {
            Some(listener) => listener.address = address,
            None => self.listen = Some(Listener::plain(address)),
        }
    }

    pub(crate) fn listener(&self) -> Listener {
        self.listen
            .clone()
            .unwrap_or_else(|| Listener::plain(ADDRESS))
    }
}

fn line_of(text: &str, error: &toml::de::Error) -> usize {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or(text);
    before.matches('\n').count() + 1
}

/// The JSON Schema of a configuration file.
pub(crate) fn schema() -> Result<String, Failure> {
    #[derive(Serialize)]
    struct Document {
        #[serde(rename = "$schema")]
        dialect: &'static str,
        title: &'static str,
        #[serde(flatten)]
        root: RefOr<Schema>,
        #[serde(rename = "$defs")]
        parts: BTreeMap<String, RefOr<Schema>>,
    }

    let mut parts = Vec::new();
    Config::schemas(&mut parts);
    let document = Document {
        dialect: "https://json-schema.org/draft/2020-12/schema",
        title: "jeton.toml",
        root: Config::schema(),
        parts: parts.into_iter().collect(),
    };
    let text = jeton_jose::json::to_string(&document)
        .map_err(|error| Failure::content(error.to_string()))?;
    Ok(text.replace("#/components/schemas/", "#/$defs/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        Config::parse(text, "jeton.toml").unwrap_err().to_json()
    }

    #[test]
    fn every_part_may_be_left_out() {
        let config = Config::parse("", "jeton.toml").unwrap();
        assert_eq!(config, Config::default());
        assert_eq!(config.listener().address.to_string(), "127.0.0.1:7519");
        let config = Config::parse(
            "[listen]\naddress = '[::1]:80'\n[debugger]\nhosts = ['jeton.example']\n\
             [debugger.fetch]\nnetworks = ['10.0.0.0/8']\nports = [443, 8443]\ntimeout = '3s'\n",
            "jeton.toml",
        );
        let mut config = config.unwrap();
        assert_eq!(config.listener().address.to_string(), "[::1]:80");
        assert_eq!(config.debugger.fetch.ports, [443, 8443]);
        config.listen_on("127.0.0.1:1".parse().unwrap());
        assert_eq!(config.listener().address.to_string(), "127.0.0.1:1");
    }

    #[test]
    fn an_error_names_file_line_and_key() {
        for (text, wanted) in [
            (
                "[debugger]\nhots = []",
                "jeton.toml, line 2, `debugger.hots`: unknown field `hots`",
            ),
            (
                "\n\n[gateway]\n",
                "jeton.toml, line 3, `gateway`: unknown field `gateway`",
            ),
            (
                "[debugger.fetch]\nports = [443]\ntimeout = 3",
                "jeton.toml, line 3, `debugger.fetch.timeout`: invalid type: integer `3`",
            ),
            (
                "[debugger.fetch]\nnetworks = [\n '10.0.0.0/8',\n 'x',\n]",
                "jeton.toml, line 4, `debugger.fetch.networks[1]`: expected a network",
            ),
            (
                "[debugger.fetch]\nports = [70000]",
                "jeton.toml, line 2, `debugger.fetch.ports[0]`: ",
            ),
            (
                "[listen]\naddress = 'x'",
                "jeton.toml, line 2, `listen.address`: ",
            ),
            (
                "[listen]\n",
                "jeton.toml, line 1, `listen`: missing field `address`",
            ),
            ("a = = 1", "jeton.toml, line 1: "),
        ] {
            let found = refusal(text);
            assert!(found.contains(wanted), "{text}\n{found}");
        }
    }

    #[test]
    fn no_error_repeats_what_may_be_a_secret() {
        let text = "[listen]\naddress = '127.0.0.1:1'\n[listen.tls]\ncertificates = 'a'\n\
                    private_key = '-----BEGIN PRIVATE KEY-----hunter2'";
        let found = refusal(text);
        assert!(
            found.contains("line 5, `listen.tls.private_key`"),
            "{found}"
        );
        assert!(!found.contains("hunter2"));
    }

    #[test]
    fn the_schema_says_the_same() {
        let schema = schema().unwrap();
        assert!(
            schema.contains(r##""$ref":"#/$defs/DebuggerConfig""##),
            "{schema}"
        );
        assert!(!schema.contains("#/components"));
        for part in [
            "DebuggerConfig",
            "FetchConfig",
            "Listener",
            "Tls",
            "Duration",
        ] {
            assert!(
                schema.contains(&format!("\"{part}\":{{")),
                "{part}: {schema}"
            );
        }
        assert!(
            schema.matches(r#""additionalProperties":false"#).count() >= 5,
            "{schema}"
        );
    }
}
