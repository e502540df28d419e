//! Authorization codes at the token endpoint.

use std::time::Duration;

use http::StatusCode;
use jeton_jose::Algorithm;
use jeton_jose::backend::AwsLc;
use jeton_oauth::claims::at_hash;
use jeton_store::account::AccountState;
use jeton_store::{AccountId, Accounts as _, SessionId, Sessions as _, wait};

use crate::house::{House, URL, member};
use crate::people::{API, CALLBACK, VERIFIER, app, claims, grant, redemption};

#[tokio::test]
async fn a_code_yields_the_three_tokens_and_each_says_what_it_should() {
    let house = House::inhabited().await;
    let answer = house
        .tokens("openid profile offline_access orders:read orders:write")
        .await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    // ada may not write orders.
    assert_eq!(
        answer.string("scope"),
        "offline_access openid orders:read profile"
    );
    let access = answer.string("access_token");
    let told = claims(&access);
    assert_eq!(member(&told, "sub").unwrap(), "ada-id");
    assert_eq!(
        member(&told, "aud").unwrap(),
        format!("[\"{API}\",\"{URL}\"]")
    );
    assert_eq!(member(&told, "roles").unwrap(), "[\"clerk\"]");
    assert_eq!(member(&told, "tenant").unwrap(), "engines");
    assert_eq!(member(&told, "permissions"), None);
    assert_eq!(member(&told, "sid").unwrap(), "ada-session");
    let id = claims(&answer.string("id_token"));
    assert_eq!(member(&id, "aud").unwrap(), "app");
    assert_eq!(member(&id, "nonce").unwrap(), "n-1");
    assert_eq!(member(&id, "sid").unwrap(), "ada-session");
    assert_eq!(member(&id, "amr").unwrap(), "[\"pwd\"]");
    assert_eq!(
        member(&id, "at_hash").unwrap(),
        at_hash(&access, Algorithm::ES256, &AwsLc)
    );
    assert!(answer.member("refresh_token").is_some());
}

#[tokio::test]
async fn codereuse_revokes_what_the_first_use_yielded() {
    let house = House::inhabited().await;
    let first = house.tokens("openid orders:read").await;
    let access = first.string("access_token");
    assert!(house.is_active(&access).await);
    // From another client, without its verifier, or elsewhere, nothing happens to it.
    house.client("other", app());
    let code = "code of openid orders:read";
    let other = house.post("/token", "other", &redemption(code)).await;
    assert_eq!(other.error(), "invalid_grant");
    let unproven = house.post("/token", "app", &redemption(code)[..3]).await;
    assert_eq!(unproven.error(), "invalid_grant");
    assert!(house.is_active(&access).await);

    let again = house.redeem(code).await;
    assert_eq!(again.error(), "invalid_grant");
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert!(!house.is_active(&access).await);
    let refreshed = house.refresh(&first.string("refresh_token")).await;
    assert_eq!(refreshed.error(), "invalid_grant");
}

#[tokio::test]
async fn a_code_is_refused_unless_everything_fits() {
    let house = House::inhabited().await;
    let other_verifier = "x".repeat(43);
    let good = [
        ("grant_type", "authorization_code"),
        ("code", "c"),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    house.code("c", grant(&house, "app", "openid"));
    for (name, value) in [
        ("code", "d"),
        ("redirect_uri", ""),
        ("redirect_uri", "https://app.example/callback/"),
        ("redirect_uri", "https://evil.example/callback"),
        ("code_verifier", ""),
        ("code_verifier", "short"),
        ("code_verifier", &other_verifier),
    ] {
        let bad = good.map(|(known, was)| (known, if known == name { value } else { was }));
        let answer = house.post("/token", "app", &bad).await;
        assert_eq!(answer.error(), "invalid_grant", "{name}");
    }
    assert_eq!(house.redeem("c").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_code_does_not_outlive_its_minute_its_session_or_its_account() {
    let house = House::inhabited().await;
    house.code("late", grant(&house, "app", "openid"));
    house.later(Duration::from_mins(1));
    assert_eq!(house.redeem("late").await.error(), "invalid_grant");

    house.code("gone", grant(&house, "app", "openid"));
    let session = SessionId::new("ada-session");
    wait(|reply| house.store.end_session(session, house.act(), reply)).unwrap();
    assert_eq!(house.redeem("gone").await.error(), "invalid_grant");

    house.code("disabled", grant(&house, "app", "openid"));
    let ada = wait(|reply| house.store.account(AccountId::new("ada-id"), reply));
    let mut ada = ada.unwrap().unwrap();
    ada.state = AccountState::Disabled;
    wait(|reply| house.store.update_account(ada, house.act(), reply)).unwrap();
    assert_eq!(house.redeem("disabled").await.error(), "invalid_grant");
}

#[tokio::test]
async fn nothing_but_what_was_granted_is_issued() {
    let house = House::inhabited().await;
    house.code("c", grant(&house, "app", "orders:read"));
    let form = [
        &redemption("c")[..],
        &[("resource", "https://other.example")],
    ]
    .concat();
    let answer = house.post("/token", "app", &form).await;
    assert_eq!(answer.error(), "invalid_target");
    // Without `openid` there is no id token, and the token does not count at the service.
    let answer = house.redeem("c").await;
    assert_eq!(answer.member("id_token"), None);
    let told = claims(&answer.string("access_token"));
    assert_eq!(member(&told, "aud").unwrap(), API);
    house.permit(&[]);
    house.code("nothing", grant(&house, "app", "orders:read"));
    assert_eq!(house.redeem("nothing").await.error(), "invalid_scope");
}
