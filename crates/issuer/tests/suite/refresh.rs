//! Refresh tokens: families, replays, grace, ends.

use std::sync::Arc;
use std::time::Duration;

use jeton_issuer::Config;
use jeton_store::{SessionId, Sessions as _, wait};

use crate::house::{House, member};
use crate::people::{browser_app, claims, grant, redemption, refreshing};

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn a_refresh_moves_on_and_says_no_nonce_again() {
    let house = House::inhabited().await;
    let first = house.tokens("openid offline_access orders:read").await;
    let next = house.refresh(&first.string("refresh_token")).await;
    assert_eq!(next.status, 200, "{}", next.text);
    assert_ne!(next.string("refresh_token"), first.string("refresh_token"));
    assert_ne!(next.string("access_token"), first.string("access_token"));
    let id = claims(&next.string("id_token"));
    assert_eq!(member(&id, "nonce"), None);
    assert_eq!(member(&id, "sub").unwrap(), "ada-id");
    assert!(house.is_active(&next.string("refresh_token")).await);
    assert!(!house.is_active(&first.string("refresh_token")).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_refreshes_at_once_have_one_successor_and_kill_nobody() {
    let house = Arc::new(House::inhabited().await);
    let token = house.tokens("offline_access").await.string("refresh_token");
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let (house, token) = (Arc::clone(&house), token.clone());
            tokio::spawn(async move { house.refresh(&token).await.text })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    assert!(answers.iter().all(|one| *one == answers[0]), "{answers:?}");
    let successor = member(&answers[0], "refresh_token").unwrap();
    assert_eq!(house.refresh(&successor).await.status, 200);
}

#[tokio::test]
async fn within_grace_the_same_question_gets_the_same_answer_and_another_none() {
    let house = House::inhabited().await;
    let token = house
        .tokens("offline_access orders:read")
        .await
        .string("refresh_token");
    let first = house.refresh(&token).await;
    house.later(Duration::from_secs(30));
    let again = house.refresh(&token).await;
    assert_eq!(again.text, first.text);
    assert_eq!(again.headers["cache-control"], "no-store");
    let other = [&refreshing(&token)[..], &[("scope", "orders:read")]].concat();
    let other = house.post("/token", "app", &other).await;
    assert_eq!(other.error(), "invalid_grant");
    // Nobody was punished for it.
    let next = house.refresh(&first.string("refresh_token")).await;
    assert_eq!(next.status, 200);
}

#[tokio::test]
async fn a_replay_after_grace_ends_its_own_family_and_no_other() {
    let house = House::inhabited().await;
    let mine = house.tokens("offline_access orders:read").await;
    let theirs = house.tokens("offline_access").await;
    let next = house.refresh(&mine.string("refresh_token")).await;
    // A client that may not have it changes nothing, whatever it presents.
    house.client("other", crate::people::app());
    house.later(Duration::from_secs(31));
    let token = mine.string("refresh_token");
    let stolen = refreshing(&token);
    assert_eq!(
        house.post("/token", "other", &stolen).await.error(),
        "invalid_grant"
    );
    assert!(house.is_active(&next.string("refresh_token")).await);

    assert_eq!(house.refresh(&token).await.error(), "invalid_grant");
    let next = house.refresh(&next.string("refresh_token")).await;
    assert_eq!(next.error(), "invalid_grant");
    assert!(!house.is_active(&mine.string("access_token")).await);
    let theirs = house.refresh(&theirs.string("refresh_token")).await;
    assert_eq!(theirs.status, 200);
}

#[tokio::test]
async fn guessing_never_ends_a_family() {
    let house = House::inhabited().await;
    let token = house.tokens("offline_access").await.string("refresh_token");
    let next = house.refresh(&token).await.string("refresh_token");
    house.later(Duration::from_mins(1));
    let (family, mac) = (
        token.split('.').next().unwrap(),
        token.rsplit('.').next().unwrap(),
    );
    for guess in [
        format!("{family}.1.{mac}"),
        format!("{family}.00.{mac}"),
        format!("{family}.0."),
        format!("{family}.0.{mac}."),
        "x".repeat(1000),
    ] {
        assert_eq!(house.refresh(&guess).await.error(), "invalid_grant");
    }
    assert_eq!(house.refresh(&next).await.status, 200);
}

#[tokio::test]
async fn without_grace_a_second_use_is_a_replay() {
    let mut config = Config::default();
    let off = jeton_jose::json::Document::parse(b"\"off\"", &jeton_jose::json::Options::strict());
    config.lifetimes.refresh_grace = jeton_jose::json::from_value(off.unwrap().root()).unwrap();
    let house = House::inhabited_with(config).await;
    let token = house.tokens("offline_access").await.string("refresh_token");
    let next = house.refresh(&token).await.string("refresh_token");
    assert_eq!(house.refresh(&token).await.error(), "invalid_grant");
    assert_eq!(house.refresh(&next).await.error(), "invalid_grant");
}

#[tokio::test]
async fn a_role_that_is_taken_away_is_missing_from_the_next_token() {
    let house = House::inhabited().await;
    let first = house.tokens("offline_access orders:read").await;
    assert_eq!(first.string("scope"), "offline_access orders:read");
    house.permit(&["orders:list"]);
    let next = house.refresh(&first.string("refresh_token")).await;
    assert_eq!(next.string("scope"), "offline_access");
    house.permit(&["orders:read"]);
    let next = house.refresh(&next.string("refresh_token")).await;
    assert_eq!(next.string("scope"), "offline_access orders:read");
    let more = refreshing("");
    let token = next.string("refresh_token");
    let more = [
        more[0],
        (more[1].0, &token),
        ("scope", "orders:read profile"),
    ];
    let answer = house.post("/token", "app", &more).await;
    assert_eq!(answer.error(), "invalid_scope");
}

#[tokio::test]
async fn a_family_ends_when_it_is_not_used_and_in_any_case() {
    let mut config = Config::default();
    config.lifetimes.refresh_idle = jeton_settings::Duration::from_seconds(10 * 86_400);
    config.lifetimes.refresh = jeton_settings::Duration::from_seconds(20 * 86_400);
    let house = House::inhabited_with(config).await;
    let mut token = house.tokens("offline_access").await.string("refresh_token");
    let idle = house
        .tokens("offline_access openid")
        .await
        .string("refresh_token");
    for _ in 0..2 {
        house.later(DAY * 9);
        token = house.refresh(&token).await.string("refresh_token");
    }
    assert_eq!(house.refresh(&idle).await.error(), "invalid_grant");
    house.later(DAY * 2);
    assert_eq!(house.refresh(&token).await.error(), "invalid_grant");
}

#[tokio::test]
async fn a_browser_application_inherits_what_is_left() {
    let house = House::inhabited().await;
    house.client("page", browser_app());
    house.code("c", grant(&house, "page", "offline_access"));
    let form = [&redemption("c")[..], &[("client_id", "page")]].concat();
    let mut token = house
        .post_plain("/token", &form)
        .await
        .string("refresh_token");
    for _ in 0..2 {
        house.later(DAY * 14);
        let form = [&refreshing(&token)[..], &[("client_id", "page")]].concat();
        token = house
            .post_plain("/token", &form)
            .await
            .string("refresh_token");
    }
    house.later(DAY * 2);
    let form = [&refreshing(&token)[..], &[("client_id", "page")]].concat();
    let answer = house.post_plain("/token", &form).await;
    assert_eq!(answer.error(), "invalid_grant");
}

#[tokio::test]
async fn what_is_not_offline_ends_with_its_session() {
    let house = House::inhabited().await;
    let bound = house.tokens("openid").await;
    let offline = house.tokens("offline_access").await;
    let session = SessionId::new("ada-session");
    wait(|reply| house.store.end_session(session, house.act(), reply)).unwrap();
    let answer = house.refresh(&bound.string("refresh_token")).await;
    assert_eq!(answer.error(), "invalid_grant");
    let answer = house.refresh(&offline.string("refresh_token")).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_clock_that_jumps_back_ends_nothing() {
    let house = House::inhabited().await;
    let token = house.tokens("offline_access").await.string("refresh_token");
    let next = house.refresh(&token).await;
    house.earlier(Duration::from_secs(20));
    assert_eq!(house.refresh(&token).await.text, next.text);
    house.earlier(Duration::from_hours(1));
    let next = house.refresh(&next.string("refresh_token")).await;
    assert_eq!(next.status, 200);
}
