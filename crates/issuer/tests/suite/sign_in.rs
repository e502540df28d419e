//! What people do with the service, as a browser sees it.

use std::time::Duration;

use http::StatusCode;
use jeton_oauth::Scope;
use jeton_oauth::client::{AuthMethod, ClientMetadata, GrantType};
use jeton_store::account::{Ticket, TicketPurpose};
use jeton_store::{Accounts as _, Sha256, wait};

use crate::browser::Browser;
use crate::house::House;

pub(crate) const CALLBACK: &str = "https://app.example/cb";
pub(crate) const PASSWORD: &str = "an otter in the harbour";
/// RFC 7636 appendix B.
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A client with a callback, that may ask who somebody is.
pub(crate) fn web() -> ClientMetadata {
    ClientMetadata {
        client_name: Some("Orders".to_owned()),
        redirect_uris: vec![CALLBACK.to_owned()],
        post_logout_redirect_uris: vec!["https://app.example/bye".to_owned()],
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        token_endpoint_auth_method: AuthMethod::Basic,
        scope: Scope::parse("openid profile email offline_access").unwrap(),
        ..ClientMetadata::default()
    }
}

/// An authorization request with these further parameters.
pub(crate) fn authorize(further: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::from("/authorize?"));
    query.extend_pairs([
        ("response_type", "code"),
        ("client_id", "orders"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid profile"),
        ("state", "s t"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]);
    query.extend_pairs(further);
    query.finish()
}

/// A house with its administrator, who is signed in in this browser.
pub(crate) async fn with_ada(house: &House) -> Browser<'_> {
    let ticket = Ticket {
        hash: Sha256::of(b"setup-secret"),
        purpose: TicketPurpose::Setup,
        account: None,
        subject: None,
        expires_at: house.now().saturating_add(Duration::from_hours(1)),
    };
    wait(|reply| house.store.save_ticket(ticket, house.act(), reply)).unwrap();
    let mut browser = Browser::open(house, "/setup?ticket=setup-secret").await;
    browser
        .submit(
            "/setup",
            &[
                ("username", "Ada"),
                ("email", "ada@example.org"),
                ("password", PASSWORD),
                ("password_again", PASSWORD),
            ],
        )
        .await;
    assert_eq!(browser.page.status, StatusCode::OK, "{}", browser.page.text);
    browser
}

