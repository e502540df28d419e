//! How much one may ask for, and what everybody else notices of it: nothing.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, StatusCode, header};
use jeton_issuer::Config;

use crate::browser::Browser;
use crate::first_party;
use crate::house::{Answer, House, SECRET, base64, machine};
use crate::people::{redemption, refreshing};
use crate::sign_in::{PASSWORD, with_ada};

const KIND: (&str, &str) = ("grant_type", "client_credentials");

/// A configuration with these limits; an RSA key takes long to make.
fn limited(limits: &str) -> Config {
    let text = format!("[keys]\nid_token = 'ES256'\n[limits]\n{limits}");
    toml::from_str(&text).unwrap()
}

async fn stocked(config: Config) -> House {
    let house = House::with(config).await;
    house.client("stock", machine("orders:read", &[]));
    house
}

/// Somebody at an address.
#[derive(Clone, Copy)]
struct From<'a> {
    peer: &'a str,
    forwarded: Option<&'a str>,
    secret: &'a str,
}

fn from(peer: &str) -> From<'_> {
    From {
        peer,
        forwarded: None,
        secret: SECRET,
    }
}

impl<'a> From<'a> {
    fn with(self, secret: &'a str) -> Self {
        Self { secret, ..self }
    }

    fn forwarded(self, hops: &'a str) -> Self {
        Self {
            forwarded: Some(hops),
            ..self
        }
    }

    /// Posts a form as a client with that secret.
    async fn post(self, house: &House, path: &str, (client, form): As<'_>) -> Answer {
        let basic = base64(&format!("{client}:{}", self.secret));
        let mut request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::AUTHORIZATION, format!("Basic {basic}"));
        if let Some(hops) = self.forwarded {
            request = request.header("x-forwarded-for", hops);
        }
        let mut text = form_urlencoded::Serializer::new(String::new());
        let body = text.extend_pairs(form).finish();
        let peer = SocketAddr::new(self.peer.parse().unwrap(), 4711);
        let request = request.extension(ConnectInfo(peer)).body(Body::from(body));
        house.ask(request.unwrap()).await
    }

    async fn token(self, house: &House) -> Answer {
        self.post(house, "/token", ("stock", &[KIND])).await
    }
}

/// Which client, and its form.
type As<'a> = (&'a str, &'a [(&'a str, &'a str)]);

fn field<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let value = answer.headers.get(name)?;
    Some(value.to_str().unwrap())
}

/// A refusal in OAuth's form, for so many seconds.
#[track_caller]
fn assert_too_many(answer: &Answer, seconds: &str) {
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(field(answer, "retry-after"), Some(seconds));
    assert_eq!(field(answer, "content-type"), Some("application/json"));
    assert_eq!(field(answer, "cache-control"), Some("no-store"));
    assert_eq!(answer.error(), "temporarily_unavailable");
}

