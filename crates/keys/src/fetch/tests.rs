//! Against a real TLS server on a loopback address, which the configuration permits, and with
//! answers of the DNS that refuse each kind of address.

use tokio::net::TcpListener;

use super::*;
use crate::SystemResolver;
use crate::test_server::{Reply, Server, answer, scripted};

const SET: &str =
    r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

async fn serving(answer: String) -> Server {
    Server::start(move |_| Reply::Text(answer.clone())).await
}

async fn fetch(server: &Server, config: Config) -> Result<Fetched, FetchError> {
    let fetcher = config.build(scripted(&[&["127.0.0.1"]])).unwrap();
    fetcher.fetch(&server.url("/jwks?v=1")).await
}

fn good() -> String {
    answer("200 OK\r\nContent-Type: application/jwk-set+json", SET)
}

#[tokio::test]
async fn a_set_of_a_permitted_host() {
    let server = serving(good()).await;
    let fetched = fetch(&server, server.config.clone()).await.unwrap();
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
    let server = serving(good()).await;
    let config = Config {
        hosts: Vec::new(),
        networks: vec!["127.0.0.0/8".parse().unwrap()],
        ..server.config.clone()
    };
    assert!(fetch(&server, config).await.is_ok());
}

#[tokio::test]
async fn without_permission_nothing_is_connected() {
    let server = serving(good()).await;
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
        let error = fetch(&server, config).await.unwrap_err();
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
        fetch(&server, config).await.unwrap_err().code(),
        FetchCode::UrlRefused
    );
    assert_eq!(server.requests(), 0);
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
    let server = serving(good()).await;
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
            format!("HTTP/1.1 {json}\r\nContent-Length: 999\r\n\r\n{SET}"),
            FetchCode::FetchFailed,
        ),
        (
            format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "a".repeat(64 << 10)),
            FetchCode::FetchFailed,
        ),
        ("SSH-2.0-OpenSSH\r\n".to_owned(), FetchCode::FetchFailed),
    ] {
        let server = serving(answer.clone()).await;
        let error = fetch(&server, server.config.clone()).await.unwrap_err();
        let answer: String = answer.chars().take(80).collect();
        assert_eq!(error.code(), code, "{answer}: {error:?}");
    }
}

#[tokio::test]
async fn a_chunked_answer_is_limited_as_it_comes() {
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let server = serving(format!("{head}{}", chunk.repeat(64))).await;
    let error = fetch(&server, server.config.clone()).await.unwrap_err();
    assert_eq!(error.code(), FetchCode::FetchTooLarge);
}

#[tokio::test]
async fn a_silent_server_is_left() {
    let server = Server::start(|_| Reply::Never).await;
    let config = Config {
        timeout: "300ms".parse().unwrap(),
        ..server.config.clone()
    };
    let error = fetch(&server, config).await.unwrap_err();
    assert_eq!(error.code(), FetchCode::FetchTimedOut);
}

#[tokio::test]
async fn an_unknown_authority_or_another_name_is_no_peer() {
    let server = serving(good()).await;
    let config = Config {
        authorities: None,
        ..server.config.clone()
    };
    assert_eq!(
        fetch(&server, config).await.unwrap_err().code(),
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
    assert_eq!(server.requests(), 0);
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
