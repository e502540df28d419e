use jeton_inspect::workbench::{self, OPERATIONS, Setting};
use jeton_jose::backend::AwsLc;
use jeton_testkit::NOW;
use serde_json::json;

use crate::place::local;

pub(crate) const FAMOUS: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";

#[tokio::test]
async fn the_answer_is_the_workbenchs_own() {
    let setting = Setting {
        backend: &AwsLc,
        now: NOW,
    };
    for (name, request) in [
        ("tokens/inspect", json!({ "text": FAMOUS })),
        (
            "tokens/verify",
            json!({
                "token": FAMOUS,
                "key": { "secret": "your-256-bit-secret" },
                "signature_only": true
            }),
        ),
        ("policies/show", json!({ "policy": "access-token" })),
        ("names", json!({})),
    ] {
        let request = request.to_string();
        let wanted = workbench::call(name, &request, &setting).expect("an answer");
        let answered = local().post(&format!("/api/{name}"), request).await;
        assert_eq!(answered.status, 200, "{}", answered.body);
        assert_eq!(answered.header("content-type"), "application/json");
        assert_eq!(answered.header("cache-control"), "no-store");
        assert_eq!(answered.body, wanted);
    }
}

#[tokio::test]
async fn every_question_is_served() {
    for operation in OPERATIONS {
        let path = format!("/api/{}", operation.name);
        let answered = local().post(&path, "[]").await;
        answered.is_problem(400, "usage");
    }
}

#[tokio::test]
async fn keys_are_made_and_used() {
    let server = local();
    let made = server
        .post("/api/keys/generate", r#"{"alg":"ES256","kid":"a"}"#)
        .await;
    assert_eq!(made.status, 200, "{}", made.body);
    let made = made.json();
    let request = json!({
        "payload": r#"{"sub":"ada","exp":1767226000}"#,
        "keys": [{ "text": made["private"].to_string() }],
    });
    let signed = server.post("/api/tokens/sign", request.to_string()).await;
    assert_eq!(signed.status, 200, "{}", signed.body);
    let token = signed.json()["token"].clone();
    assert_eq!(token.as_str().expect("a token").matches('.').count(), 2);
    let verify = |at: &str| {
        let key = json!({ "text": made["public"].to_string() });
        json!({ "token": token, "key": key, "at": at }).to_string()
    };
    let good = server.post("/api/tokens/verify", verify("now")).await;
    assert_eq!(good.json()["verdict"], "valid", "{}", good.body);
    // A token that is not valid is an answer.
    let late = server.post("/api/tokens/verify", verify("+1d")).await;
    assert_eq!(late.status, 200);
    assert_ne!(late.json()["verdict"], "valid", "{}", late.body);
    assert!(late.body.contains("token_expired"));
}

#[tokio::test]
async fn a_failure_has_its_code_and_its_causes() {
    let server = local();
    let problem = server
        .post("/api/tokens/verify", r#"{"token":"a.b.c","kee":1}"#)
        .await
        .is_problem(400, "usage");
    assert!(
        problem["causes"][0]
            .as_str()
            .is_some_and(|text| text.contains("kee"))
    );
    let request = json!({ "token": FAMOUS, "key": { "text": "no key" } });
    let problem = server
        .post("/api/tokens/verify", request.to_string())
        .await
        .is_problem(422, "key_format");
    assert!(
        problem["type"]
            .as_str()
            .is_some_and(|link| link.ends_with("errors.md#key_format"))
    );
    let request = json!({ "policy": "no-such-policy" });
    let failed = server.post("/api/policies/show", request.to_string()).await;
    assert!(failed.status.is_client_error(), "{}", failed.body);
}

#[tokio::test]
async fn the_description_and_its_page() {
    let server = local();
    let description = server.get("/api/openapi.json").await;
    assert_eq!(description.header("content-type"), "application/json");
    assert_eq!(description.json()["openapi"], "3.1.0");
    let page = server.get("/api/").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.body.contains("/api/tokens/verify"));
    let style = server.get("/api/style.css").await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(server.get("/api").await.header("location"), "/api/");
}

#[tokio::test]
async fn the_page_is_at_home() {
    let server = local();
    for path in ["/", "/debugger"] {
        let answered = server.get(path).await;
        assert_eq!(answered.status, 307);
        assert_eq!(answered.header("location"), "/debugger/");
    }
    let page = server.get("/debugger/").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    if !jeton_web_assets::is_embedded() {
        assert_eq!(page.status, 503);
        assert!(page.body.contains("cargo xtask run"));
    }
    for path in [
        "/debugger/nothing.js",
        "/debugger/..%2fexport.html",
        "/nothing",
        "/api/nothing",
    ] {
        server.get(path).await.is_problem(404, "not_found");
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_of_security() {
    let server = local();
    for path in [
        "/",
        "/debugger/",
        "/api/",
        "/api/openapi.json",
        "/nothing",
        "/api/names",
    ] {
        let answered = server.get(path).await;
        let policy = answered.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; "), "{path}");
        assert_eq!(answered.header("referrer-policy"), "no-referrer");
        assert_eq!(answered.header("x-content-type-options"), "nosniff");
        assert_eq!(
            answered.header("cross-origin-resource-policy"),
            "same-origin"
        );
        assert_eq!(answered.header("access-control-allow-origin"), "");
        assert_eq!(answered.header("set-cookie"), "");
    }
}
