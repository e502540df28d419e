use std::io;

use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::registry::LookupSpan;

use super::config::{Format, Log};

/// Writes events as lines.
pub(super) fn layer<S, W>(config: &Log, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer);
    let filter = config.filter.directives();
    match config.format {
        Format::Text => lines.with_ansi(coloured()).with_filter(filter).boxed(),
        Format::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .with_filter(filter)
            .boxed(),
    }
}

/// As all that is written to the standard error: by `--color`, `NO_COLOR` and what it is.
fn coloured() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}
