use std::collections::BTreeMap;
use std::path::PathBuf;

use axum::http::Uri;
use jeton_settings::SecretReference;
use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;
use utoipa::ToSchema;

/// What the server says of itself while it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = TelemetryConfig)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The log, on the standard error.
    #[serde(default)]
    pub(crate) log: Log,
    /// Traces, sent to a collector.
    #[serde(default)]
    pub(crate) otlp: Option<Otlp>,
}

/// The log. It holds no token and no secret at any level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = LogConfig)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Log {
    /// For people, or for programs.
    pub(crate) format: Format,
    /// From which level on, for all or by part of the program.
    pub(crate) filter: Filter,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = LogFormat)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// A line an event, coloured on a terminal.
    #[default]
    Text,
    /// A JSON object an event.
    Json,
}

/// A level (`off`, `error`, `warn`, `info`, `debug`, `trace`), or several with the part of the
/// program each is for: `info,jeton_issuer=debug`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = LogFilter, value_type = String, example = "info")]
#[serde(try_from = "String")]
pub(crate) struct Filter(String);

/// A collector of traces: OTLP over HTTP, in protobuf.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = OtlpConfig)]
#[serde(deny_unknown_fields)]
pub(crate) struct Otlp {
    /// Where the collector takes traces.
    pub(crate) endpoint: Endpoint,
    /// Headers that it wants, such as `authorization`.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, SecretReference>,
    /// The part of all traces that is sent. Callers do not decide it.
    #[serde(default)]
    pub(crate) sample: Ratio,
    /// File of certificate authorities in PEM that are trusted beside the system's.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(crate) authorities: Option<PathBuf>,
}

/// An `http` or `https` URL with its path, such as `http://localhost:4318/v1/traces`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = OtlpEndpoint, value_type = String, example = "http://localhost:4318/v1/traces")]
#[serde(try_from = "String")]
pub(crate) struct Endpoint(Uri);

/// From 0 (none) to 1 (all).
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, ToSchema)]
#[schema(as = SampleRatio, value_type = f64, minimum = 0, maximum = 1, example = 0.1)]
#[serde(try_from = "f64")]
pub(crate) struct Ratio(f64);

impl Filter {
    pub(crate) fn directives(&self) -> EnvFilter {
        // It was read before.
        parse(&self.0).unwrap_or_default()
    }
}

fn parse(text: &str) -> Option<EnvFilter> {
    EnvFilter::builder().with_regex(false).parse(text).ok()
}

impl Default for Filter {
    fn default() -> Self {
        Self("info".to_owned())
    }
}

impl TryFrom<String> for Filter {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match parse(&text) {
            Some(_) if !text.trim().is_empty() => Ok(Self(text)),
            _ => Err("expected a level as `info`, or levels by part as `info,jeton_issuer=debug`"),
        }
    }
}

impl Endpoint {
    pub(crate) fn uri(&self) -> &Uri {
        &self.0
    }
}

impl TryFrom<String> for Endpoint {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const EXPECTED: &str =
            "expected a URL without user or query, as `http://localhost:4318/v1/traces`";
        let uri: Uri = text.parse().map_err(|_| EXPECTED)?;
        let known = matches!(uri.scheme_str(), Some("http" | "https"));
        let authority = uri.authority().ok_or(EXPECTED)?;
        if !known || authority.as_str().contains('@') || uri.query().is_some() {
            return Err(EXPECTED);
        }
        if uri.path() == "/" {
            return Err("the path of the collector is missing; most take traces at `/v1/traces`");
        }
        Ok(Self(uri))
    }
}

// It is never NaN.
impl Eq for Ratio {}

impl Ratio {
    pub(crate) const fn value(self) -> f64 {
        self.0
    }
}

impl Default for Ratio {
    fn default() -> Self {
        Self(1.0)
    }
}

impl TryFrom<f64> for Ratio {
    type Error = &'static str;

    fn try_from(ratio: f64) -> Result<Self, Self::Error> {
        if (0.0..=1.0).contains(&ratio) {
            Ok(Self(ratio))
        } else {
            Err("expected a number from 0 to 1")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_may_be_left_out() {
        let config: Config = toml::from_str("").unwrap();
        assert_eq!(config, Config::default());
        assert_eq!(config.log.filter.directives().to_string(), "info");
        let config: Config = toml::from_str(
            "[log]\nformat = 'json'\nfilter = 'warn,jeton_issuer=debug'\n\
             [otlp]\nendpoint = 'https://collector.example/v1/traces'\nsample = 0.25\n\
             headers = { authorization = 'env:COLLECTOR' }",
        )
        .unwrap();
        assert_eq!(config.log.format, Format::Json);
        let otlp = config.otlp.unwrap();
        assert_eq!(otlp.sample, Ratio(0.25));
        assert_eq!(otlp.headers.len(), 1);
    }

    #[test]
    fn a_mistake_is_named_and_not_repeated() {
        for (text, wanted) in [
            ("[log]\nfilter = 'jeton=hunter2'", "expected a level"),
            ("[log]\nfilter = ''", "expected a level"),
            ("[log]\nformat = 'hunter2'", "expected `text` or `json`"),
            ("[log]\nlevel = 'info'", "unknown field `level`"),
            ("[otlp]\nsample = 1", "missing field `endpoint`"),
            ("[otlp]\nendpoint = 'hunter2'", "expected a URL"),
            ("[otlp]\nendpoint = 'ftp://a/v1/traces'", "expected a URL"),
            (
                "[otlp]\nendpoint = 'https://a:hunter2@b/v1/traces'",
                "expected a URL",
            ),
            (
                "[otlp]\nendpoint = 'https://b/v1/traces?key=hunter2'",
                "expected a URL",
            ),
            ("[otlp]\nendpoint = 'http://localhost:4318'", "`/v1/traces`"),
            (
                "[otlp]\nendpoint = 'http://a/v1/traces'\nsample = 1.5",
                "from 0 to 1",
            ),
            (
                "[otlp]\nendpoint = 'http://a/v1/traces'\nsample = nan",
                "from 0 to 1",
            ),
            (
                "[otlp]\nendpoint = 'http://a/v1/traces'\nheaders = { a = 'hunter2' }",
                "never the secret itself",
            ),
        ] {
            let error = toml::from_str::<Config>(text).unwrap_err();
            assert!(error.message().contains(wanted), "{text}\n{error}");
            let repeated = error.message().contains("hunter2");
            assert!(!repeated || text.contains("format"), "{error}");
        }
    }
}
