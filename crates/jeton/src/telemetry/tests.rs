//! What is told, and above all what is not.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::Redirect;
use axum::routing::{get, post};
use jeton_issuer::metrics::Metrics;
use jeton_issuer::observe::{Observer, observed, peer};
use jeton_testkit::collector::{Collector, leaked};
use tower::ServiceExt as _;
use tracing::{Instrument as _, info, info_span, trace};

use super::*;

/// What everything says that a service tells of itself, at its most talkative.
struct Told {
    log: String,
    metrics: String,
    traces: Vec<u8>,
}

/// Sends requests to a service, observed, and answers with all that is told meanwhile.
async fn told(format: &str, routes: Router, requests: Vec<Request<Body>>) -> Told {
    let collector = Collector::start();
    let log = Log::default();
    let config = format!(
        "log = {{ format = '{format}', filter = 'trace' }}\notlp = {{ endpoint = '{}' }}",
        collector.endpoint()
    );
    let config: Config = toml::from_str(&config).unwrap();
    let guard = Guard {
        provider: Some(traces::provider(config.otlp.as_ref().unwrap()).unwrap()),
    };
    let all = LevelFilter::TRACE;
    let listening = subscriber(&config, guard.provider.as_ref(), all, log.clone());
    let metrics = Arc::new(Metrics::new("1", jeton_testkit::NOW));
    let routes = observed(routes, observer(&metrics, &guard));
    {
        let _listening = tracing::subscriber::set_default(listening);
        for request in requests {
            routes.clone().oneshot(request).await.unwrap();
        }
    }
    drop(guard);
    Told {
        log: log.text(),
        metrics: metrics.render(),
        traces: collector.all(),
    }
}

