//! What an authorization request asks of a person, and what it does not get past them.

use std::time::Duration;

use http::StatusCode;

use crate::browser::Browser;
use crate::house::House;
use crate::sign_in::{CALLBACK, PASSWORD, authorize, parameter, web, with_ada};

fn error(browser: &Browser<'_>) -> Option<String> {
    parameter(browser.left_to()?, "error")
}

async fn allowed(house: &House) -> Browser<'_> {
    let mut ada = with_ada(house).await;
    ada.go(&authorize(&[])).await;
    ada.submit("/consent", &[("answer", "allow")]).await;
    assert!(ada.left_to().unwrap().contains("?code="));
    ada
}

#[tokio::test]
async fn an_interaction_that_was_tampered_with_or_is_old_counts_for_nothing() {
    let house = House::new().await;
    house.client("orders", web());
    let mut ada = allowed(&house).await;
    house.later(Duration::from_secs(10));
    ada.go(&authorize(&[("prompt", "login")])).await;
    let ours = ada.hidden("/sign-in", "return");
    let (request, interaction) = ours.rsplit_once("&interaction=").unwrap();
    let begun = interaction.split('.').next().unwrap();
    let before = interaction.replacen(begun, "0", 1);
    let other = request.replace("prompt=login", "prompt=login&max_age=5");
    for return_to in [
        format!("{request}&interaction={before}"),
        format!("{request}&interaction=0..AAAA"),
        format!("{request}&interaction="),
        format!("{request}&interaction={interaction}&interaction={interaction}"),
        format!("{other}&interaction={interaction}"),
    ] {
        ada.go(&return_to).await;
        assert_eq!(ada.left_to(), None, "{return_to}");
        ada.must_say("Confirm it is you");
    }
    // As it is it counts, once the person did what was asked.
    ada.go(&ours).await;
    ada.submit("/sign-in", &[("password", PASSWORD)]).await;
    assert!(ada.left_to().unwrap().contains("?code="));
    // Until it is old.
    house.later(Duration::from_mins(61));
    ada.go(&ours).await;
    ada.must_say("Confirm it is you");
}

#[tokio::test]
async fn a_login_hint_stands_in_the_form_and_decides_nothing() {
    let house = House::new().await;
    house.client("orders", web());
    let hint = authorize(&[("login_hint", "\"><b>ada@example.org")]);
    let browser = Browser::open(&house, &hint).await;
    assert!(!browser.says("<b>"));
    browser.must_say("ada@example.org");
    let mut ada = allowed(&house).await;
    ada.go(&authorize(&[("login_hint", "eve"), ("prompt", "none")]))
        .await;
    assert!(ada.left_to().is_some());
}

#[tokio::test]
async fn who_is_expected_is_who_has_to_be_there() {
    let house = House::new().await;
    house.client("orders", web());
    let mut ada = allowed(&house).await;
    for (name, value) in [
        ("id_token_hint", "nonsense"),
        ("id_token_hint", "e30.e30.AAAA"),
    ] {
        ada.go(&authorize(&[(name, value)])).await;
        assert_eq!(error(&ada).as_deref(), Some("invalid_request"));
    }
    let somebody = r#"{"id_token":{"sub":{"value":"somebody-else"}}}"#;
    ada.go(&authorize(&[("claims", somebody), ("prompt", "none")]))
        .await;
    assert_eq!(error(&ada).as_deref(), Some("login_required"));
    ada.go(&authorize(&[("claims", somebody)])).await;
    assert_eq!(ada.left_to(), None);
    ada.submit("/sign-in", &[("password", PASSWORD)]).await;
    assert_eq!(ada.left_to(), None, "ada is not who is expected");
}

#[tokio::test]
async fn prompts_go_together_as_far_as_they_can() {
    let house = House::new().await;
    house.client("orders", web());
    let mut ada = allowed(&house).await;
    for prompt in ["none login", "none consent", "whatever"] {
        ada.go(&authorize(&[("prompt", prompt)])).await;
        assert_eq!(error(&ada).as_deref(), Some("invalid_request"), "{prompt}");
    }
    house.later(Duration::from_secs(5));
    ada.go(&authorize(&[("prompt", "login consent")])).await;
    ada.submit("/sign-in", &[("password", PASSWORD)]).await;
    ada.submit("/consent", &[("answer", "allow")]).await;
    assert!(ada.left_to().unwrap().contains("?code="));
    house.later(Duration::from_secs(5));
    ada.go(&authorize(&[("prompt", "select_account")])).await;
    ada.submit("/select-account", &[("choice", "other")]).await;
    ada.submit("/sign-in", &[("login", "ada"), ("password", PASSWORD)])
        .await;
    assert!(ada.left_to().unwrap().contains("?code="));
}

#[tokio::test]
async fn the_answer_comes_the_way_it_was_asked_for() {
    let house = House::new().await;
    house.client("orders", web());
    let mut ada = allowed(&house).await;
    ada.go(&authorize(&[("response_mode", "form_post")])).await;
    assert_eq!(ada.page.status, StatusCode::OK);
    let hidden = ada.form(CALLBACK).hidden;
    let names: Vec<&str> = hidden.iter().map(|(name, _)| name.as_str()).collect();
    for name in ["code", "state", "iss"] {
        assert!(names.contains(&name), "{names:?}");
    }
    ada.must_say("<script>");
    let refused = [("response_mode", "form_post"), ("prompt", "none login")];
    ada.go(&authorize(&refused)).await;
    ada.must_say("invalid_request");
    ada.go(&authorize(&[("response_mode", "fragment")])).await;
    match ada.left_to() {
        Some(location) => assert!(
            location.contains("#code=") || location.contains("error="),
            "{location}"
        ),
        None => panic!("{}", ada.page.text),
    }
}

#[tokio::test]
async fn languages_and_displays_that_nobody_knows_change_nothing() {
    let house = House::new().await;
    house.client("orders", web());
    for further in [
        [("ui_locales", "de fr \u{202e}"), ("display", "popup")],
        [("ui_locales", ""), ("display", "touch")],
        [("acr_values", "x y"), ("claims_locales", "tlh")],
    ] {
        let browser = Browser::open(&house, &authorize(&further)).await;
        assert_eq!(browser.page.status, StatusCode::OK, "{further:?}");
        browser.must_say("action=\"/sign-in\"");
    }
}

#[tokio::test]
async fn a_request_by_form_is_the_same_as_one_by_address() {
    let house = House::new().await;
    house.client("orders", web());
    let query = authorize(&[]).split_once('?').unwrap().1.to_owned();
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let fields: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let mut ada = with_ada(&house).await;
    ada.post("/authorize", &fields).await;
    ada.submit("/consent", &[("answer", "allow")]).await;
    assert!(ada.left_to().unwrap().contains("?code="));
}
