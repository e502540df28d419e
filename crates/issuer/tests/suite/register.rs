//! Accounts that people make themselves, and the addresses that they prove.

use http::StatusCode;
use jeton_issuer::{Config, Registration};
use jeton_store::account::{Account, AccountState};
use jeton_store::{Accounts as _, wait};

use crate::browser::Browser;
use crate::house::House;
use crate::sign_in::{PASSWORD, authorize, web, with_ada};

async fn house(registration: Registration) -> House {
    House::with(Config {
        registration,
        ..Config::default()
    })
    .await
}

async fn register<'h>(house: &'h House, username: &str, email: &str) -> Browser<'h> {
    let mut browser = Browser::open(house, "/register").await;
    let fields = [
        ("username", username),
        ("email", email),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ];
    browser.submit("/register", &fields).await;
    browser
}

fn account(house: &House, login: &str) -> Option<Account> {
    wait(|reply| house.store.account_by_login(login.to_owned(), reply)).unwrap()
}

#[tokio::test]
async fn who_registers_is_in_and_the_address_counts_once_it_is_proved() {
    let house = house(Registration::Open).await;
    let mut bob = register(&house, "Bob", "Bob@Example.org").await;
    bob.must_say("bob@example.org");
    bob.must_say("New address, not confirmed yet");
    assert_eq!(account(&house, "bob@example.org"), None);
    let link = house.mail("bob@example.org", "verify-email").await.link();
    // Whatever scans mails looks at links: that proves nothing, in whichever browser.
    for _ in 0..2 {
        bob.go(&link).await;
        bob.must_say("bob@example.org");
        assert_eq!(account(&house, "bob@example.org"), None);
    }
    let mut elsewhere = Browser::open(&house, &link).await;
    elsewhere.submit("/verify-email", &[]).await;
    assert_eq!(elsewhere.page.status, StatusCode::OK);
    let proved = account(&house, "bob@example.org").unwrap();
    assert!(proved.email_verified && proved.username == "bob");
    assert_eq!(
        bob.go(&link).await.status,
        StatusCode::GONE,
        "it works once"
    );
    bob.go("/account").await;
    bob.must_say("confirmed");
    assert!(!bob.says("New address, not confirmed yet"));
}

#[tokio::test]
async fn a_link_to_prove_an_address_ends_with_the_day() {
    let house = house(Registration::Open).await;
    register(&house, "bob", "bob@example.org").await;
    let link = house.mail("bob@example.org", "verify-email").await.link();
    let mut browser = Browser::open(&house, &link).await;
    house.later(std::time::Duration::from_hours(24));
    browser.submit("/verify-email", &[]).await;
    assert_eq!(browser.page.status, StatusCode::GONE);
    assert_eq!(account(&house, "bob@example.org"), None);
}

#[tokio::test]
async fn nobody_learns_at_registration_whose_address_is_taken() {
    let house = house(Registration::Open).await;
    with_ada(&house).await;
    let taken = register(&house, "eve", "ada@example.org").await;
    let free = register(&house, "eva", "eva@example.org").await;
    assert_eq!(taken.page.status, free.page.status);
    taken.must_say("ada@example.org");
    taken.must_say("New address, not confirmed yet");
    // The owner is told, and nothing changed.
    let mail = house.mail("ada@example.org", "forgot").await;
    assert!(mail.subject.contains("already"), "{}", mail.subject);
    assert_eq!(account(&house, "ada@example.org").unwrap().username, "ada");
    assert_eq!(account(&house, "eve").unwrap().email, None);
}

#[tokio::test]
async fn who_proves_an_address_first_has_it() {
    let house = house(Registration::Open).await;
    for name in ["bob", "eve"] {
        register(&house, name, "bob@example.org").await;
    }
    house.mail("bob@example.org", "verify-email").await;
    let mut links = Vec::new();
    while links.len() < 2 {
        let mails = house.mails_to("bob@example.org");
        links = mails.iter().map(crate::mails::Mail::link).collect();
        tokio::task::yield_now().await;
    }
    let mut first = Browser::open(&house, &links[0]).await;
    first.submit("/verify-email", &[]).await;
    assert_eq!(first.page.status, StatusCode::OK);
    let owner = account(&house, "bob@example.org").unwrap();
    let mut second = Browser::open(&house, &links[1]).await;
    second.submit("/verify-email", &[]).await;
    assert_eq!(second.page.status, StatusCode::CONFLICT);
    assert_eq!(account(&house, "bob@example.org").unwrap().id, owner.id);
}

