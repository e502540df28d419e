//! Bad input: each endpoint answers in the RFC's form, whatever it gets.

use axum::body::Body;
use http::{Method, Request, header};
use jeton_oauth::ErrorCode;
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, TestRunner};

use crate::house::{Answer, House, SECRET, base64};
use crate::people::{CALLBACK, VERIFIER};

const FORM: &str = "application/x-www-form-urlencoded";
const ENDPOINTS: [&str; 4] = ["/token", "/introspect", "/revoke", "/userinfo"];

impl House {
    async fn send(&self, path: &str, kind: &str, authorization: &[u8], body: Vec<u8>) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, kind)
            .header(header::AUTHORIZATION, authorization)
            .body(Body::from(body));
        self.ask(request.unwrap()).await
    }
}

fn check(answer: &Answer, what: &str) {
    assert!(answer.status.is_client_error(), "{what}: {}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store", "{what}");
    let error = answer.error();
    let known = ErrorCode::ALL.iter().any(|code| code.as_str() == error);
    assert!(known, "{what}: {error}");
}

#[tokio::test]
async fn no_form_is_too_strange_to_be_refused() {
    let house = House::inhabited().await;
    let basic = format!("Basic {}", base64(&format!("app:{SECRET}")));
    let long = "a=".repeat(40_000);
    let many = "a=1&".repeat(100);
    let bodies: [&[u8]; 16] = [
        b"",
        b"&&&",
        b"=",
        b"grant_type",
        b"grant_type=&token=",
        b"grant_type=refresh_token&grant_type=refresh_token&token=a&token=b",
        b"grant_type=%ff&token=%ff&access_token=%ff",
        b"grant_type=%&token=%&access_token=%",
        b"grant_type=%zz&token=%z&access_token=%2",
        b"\xff\xfe\x00",
        b"{\"grant_type\":\"refresh_token\"}",
        b"grant_type=refresh_token&refresh_token=a&scope=%22&token_type_hint=",
        b"grant_type=refresh_token&refresh_token=a&scope=a++b",
        b"grant_type=authorization_code&code=%00&redirect_uri=%00&code_verifier=%00",
        long.as_bytes(),
        many.as_bytes(),
    ];
    for path in ENDPOINTS {
        for body in bodies {
            let bearer = path == "/userinfo";
            let shown = if bearer { "Basic x" } else { basic.as_str() };
            let answer = house
                .send(path, FORM, shown.as_bytes(), body.to_vec())
                .await;
            let what = format!(
                "{path} {}",
                String::from_utf8_lossy(&body[..body.len().min(60)])
            );
            if bearer && answer.status == 401 && answer.text.is_empty() {
                continue;
            }
            check(&answer, &what);
        }
        let answer = house
            .send(path, "application/json", basic.as_bytes(), b"{}".to_vec())
            .await;
        assert_ne!(answer.status, 500);
        assert!(answer.status.is_client_error());
    }
}

#[tokio::test]
async fn no_authorization_is_too_strange_to_be_refused() {
    let house = House::inhabited().await;
    for authorization in [
        &b""[..],
        b"Basic",
        b"Basic ",
        b"Basic \xff",
        b"Basic YXBw",
        b"Basic YXBwOg==",
        b"Basic OmFwcA==",
        b"Basic YXBwOiVmZg==",
        b"Bearer x",
        b"bearer",
        b"DPoP x",
        b"\x80",
    ] {
        for path in ["/token", "/introspect", "/revoke"] {
            let body = b"grant_type=client_credentials&token=x".to_vec();
            let answer = house.send(path, FORM, authorization, body).await;
            check(&answer, &format!("{path} {authorization:?}"));
            assert_eq!(answer.error(), "invalid_client");
            assert!(answer.headers.contains_key("www-authenticate"));
        }
        let request = Request::get("/revocations")
            .header(header::AUTHORIZATION, authorization)
            .body(Body::empty());
        let answer = house.ask(request.unwrap()).await;
        check(&answer, &format!("/revocations {authorization:?}"));
        let request = Request::get("/userinfo")
            .header(header::AUTHORIZATION, authorization)
            .body(Body::empty());
        let answer = house.ask(request.unwrap()).await;
        assert!(answer.status.is_client_error(), "{authorization:?}");
        assert!(answer.headers.contains_key("www-authenticate"));
    }
}

#[tokio::test]
async fn a_wrong_method_is_no_failure_of_the_service() {
    let house = House::new().await;
    for (method, path) in [
        (Method::GET, "/token"),
        (Method::GET, "/introspect"),
        (Method::GET, "/revoke"),
        (Method::DELETE, "/userinfo"),
        (Method::POST, "/revocations"),
        (Method::POST, "/jwks"),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Body::empty());
        assert_eq!(house.ask(request.unwrap()).await.status, 405, "{path}");
    }
}

/// Parameters with the names that there are, and values of any kind.
fn parameters() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof![
        Just("grant_type"),
        Just("code"),
        Just("redirect_uri"),
        Just("code_verifier"),
        Just("refresh_token"),
        Just("scope"),
        Just("resource"),
        Just("audience"),
        Just("subject_token"),
        Just("subject_token_type"),
        Just("actor_token"),
        Just("actor_token_type"),
        Just("requested_token_type"),
        Just("token"),
        Just("token_type_hint"),
        Just("client_id"),
        Just("client_secret"),
        Just("client_assertion"),
        Just("client_assertion_type"),
        Just("access_token"),
    ];
    let value = prop_oneof![
        Just("authorization_code".to_owned()),
        Just("refresh_token".to_owned()),
        Just("client_credentials".to_owned()),
        Just("urn:ietf:params:oauth:grant-type:token-exchange".to_owned()),
        Just("urn:ietf:params:oauth:token-type:access_token".to_owned()),
        Just("urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
        Just("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhcHAifQ.".to_owned()),
        Just("app".to_owned()),
        Just(SECRET.to_owned()),
        Just(CALLBACK.to_owned()),
        Just(VERIFIER.to_owned()),
        Just("f.0.AAAA".to_owned()),
        any::<String>(),
        "[ -~]{0,40}",
    ];
    prop::collection::vec((name.prop_map(str::to_owned), value), 0..8)
}

#[test]
fn no_parameters_make_the_service_fail() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let house = runtime.block_on(House::inhabited());
    let runs = Runs {
        cases: 400,
        failure_persistence: None,
        ..Runs::default()
    };
    let endpoint = prop::sample::select(ENDPOINTS.to_vec());
    TestRunner::new(runs)
        .run(
            &(endpoint, parameters(), any::<bool>()),
            |(path, parameters, basic)| {
                let pairs: Vec<_> = parameters
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                let answer = runtime.block_on(async {
                    if basic {
                        house.post(path, "app", &pairs).await
                    } else {
                        house.post_plain(path, &pairs).await
                    }
                });
                prop_assert!(!answer.status.is_server_error(), "{}", answer.text);
                Ok(())
            },
        )
        .unwrap();
}
