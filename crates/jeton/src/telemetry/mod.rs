//! What the server says of itself while it runs: a log on the standard error, and traces to a
//! collector (OTLP over HTTP, protobuf).
//!
//! Neither knows what a request carries: spans and events are made by the components, which tell
//! names, numbers and outcomes only, and `tests` looks for secrets in all that leaves. The
//! collector is somebody else's: it may be slow, gone or wrong, and no request is later for it.

mod collector;
mod config;
mod log;
mod traces;

use std::time::Duration;

use axum::http::HeaderMap;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Span, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

pub(crate) use config::Config;

use crate::failure::Failure;

/// For what has not reached the collector when the process ends.
const END_TIMEOUT: Duration = Duration::from_secs(3);

/// Spans reach the collector from this level on.
const TRACED: LevelFilter = LevelFilter::INFO;

/// Begins with it, for all of the process. Keep the guard until the process ends:
///
/// ```text
/// let telemetry = telemetry::start(&config.telemetry)?;   // before the first request
/// adopt: telemetry.adopt(),                               // of the `jeton_issuer::observe::Observer`
/// drop(telemetry);                                        // after the last
/// ```
pub(crate) fn start(config: &Config) -> Result<Guard, Failure> {
    let provider = config.otlp.as_ref().map(traces::provider).transpose()?;
    subscriber(config, provider.as_ref(), TRACED, std::io::stderr)
        .try_init()
        .map_err(|error| Failure::content("the log is begun already").cause(error.to_string()))?;
    Ok(Guard { provider })
}

/// Ends it: what is not delivered yet gets a moment.
#[derive(Debug)]
pub(crate) struct Guard {
    provider: Option<SdkTracerProvider>,
}

impl Guard {
    /// Finds the caller's span in the headers of a request.
    pub(crate) fn adopt(&self) -> fn(&Span, &HeaderMap) {
        match self.provider {
            Some(_) => traces::adopt,
            None => |_, _| (),
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(provider) = &self.provider {
            // The collector has said what was wrong with it.
            provider.shutdown_with_timeout(END_TIMEOUT).ok();
        }
    }
}

/// All that listens to spans and events.
fn subscriber<W>(
    config: &Config,
    provider: Option<&SdkTracerProvider>,
    traced: LevelFilter,
    writer: W,
) -> impl Subscriber + Send + Sync
where
    W: for<'w> tracing_subscriber::fmt::MakeWriter<'w> + Send + Sync + 'static,
{
    tracing_subscriber::registry()
        .with(log::layer(&config.log, writer))
        .with(provider.map(|provider| traces::layer(provider).with_filter(traced)))
}

#[cfg(test)]
mod tests;