fn observer(metrics: &Arc<Metrics>, guard: &Guard) -> Observer {
    Observer {
        metrics: Arc::clone(metrics),
        clock: Box::new(|| Duration::ZERO),
        random: Box::new(|bytes| bytes.fill(7)),
        address: Box::new(peer),
        adopt: guard.adopt(),
    }
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8(bytes.clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl tracing_subscriber::fmt::MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

const SECRETS: [&str; 7] = [
    "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLW9mLWEtdG9rZW4",
    "correct horse battery staple",
    "code-7f3a9c51d2e84b60",
    "refresh-0b1c2d3e4f5a6978",
    "cookie-99887766554433221100",
    "client-secret-aabbccddeeff",
    "state-5544332211ffeeddccbb",
];

/// A service with a secret in each place where a request or an answer has one.
fn service() -> Router {
    let token = || async {
        info_span!("token.sign", alg = "ES256").in_scope(|| trace!("signed"));
        let cookie = format!("__Host-jeton={}; Secure", SECRETS[4]);
        let body = format!(r#"{{"access_token":"{}"}}"#, SECRETS[0]);
        ([("set-cookie", cookie)], body)
    };
    let callback = || async { Redirect::to(&format!("/callback?code={}", SECRETS[2])) };
    let failure = |_: Bytes| async { (StatusCode::INTERNAL_SERVER_ERROR, SECRETS[1]) };
    Router::new()
        .route("/token", post(token))
        .route("/authorize", get(callback))
        .route("/reset/{ticket}", post(failure))
}

fn requests() -> Vec<Request<Body>> {
    let [jwt, password, code, refresh, cookie, secret, state] = SECRETS;
    let form = format!("grant_type=refresh_token&refresh_token={refresh}&client_secret={secret}");
    let login = format!("username=alice&password={}", password.replace(' ', "+"));
    let request = |method: &str, uri: String| {
        Request::builder()
            .method(method)
            .uri(uri)
            .header("authorization", format!("Bearer {jwt}"))
            .header("cookie", format!("__Host-jeton={cookie}"))
            .header("referer", format!("https://app.example/?code={code}"))
            .header("user-agent", secret)
            .header("dpop", jwt)
            .header("baggage", format!("token={jwt}"))
            .header("tracestate", format!("vendor={refresh}"))
            .header(
                "traceparent",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
            )
            .header("x-request-id", format!("{jwt} {secret}"))
    };
    let made = [
        request("POST", "/token".to_owned()).body(Body::from(form)),
        request("GET", format!("/authorize?state={state}&code={code}")).body(Body::empty()),
        request("POST", format!("/reset/{refresh}")).body(Body::from(login)),
        request("GET", format!("/{jwt}?token={jwt}")).body(Body::empty()),
        request("SECRETS", format!("/token?refresh_token={refresh}")).body(Body::empty()),
    ];
    made.into_iter().map(Result::unwrap).collect()
}

#[tokio::test]
async fn no_secret_is_told_at_any_level() {
    for format in ["text", "json"] {
        let told = told(format, service(), requests()).await;
        // It does tell something, everywhere.
        for wanted in ["/token", "/reset/{ticket}", "unmatched", "POST"] {
            assert!(told.log.contains(wanted), "{wanted}: {}", told.log);
            assert!(told.metrics.contains(wanted), "{wanted}: {}", told.metrics);
            assert!(holds(&told.traces, wanted), "{wanted}");
        }
        assert!(told.log.contains("token.sign") || told.log.contains("signed"));
        assert!(holds(&told.traces, "token.sign"));
        assert_eq!(leaked(told.log.as_bytes(), &SECRETS), None, "{}", told.log);
        assert_eq!(leaked(told.metrics.as_bytes(), &SECRETS), None);
        assert_eq!(leaked(&told.traces, &SECRETS), None);
    }
}

#[tokio::test]
async fn a_secret_that_is_told_is_found() {
    let careless = Router::new().route(
        "/careless",
        get(|headers: HeaderMap| async move {
            let inner = info_span!("careless", sent = ?headers.get("cookie"));
            async { info!(code = SECRETS[2], "told") }
                .instrument(inner)
                .await;
        }),
    );
    let request = Request::builder()
        .uri("/careless")
        .header("cookie", SECRETS[4])
        .body(Body::empty())
        .unwrap();
    let told = told("json", careless, vec![request]).await;
    for secret in [SECRETS[2], SECRETS[4]] {
        assert_eq!(leaked(told.log.as_bytes(), &[secret]), Some(secret));
        assert_eq!(leaked(&told.traces, &[secret]), Some(secret));
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn the_callers_span_is_the_parent_and_nothing_else_of_it_counts() {
    let request = |traceparent: &str| {
        let request = Request::builder()
            .uri("/authorize")
            .header("traceparent", traceparent);
        vec![request.body(Body::empty()).unwrap()]
    };
    let trace = b"\x4b\xf9\x2f\x35\x77\xb3\x4d\xa6\xa3\xce\x92\x9d\x0e\x0e\x47\x36";
    let has = |told: &Told| told.traces.windows(16).any(|window| window == trace);
    // Though the caller does not want it to be sampled.
    let asked = request("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
    assert!(has(&told("text", service(), asked).await));
    for wrong in [
        "",
        "00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "é",
    ] {
        let told = told("text", service(), request(wrong)).await;
        assert!(holds(&told.traces, "/authorize") && !has(&told), "{wrong}");
    }
}

#[tokio::test]
async fn a_log_line_says_what_is_known_and_by_which_name() {
    let request = Request::builder()
        .uri("/authorize")
        .header("x-request-id", "mine");
    let told = told(
        "json",
        service(),
        vec![request.body(Body::empty()).unwrap()],
    )
    .await;
    let line = told
        .log
        .lines()
        .find(|line| line.contains("answered"))
        .unwrap();
    for wanted in [
        r#""message":"answered""#,
        r#""level":"DEBUG""#,
        r#""request.id":"mine""#,
        r#""http.route":"/authorize""#,
        r#""http.request.method":"GET""#,
        r#""http.response.status_code":303"#,
        r#""name":"http.request""#,
    ] {
        assert!(line.contains(wanted), "{wanted}\n{line}");
    }
}

/// A configuration that sends traces there.
fn otlp(endpoint: &str, rest: &str) -> Result<SdkTracerProvider, Failure> {
    let config = format!("endpoint = '{endpoint}'\n{rest}");
    traces::provider(&toml::from_str(&config).unwrap())
}

/// Makes a span, and ends.
fn trace_one(provider: SdkTracerProvider) {
    let listening = tracing_subscriber::registry().with(traces::layer(&provider));
    tracing::subscriber::with_default(listening, || drop(info_span!("one")));
    drop(Guard {
        provider: Some(provider),
    });
}

#[test]
fn the_collectors_headers_come_from_where_secrets_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, "Bearer hunter2\n").unwrap();
    let collector = Collector::start();
    let headers = format!("headers = {{ authorization = 'file:{}' }}", path.display());
    let provider = otlp(&collector.endpoint(), &headers).unwrap();
    assert!(!format!("{provider:?}").contains("hunter2"));
    trace_one(provider);
    let request = collector.next();
    assert!(request.starts_with(b"POST /v1/traces HTTP/1.1\r\n"));
    assert!(holds(&request, "authorization: Bearer hunter2\r\n"));
    assert!(holds(&request, "content-type: application/x-protobuf\r\n"));

    std::fs::write(&path, "hunter2\nhunter2").unwrap();
    let failure = otlp(&collector.endpoint(), &headers).unwrap_err().to_json();
    assert!(failure.contains("is no value of a header"), "{failure}");
    assert!(!failure.contains("hunter2"));
    let missing = "headers = { a = 'env:JETON_NO_SUCH_VARIABLE' }";
    let failure = otlp(&collector.endpoint(), missing).unwrap_err().to_json();
    assert!(
        failure.contains("JETON_NO_SUCH_VARIABLE` is not set"),
        "{failure}"
    );
}

#[test]
fn a_collector_that_fails_disturbs_nobody() {
    // Nobody listens there any more; a refusal that is final; one that has it tried again.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = gone.local_addr().unwrap();
    drop(gone);
    trace_one(otlp(&format!("http://{address}/v1/traces"), "").unwrap());
    trace_one(otlp(&Collector::answering("400 Bad Request").endpoint(), "").unwrap());
    let busy = Collector::answering("503 Service Unavailable");
    trace_one(otlp(&busy.endpoint(), "").unwrap());
    busy.next();
    busy.next();
    // It takes the connection and says nothing: the end does not wait for it.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}/v1/traces", silent.local_addr().unwrap());
    trace_one(otlp(&endpoint, "").unwrap());
}

#[test]
fn what_is_not_sampled_is_not_sent() {
    let collector = Collector::start();
    trace_one(otlp(&collector.endpoint(), "sample = 0.0").unwrap());
    assert_eq!(collector.all(), b"");
    trace_one(otlp(&collector.endpoint(), "sample = 1.0").unwrap());
    assert!(!collector.all().is_empty());
}
