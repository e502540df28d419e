//! A server that is not on a loopback address.

use jeton_debugger::Config;
use jeton_inspect::workbench::OPERATIONS;
use jeton_jose::{Algorithm, base64url};
use jeton_testkit::jwk;
use serde_json::{Value, json};

use crate::api::FAMOUS;
use crate::place::{Server, local, server};

fn remote() -> Server {
    server("192.168.1.5:7519", Config::default())
}

/// A private key and its public half, each as a JWK's text.
fn pair() -> (String, String) {
    let private = jwk(Algorithm::ES256);
    let public = private.to_public_json().expect("a public half");
    (private.to_json().to_string(), public)
}

fn secret_requests() -> Vec<(&'static str, Value)> {
    let (private, _) = pair();
    let set = format!(r#"{{"keys":[{private}]}}"#);
    let pem = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----";
    let der = base64url::encode(b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20abcdefghijklmnopqrstuvwxyz012345");
    vec![
        (
            "tokens/sign",
            json!({ "payload": "{}", "keys": [{ "text": private }] }),
        ),
        ("keys/generate", json!({ "alg": "ES256" })),
        (
            "tokens/verify",
            json!({ "token": FAMOUS, "key": { "secret": "a" } }),
        ),
        (
            "tokens/verify",
            json!({ "token": FAMOUS, "key": { "text": private } }),
        ),
        (
            "tokens/verify",
            json!({ "token": FAMOUS, "key": { "text": set } }),
        ),
        ("keys/inspect", json!({ "key": { "text": pem } })),
        (
            "keys/inspect",
            json!({ "key": { "text": pem, "passphrase": "p" } }),
        ),
        ("keys/inspect", json!({ "key": { "der": der } })),
        (
            "keys/convert",
            json!({ "key": { "text": private }, "to": "pem" }),
        ),
        ("jwks/inspect", json!({ "text": set })),
    ]
}

#[tokio::test]
async fn it_refuses_what_carries_a_secret() {
    for (name, request) in secret_requests() {
        let answered = remote()
            .post(&format!("/api/{name}"), request.to_string())
            .await;
        answered.is_problem(403, "secret_refused");
    }
}

#[tokio::test]
async fn it_refuses_what_is_made_of_secrets_whatever_they_say() {
    for operation in OPERATIONS {
        let is_secret = [
            "tokens/sign",
            "tokens/encrypt",
            "tokens/decrypt",
            "keys/generate",
        ]
        .contains(&operation.name);
        if is_secret {
            let answered = remote()
                .post(&format!("/api/{}", operation.name), "{}")
                .await;
            answered.is_problem(403, "secret_refused");
        }
    }
}

#[tokio::test]
async fn a_local_server_and_a_configured_one_answer() {
    let trusted = Config {
        remote_secrets: true,
        ..Config::default()
    };
    let trusted = server("192.168.1.5:7519", trusted);
    for (name, request) in secret_requests() {
        for server in [&local(), &trusted] {
            let answered = server
                .post(&format!("/api/{name}"), request.to_string())
                .await;
            assert!(
                !answered.body.contains("secret_refused"),
                "{}",
                answered.body
            );
        }
    }
}

#[tokio::test]
async fn it_answers_what_is_public() {
    let (_, public) = pair();
    let set = format!(r#"{{"keys":[{public}]}}"#);
    for (name, request) in [
        ("tokens/inspect", json!({ "text": FAMOUS })),
        (
            "tokens/verify",
            json!({ "token": FAMOUS, "key": { "text": set } }),
        ),
        ("keys/inspect", json!({ "key": { "text": public } })),
        (
            "keys/convert",
            json!({ "key": { "text": public }, "to": "pem" }),
        ),
        ("jwks/inspect", json!({ "text": set })),
        ("names", json!({})),
    ] {
        let answered = remote()
            .post(&format!("/api/{name}"), request.to_string())
            .await;
        assert_eq!(answered.status, 200, "{name}: {}", answered.body);
    }
}

#[tokio::test]
async fn why_a_token_does_not_decrypt_is_told_to_nobody_else() {
    let trusted = Config {
        remote_secrets: true,
        ..Config::default()
    };
    let trusted = server("192.168.1.5:7519", trusted);
    let request = |diagnose: Value| {
        let request =
            json!({ "token": "a.b.c.d.e", "key": { "secret": "a" }, "diagnose": diagnose });
        request.to_string()
    };
    for (diagnose, is_refused) in [(json!(true), true), (json!(1), true), (json!(false), false)] {
        let answered = trusted.post("/api/tokens/decrypt", request(diagnose)).await;
        let is_found = answered.body.contains("diagnosis_refused");
        assert_eq!(is_found, is_refused, "{}", answered.body);
        if is_refused {
            answered.is_problem(403, "diagnosis_refused");
        }
    }
    let answered = local()
        .post("/api/tokens/decrypt", request(json!(true)))
        .await;
    assert!(!answered.body.contains("diagnosis_refused"));
}
