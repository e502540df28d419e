use axum::http::HeaderMap;
use opentelemetry::KeyValue;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};
use tracing::{Span, Subscriber};
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt as _};
use tracing_subscriber::registry::LookupSpan;

use super::collector::Collector;
use super::config::Otlp;
use crate::failure::Failure;

/// Sends spans to the collector, from a thread of its own and in batches; what there is no room
/// for is dropped.
///
/// Which traces are sent is decided by their identifiers, so that services that sample alike send
/// the same ones; a caller's wish to be sampled is not heard.
pub(super) fn provider(config: &Otlp) -> Result<SdkTracerProvider, Failure> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Collector::new(config)?)
        .with_endpoint(config.endpoint.uri().to_string())
        .with_protocol(Protocol::HttpBinary)
        .build()
        .map_err(|error| {
            Failure::content("the collector of `telemetry.otlp` cannot be used")
                .cause(error.to_string())
        })?;
    let resource = Resource::builder_empty()
        .with_service_name("jeton")
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::TraceIdRatioBased(config.sample.value()))
        .with_resource(resource)
        .build())
}

/// Makes the program's spans spans of the collector.
pub(super) fn layer<S>(provider: &SdkTracerProvider) -> OpenTelemetryLayer<S, SdkTracer>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("jeton"))
        .with_context_activation(false)
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
}

/// Makes the caller's span, if its headers name one, the parent of this.
pub(super) fn adopt(span: &Span, headers: &HeaderMap) {
    let context = TraceContextPropagator::new().extract(&ParentOnly(headers));
    if context.span().span_context().is_valid() {
        // It fails for a span that is not traced, which has no use for it.
        span.set_parent(context).ok();
    }
}

/// Shows of all headers `traceparent` alone (W3C Trace Context §3.2): two numbers. What `tracestate`
/// and `baggage` say would be repeated to the collector as it is.
struct ParentOnly<'a>(&'a HeaderMap);

const TRACEPARENT: &str = "traceparent";

impl Extractor for ParentOnly<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let value = (key == TRACEPARENT).then(|| self.0.get(TRACEPARENT))??;
        value.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}
