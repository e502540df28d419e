//! The administration API: who may use it, what it refuses and how, and what it leaves behind.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use jeton_store::{Actor, AuditLog as _, wait};
use tower::ServiceExt as _;

use crate::house::{Answer, House, URL, machine, member};

/// As whoever has the machine.
async fn local(house: &House, method: Method, path: &str, body: &str) -> Answer {
    local_with(house, request(method, path, body)).await
}

async fn local_with(house: &House, request: Request<Body>) -> Answer {
    let response = house.issuer.administration().oneshot(request).await;
    Answer::of(response.unwrap()).await
}

fn request(method: Method, path: &str, body: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_owned()))
        .unwrap()
}

/// As whoever has this token.
async fn with_token(house: &House, token: &str, method: Method, path: &str) -> Answer {
    let mut request = request(method, path, r#"{"username":"ada"}"#);
    let value = format!("Bearer {token}").parse().unwrap();
    request.headers_mut().insert(header::AUTHORIZATION, value);
    house.ask(request).await
}

/// A client that administers in its own name.
async fn administrator(house: &House, scope: &str) -> String {
    let resource = format!("{URL}/admin");
    house.client("operator", machine(scope, &[&resource]));
    let form = [("grant_type", "client_credentials")];
    let answer = house.post("/token", "operator", &form).await;
    answer.string("access_token")
}

fn code(answer: &Answer) -> String {
    assert_eq!(
        answer.headers[header::CONTENT_TYPE],
        "application/problem+json"
    );
    answer.string("code")
}

#[tokio::test]
async fn without_a_token_there_is_only_a_challenge() {
    let house = House::new().await;
    for (method, path) in [
        (Method::GET, "/admin/users"),
        (Method::POST, "/admin/users"),
        (Method::DELETE, "/admin/keys/a"),
        (Method::GET, "/admin/status"),
    ] {
        let answer = house.ask(request(method, path, "{}")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(code(&answer), "unauthenticated");
        let challenge = answer.headers[header::WWW_AUTHENTICATE].to_str().unwrap();
        assert!(challenge.contains("scope=\"admin:"), "{challenge}");
        assert!(!challenge.contains("error="), "{challenge}");
    }
}

#[tokio::test]
async fn a_token_does_what_its_scope_allows() {
    let house = House::new().await;
    let token = administrator(&house, "admin:read").await;
    let answer = with_token(&house, &token, Method::GET, "/admin/users").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let answer = with_token(&house, &token, Method::POST, "/admin/users").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(code(&answer), "permission_missing");
}

#[tokio::test]
async fn a_token_for_something_else_does_nothing() {
    let house = House::new().await;
    let elsewhere = ["https://api.example"];
    house.client("other", machine("orders:read", &elsewhere));
    let form = [("grant_type", "client_credentials")];
    let answer = house.post("/token", "other", &form).await;
    let token = answer.string("access_token");
    let answer = with_token(&house, &token, Method::GET, "/admin/users").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let challenge = answer.headers[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
}

#[tokio::test]
async fn a_revoked_token_does_nothing() {
    let house = House::new().await;
    let token = administrator(&house, "admin:read admin:write").await;
    let answer = with_token(&house, &token, Method::POST, "/admin/users").await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let body = format!(r#"{{"token":"{token}"}}"#);
    let answer = local(&house, Method::POST, "/admin/revocations", &body).await;
    assert_eq!(answer.string("revoked"), "access_token");
    let answer = with_token(&house, &token, Method::GET, "/admin/users").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn every_change_says_who_made_it() {
    let house = House::new().await;
    let token = administrator(&house, "admin:read admin:write").await;
    with_token(&house, &token, Method::POST, "/admin/users").await;
    local(&house, Method::PUT, "/admin/roles/clerk", "{}").await;
    let entries = wait(|reply| house.store.audit_after(0, 1000, reply)).unwrap();
    let actor = |action: &str| {
        let mut entries = entries.iter().rev();
        let entry = entries.find(|entry| entry.event.action == action);
        entry.map(|entry| entry.event.actor.clone())
    };
    let operator = Actor::Client(jeton_store::ClientId::new("operator"));
    assert_eq!(actor("account.created"), Some(operator));
    assert_eq!(actor("role.saved"), Some(Actor::CommandLine));
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_words() {
    let house = House::new().await;
    let ada = r#"{"username":"Ada","email":"ada@example.com"}"#;
    let made = local(&house, Method::POST, "/admin/users", ada).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let web = r#"{"registration":{"grant_types":["authorization_code"]}}"#;
    for (method, path, body, status, wanted) in [
        (Method::POST, "/admin/users", ada, 409, "taken"),
        (
            Method::POST,
            "/admin/users",
            r#"{"username":"a b"}"#,
            422,
            "content",
        ),
        (
            Method::POST,
            "/admin/users",
            r#"{"user":"a"}"#,
            422,
            "content",
        ),
        (Method::POST, "/admin/users", "{", 422, "content"),
        (Method::GET, "/admin/users/nobody", "", 404, "missing"),
        (Method::DELETE, "/admin/roles/none", "", 404, "missing"),
        (Method::DELETE, "/admin/sessions/none", "", 404, "missing"),
        (Method::GET, "/admin/users?limit=0", "", 400, "usage"),
        (Method::GET, "/admin/users?page=2", "", 400, "usage"),
        (Method::GET, "/admin/audit?after=x", "", 400, "usage"),
        (Method::PUT, "/admin/users", "", 405, "method_refused"),
        (Method::POST, "/admin/clients", web, 422, "content"),
        (
            Method::PUT,
            "/admin/apis/nothing",
            r#"{"name":"a"}"#,
            422,
            "content",
        ),
        (Method::GET, "/admin/users/%FF", "", 404, "not_found"),
        (
            Method::POST,
            "/admin/keys/rotate",
            r#"{"alg":"none"}"#,
            422,
            "content",
        ),
        (
            Method::POST,
            "/admin/revocations",
            r#"{"token":"a.b.c"}"#,
            422,
            "content",
        ),
    ] {
        let answer = local(&house, method, path, body).await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{path} {body} {}",
            answer.text
        );
        assert_eq!(code(&answer), wanted, "{path} {body}");
    }
}

#[tokio::test]
async fn a_change_of_another_revision_is_stale() {
    let house = House::new().await;
    local(
        &house,
        Method::POST,
        "/admin/users",
        r#"{"username":"ada"}"#,
    )
    .await;
    let shown = local(&house, Method::GET, "/admin/users/ada", "").await;
    assert_eq!(shown.headers[header::ETAG], "\"0\"");
    let change = |tag: &'static str| {
        let mut request = request(Method::PATCH, "/admin/users/ada", r#"{"state":"disabled"}"#);
        let tag = header::HeaderValue::from_static(tag);
        request.headers_mut().insert(header::IF_MATCH, tag);
        request
    };
    let answer = local_with(&house, change("\"0\"")).await;
    assert_eq!(answer.headers[header::ETAG], "\"1\"");
    assert_eq!(answer.string("state"), "disabled");
    let answer = local_with(&house, change("\"0\"")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(code(&answer), "stale");
}

#[tokio::test]
async fn a_secret_is_shown_once_and_replaced_without_a_gap() {
    let house = House::new().await;
    let body = r#"{"client_id":"worker","registration":{"grant_types":["client_credentials"],"scope":"a"}}"#;
    let made = local(&house, Method::POST, "/admin/clients", body).await;
    let first = made.string("client_secret");
    let shown = local(&house, Method::GET, "/admin/clients/worker", "").await;
    assert!(!shown.text.contains(&first), "{}", shown.text);
    let body = r#"{"keep_previous":"1h"}"#;
    let made = local(&house, Method::POST, "/admin/clients/worker/secret", body).await;
    let second = made.string("client_secret");
    let token = async |secret: &str| {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "worker"),
            ("client_secret", secret),
        ];
        house.post_plain("/token", &form).await.status
    };
    // By its registration it uses the `Authorization` header.
    let metadata = r#"{"registration":{"grant_types":["client_credentials"],"token_endpoint_auth_method":"client_secret_post"}}"#;
    let changed = local(&house, Method::PATCH, "/admin/clients/worker", metadata).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    assert_eq!(token(&first).await, StatusCode::OK);
    assert_eq!(token(&second).await, StatusCode::OK);
    house.later(core::time::Duration::from_hours(2));
    assert_eq!(token(&first).await, StatusCode::UNAUTHORIZED);
    assert_eq!(token(&second).await, StatusCode::OK);
    local(
        &house,
        Method::PATCH,
        "/admin/clients/worker",
        r#"{"enabled":false}"#,
    )
    .await;
    assert_eq!(token(&second).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn keys_are_replaced_ahead_of_time_or_at_once() {
    let house = House::new().await;
    let token = administrator(&house, "admin:read").await;
    let rotated = local(
        &house,
        Method::POST,
        "/admin/keys/rotate",
        r#"{"alg":"ES256"}"#,
    )
    .await;
    assert_eq!(rotated.status, StatusCode::OK, "{}", rotated.text);
    assert_eq!(rotated.string("breaks"), "[]");
    let states = rotated.text.matches(r#""alg":"ES256","state":"#).count();
    assert_eq!(states, 2, "{}", rotated.text);
    let again = local(
        &house,
        Method::POST,
        "/admin/keys/rotate",
        r#"{"alg":"ES256"}"#,
    )
    .await;
    assert_eq!(again.text, rotated.text, "the successor is there already");
    let answer = with_token(&house, &token, Method::GET, "/admin/keys").await;
    assert_eq!(answer.status, StatusCode::OK, "nothing breaks");

    let body = r#"{"alg":"ES256","emergency":true}"#;
    let rotated = local(&house, Method::POST, "/admin/keys/rotate", body).await;
    assert!(
        rotated.string("breaks").contains("counts no more"),
        "{}",
        rotated.text
    );
    let answer = with_token(&house, &token, Method::GET, "/admin/keys").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let form = [("grant_type", "client_credentials")];
    let fresh = house
        .post("/token", "operator", &form)
        .await
        .string("access_token");
    let answer = with_token(&house, &fresh, Method::GET, "/admin/keys").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn a_person_administers_as_long_as_a_role_permits_it() {
    let house = House::new().await;
    let link = house.issuer.setup_link().await.unwrap();
    assert!(link.unwrap().starts_with(&format!("{URL}/setup?ticket=")));
    let body = r#"{"username":"ada","roles":["administrator"]}"#;
    local(&house, Method::POST, "/admin/users", body).await;
    assert_eq!(house.issuer.setup_link().await.unwrap(), None);
    let answer = local(&house, Method::GET, "/admin/users/ada/permissions", "").await;
    assert!(answer.string("permissions").contains("admin:write"));
    local(&house, Method::PATCH, "/admin/users/ada", r#"{"roles":[]}"#).await;
    let answer = local(&house, Method::GET, "/admin/users/ada/permissions", "").await;
    assert_eq!(answer.string("permissions"), "[]");
    assert!(house.issuer.setup_link().await.unwrap().is_some());
}

#[tokio::test]
async fn lists_come_in_parts() {
    let house = House::new().await;
    for name in ["a", "b", "c"] {
        let body = format!(r#"{{"username":"{name}"}}"#);
        local(&house, Method::POST, "/admin/users", &body).await;
    }
    let part = local(&house, Method::GET, "/admin/users?limit=2", "").await;
    assert_eq!(part.string("next"), "b");
    let part = local(&house, Method::GET, "/admin/users?limit=2&after=b", "").await;
    assert_eq!(part.member("next"), None);
    assert!(part.text.contains(r#""username":"c""#), "{}", part.text);
}

#[tokio::test]
async fn everything_described_is_there() {
    let house = House::new().await;
    let description = house.get("/openapi.json").await;
    assert_eq!(description.status, StatusCode::OK);
    let paths = member(&description.text, "paths").unwrap();
    let mut found = 0;
    for path in paths.split('"').filter(|text| text.starts_with("/admin/")) {
        let path = path.replace(['{', '}'], "");
        let answer = local(&house, Method::OPTIONS, &path, "").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        found += 1;
    }
    assert!(found >= 20, "{found}");
}