#[tokio::test]
async fn a_name_is_one_persons() {
    let house = house(Registration::Open).await;
    with_ada(&house).await;
    let browser = register(&house, "ADA", "eve@example.org").await;
    assert_eq!(browser.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.must_say("Somebody else has this name");
    browser.must_say("value=\"eve@example.org\"");
    assert!(!browser.says(PASSWORD));
    assert!(house.mails_to("eve@example.org").is_empty());
}

#[tokio::test]
async fn by_approval_nobody_is_in_before_it() {
    let house = house(Registration::Approval).await;
    let mut bob = register(&house, "bob", "bob@example.org").await;
    bob.must_say("approve");
    assert!(bob.cookie("__Host-jeton-session").is_none());
    bob.go("/sign-in").await;
    bob.submit("/sign-in", &[("login", "bob"), ("password", PASSWORD)])
        .await;
    assert_eq!(bob.page.status, StatusCode::FORBIDDEN);
    assert!(bob.cookie("__Host-jeton-session").is_none());
    let approved = Account {
        state: AccountState::Active,
        ..account(&house, "bob").unwrap()
    };
    wait(|reply| house.store.update_account(approved, house.act(), reply)).unwrap();
    bob.go("/sign-in").await;
    bob.submit("/sign-in", &[("login", "bob"), ("password", PASSWORD)])
        .await;
    bob.must_say("Your account");
}

#[tokio::test]
async fn where_registration_is_closed_there_is_no_form_and_none_counts() {
    let house = house(Registration::Closed).await;
    let closed = Browser::open(&house, "/register").await;
    assert_eq!(closed.page.status, StatusCode::FORBIDDEN);
    let sign_in = Browser::open(&house, "/sign-in").await;
    assert!(!sign_in.says("/register"));
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field() {
    let house = house(Registration::Open).await;
    let mut browser = Browser::open(&house, "/register").await;
    for (fields, says) in [
        (
            [("username", "a b"), ("email", "a@b.example")],
            "letters and digits",
        ),
        (
            [("username", "bob"), ("email", "nobody")],
            "not an e-mail address",
        ),
        (
            [("username", "bob"), ("email", "")],
            "not an e-mail address",
        ),
        ([("username", "bob"), ("email", "a@b.example")], "too short"),
    ] {
        browser.submit("/register", &fields).await;
        assert_eq!(browser.page.status, StatusCode::UNPROCESSABLE_ENTITY);
        browser.must_say(says);
    }
    let name = [
        ("username", "bob-builder"),
        ("email", "a@b.example"),
        ("password", "bob-builder1!"),
        ("password_again", "bob-builder1!"),
    ];
    browser.submit("/register", &name).await;
    browser.must_say("little more than your name");
    assert_eq!(account(&house, "bob-builder"), None);
}

#[tokio::test]
async fn who_registers_on_the_way_to_an_application_gets_there() {
    let house = house(Registration::Open).await;
    house.client("orders", web());
    let mut browser = Browser::open(&house, &authorize(&[])).await;
    let at = browser.page.text.find("href=\"/register?").unwrap() + 6;
    let link = browser.page.text[at..].split('"').next().unwrap();
    let link = link.replace("&#38;", "&").replace("&amp;", "&");
    browser.go(&link).await;
    browser.must_say("Orders");
    let fields = [
        ("username", "bob"),
        ("email", "bob@example.org"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ];
    browser.submit("/register", &fields).await;
    browser.submit("/consent", &[("answer", "allow")]).await;
    assert!(browser.left_to().unwrap().contains("?code="));
}
