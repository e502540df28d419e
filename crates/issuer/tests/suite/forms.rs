//! Which forms are believed, and what is made of whatever is sent.

use axum::body::Body;
use http::{Request, StatusCode, header};
use jeton_issuer::{Config, Registration};
use jeton_store::account::Account;
use jeton_store::{AccountId, Accounts as _, wait};

use crate::browser::Browser;
use crate::house::{Answer, House};
use crate::sign_in::{PASSWORD, authorize, web, with_ada};

/// Sends a form of a page as this browser would, with these headers.
async fn sent(house: &House, from: &Browser<'_>, headers: &[(&str, &str)]) -> Answer {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(&from.form("/sign-in").hidden);
    text.extend_pairs([("login", "ada"), ("password", PASSWORD)]);
    let visit = from.cookie("__Host-jeton-visit").unwrap();
    let mut request = Request::post("/sign-in")
        .header(header::HOST, "id.example")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, format!("__Host-jeton-visit={visit}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    house
        .ask(request.body(Body::from(text.finish())).unwrap())
        .await
}

#[tokio::test]
async fn a_form_of_another_site_is_refused_whatever_it_carries() {
    let house = House::new().await;
    with_ada(&house).await;
    let browser = Browser::open(&house, "/sign-in").await;
    for headers in [
        [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://id.example"),
        ],
        [
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.id.example"),
        ],
        [("accept", "*/*"), ("origin", "null")],
        [("accept", "*/*"), ("origin", "https://evil.example")],
    ] {
        let answer = sent(&house, &browser, &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert!(answer.text.contains("sent from another site"));
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
    }
    for headers in [
        [
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://id.example"),
        ],
        [("accept", "*/*"), ("origin", "https://id.example")],
    ] {
        let answer = sent(&house, &browser, &headers).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{headers:?}");
    }
}

#[tokio::test]
async fn a_token_is_for_one_browser_one_page_and_one_concern() {
    let house = House::new().await;
    house.client("orders", web());
    let mut ada = with_ada(&house).await;
    let account = ada.hidden("/account/profile", "form_token");
    ada.go("/forgot").await;
    let forgot = ada.hidden("/forgot", "form_token");
    // Another page.
    let name = [("form_token", forgot.as_str()), ("name", "Eve")];
    ada.post("/account/profile", &name).await;
    assert_eq!(ada.page.status, StatusCode::BAD_REQUEST);
    ada.must_say("out of date");
    // Another concern: what was shown is not what is sent.
    ada.go(&authorize(&[])).await;
    let token = ada.hidden("/consent", "form_token");
    let more = authorize(&[("scope_of_eve", "email")]);
    let fields = [
        ("form_token", token.as_str()),
        ("return", &more),
        ("answer", "allow"),
    ];
    ada.post("/consent", &fields).await;
    assert_eq!(ada.page.status, StatusCode::BAD_REQUEST);
    // Another sign-in in the same browser.
    ada.go("/account").await;
    ada.submit("/sign-out", &[]).await;
    ada.go("/sign-in").await;
    ada.submit("/sign-in", &[("login", "ada"), ("password", PASSWORD)])
        .await;
    let name = [("form_token", account.as_str()), ("name", "Eve")];
    ada.post("/account/profile", &name).await;
    assert_eq!(ada.page.status, StatusCode::BAD_REQUEST);
    // No cookie at all.
    ada.go("/account").await;
    ada.forget("__Host-jeton-visit");
    ada.submit("/account/profile", &[("name", "Eve")]).await;
    ada.must_say("A cookie is missing");
    ada.go("/account").await;
    assert!(!ada.says("Eve"));
}

#[tokio::test]
async fn consent_is_that_of_whoever_was_asked() {
    let house = House::new().await;
    house.client("orders", web());
    let mut ada = with_ada(&house).await;
    ada.go(&authorize(&[])).await;
    let shown = ada.form("/consent").hidden;
    let mut fields: Vec<(&str, &str)> = shown
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    fields.push(("answer", "allow"));
    // Meanwhile somebody else signs in in another window.
    let found = wait(|reply| house.store.account_by_login("ada".to_owned(), reply));
    let bob = Account {
        id: AccountId::new("bob-id"),
        username: "bob".to_owned(),
        email: None,
        ..found.unwrap().unwrap()
    };
    wait(|reply| house.store.create_account(bob, house.act(), reply)).unwrap();
    ada.go("/sign-in?other=yes").await;
    ada.submit("/sign-in", &[("login", "bob"), ("password", PASSWORD)])
        .await;
    ada.post("/consent", &fields).await;
    assert_eq!(ada.page.status, StatusCode::BAD_REQUEST);
    ada.go(&authorize(&[("prompt", "none")])).await;
    assert!(ada.left_to().unwrap().contains("consent_required"));
}

#[tokio::test]
async fn no_return_leads_elsewhere() {
    let house = House::new().await;
    house.client("orders", web());
    let mut ada = with_ada(&house).await;
    for page in ["sign-in", "consent", "select-account"] {
        for to in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/authorize",
            "/authorize/../evil",
            "/authorize?client_id=orders%26redirect_uri=https://evil.example/",
            "/authorize?client_id=orders\r\nset-cookie: a=b",
            "/authorize?state=\u{e9}",
            "/account/",
            "javascript:alert(1)",
        ] {
            let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
            ada.go(&format!("/{page}?other=yes&return={to}")).await;
            assert!(ada.page.status.is_client_error(), "{page} {to}");
            assert_eq!(ada.left_to(), None, "{page} {to}");
        }
    }
}

#[tokio::test]
async fn whatever_is_typed_is_answered_with_a_page() {
    let house = House::with(Config {
        registration: Registration::Open,
        ..Config::default()
    })
    .await;
    house.client("orders", web());
    let mut ada = with_ada(&house).await;
    let long = "x".repeat(10_000);
    let hostile = [
        long.as_str(),
        "\u{0}\u{1}\r\n\t\u{7f}",
        "\u{202e}\u{2066}evil\u{200f}",
        "<script>alert(1)</script>\"'&{{7*7}}",
        "\u{1f469}\u{200d}\u{1f4bb}@example.org",
    ];
    let forms: [(&str, &str, &[&str]); 8] = [
        ("/account", "/account/profile", &["name"]),
        ("/account", "/account/email", &["email", "current_password"]),
        (
            "/account",
            "/account/password",
            &["current_password", "password", "password_again"],
        ),
        ("/account", "/account/sessions/end", &["session"]),
        ("/sign-in?other=yes", "/sign-in", &["login", "password"]),
        (
            "/register",
            "/register",
            &["username", "email", "password", "password_again"],
        ),
        ("/forgot", "/forgot", &["login"]),
        ("/account", "/sign-out", &["answer", "everywhere"]),
    ];
    for text in hostile {
        for (page, action, names) in forms {
            ada.go(page).await;
            let fields: Vec<(&str, &str)> = names.iter().map(|name| (*name, text)).collect();
            if page == "/account" && !ada.says("Your account") {
                ada.submit("/sign-in", &[("login", "ada"), ("password", PASSWORD)])
                    .await;
            }
            ada.submit(action, &fields).await;
            let status = ada.page.status;
            assert!(!status.is_server_error(), "{action} {text:.20}: {status}");
            assert!(ada.says("</html>"), "{action} {text:.20}");
            assert!(!ada.says("<script>"), "{action} {text:.20}");
        }
    }
}

#[tokio::test]
async fn what_is_no_form_is_answered_with_a_page() {
    let house = House::new().await;
    for (kind, body) in [
        ("application/json", "{}"),
        ("application/x-www-form-urlencoded", "a=1&a=2"),
        ("application/x-www-form-urlencoded", "%ff=%zz&\u{e9}"),
        ("text/plain", ""),
    ] {
        for path in ["/sign-in", "/register", "/setup", "/reset", "/sign-out"] {
            let request = Request::post(path).header(header::CONTENT_TYPE, kind);
            let answer = house.ask(request.body(Body::from(body)).unwrap()).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {body}");
            assert!(answer.text.contains("</html>"));
        }
    }
    let request =
        Request::post("/sign-in").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = Body::from(format!("login={}", "x".repeat(100_000)));
    let answer = house.ask(request.body(body).unwrap()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}
