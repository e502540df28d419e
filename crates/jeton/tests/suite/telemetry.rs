//! What `jeton serve` says of itself, from outside.

use jeton_testkit::collector::{Collector, leaked};

use crate::runner::jeton;
use crate::serve::{Server, host};

/// Sends requests to a server that tells all it can, and looks for the secrets in what it told.
///
/// A request is a path, headers as lines with their ends, and a body.
pub(crate) fn assert_told_without(secrets: &[&str], requests: &[(&str, &str, &str)]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("jeton.toml");
    let collector = Collector::start();
    let config = format!(
        "[listen]\naddress = '127.0.0.1:0'\n[telemetry.log]\nformat = 'json'\nfilter = 'trace'\n\
         [telemetry.otlp]\nendpoint = '{}'\n",
        collector.endpoint()
    );
    std::fs::write(&path, config).expect("a file");
    let server = Server::start(&["--config", path.to_str().expect("text")]);
    for (path, headers, body) in requests {
        let headers = format!("{}{headers}", host(&server));
        let answer = server.post(path, &headers, body);
        assert!(answer.contains("\r\nx-request-id: "), "{answer}");
    }
    let (code, log) = server.end();
    assert_eq!(code, Some(0), "{log}");
    let traces = collector.all();
    assert!(log.lines().count() >= requests.len(), "{log}");
    assert!(log.contains(r#""client.address":"127.0.0.1""#), "{log}");
    assert!(!traces.is_empty());
    assert_eq!(leaked(log.as_bytes(), secrets), None, "{log}");
    assert_eq!(leaked(&traces, secrets), None);
}

#[test]
fn a_server_that_tells_everything_tells_no_secret() {
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.bm90LWEtcmVhbC1zaWduYXR1cmU";
    let key = "your-256-bit-secret";
    let headers = format!("Authorization: Bearer {token}\r\nCookie: session={key}\r\n");
    let body = format!(r#"{{"token":"{token}","key":{{"secret":"{key}"}}}}"#);
    let lost = format!("/{token}?token={token}");
    assert_told_without(
        &[token, key],
        &[
            ("/api/tokens/verify", &headers, &body),
            ("/api/tokens/inspect", &headers, &body),
            ("/debugger/index.html?token=hidden", &headers, &body),
            (&lost, &headers, ""),
        ],
    );
}

#[test]
fn a_collector_that_is_gone_is_told_once_and_ends_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("jeton.toml");
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = gone.local_addr().expect("an address");
    drop(gone);
    let config = format!(
        "[listen]\naddress = '127.0.0.1:0'\n[telemetry.otlp]\n\
         endpoint = 'http://{address}/v1/traces'\n"
    );
    std::fs::write(&path, config).expect("a file");
    let server = Server::start(&["--config", path.to_str().expect("text")]);
    let answer = server.post("/api/names", &host(&server), "{}");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let (code, log) = server.end();
    assert_eq!(code, Some(0));
    assert_eq!(log.matches("does not take traces").count(), 1, "{log}");
}

#[test]
fn a_mistake_in_its_configuration_ends_it_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("jeton.toml");
    let config = "[telemetry.otlp]\nendpoint = 'http://127.0.0.1:1/v1/traces'\n\
                  headers = { authorization = 'env:JETON_NO_SUCH_VARIABLE' }\n";
    std::fs::write(&path, config).expect("a file");
    let ended = jeton(&["serve", "--config", path.to_str().expect("text")]).end();
    assert_eq!(ended.code, Some(2));
    let wanted = "error: `telemetry.otlp.headers`, `authorization`: ";
    assert!(ended.stderr.starts_with(wanted), "{}", ended.stderr);
}
