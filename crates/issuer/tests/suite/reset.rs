//! Forgotten passwords.

use std::time::Duration;

use http::StatusCode;

use crate::browser::Browser;
use crate::house::House;
use crate::sign_in::{PASSWORD, with_ada};

const NEW: &str = "a heron above the harbour";

async fn forget(house: &House, login: &str) -> String {
    let mut browser = Browser::open(house, "/forgot").await;
    browser.submit("/forgot", &[("login", login)]).await;
    assert_eq!(browser.page.status, StatusCode::OK);
    browser.page.text
}

async fn choose(browser: &mut Browser<'_>, password: &str) -> StatusCode {
    let fields = [("password", password), ("password_again", password)];
    browser.submit("/reset", &fields).await.status
}

async fn sign_in(house: &House, password: &str) -> StatusCode {
    let mut browser = Browser::open(house, "/sign-in").await;
    let fields = [("login", "ada"), ("password", password)];
    browser.submit("/sign-in", &fields).await.status
}

#[tokio::test]
async fn a_link_by_mail_gives_a_new_password_once() {
    let house = House::new().await;
    let mut before = with_ada(&house).await;
    forget(&house, "Ada@Example.org").await;
    let link = house.mail("ada@example.org", "reset").await.link();
    let mut browser = Browser::open(&house, &link).await;
    let mut late = Browser::open(&house, &link).await;
    browser.must_say("<bdi>ada</bdi>");
    // A flaw does not use the link up, nor does its form reveal what was typed.
    for (weak, says) in [
        ("short", "too short"),
        ("ada@example.org1", "little more than your name"),
        ("password1234", "Many people use this one"),
    ] {
        let status = choose(&mut browser, weak).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{weak}");
        browser.must_say(says);
        assert!(!browser.says(&format!("\"{weak}\"")));
    }
    house.empty_mailbox();
    assert_eq!(choose(&mut browser, NEW).await, StatusCode::OK);
    browser.must_say("Your password was changed");
    assert_eq!(choose(&mut late, NEW).await, StatusCode::GONE);
    before.go("/account").await;
    assert!(!before.says("Your account"), "other sessions end");
    assert_eq!(sign_in(&house, NEW).await, StatusCode::OK);
    let old = sign_in(&house, PASSWORD).await;
    assert_eq!(old, StatusCode::UNPROCESSABLE_ENTITY);
    let told = house.mail("ada@example.org", "forgot").await;
    assert!(told.subject.contains("changed"), "{}", told.subject);
}

#[tokio::test]
async fn strangers_are_answered_alike_and_get_nothing() {
    let house = House::new().await;
    with_ada(&house).await;
    let known = forget(&house, "ada").await;
    let stranger = forget(&house, "eve@example.org").await;
    assert_eq!(known, stranger);
    house.mail("ada@example.org", "reset").await;
    assert!(house.mails_to("eve@example.org").is_empty());
}

#[tokio::test]
async fn the_latest_link_counts_and_not_for_long() {
    let house = House::new().await;
    with_ada(&house).await;
    forget(&house, "ada").await;
    let first = house.mail("ada@example.org", "reset").await.link();
    house.empty_mailbox();
    forget(&house, "ada").await;
    let second = house.mail("ada@example.org", "reset").await.link();
    let voided = house.get(&first).await;
    assert_eq!(voided.status, StatusCode::GONE);
    let mut browser = Browser::open(&house, &second).await;
    house.later(Duration::from_hours(1));
    assert_eq!(choose(&mut browser, NEW).await, StatusCode::GONE);
    assert_eq!(sign_in(&house, PASSWORD).await, StatusCode::OK);
}

#[tokio::test]
async fn a_link_for_one_thing_is_none_for_another() {
    let house = House::new().await;
    with_ada(&house).await;
    forget(&house, "ada").await;
    let link = house.mail("ada@example.org", "reset").await.link();
    let ticket = link.split_once('=').unwrap().1;
    for page in ["setup", "verify-email"] {
        let answer = house.get(&format!("/{page}?ticket={ticket}")).await;
        assert_eq!(answer.status, StatusCode::GONE, "{page}");
    }
    for page in ["/reset", "/setup", "/verify-email", "/reset?ticket=%00"] {
        assert_eq!(house.get(page).await.status, StatusCode::GONE, "{page}");
    }
    assert_eq!(house.get(&link).await.status, StatusCode::OK);
}

#[tokio::test]
async fn mails_are_not_sent_without_end() {
    let house = House::new().await;
    with_ada(&house).await;
    let mut browser = Browser::open(&house, "/forgot").await;
    let form = browser.form("/forgot");
    let token = form.hidden[0].1.clone();
    let fields = [("form_token", token.as_str()), ("login", "ada")];
    let mut answers = Vec::new();
    for _ in 0..6 {
        answers.push(browser.post("/forgot", &fields).await.status);
    }
    assert_eq!(answers[..5], [StatusCode::OK; 5]);
    assert_eq!(answers[5], StatusCode::TOO_MANY_REQUESTS);
    assert!(browser.page.headers.contains_key("retry-after"));
}
