//! Against a real TLS server on a loopback address, which the configuration permits, and with
//! answers of the DNS that refuse each kind of address.

use std::io::Write as _;
use std::sync::Mutex;

use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::{Answer, SystemResolver};

const SET: &str =
    r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

/// Answers as it is told, one answer after the other, and remembers what it was asked.
#[derive(Debug)]
struct Scripted {
    answers: Mutex<Vec<Vec<IpAddr>>>,
    asked: Mutex<Vec<String>>,
}

impl Resolve for Scripted {
    fn resolve<'a>(&'a self, host: &'a str) -> Answer<'a> {
        self.asked.lock().unwrap().push(host.to_owned());
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.is_empty() {
            Err(io::Error::other("no such host"))
        } else {
            Ok(answers.remove(0))
        };
        Box::pin(async move { answer })
    }
}

fn scripted(answers: &[&[&str]]) -> Arc<Scripted> {
    let addresses = |texts: &&[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    Arc::new(Scripted {
        answers: Mutex::new(answers.iter().map(addresses).collect()),
        asked: Mutex::default(),
    })
}

/// A server for `keys.test` on a loopback port, and a configuration that lets it be fetched from.
struct Server {
    port: u16,
    config: Config,
    requests: Arc<Mutex<Vec<String>>>,
    _authority: tempfile::NamedTempFile,
}

impl Server {
    /// Answers each request with these bytes; `None` never answers.
    async fn start(answer: Option<String>) -> Self {
        let made = rcgen::generate_simple_self_signed(["keys.test".to_owned()]).unwrap();
        let mut authority = tempfile::NamedTempFile::new().unwrap();
        authority.write_all(made.cert.pem().as_bytes()).unwrap();
        let certificate = CertificateDer::from(made.cert.der().to_vec());
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key))
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(serve(
            listener,
            TlsAcceptor::from(Arc::new(tls)),
            answer,
            Arc::clone(&requests),
        ));
        let config = Config {
            hosts: vec!["keys.test".parse().unwrap()],
            ports: vec![port],
            authorities: Some(authority.path().to_owned()),
            timeout: "5s".parse().unwrap(),
            ..Config::default()
        };
        Self {
            port,
            config,
            requests,
            _authority: authority,
        }
    }

    async fn fetch(&self, config: Config) -> Result<Fetched, FetchError> {
        let fetcher = config.build(scripted(&[&["127.0.0.1"]])).unwrap();
        fetcher
            .fetch(&format!("https://keys.test:{}/jwks?v=1", self.port))
            .await
    }

    fn connections(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

async fn serve(
    listener: TcpListener,
    tls: TlsAcceptor,
    answer: Option<String>,
    requests: Arc<Mutex<Vec<String>>>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let Ok(mut stream) = tls.accept(stream).await else {
            continue;
        };
        let mut head = vec![0; 4096];
        let length = stream.read(&mut head).await.unwrap_or_default();
        head.truncate(length);
        requests
            .lock()
            .unwrap()
            .push(String::from_utf8(head).unwrap());
        match &answer {
            Some(answer) => {
                stream.write_all(answer.as_bytes()).await.ok();
                stream.shutdown().await.ok();
            }
            None => core::future::pending().await,
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "as the server takes it")]
fn answer(head: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!(
        "HTTP/1.1 {head}\r\nContent-Length: {length}\r\n\r\n{body}"
    ))
}

fn good() -> Option<String> {
    answer("200 OK\r\nContent-Type: application/jwk-set+json", SET)
}

#[tokio::test]
async fn a_set_of_a_permitted_host() {
    let server = Server::start(good()).await;
    let fetched = server.fetch(server.config.clone()).await.unwrap();
    assert_eq!(fetched.text, SET);
    assert_eq!(fetched.set.keys.len(), 1);
    assert_eq!(
        fetched.address,
        SocketAddr::from(([127, 0, 0, 1], server.port))
    );
    let requests = server.requests.lock().unwrap();
    let [request] = requests.as_slice() else {
        panic!("{requests:?}")
    };
    let request = request.to_ascii_lowercase();
    assert!(
        request.starts_with("get /jwks?v=1 http/1.1\r\n"),
        "{request}"
    );
    let host = format!("host: keys.test:{}\r\n", server.port);
    assert!(request.contains(&host), "{request}");
    assert!(!request.contains("cookie") && !request.contains("referer"));
}

