//! What people do with their own account.

use http::StatusCode;
use jeton_store::account::{Account, AccountState};
use jeton_store::{AccountId, Accounts as _, Sessions as _, wait};

use crate::browser::Browser;
use crate::house::{Answer, House};
use crate::sign_in::{CALLBACK, PASSWORD, authorize, parameter, web, with_ada};

const NEW: &str = "a heron above the harbour";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

async fn signed_in(house: &House) -> Browser<'_> {
    let mut browser = Browser::open(house, "/sign-in").await;
    let fields = [("login", "ada"), ("password", PASSWORD)];
    browser.submit("/sign-in", &fields).await;
    browser.must_say("Your account");
    browser
}

fn ada(house: &House) -> Account {
    let found = wait(|reply| house.store.account_by_login("ada".to_owned(), reply));
    found.unwrap().unwrap()
}

/// Has an application get tokens in this browser.
async fn tokens(house: &House, browser: &mut Browser<'_>) -> Answer {
    browser.go(&authorize(&[])).await;
    if browser.left_to().is_none() {
        browser.submit("/consent", &[("answer", "allow")]).await;
    }
    let code = parameter(browser.left_to().unwrap(), "code").unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let answer = house.post("/token", "orders", &form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer
}

async fn is_active(house: &House, token: &str) -> bool {
    let answer = house
        .post("/introspect", "orders", &[("token", token)])
        .await;
    answer.string("active") == "true"
}

async fn assert_dead(house: &House, tokens: &Answer) {
    let refresh = tokens.string("refresh_token");
    assert!(!is_active(house, &tokens.string("access_token")).await);
    let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh)];
    let answer = house.post("/token", "orders", &form).await;
    assert_eq!(answer.error(), "invalid_grant");
}

