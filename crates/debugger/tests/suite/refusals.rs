//! Requests that a page of another site, or no sensible program, sends.

use axum::body::Body;
use http::Request;
use http::request::Builder;

use crate::place::local;

const PATH: &str = "/api/tokens/inspect";
const BODY: &str = r#"{"text":"a"}"#;

fn good() -> Builder {
    Request::post(PATH)
        .header("host", "127.0.0.1:7519")
        .header("content-type", "application/json")
}

#[tokio::test]
async fn a_good_request_is_answered() {
    let answered = local().send(good().body(Body::from(BODY))).await;
    assert_eq!(answered.status, 200, "{}", answered.body);
    let own = good()
        .header("origin", "http://127.0.0.1:7519")
        .header("sec-fetch-site", "same-origin");
    assert_eq!(local().send(own.body(Body::from(BODY))).await.status, 200);
}

#[tokio::test]
async fn a_rebound_name_is_refused() {
    for path in [PATH, "/debugger/", "/api/"] {
        let request = Request::post(path)
            .header("host", "rebound.example:7519")
            .header("content-type", "application/json")
            .body(Body::from(BODY));
        local().send(request).await.is_problem(421, "host_refused");
    }
}

#[tokio::test]
async fn another_origin_is_refused() {
    let request = good().header("origin", "https://attacker.example");
    let answered = local().send(request.body(Body::from(BODY))).await;
    answered.is_problem(403, "origin_refused");
    let request = good().header("origin", "null");
    let answered = local().send(request.body(Body::from(BODY))).await;
    answered.is_problem(403, "origin_refused");
}

#[tokio::test]
async fn what_another_site_sends_is_refused() {
    for site in ["cross-site", "same-site"] {
        let request = good().header("sec-fetch-site", site);
        let answered = local().send(request.body(Body::from(BODY))).await;
        answered.is_problem(403, "origin_refused");
        let request = good()
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-site", site);
        let answered = local().send(request.body(Body::from(BODY))).await;
        answered.is_problem(403, "origin_refused");
    }
}

#[tokio::test]
async fn no_path_leaves_the_pages() {
    for path in [
        "/debugger/../export.html",
        "/debugger/%2e%2e/export.html",
        "/debugger/%2e%2e%2f%2e%2e%2fetc/passwd",
        "/debugger//etc/passwd",
        "/debugger/%00",
        "/debugger/%ff",
        "//rebound.example/debugger/index.html",
    ] {
        local().get(path).await.is_problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_body_that_is_not_declared_as_json_is_refused() {
    for kind in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=application/json"),
        Some("text/plain; application/json"),
    ] {
        let mut request = Request::post(PATH).header("host", "127.0.0.1:7519");
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let answered = local().send(request.body(Body::from(BODY))).await;
        answered.is_problem(415, "media_type_refused");
    }
    for (name, value) in [("content-type", "text/plain"), ("content-encoding", "gzip")] {
        let answered = local()
            .send(good().header(name, value).body(Body::from(BODY)))
            .await;
        answered.is_problem(415, "media_type_refused");
    }
    for kind in ["application/json; charset=utf-8", "Application/JSON"] {
        let request = Request::post(PATH)
            .header("host", "127.0.0.1:7519")
            .header("content-type", kind);
        assert_eq!(
            local().send(request.body(Body::from(BODY))).await.status,
            200
        );
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused() {
    for body in [
        "",
        "{",
        "a=b",
        r#"{"text":"a","text":"b"}"#,
        "{\"text\":\"a\"} x",
    ] {
        local().post(PATH, body).await.is_problem(400, "usage");
    }
    let answered = local()
        .send(good().body(Body::from(vec![0xff, 0xfe])))
        .await;
    answered.is_problem(400, "body_unreadable");
}

#[tokio::test]
async fn a_long_body_is_refused() {
    let text = format!(r#"{{"text":"{}"}}"#, "a".repeat(4 << 20));
    local()
        .post(PATH, text)
        .await
        .is_problem(413, "body_too_large");
}

#[tokio::test]
async fn other_methods_are_refused() {
    for (method, path, allowed) in [
        ("GET", PATH, "POST"),
        ("PUT", PATH, "POST"),
        ("OPTIONS", PATH, "POST"),
        ("POST", "/debugger/", "GET,HEAD"),
        ("DELETE", "/api/openapi.json", "GET,HEAD"),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:7519")
            .body(Body::empty());
        let answered = local().send(request).await;
        answered.is_problem(405, "method_refused");
        assert_eq!(answered.header("allow"), allowed, "{method} {path}");
        // No answer to a preflight request permits anything.
        assert_eq!(answered.header("access-control-allow-methods"), "");
    }
}