#[tokio::test]
async fn a_permitted_network_does_as_well() {
    let server = Server::start(good()).await;
    let config = Config {
        hosts: Vec::new(),
        networks: vec!["127.0.0.0/8".parse().unwrap()],
        ..server.config.clone()
    };
    assert!(server.fetch(config).await.is_ok());
}

#[tokio::test]
async fn without_permission_nothing_is_connected() {
    let server = Server::start(good()).await;
    for config in [
        Config {
            hosts: Vec::new(),
            ..server.config.clone()
        },
        Config {
            hosts: vec!["other.test".parse().unwrap()],
            ..server.config.clone()
        },
        Config {
            hosts: Vec::new(),
            networks: vec!["10.0.0.0/8".parse().unwrap()],
            ..server.config.clone()
        },
    ] {
        let error = server.fetch(config).await.unwrap_err();
        assert_eq!(error.code(), FetchCode::AddressRefused);
        assert_eq!(
            error.to_string(),
            "127.0.0.1 is not a public address (loopback)"
        );
    }
    let config = Config {
        ports: vec![443],
        ..server.config.clone()
    };
    assert_eq!(
        server.fetch(config).await.unwrap_err().code(),
        FetchCode::UrlRefused
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn each_kind_of_address_is_refused() {
    for (address, kind) in [
        ("0.0.0.0", Kind::Unspecified),
        ("10.1.2.3", Kind::Private),
        ("100.64.0.1", Kind::Shared),
        ("127.0.0.1", Kind::Loopback),
        ("169.254.169.254", Kind::LinkLocal),
        ("192.0.2.1", Kind::Documentation),
        ("198.18.0.1", Kind::Benchmarking),
        ("224.0.0.1", Kind::Multicast),
        ("255.255.255.255", Kind::Reserved),
        ("::", Kind::Unspecified),
        ("::1", Kind::Loopback),
        ("::ffff:10.0.0.1", Kind::Mapped),
        ("64:ff9b::a00:1", Kind::Translated),
        ("fd00::1", Kind::UniqueLocal),
        ("fe80::1", Kind::LinkLocal),
        ("ff02::1", Kind::Multicast),
        ("2001:db8::1", Kind::Documentation),
    ] {
        // One that is public beside it does not help, in either order.
        for answer in [&[address][..], &["8.8.8.8", address], &[address, "8.8.8.8"]] {
            let fetcher = Config::default().build(scripted(&[answer])).unwrap();
            match fetcher.fetch("https://keys.test/jwks").await {
                Err(FetchError::Address {
                    address: found,
                    kind: as_kind,
                }) => {
                    assert_eq!((found.to_string(), as_kind), (address.to_owned(), kind));
                }
                other => panic!("{address}: {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_literal_address_is_judged_as_well() {
    for url in [
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/",
    ] {
        let fetcher = Config::default().build(Arc::new(SystemResolver)).unwrap();
        let error = fetcher.fetch(url).await.unwrap_err();
        assert_eq!(error.code(), FetchCode::AddressRefused, "{url}: {error}");
    }
}

#[tokio::test]
async fn a_name_is_resolved_once() {
    let server = Server::start(good()).await;
    // A second answer would lead elsewhere, as when a name is rebound between check and use.
    let resolver = scripted(&[&["127.0.0.1"], &["10.0.0.1"]]);
    let fetcher = server.config.clone().build(resolver.clone()).unwrap();
    let url = format!("https://KEYS.test:{}/jwks", server.port);
    assert!(fetcher.fetch(&url).await.is_ok());
    assert_eq!(*resolver.asked.lock().unwrap(), ["keys.test"]);
}

#[tokio::test]
async fn a_host_without_an_address() {
    for resolver in [scripted(&[]), scripted(&[&[]])] {
        let fetcher = Config::default().build(resolver).unwrap();
        let error = fetcher.fetch("https://keys.test/").await.unwrap_err();
        assert_eq!(error.code(), FetchCode::HostUnresolved);
    }
}

#[tokio::test]
async fn answers_that_are_no_key_set() {
    let json = "200 OK\r\nContent-Type: application/json; charset=utf-8";
    for (answer, code) in [
        (
            answer("302 Found\r\nLocation: https://127.0.0.1/", ""),
            FetchCode::FetchStatus,
        ),
        (
            answer("404 Not Found\r\nContent-Type: application/json", SET),
            FetchCode::FetchStatus,
        ),
        (answer("200 OK", SET), FetchCode::FetchContent),
        (
            answer("200 OK\r\nContent-Type: text/html", SET),
            FetchCode::FetchContent,
        ),
        (
            answer(&format!("{json}\r\nContent-Encoding: gzip"), SET),
            FetchCode::FetchContent,
        ),
        (answer(json, "<html>"), FetchCode::FetchContent),
        (
            answer(json, r#"{"jwks_uri":"https://keys.test"}"#),
            FetchCode::FetchContent,
        ),
        (
            answer(json, r#"{"keys":[],"keys":[]}"#),
            FetchCode::FetchContent,
        ),
        (
            answer(json, &" ".repeat(600 << 10)),
            FetchCode::FetchTooLarge,
        ),
        (
            Some(format!(
                "HTTP/1.1 {json}\r\nContent-Length: 999\r\n\r\n{SET}"
            )),
            FetchCode::FetchFailed,
        ),
        (
            Some(format!(
                "HTTP/1.1 200 OK\r\nX: {}\r\n\r\n",
                "a".repeat(64 << 10)
            )),
            FetchCode::FetchFailed,
        ),
        (
            Some("SSH-2.0-OpenSSH\r\n".to_owned()),
            FetchCode::FetchFailed,
        ),
    ] {
        let server = Server::start(answer.clone()).await;
        let error = server.fetch(server.config.clone()).await.unwrap_err();
        let answer: String = answer.unwrap().chars().take(80).collect();
        assert_eq!(error.code(), code, "{answer}: {error:?}");
    }
}

#[tokio::test]
async fn a_chunked_answer_is_limited_as_it_comes() {
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let server = Server::start(Some(format!("{head}{}", chunk.repeat(64)))).await;
    let error = server.fetch(server.config.clone()).await.unwrap_err();
    assert_eq!(error.code(), FetchCode::FetchTooLarge);
}

#[tokio::test]
async fn a_silent_server_is_left() {
    let server = Server::start(None).await;
    let config = Config {
        timeout: "300ms".parse().unwrap(),
        ..server.config.clone()
    };
    let error = server.fetch(config).await.unwrap_err();
    assert_eq!(error.code(), FetchCode::FetchTimedOut);
}

#[tokio::test]
async fn an_unknown_authority_or_another_name_is_no_peer() {
    let server = Server::start(good()).await;
    let config = Config {
        authorities: None,
        ..server.config.clone()
    };
    assert_eq!(
        server.fetch(config).await.unwrap_err().code(),
        FetchCode::FetchFailed
    );
    let config = Config {
        hosts: vec!["other.test".parse().unwrap()],
        ..server.config.clone()
    };
    let fetcher = config.build(scripted(&[&["127.0.0.1"]])).unwrap();
    let error = fetcher
        .fetch(&format!("https://other.test:{}/", server.port))
        .await;
    assert_eq!(error.unwrap_err().code(), FetchCode::FetchFailed);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let config = Config {
        hosts: vec!["keys.test".parse().unwrap()],
        ports: vec![port],
        ..Config::default()
    };
    let fetcher = config.build(scripted(&[&["127.0.0.1"]])).unwrap();
    let error = fetcher.fetch(&format!("https://keys.test:{port}/")).await;
    assert_eq!(error.unwrap_err().code(), FetchCode::FetchFailed);
}

#[test]
fn authorities_that_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authorities.pem");
    let build = |path: &std::path::Path| {
        let config = Config {
            authorities: Some(path.to_owned()),
            ..Config::default()
        };
        config.build(Arc::new(SystemResolver)).map(drop)
    };
    assert!(build(&path).is_err());
    std::fs::write(&path, "no certificate\n").unwrap();
    assert!(build(&path).is_err());
}
