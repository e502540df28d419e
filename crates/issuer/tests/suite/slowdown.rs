//! Wrong passwords slow down whoever guesses, and nobody else.

use http::StatusCode;
use jeton_store::{AuditLog as _, SigningKeys as _, wait};

use crate::browser::Browser;
use crate::house::House;
use crate::sign_in::{PASSWORD, with_ada};

async fn attempt(browser: &mut Browser<'_>, login: &str, password: &str) -> StatusCode {
    browser.go("/sign-in").await;
    let fields = [("login", login), ("password", password)];
    browser.submit("/sign-in", &fields).await.status
}

/// Guesses until there is a wait.
async fn guess<'h>(house: &'h House, login: &str) -> Browser<'h> {
    let mut attacker = Browser::open(house, "/sign-in").await;
    for _ in 0..10 {
        if attempt(&mut attacker, login, "a wrong guess").await == StatusCode::TOO_MANY_REQUESTS {
            return attacker;
        }
    }
    panic!("nobody is slowed down");
}

#[tokio::test]
async fn who_guesses_waits_and_the_person_gets_in_where_they_were_before() {
    let house = House::new().await;
    let mut ada = with_ada(&house).await;
    ada.submit("/sign-out", &[]).await;
    let mut attacker = guess(&house, "ada").await;
    attacker.must_say("There were too many attempts");
    let wait = attacker.page.headers["retry-after"].to_str().unwrap();
    assert!(wait.parse::<u64>().unwrap() > 0);
    // Even the right password has to wait, so a wait says nothing of it.
    let status = attempt(&mut attacker, "ada", PASSWORD).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    for name in ["ada", "ada@example.org"] {
        assert_eq!(attempt(&mut ada, name, PASSWORD).await, StatusCode::OK);
        ada.submit("/sign-out", &[]).await;
    }
}

#[tokio::test]
async fn whom_an_account_does_not_belong_to_waits_just_the_same() {
    let house = House::new().await;
    with_ada(&house).await;
    let known = guess(&house, "ada").await.page.text.len();
    let unknown = guess(&house, "eve").await.page.text.len();
    assert_eq!(known, unknown);
}

#[tokio::test]
async fn guessing_does_not_fill_the_audit_log() {
    let house = House::new().await;
    with_ada(&house).await;
    let refused = || {
        let entries = wait(|reply| house.store.audit_after(0, 1000, reply)).unwrap();
        let refused = entries
            .into_iter()
            .filter(|entry| entry.event.action == "sign_in.refused");
        refused.map(|entry| entry.event.target).collect::<Vec<_>>()
    };
    guess(&house, "ada").await;
    for n in 0..8 {
        let mut attacker = Browser::open(&house, "/sign-in").await;
        attempt(&mut attacker, &format!("nobody-{n}"), "a wrong guess").await;
    }
    // Entries are left to the store: what is asked of it later comes later.
    wait(|reply| house.store.erase_retired_keys(house.act(), reply)).unwrap();
    let refused = refused();
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert_eq!(refused[1], "nobody");
    assert!(!refused[0].contains("ada"));
}
