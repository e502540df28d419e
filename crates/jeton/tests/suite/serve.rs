//! `jeton serve` over real sockets, without the token service.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::runner::jeton;

const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";

/// A running server on a free port; it ends with the test.
pub(crate) struct Server {
    process: Child,
    /// What it said when it began.
    announced: String,
    /// `host:port`.
    authority: String,
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_jeton"))
            .args(["serve", "--no-issuer"])
            .args(arguments)
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let stdout = process.stdout.take().expect("the output is a pipe");
        let mut lines = BufReader::new(stdout).lines();
        let mut line = || lines.next().expect("a line").expect("text");
        let announced = format!("{}\n{}\n", line(), line());
        let (_, rest) = announced.split_once("://").expect("a URL");
        let authority = rest.split('/').next().expect("an authority").to_owned();
        Self {
            process,
            announced,
            authority,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.authority).expect("the server listens");
        let limit = Some(Duration::from_secs(20));
        stream.set_read_timeout(limit).expect("a limit");
        stream
    }

    pub(crate) fn post(&self, path: &str, headers: &str, body: &str) -> String {
        let request = request(path, headers, body);
        exchange(self.connect(), &request)
    }

    /// Asks it to end; its exit code and all that it wrote to the standard error.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        self.terminate();
        let status = self.process.wait().expect("it ends");
        let mut messages = String::new();
        let mut stderr = self.process.stderr.take().expect("a pipe");
        stderr.read_to_string(&mut messages).expect("text");
        (status.code(), messages)
    }

    fn terminate(&self) {
        let id = self.process.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        assert!(asked.expect("kill runs").success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn request(path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\n{headers}Content-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

fn exchange(mut stream: impl Read + Write, request: &str) -> String {
    stream.write_all(request.as_bytes()).expect("it is sent");
    let mut answer = Vec::new();
    // A peer that closes without TLS's farewell has answered all the same.
    stream.read_to_end(&mut answer).ok();
    String::from_utf8(answer).expect("text")
}

pub(crate) fn host(server: &Server) -> String {
    format!("Host: {}\r\n", server.authority)
}

#[test]
fn it_says_where_it_is_and_answers_there() {
    let server = Server::start(&["--listen", "127.0.0.1:0"]);
    let url = format!("http://{}", server.authority);
    assert_eq!(
        server.announced,
        format!("debugger  {url}/debugger/\napi       {url}/api/\n")
    );
    let body = format!(r#"{{"text":"{TOKEN}"}}"#);
    let answer = server.post("/api/tokens/inspect", &host(&server), &body);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    // The command line says the same.
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    let decoded = jeton(&["decode", TOKEN, "--json"]).end().text();
    let without_space = |text: &str| text.replace([' ', '\n'], "");
    assert_eq!(without_space(body), without_space(&decoded));
}

#[test]
fn a_rebound_name_reaches_nothing() {
    let server = Server::start(&["--listen", "127.0.0.1:0"]);
    for headers in [
        "Host: rebound.example\r\n".to_owned(),
        String::new(),
        host(&server).repeat(2),
    ] {
        let answer = server.post("/api/tokens/inspect", &headers, r#"{"text":"a"}"#);
        assert!(answer.starts_with("HTTP/1.1 4"), "{headers}: {answer}");
    }
}

#[test]
fn nothing_of_a_request_is_written_down() {
    let server = Server::start(&["--listen", "127.0.0.1:0"]);
    let secret = "your-256-bit-secret";
    let body = format!(r#"{{"token":"{TOKEN}","key":{{"secret":"{secret}"}},"leeway":[]}}"#);
    for path in [
        "/api/tokens/verify",
        "/api/nothing",
        "/debugger/?token=hidden",
    ] {
        let answer = server.post(path, &host(&server), &body);
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
        assert!(
            !answer.contains(secret) && !answer.contains(TOKEN),
            "{answer}"
        );
    }
    let (code, messages) = server.end();
    assert_eq!((code, messages.as_str()), (Some(0), ""));
}

#[test]
fn what_has_begun_is_ended_in_peace() {
    let server = Server::start(&["--listen", "127.0.0.1:0"]);
    let body = format!(r#"{{"text":"{TOKEN}"}}"#);
    let request = request("/api/tokens/inspect", &host(&server), &body);
    let (begun, rest) = request.split_at(request.len() - 10);
    let mut stream = server.connect();
    stream.write_all(begun.as_bytes()).expect("it is sent");
    std::thread::sleep(Duration::from_millis(300));
    let authority = server.authority.clone();
    let ending = std::thread::spawn(move || server.end());
    // Nothing new is taken once it listens no more.
    let refused = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        TcpStream::connect(&authority).is_err()
    });
    assert!(refused);
    let answer = exchange(stream, rest);
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let (code, _) = ending.join().expect("it ends");
    assert_eq!(code, Some(0));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let holder = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = holder.local_addr().expect("an address").to_string();
    let ended = jeton(&["serve", "--no-issuer", "--listen", &address]).end();
    assert_eq!(ended.code, Some(2));
    let (_, port) = address.split_once(':').expect("a port");
    let wanted = format!("error: port {port} of 127.0.0.1 is taken\n");
    assert!(ended.stderr.starts_with(&wanted), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("--listen 127.0.0.1:"),
        "{}",
        ended.stderr
    );
}

#[test]
fn off_loopback_it_says_that_secrets_are_refused() {
    let server = Server::start(&["--listen", "0.0.0.0:0"]);
    let (_, port) = server.authority.split_once(':').expect("a port");
    let headers = format!("Host: localhost:{port}\r\n");
    let answer = server.post("/api/keys/generate", &headers, r#"{"alg":"ES256"}"#);
    assert!(answer.contains("secret_refused"), "{answer}");
    let (_, messages) = server.end();
    assert!(
        messages.contains("calls that carry secrets are refused"),
        "{messages}"
    );
}

#[test]
fn over_tls() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    std::fs::write(path("server.pem"), made.cert.pem()).expect("a file");
    std::fs::write(path("server.key"), made.signing_key.serialize_pem()).expect("a file");
    let config = format!(
        "[listen]\naddress = '127.0.0.1:0'\n[listen.tls]\ncertificates = '{}'\n\
         private_key = 'file:{}'\n",
        path("server.pem"),
        path("server.key")
    );
    std::fs::write(path("jeton.toml"), config).expect("a file");
    let server = Server::start(&["--config", &path("jeton.toml")]);
    assert!(server.announced.contains("https://127.0.0.1:"));

    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from(made.cert.der().to_vec());
    roots.add(certificate).expect("an authority");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let connection = ClientConnection::new(Arc::new(client), name).expect("a connection");
    let stream = StreamOwned::new(connection, server.connect());
    let request = request("/api/names", &host(&server), "{}");
    let answer = exchange(stream, &request);
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    // Without TLS there is no answer.
    let answer = server.post("/api/names", &host(&server), "{}");
    assert!(!answer.contains("200 OK"), "{answer}");
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let make = || rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
    std::fs::write(path("server.pem"), make().cert.pem()).expect("a file");
    std::fs::write(path("server.key"), make().signing_key.serialize_pem()).expect("a file");
    for (certificates, key) in [
        ("server.pem", "server.key"),
        ("server.key", "server.key"),
        ("server.pem", "server.pem"),
        ("missing.pem", "server.key"),
        ("server.pem", "missing.key"),
    ] {
        let config = format!(
            "[listen]\naddress = '127.0.0.1:0'\n\
             tls = {{ certificates = '{}', private_key = 'file:{}' }}\n",
            path(certificates),
            path(key)
        );
        std::fs::write(path("jeton.toml"), config).expect("a file");
        let ended = jeton(&["serve", "--no-issuer", "--config", &path("jeton.toml")]).end();
        assert_eq!(ended.code, Some(2), "{certificates} {key}");
        assert!(ended.stderr.contains("error: "), "{}", ended.stderr);
        assert!(!ended.stderr.contains("BEGIN"), "{}", ended.stderr);
    }
}

#[test]
fn work_that_nobody_waits_for_does_not_keep_it() {
    // Ten million iterations of PBKDF2: seconds of work.
    let token = "eyJhbGciOiJQQkVTMi1IUzUxMitBMjU2S1ciLCJlbmMiOiJBMjU2R0NNIiwicDJzIjoiTURBd01EQXdNREF3TURBd01EQXdNQSIsInAyYyI6MTAwMDAwMDB9.MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMQ.MjIyMjIyMjIyMjIy.eA.MzMzMzMzMzMzMzMzMzMzMw";
    let body = format!(
        r#"{{"token":"{token}","key":{{"secret":"a"}},"alg":["PBES2-HS512+A256KW"],"max_iterations":10000000}}"#
    );
    let mut server = Server::start(&["--listen", "127.0.0.1:0"]);
    let request = request("/api/tokens/decrypt", &host(&server), &body);
    let mut stream = server.connect();
    stream.write_all(request.as_bytes()).expect("it is sent");
    std::thread::sleep(Duration::from_millis(300));
    drop(stream);
    std::thread::sleep(Duration::from_millis(100));
    server.terminate();
    std::thread::sleep(Duration::from_secs(1));
    let ended = server.process.try_wait().expect("it can be asked");
    assert_eq!(ended.and_then(|status| status.code()), Some(0));
}