#[tokio::test]
async fn a_token_says_what_is_left_and_too_many_when_to_come_again() {
    let house = stocked(limited(
        "token_by_client = { requests = 3, per = '30s' }\n\
         token_by_address = { requests = 10, per = '1m' }",
    ))
    .await;
    let policy = r#""token-address";q=10;w=60, "token-client";q=3;w=30"#;
    for left in [
        r#""token-address";r=9;t=6, "token-client";r=2;t=10"#,
        r#""token-address";r=8;t=12, "token-client";r=1;t=20"#,
        r#""token-address";r=7;t=18, "token-client";r=0;t=30"#,
    ] {
        let answer = from("192.0.2.1").token(&house).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(field(&answer, "ratelimit-policy"), Some(policy));
        assert_eq!(field(&answer, "ratelimit"), Some(left));
        assert_eq!(field(&answer, "retry-after"), None);
    }
    // The client counts wherever it is.
    let refused = from("192.0.2.2").token(&house).await;
    assert_too_many(&refused, "10");
    let left = r#""token-address";r=9;t=6, "token-client";r=0;t=30"#;
    assert_eq!(field(&refused, "ratelimit"), Some(left));
    house.later(Duration::from_secs(10));
    let answer = from("192.0.2.2").token(&house).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn an_address_is_limited_before_anything_is_read() {
    let house = stocked(limited("token_by_address = { requests = 1, per = '30s' }")).await;
    let nonsense = ("nobody", &[("a", "b")][..]);
    let first = from("2001:db8::1").post(&house, "/token", nonsense).await;
    assert_eq!(first.error(), "invalid_client");
    // The same subscriber, and another.
    let refused = from("2001:db8::ffff:2")
        .post(&house, "/token", nonsense)
        .await;
    assert_too_many(&refused, "30");
    let other = from("2001:db8:0:1::1").token(&house).await;
    assert_eq!(other.status, StatusCode::OK);
}

#[tokio::test]
async fn wrong_secrets_from_one_address_do_not_stop_another() {
    let house = stocked(limited("failure_by_address = { requests = 3, per = '1m' }")).await;
    let attacker = from("192.0.2.1").with("a guess");
    let token = ("stock", &[("token", "x")][..]);
    for (path, form, left) in [
        ("/token", ("stock", &[KIND][..]), 2),
        ("/introspect", token, 1),
        ("/revoke", token, 0),
    ] {
        let answer = attacker.post(&house, path, form).await;
        assert_eq!(answer.error(), "invalid_client", "{path}");
        let state = format!("\"failure-address\";r={left};t={}", 60 - 20 * left);
        let told = field(&answer, "ratelimit").unwrap();
        assert!(told.ends_with(&state), "{told}");
        assert_eq!(field(&answer, "retry-after"), None);
    }
    // Now not even the right secret counts there, at any endpoint.
    for path in ["/token", "/introspect", "/revoke"] {
        let form = [KIND, ("token", "x")];
        let right = from("192.0.2.1");
        let answer = right.post(&house, path, ("stock", &form)).await;
        assert_too_many(&answer, "20");
        let policy = field(&answer, "ratelimit-policy").unwrap();
        assert!(policy.ends_with(r#""failure-address";q=3;w=60"#));
        let answer = from("192.0.2.2").post(&house, path, ("stock", &form)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    }
    house.later(Duration::from_secs(19));
    assert_too_many(&from("192.0.2.1").token(&house).await, "1");
    house.later(Duration::from_secs(1));
    let answer = from("192.0.2.1").token(&house).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn an_address_is_what_a_trusted_proxy_says_and_nobody_else() {
    let mut config = limited("failure_by_address = { requests = 1, per = '1m' }");
    config.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    let house = stocked(config).await;
    let proxy = from("10.0.0.1");
    let attacker = proxy.forwarded("198.51.100.7").with("a guess");
    assert_eq!(attacker.token(&house).await.status, 401);
    let made_up = proxy.forwarded("203.0.113.9, 198.51.100.7");
    assert_too_many(&made_up.token(&house).await, "60");
    let other = proxy.forwarded("198.51.100.8").token(&house).await;
    assert_eq!(other.status, StatusCode::OK);
    // Who is no proxy does not get away by naming others.
    let alone = from("192.0.2.1").with("a guess");
    assert_eq!(alone.forwarded("1.1.1.1").token(&house).await.status, 401);
    let again = from("192.0.2.1").forwarded("1.1.1.2");
    assert_too_many(&again.token(&house).await, "60");
}

#[tokio::test]
async fn what_nobody_was_given_counts_as_a_failure_and_what_ended_does_not() {
    let house =
        House::inhabited_with(limited("failure_by_address = { requests = 2, per = '1m' }")).await;
    let first = house.tokens("offline_access").await;
    let refresh = first.string("refresh_token");
    let next = house.refresh(&refresh).await.string("refresh_token");
    house.refresh(&next).await;
    house.later(Duration::from_mins(1));
    // A code and a token that were used, and a family that ended thereby.
    for _ in 0..5 {
        assert_eq!(house.refresh(&refresh).await.error(), "invalid_grant");
        assert_eq!(house.refresh(&next).await.error(), "invalid_grant");
        let spent = house.redeem("code of offline_access").await;
        assert_eq!(spent.error(), "invalid_grant");
    }
    let unknown = house.redeem("no code of ours").await;
    assert_eq!(unknown.error(), "invalid_grant");
    let mut forged = refresh.clone();
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'Q' } else { 'A' });
    let answer = house.refresh(&forged).await;
    assert_eq!(answer.error(), "invalid_grant");
    let told = field(&answer, "ratelimit").unwrap();
    assert!(told.ends_with(r#""failure-address";r=0;t=60"#), "{told}");
    assert_too_many(&house.refresh(&forged).await, "30");
    let refused = first_party::post(&house, "/refresh", "", &[("cookie", "x=y")]).await;
    assert_eq!(refused.error(), "invalid_grant", "nothing was presented");
    let body = format!(r#"{{"refresh_token":"{forged}"}}"#);
    assert_too_many(
        &first_party::post(&house, "/refresh", &body, &[]).await,
        "30",
    );
}

#[tokio::test]
async fn a_family_that_refreshes_too_often_waits_and_lives() {
    let house =
        House::inhabited_with(limited("refresh_by_family = { requests = 2, per = '20s' }")).await;
    let one = house.tokens("offline_access").await.string("refresh_token");
    let other = house.tokens("offline_access openid").await;
    let next = house.refresh(&one).await;
    let told = field(&next, "ratelimit").unwrap();
    assert!(told.ends_with(r#""refresh-family";r=1;t=10"#), "{told}");
    let next = next.string("refresh_token");
    assert_eq!(house.refresh(&next).await.status, 200);
    assert_too_many(&house.refresh(&next).await, "10");
    let other = house.refresh(&other.string("refresh_token")).await;
    assert_eq!(other.status, 200);
    house.later(Duration::from_secs(10));
    assert_eq!(house.refresh(&next).await.status, 200);
}

#[tokio::test]
async fn a_browsers_application_is_told_as_well_and_may_read_it() {
    let mut config = limited(
        "login_by_account = { requests = 2, per = '1m' }\n\
         login_by_address = { requests = 5, per = '1m' }\n\
         refresh_by_family = { requests = 1, per = '30s' }",
    );
    config.origins = vec!["https://app.example".to_owned()];
    let house = House::with(config).await;
    with_ada(&house).await;
    let signed = first_party::login(&house).await;
    assert_eq!(
        field(&signed, "ratelimit"),
        Some(r#""login-address";r=4;t=12, "login-account";r=1;t=30"#)
    );
    first_party::login(&house).await;
    assert_too_many(&first_party::login(&house).await, "30");
    let cookie = first_party::cookie(&signed);
    let headers = [("cookie", &*cookie), ("origin", "https://app.example")];
    let refreshed = first_party::post(&house, "/refresh", "", &headers).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.text);
    let exposed = field(&refreshed, "access-control-expose-headers").unwrap();
    for name in ["retry-after", "ratelimit", "ratelimit-policy"] {
        assert!(exposed.split(',').any(|one| one == name), "{exposed}");
    }
    let refused = first_party::post(&house, "/refresh", "", &headers).await;
    assert_too_many(&refused, "30");
    assert_eq!(field(&refused, "set-cookie"), None, "it still counts");
}

#[tokio::test]
async fn who_guesses_passwords_is_told_how_long_to_wait() {
    let house = House::with(limited("")).await;
    with_ada(&house).await;
    let wrong = r#"{"username":"ada","password":"not an otter"}"#;
    for _ in 0..5 {
        let answer = first_party::post(&house, "/login", wrong, &[]).await;
        assert_eq!(answer.error(), "invalid_grant");
    }
    first_party::post(&house, "/login", wrong, &[]).await;
    let answer = first_party::post(&house, "/login", wrong, &[]).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(field(&answer, "retry-after"), Some("1"));
    let mut browser = Browser::open(&house, "/sign-in").await;
    let filled = [("login", "ada"), ("password", PASSWORD)];
    let page = browser.submit("/sign-in", &filled).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(field(page, "retry-after"), Some("1"));
    assert!(page.text.contains("<form"), "{}", page.text);
}

#[tokio::test]
async fn pages_say_so_as_pages() {
    let limited = limited(
        "login_by_address = { requests = 1, per = '1m' }\n\
         reset_by_account = { requests = 1, per = '1h' }\n\
         registration_by_address = { requests = 1, per = '1h' }",
    );
    let config = Config {
        limits: limited.limits,
        ..toml::from_str("registration = 'open'\n[keys]\nid_token = 'ES256'").unwrap()
    };
    let house = House::with(config).await;
    with_ada(&house).await;
    let account = [
        ("username", "bob"),
        ("email", "bob@example.org"),
        ("password", PASSWORD),
        ("password_again", "another"),
    ];
    for (path, filled, policy, wait) in [
        (
            "/sign-in",
            &[("login", "ada"), ("password", "wrong one")][..],
            "login-address",
            "60",
        ),
        ("/forgot", &[("login", "ada")], "reset-account", "3600"),
        ("/register", &account, "registration-address", "3600"),
    ] {
        let mut browser = Browser::open(&house, path).await;
        let first = browser.submit(path, filled).await;
        assert_ne!(first.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        let told = field(first, "ratelimit").unwrap();
        assert!(told.contains(&format!("\"{policy}\";r=0;")), "{told}");
        browser.go(path).await;
        let page = browser.submit(path, filled).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert_eq!(field(page, "retry-after"), Some(wait), "{path}");
        let kind = field(page, "content-type").unwrap();
        assert!(kind.starts_with("text/html"), "{kind}");
    }
}

#[tokio::test]
async fn a_person_does_not_flood_an_address_with_mails() {
    let house = House::with(limited("reset_by_account = { requests = 1, per = '1h' }")).await;
    let mut browser = with_ada(&house).await;
    let filled = [
        ("email", "else@example.org"),
        ("current_password", PASSWORD),
    ];
    let action = "/account/email";
    browser.submit(action, &filled).await;
    assert_eq!(browser.page.status, StatusCode::OK, "{}", browser.page.text);
    let page = browser.submit(action, &filled).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(field(page, "retry-after"), Some("3600"));
}

#[tokio::test]
async fn what_is_not_limited_says_nothing() {
    let house = stocked(limited("")).await;
    for path in ["/jwks", "/health", "/.well-known/openid-configuration"] {
        let answer = house.get(path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(field(&answer, "ratelimit"), None, "{path}");
    }
    let introspected = house.post("/introspect", "stock", &[("token", "x")]).await;
    assert_eq!(introspected.status, StatusCode::OK);
    assert_eq!(field(&introspected, "ratelimit"), None);
    let refused = house.post("/token", "stock", &refreshing("x")).await;
    assert_eq!(refused.error(), "unauthorized_client");
    let refused = house.post("/token", "stock", &redemption("x")).await;
    assert!(!field(&refused, "ratelimit").unwrap().contains("failure"));
}