pub(crate) fn parameter(uri: &str, name: &str) -> Option<String> {
    let query = uri.split_once('?')?.1;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn the_first_administrator_is_made_by_a_link_that_works_once() {
    let house = House::new().await;
    let browser = with_ada(&house).await;
    assert!(
        browser.page.text.contains("Firefox"),
        "{}",
        browser.page.text
    );
    assert!(browser.cookie("__Host-jeton-session").is_some());
    let again = Browser::open(&house, "/setup?ticket=setup-secret").await;
    assert_eq!(again.page.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_person_signs_in_allows_and_is_sent_back_with_a_code() {
    let house = House::new().await;
    house.client("orders", web());
    with_ada(&house).await;
    let mut browser = Browser::open(&house, &authorize(&[])).await;
    assert_eq!(browser.page.status, StatusCode::OK);
    let wrong = [("login", "ada"), ("password", "not this one, no")];
    browser.submit("/sign-in", &wrong).await;
    assert_eq!(browser.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = [("login", " ADA"), ("password", PASSWORD)];
    browser.submit("/sign-in", &right).await;
    assert!(
        browser.page.text.contains("Orders"),
        "{}",
        browser.page.text
    );
    browser.submit("/consent", &[("answer", "allow")]).await;
    let back = browser.left_to().unwrap().to_owned();
    assert!(back.starts_with("https://app.example/cb?code="), "{back}");
    assert_eq!(parameter(&back, "state").as_deref(), Some("s t"));
    assert_eq!(
        parameter(&back, "iss").as_deref(),
        Some("https://id.example")
    );
    // What was allowed once is not asked again.
    browser.go(&authorize(&[("prompt", "none")])).await;
    assert!(browser.left_to().unwrap().contains("?code="));
}

#[tokio::test]
async fn who_denies_is_sent_back_without_a_code() {
    let house = House::new().await;
    house.client("orders", web());
    let mut browser = with_ada(&house).await;
    browser.go(&authorize(&[])).await;
    browser.submit("/consent", &[("answer", "deny")]).await;
    let back = browser.left_to().unwrap();
    assert_eq!(parameter(back, "error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn a_request_that_forbids_asking_is_answered_with_what_is_missing() {
    let house = House::new().await;
    house.client("orders", web());
    let none = [("prompt", "none")];
    let stranger = Browser::open(&house, &authorize(&none)).await;
    let error = parameter(stranger.left_to().unwrap(), "error");
    assert_eq!(error.as_deref(), Some("login_required"));
    let mut ada = with_ada(&house).await;
    ada.go(&authorize(&none)).await;
    let error = parameter(ada.left_to().unwrap(), "error");
    assert_eq!(error.as_deref(), Some("consent_required"));
}

#[tokio::test]
async fn prompt_and_max_age_ask_once_more_and_no_more_than_once() {
    let house = House::new().await;
    house.client("orders", web());
    let mut ada = with_ada(&house).await;
    ada.go(&authorize(&[])).await;
    ada.submit("/consent", &[("answer", "allow")]).await;
    for further in [[("prompt", "login")], [("max_age", "1")]] {
        house.later(Duration::from_secs(100));
        ada.go(&authorize(&further)).await;
        assert!(ada.page.text.contains("ada"), "{}", ada.page.text);
        ada.submit("/sign-in", &[("password", PASSWORD)]).await;
        assert!(ada.left_to().unwrap().contains("?code="), "{further:?}");
    }
    ada.go(&authorize(&[("max_age", "10000")])).await;
    assert!(ada.left_to().unwrap().contains("?code="));
    ada.go(&authorize(&[("prompt", "consent")])).await;
    ada.submit("/consent", &[("answer", "allow")]).await;
    assert!(ada.left_to().unwrap().contains("?code="));
    ada.go(&authorize(&[("prompt", "select_account")])).await;
    ada.submit("/select-account", &[("choice", "continue")])
        .await;
    assert!(ada.left_to().unwrap().contains("?code="));
}

#[tokio::test]
async fn no_form_counts_that_this_browser_was_not_given() {
    let house = House::new().await;
    house.client("orders", web());
    with_ada(&house).await;
    let shown = Browser::open(&house, "/sign-in").await;
    let form = shown.form("/sign-in");
    let mut fields: Vec<(&str, &str)> = form
        .hidden
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    fields.extend([("login", "ada"), ("password", PASSWORD)]);
    // Another site.
    let mut astray = Browser::new(&house);
    let all: Vec<(String, String)> = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let answer = astray.post_from_elsewhere("/sign-in", &all).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    // Another browser, which has no cookie that belongs to the form.
    let answer = house.post_plain("/sign-in", &fields).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(!answer.headers.contains_key("location"));
}

#[tokio::test]
async fn nobody_is_sent_anywhere_but_back() {
    let house = House::new().await;
    house.client("orders", web());
    for path in [
        "/sign-in?return=https://evil.example/",
        "/sign-in?return=//evil.example/",
        "/sign-in?return=/debugger",
        "/authorize?client_id=orders&redirect_uri=https://evil.example/cb&response_type=code",
        "/authorize?client_id=nobody",
        "/authorize",
        "/end-session?post_logout_redirect_uri=https://evil.example/&client_id=orders",
        "/end-session?post_logout_redirect_uri=https://app.example/bye",
    ] {
        let answer = house.get(path).await;
        assert!(!answer.headers.contains_key("location"), "{path}");
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
    }
}

#[tokio::test]
async fn signing_out_asks_and_goes_back_where_it_is_registered() {
    let house = House::new().await;
    house.client("orders", web());
    let mut ada = with_ada(&house).await;
    let bye = "/end-session?client_id=orders&state=x&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye";
    ada.go(bye).await;
    ada.submit("/sign-out", &[("answer", "sign-out")]).await;
    assert_eq!(ada.left_to(), Some("https://app.example/bye?state=x"));
    assert_eq!(ada.cookie("__Host-jeton-session"), None);
    ada.go("/account").await;
    assert!(
        ada.page.text.contains("action=\"/sign-in\""),
        "{}",
        ada.page.text
    );
}