#[tokio::test]
async fn a_name_is_saved_shown_and_taken_away() {
    let house = House::new().await;
    let mut browser = with_ada(&house).await;
    let name = "Ada <b>\"Lovelace\"</b> \u{202e}";
    browser.submit("/account/profile", &[("name", name)]).await;
    browser.must_say("Saved.");
    assert!(!browser.says("<b>"));
    browser.go("/account").await;
    assert!(!browser.says("Saved."));
    let long = "x".repeat(121);
    browser.submit("/account/profile", &[("name", &long)]).await;
    assert_eq!(browser.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.must_say(&long);
    browser.submit("/account/profile", &[("name", " ")]).await;
    assert!(ada(&house).attributes.is_empty());
}

#[tokio::test]
async fn a_new_address_takes_the_password_and_counts_after_its_link() {
    let house = House::new().await;
    let mut browser = with_ada(&house).await;
    let new = "ada@new.example";
    for (fields, says) in [
        (
            [("email", new), ("current_password", "wrong")],
            "not your present password",
        ),
        (
            [("email", "x"), ("current_password", PASSWORD)],
            "not an e-mail address",
        ),
    ] {
        browser.submit("/account/email", &fields).await;
        assert_eq!(browser.page.status, StatusCode::UNPROCESSABLE_ENTITY);
        browser.must_say(says);
        browser.must_say("<details open>");
    }
    assert!(house.mails_to(new).is_empty());
    let fields = [("email", new), ("current_password", PASSWORD)];
    browser.submit("/account/email", &fields).await;
    browser.must_say("We sent a mail to <bdi>ada@new.example</bdi>");
    browser.must_say("New address, not confirmed yet");
    assert_eq!(ada(&house).email.as_deref(), Some("ada@example.org"));
    house.mail(new, "verify-email").await;
    house.empty_mailbox();
    browser.submit("/account/email/verify", &[]).await;
    let link = house.mail(new, "verify-email").await.link();
    browser.go(&link).await;
    browser.submit("/verify-email", &[]).await;
    let ada = ada(&house);
    assert_eq!(ada.email.as_deref(), Some(new));
    assert!(ada.email_verified);
}

#[tokio::test]
async fn a_new_password_takes_the_old_one_and_ends_every_other_session() {
    let house = House::new().await;
    house.client("orders", web());
    let mut here = with_ada(&house).await;
    let mut there = signed_in(&house).await;
    let tokens = tokens(&house, &mut there).await;
    here.go("/account").await;
    let change = |old, new, again| {
        [
            ("current_password", old),
            ("password", new),
            ("password_again", again),
        ]
    };
    for (fields, says) in [
        (
            change("wrong one, no", NEW, NEW),
            "not your present password",
        ),
        (
            change(PASSWORD, PASSWORD, PASSWORD),
            "the password that you have already",
        ),
        (change(PASSWORD, NEW, "another"), "not the same"),
        (change(PASSWORD, "short", "short"), "too short"),
    ] {
        here.submit("/account/password", &fields).await;
        assert_eq!(here.page.status, StatusCode::UNPROCESSABLE_ENTITY);
        here.must_say(says);
    }
    assert!(is_active(&house, &tokens.string("access_token")).await);
    here.submit("/account/password", &change(PASSWORD, NEW, NEW))
        .await;
    here.must_say("Your password was changed");
    there.go("/account").await;
    there.must_say("action=\"/sign-in\"");
    assert_dead(&house, &tokens).await;
    here.go("/account").await;
    here.must_say("Your account");
}

#[tokio::test]
async fn sessions_are_listed_and_ended_but_only_ones_own() {
    let house = House::new().await;
    let mut here = with_ada(&house).await;
    let mut there = signed_in(&house).await;
    here.go("/account").await;
    let at = here.page.text.find("name=\"session\" value=\"").unwrap() + 22;
    let other = here.page.text[at..].split('"').next().unwrap().to_owned();
    here.submit("/account/sessions/end", &[("session", &other)])
        .await;
    here.must_say("That session was signed out.");
    there.go("/account").await;
    there.must_say("action=\"/sign-in\"");
    // Somebody else's stays.
    let bob = Account {
        id: AccountId::new("bob-id"),
        username: "bob".to_owned(),
        email: None,
        ..ada(&house)
    };
    let id = bob.id.clone();
    wait(|reply| house.store.create_account(bob, house.act(), reply)).unwrap();
    let mut browser = Browser::open(&house, "/sign-in").await;
    let fields = [("login", "bob"), ("password", PASSWORD)];
    browser.submit("/sign-in", &fields).await;
    let own = wait(|reply| house.store.sessions_of(id, house.now(), reply)).unwrap();
    let session = [("session", own[0].id.as_str())];
    here.submit("/account/sessions/end", &session).await;
    browser.go("/account").await;
    browser.must_say("Your account");
}

#[tokio::test]
async fn all_other_sessions_end_at_once() {
    let house = House::new().await;
    house.client("orders", web());
    let mut here = with_ada(&house).await;
    let mut there = signed_in(&house).await;
    let tokens = tokens(&house, &mut there).await;
    signed_in(&house).await;
    here.go("/account").await;
    here.submit("/account/sessions/end-others", &[]).await;
    here.must_say("2 other sessions were signed out.");
    assert!(!here.says("/account/sessions/end-others"));
    assert_dead(&house, &tokens).await;
}

#[tokio::test]
async fn what_was_allowed_is_shown_and_withdrawn() {
    let house = House::new().await;
    house.client("orders", web());
    let mut browser = with_ada(&house).await;
    let tokens = tokens(&house, &mut browser).await;
    browser.go("/account").await;
    browser.must_say("<bdi>Orders</bdi>");
    let client = [("client", "orders")];
    browser
        .submit("/account/applications/withdraw", &client)
        .await;
    browser.must_say("<bdi>Orders</bdi> has no access to your account any more.");
    browser.must_say("No application has access");
    assert_dead(&house, &tokens).await;
    browser.go(&authorize(&[("prompt", "none")])).await;
    let error = parameter(browser.left_to().unwrap(), "error");
    assert_eq!(error.as_deref(), Some("consent_required"));
}

#[tokio::test]
async fn who_is_switched_off_is_out_and_stays_out() {
    let house = House::new().await;
    house.client("orders", web());
    let mut browser = with_ada(&house).await;
    let tokens = tokens(&house, &mut browser).await;
    let mut elsewhere = Browser::open(&house, "/forgot").await;
    elsewhere.submit("/forgot", &[("login", "ada")]).await;
    let link = house.mail("ada@example.org", "reset").await.link();
    let disabled = Account {
        state: AccountState::Disabled,
        ..ada(&house)
    };
    wait(|reply| house.store.update_account(disabled, house.act(), reply)).unwrap();
    browser.go("/account").await;
    browser.must_say("action=\"/sign-in\"");
    let fields = [("login", "ada"), ("password", PASSWORD)];
    browser.submit("/sign-in", &fields).await;
    assert_eq!(browser.page.status, StatusCode::FORBIDDEN);
    let refresh = tokens.string("refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh)];
    let answer = house.post("/token", "orders", &form).await;
    assert_eq!(answer.error(), "invalid_grant");
    let link = house.get(&link).await;
    assert!(link.status.is_client_error(), "{}", link.status);
}

#[tokio::test]
async fn no_link_has_the_account_say_what_was_not_done() {
    let house = House::new().await;
    let mut browser = with_ada(&house).await;
    for done in [
        "password",
        "administrator",
        "administrator.",
        "sessions 3.AAAA",
    ] {
        let done = done.replace(' ', "%20");
        browser.go(&format!("/account?done={done}")).await;
        assert_eq!(browser.page.status, StatusCode::OK);
        assert!(!browser.says("class=\"notice"), "{done}");
    }
}

#[tokio::test]
async fn signing_out_takes_one_press() {
    let house = House::new().await;
    let mut browser = with_ada(&house).await;
    browser.submit("/sign-out", &[]).await;
    browser.must_say("You are signed out");
    assert_eq!(browser.cookie("__Host-jeton-session"), None);
}
