//! What becomes of tokens: userinfo, introspection, revocation, the stream of revocations.

use std::time::Duration;

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use jeton_oauth::client::{AuthMethod, ClientMetadata};
use jeton_store::{AccountId, Accounts as _, SigningKeys as _, wait};

use crate::house::{Answer, House, SECRET, base64, machine, member};
use crate::people::{API, app, claims, grant};

impl House {
    pub(crate) async fn userinfo(&self, token: &str) -> Answer {
        let request = Request::get("/userinfo")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty());
        self.ask(request.unwrap()).await
    }

    async fn introspect(&self, client: &str, token: &str) -> Answer {
        self.post("/introspect", client, &[("token", token)]).await
    }

    async fn revoke(&self, client: &str, token: &str) -> Answer {
        self.post("/revoke", client, &[("token", token)]).await
    }

    async fn revocations(&self, query: &str, authorization: &str) -> Answer {
        let request = Request::get(format!("/revocations?{query}"))
            .header(header::AUTHORIZATION, authorization)
            .body(Body::empty());
        self.ask(request.unwrap()).await
    }
}

fn challenge(answer: &Answer) -> &str {
    answer.headers["www-authenticate"].to_str().unwrap()
}

#[tokio::test]
async fn userinfo_tells_what_the_scope_tells() {
    let house = House::inhabited().await;
    let token = house.tokens("openid email").await.string("access_token");
    let answer = house.userinfo(&token).await;
    assert_eq!(
        answer.text,
        "{\"sub\":\"ada-id\",\"email\":\"ada@mail.example\",\"email_verified\":true}"
    );
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    let posted = house
        .post_plain("/userinfo", &[("access_token", &token)])
        .await;
    assert_eq!(posted.text, answer.text);
    let token = house.tokens("openid profile").await.string("access_token");
    let answer = house.userinfo(&token).await;
    assert_eq!(answer.string("name"), "Ada Lovelace");
    assert_eq!(answer.string("preferred_username"), "ada");
    assert_eq!(answer.member("email"), None);
    assert_eq!(answer.member("company"), None);
}

#[tokio::test]
async fn single_claims_are_told_where_they_were_asked_for_and_may_be() {
    let house = House::inhabited().await;
    let mut asked = grant(&house, "app", "openid");
    for claim in ["name", "email", "company", "phone_number", "sub"] {
        asked.claims.userinfo.insert(claim.to_owned(), None);
    }
    asked.claims.id_token.insert("email".to_owned(), None);
    asked.claims.id_token.insert("company".to_owned(), None);
    house.code("c", asked);
    let answer = house.redeem("c").await;
    let told = house.userinfo(&answer.string("access_token")).await;
    assert_eq!(
        told.text,
        "{\"sub\":\"ada-id\",\"email\":\"ada@mail.example\",\"name\":\"Ada Lovelace\"}"
    );
    let id = claims(&answer.string("id_token"));
    assert_eq!(member(&id, "email").unwrap(), "ada@mail.example");
    assert_eq!(member(&id, "company"), None);
}

