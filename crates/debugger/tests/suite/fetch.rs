//! `POST /api/jwks/fetch`. What the fetcher refuses and takes is tested where it lives.

use jeton_debugger::Config;
use serde_json::json;

use crate::place::{local, server};

const PATH: &str = "/api/jwks/fetch";

#[tokio::test]
async fn a_host_has_to_be_confirmed() {
    let url = "https://keys.example.com/jwks";
    for confirmed in [
        "",
        "keys.example",
        "https://keys.example.com",
        "other.example.com",
    ] {
        let request = json!({ "url": url, "confirm_host": confirmed });
        let problem = local()
            .post(PATH, request.to_string())
            .await
            .is_problem(403, "confirmation_missing");
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|text| text.contains("`keys.example.com`"))
        );
    }
    for request in [
        json!({ "url": url }),
        json!({ "confirm_host": "a" }),
        json!({}),
        json!([]),
    ] {
        local()
            .post(PATH, request.to_string())
            .await
            .is_problem(400, "usage");
    }
}

#[tokio::test]
async fn a_host_on_this_machine_is_refused() {
    // Every name leads to a loopback address here.
    let request =
        json!({ "url": "https://Keys.Example.com/jwks", "confirm_host": "keys.example.com" });
    let problem = local()
        .post(PATH, request.to_string())
        .await
        .is_problem(403, "address_refused");
    assert_eq!(
        problem["detail"],
        "127.0.0.1 is not a public address (loopback)"
    );
    for url in ["http://keys.example.com/", "https://keys.example.com:22/"] {
        let request = json!({ "url": url, "confirm_host": "keys.example.com" });
        local()
            .post(PATH, request.to_string())
            .await
            .is_problem(422, "url_refused");
    }
    local()
        .post(
            PATH,
            json!({ "url": "nothing", "confirm_host": "nothing" }).to_string(),
        )
        .await
        .is_problem(422, "url_refused");
}

#[tokio::test]
async fn a_failed_connection_says_why() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let mut config = Config::default();
    config.fetch.hosts = vec!["keys.example.com".parse().expect("a name")];
    config.fetch.ports = vec![port];
    let url = format!("https://keys.example.com:{port}/");
    let request = json!({ "url": url, "confirm_host": "keys.example.com" });
    let problem = server("127.0.0.1:7519", config)
        .post(PATH, request.to_string())
        .await
        .is_problem(502, "fetch_failed");
    assert_eq!(
        problem["causes"].as_array().map(Vec::len),
        Some(1),
        "{problem}"
    );
}