#[tokio::test]
async fn userinfo_refuses_in_the_form_of_rfc_6750() {
    let house = House::inhabited().await;
    let good = house.tokens("openid").await.string("access_token");
    let plain = house.get("/userinfo").await;
    assert_eq!(plain.status, StatusCode::UNAUTHORIZED);
    assert_eq!(challenge(&plain), "Bearer realm=\"jeton\"");
    let in_query = house.get(&format!("/userinfo?access_token={good}")).await;
    assert_eq!(in_query.status, StatusCode::UNAUTHORIZED);
    let bad = house.userinfo("x").await;
    assert_eq!(bad.status, StatusCode::UNAUTHORIZED);
    assert_eq!(bad.error(), "invalid_token");
    assert!(
        challenge(&bad).contains("code=\"token_format\""),
        "{}",
        challenge(&bad)
    );
    let twice = Request::post("/userinfo")
        .header(header::AUTHORIZATION, format!("Bearer {good}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("access_token={good}")));
    let twice = house.ask(twice.unwrap()).await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST);
    assert_eq!(twice.error(), "invalid_request");

    // A token for an API does not count here, one of a machine neither.
    let api = house.tokens("orders:read").await.string("access_token");
    assert!(challenge(&house.userinfo(&api).await).contains("audience_mismatch"));
    house.client("machine", machine("news", &[]));
    let kind = ("grant_type", "client_credentials");
    let own = house.post("/token", "machine", &[kind]).await;
    let answer = house.userinfo(&own.string("access_token")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(challenge(&answer).ends_with("scope=\"openid\""));
    // An id token is no access token.
    let id = house.tokens("openid email").await.string("id_token");
    assert!(challenge(&house.userinfo(&id).await).contains("type_mismatch"));

    house.later(Duration::from_mins(5));
    assert!(challenge(&house.userinfo(&good).await).contains("token_expired"));
}

#[tokio::test]
async fn a_token_counts_no_more_the_moment_its_key_its_account_or_itself_is_revoked() {
    let house = House::inhabited().await;
    let token = house.tokens("openid").await.string("access_token");
    let other = house.tokens("openid email").await.string("access_token");
    assert_eq!(house.userinfo(&token).await.status, 200);
    assert_eq!(house.revoke("app", &token).await.status, 200);
    assert!(challenge(&house.userinfo(&token).await).contains("token_revoked"));
    assert_eq!(house.userinfo(&other).await.status, 200);
    let ada = AccountId::new("ada-id");
    wait(|reply| house.store.delete_account(ada, house.act(), reply)).unwrap();
    let answer = house.userinfo(&other).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn introspection_tells_those_whom_the_token_concerns() {
    let house = House::inhabited().await;
    house.client("api", machine("", &[API]));
    house.client("else", machine("", &["https://else.example"]));
    let tokens = house.tokens("openid orders:read").await;
    let token = tokens.string("access_token");
    for client in ["app", "api"] {
        let answer = house.introspect(client, &token).await;
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.string("active"), "true");
        assert_eq!(answer.string("sub"), "ada-id");
        assert_eq!(answer.string("client_id"), "app");
        assert_eq!(answer.string("token_type"), "Bearer");
        assert_eq!(answer.string("scope"), "openid orders:read");
        assert_eq!(answer.string("roles"), "[\"clerk\"]");
    }
    assert_eq!(
        house.introspect("else", &token).await.text,
        "{\"active\":false}"
    );
    // Refresh tokens are their own client's affair.
    let refresh = tokens.string("refresh_token");
    let answer = house.introspect("app", &refresh).await;
    assert_eq!(answer.string("active"), "true");
    assert_eq!(answer.string("client_id"), "app");
    assert_eq!(answer.member("token_type"), None);
    assert_eq!(
        house.introspect("api", &refresh).await.text,
        "{\"active\":false}"
    );
    for hostile in ["x", "a.b.c", &"A".repeat(60_000), &token[..token.len() - 2]] {
        let answer = house.introspect("app", hostile).await;
        assert_eq!(answer.text, "{\"active\":false}");
    }
    // Judged at every use, although it is remembered.
    house.later(Duration::from_mins(5));
    assert_eq!(
        house.introspect("api", &token).await.text,
        "{\"active\":false}"
    );
    let anonymous = house
        .post_plain("/introspect", &[("token", &token), ("client_id", "app")])
        .await;
    assert_eq!(anonymous.error(), "invalid_client");
    assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_public_client_does_not_introspect_but_revokes() {
    let house = House::inhabited().await;
    let page = ClientMetadata {
        token_endpoint_auth_method: AuthMethod::None,
        ..app()
    };
    house.client("page", page);
    house.code("c", grant(&house, "page", "offline_access"));
    let form = crate::people::redemption("c");
    let form = [&form[..], &[("client_id", "page")]].concat();
    let token = house
        .post_plain("/token", &form)
        .await
        .string("refresh_token");
    let form = [("token", token.as_str()), ("client_id", "page")];
    let answer = house.post_plain("/introspect", &form).await;
    assert_eq!(answer.error(), "invalid_client");
    assert_eq!(house.post_plain("/revoke", &form).await.status, 200);
    let refresh = crate::people::refreshing(&token);
    let refresh = [&refresh[..], &[("client_id", "page")]].concat();
    let answer = house.post_plain("/token", &refresh).await;
    assert_eq!(answer.error(), "invalid_grant");
}

#[tokio::test]
async fn a_revoked_refresh_token_takes_its_access_tokens_along() {
    let house = House::inhabited().await;
    house.client("other", app());
    let tokens = house.tokens("openid").await;
    let refresh = tokens.string("refresh_token");
    let access = tokens.string("access_token");
    for token in [&refresh, &access] {
        let answer = house.revoke("other", token).await;
        assert_eq!(answer.error(), "invalid_grant");
    }
    assert!(house.is_active(&access).await);
    for token in ["unknown", "a.b.c", "a.1.c"] {
        let answer = house.revoke("app", token).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, ""));
    }
    assert_eq!(
        house.post("/revoke", "app", &[]).await.error(),
        "invalid_request"
    );
    assert_eq!(house.revoke("app", &refresh).await.status, 200);
    assert_eq!(house.refresh(&refresh).await.error(), "invalid_grant");
    assert!(!house.is_active(&access).await);
    assert_eq!(house.revoke("app", &refresh).await.status, 200);
    // Whoever signs in again in the same second is not shut out by that.
    let tokens = house.tokens("openid email").await;
    assert!(house.is_active(&tokens.string("access_token")).await);
}

#[tokio::test]
async fn gateways_read_what_was_revoked() {
    let house = House::inhabited().await;
    house.client("gateway", machine("revocations:read", &[]));
    let gateway = format!("Basic {}", base64(&format!("gateway:{SECRET}")));
    let empty = house.revocations("wait=0", &gateway).await;
    let beat = format!(
        "{{\"kind\":\"heartbeat\",\"sequence\":0,\"at\":{}}}\n",
        house.now().seconds()
    );
    assert_eq!(empty.text, beat);
    assert_eq!(empty.headers["content-type"], "application/x-ndjson");
    let token = house.tokens("openid").await.string("access_token");
    house.revoke("app", &token).await;
    let refresh = house.tokens("email").await.string("refresh_token");
    house.revoke("app", &refresh).await;

    let kind = ("grant_type", "client_credentials");
    let own = house
        .post("/token", "gateway", &[kind])
        .await
        .string("access_token");
    for authorization in [&gateway, &format!("Bearer {own}")] {
        let all = house.revocations("wait=0&after=0", authorization).await;
        let lines: Vec<&str> = all.text.lines().collect();
        assert_eq!(lines.len(), 3, "{}", all.text);
        assert_eq!(member(lines[0], "kind").unwrap(), "token");
        assert_eq!(member(lines[0], "jti"), member(&claims(&token), "jti"));
        assert_eq!(member(lines[1], "kind").unwrap(), "before");
        assert_eq!(member(lines[1], "id").unwrap(), "ada-session");
        assert_eq!(member(lines[2], "kind").unwrap(), "heartbeat");
        assert_eq!(member(lines[2], "sequence"), member(lines[1], "sequence"));
    }
    let rest = house.revocations("wait=0&after=1", &gateway).await;
    assert_eq!(rest.text.lines().count(), 2);
    for query in [
        "after=-1",
        "after=x",
        "after=99999999999999999999",
        "wait=2",
        "after=1&after=2",
    ] {
        let answer = house.revocations(query, &gateway).await;
        assert_eq!(answer.error(), "invalid_request", "{query}");
    }
}

#[tokio::test]
async fn the_stream_goes_on_with_what_is_revoked_later() {
    use http_body_util::BodyExt as _;

    let house = House::inhabited().await;
    house.client("gateway", machine("revocations:read", &[]));
    let gateway = format!("Basic {}", base64(&format!("gateway:{SECRET}")));
    let request = Request::get("/revocations?after=0")
        .header(header::AUTHORIZATION, gateway)
        .body(Body::empty());
    let mut stream = house.open(request.unwrap()).await.into_body();
    let mut next = async || {
        let frame = stream.frame().await.unwrap().unwrap();
        String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()
    };
    assert!(next().await.contains("heartbeat"));
    let token = house.tokens("openid").await.string("access_token");
    house.revoke("app", &token).await;
    let line = next().await;
    assert_eq!(member(&line, "jti"), member(&claims(&token), "jti"));
    assert_eq!(member(&next().await, "sequence").unwrap(), "1");
}

#[tokio::test]
async fn the_log_is_not_for_everybody() {
    let house = House::inhabited().await;
    house.client("machine", machine("news", &[]));
    let machine = format!("Basic {}", base64(&format!("machine:{SECRET}")));
    let answer = house.revocations("wait=0", &machine).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let token = house.tokens("openid").await.string("access_token");
    let answer = house
        .revocations("wait=0", &format!("Bearer {token}"))
        .await;
    assert_eq!(answer.error(), "insufficient_scope");
    let answer = house.revocations("wait=0", "Bearer x").await;
    assert_eq!(answer.error(), "invalid_token");
    let answer = house.get("/revocations").await;
    assert_eq!(answer.error(), "invalid_client");
}

#[tokio::test]
async fn pages_of_any_origin_may_ask_without_cookies() {
    let house = House::new().await;
    for path in [
        "/token",
        "/userinfo",
        "/revoke",
        "/jwks",
        "/.well-known/openid-configuration",
    ] {
        let request = Request::builder()
            .method(Method::OPTIONS)
            .uri(path)
            .header(header::ORIGIN, "https://page.example")
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization")
            .body(Body::empty());
        let answer = house.ask(request.unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        assert_eq!(
            answer.headers["access-control-allow-headers"],
            "authorization,content-type"
        );
        assert!(
            !answer
                .headers
                .contains_key("access-control-allow-credentials")
        );
    }
    for path in ["/introspect", "/revocations"] {
        let answer = house.post_plain(path, &[]).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn attack_53_a_remembered_token_does_not_outlive_its_key() {
    let house = House::inhabited().await;
    let token = house.tokens("openid").await.string("access_token");
    assert_eq!(house.userinfo(&token).await.status, 200);
    let keys = wait(|reply| house.store.signing_keys(reply)).unwrap();
    for key in keys {
        wait(|reply| {
            house
                .store
                .revoke_signing_key(key.key_id, house.act(), reply);
        })
        .unwrap();
    }
    house.issuer.reload_keys().await.unwrap();
    assert!(challenge(&house.userinfo(&token).await).contains("key_not_found"));
}
