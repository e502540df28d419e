//! Token exchange: services that call services.

use std::time::Duration;

use jeton_oauth::client::{ClientMetadata, GrantType};

use crate::house::{Answer, House, machine, member};
use crate::people::{API, claims};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";
const REFRESH: &str = "urn:ietf:params:oauth:token-type:refresh_token";
const STOCK: &str = "https://stock.example";

fn service(words: &str, resources: &[&str]) -> ClientMetadata {
    ClientMetadata {
        grant_types: vec![GrantType::TokenExchange, GrantType::ClientCredentials],
        ..machine(words, resources)
    }
}

/// The orders API as a client that may call the stock.
async fn house() -> House {
    let house = House::inhabited().await;
    house.client(
        "orders",
        service("orders:read orders:write openid email", &[API, STOCK]),
    );
    house
}

async fn exchange(house: &House, client: &str, token: &str, more: &[(&str, &str)]) -> Answer {
    let form = [
        ("grant_type", GRANT),
        ("subject_token", token),
        ("subject_token_type", ACCESS),
    ];
    let names: Vec<&str> = more.iter().map(|(name, _)| *name).collect();
    let form = form.into_iter().filter(|(name, _)| !names.contains(name));
    let form: Vec<_> = form.chain(more.iter().copied()).collect();
    house.post("/token", client, &form).await
}

#[tokio::test]
async fn a_service_calls_the_next_one_and_says_so() {
    let house = house().await;
    let token = house.tokens("openid email orders:read").await;
    let token = token.string("access_token");
    house.later(Duration::from_secs(100));
    let answer = exchange(&house, "orders", &token, &[("audience", API)]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.string("issued_token_type"), ACCESS);
    assert_eq!(answer.string("scope"), "orders:read");
    assert_eq!(answer.member("refresh_token"), None);
    assert_eq!(answer.member("id_token"), None);
    let told = claims(&answer.string("access_token"));
    let before = claims(&token);
    assert_eq!(member(&told, "sub").unwrap(), "ada-id");
    assert_eq!(member(&told, "sid"), member(&before, "sid"));
    assert_eq!(member(&told, "aud").unwrap(), API);
    assert_eq!(member(&told, "client_id").unwrap(), "orders");
    assert_eq!(member(&told, "act").unwrap(), "{\"sub\":\"orders\"}");
    let end = |claims: &str| member(claims, "exp").unwrap().parse::<i64>().unwrap();
    assert!(end(&told) <= end(&before));
    // It is no way to the person's data.
    assert_eq!(
        house.userinfo(&answer.string("access_token")).await.status,
        401
    );
    // What ends the session ends it too.
    assert!(house.is_active(&answer.string("access_token")).await);
    let refresh = house.tokens("openid").await.string("refresh_token");
    house.post("/revoke", "app", &[("token", &refresh)]).await;
    assert!(!house.is_active(&answer.string("access_token")).await);
}

#[tokio::test]
async fn nothing_grows_by_exchange() {
    let house = house().await;
    let subject = house.tokens("openid orders:read").await;
    let token = subject.string("access_token");
    let refresh = subject.string("refresh_token");
    house.permit(&["orders:read", "orders:write"]);
    let id = subject.string("id_token");
    for (more, wanted) in [
        (vec![("scope", "orders:write")], "invalid_scope"),
        (vec![("scope", "email")], "invalid_scope"),
        (vec![("scope", "openid")], "invalid_scope"),
        (
            vec![("audience", "https://other.example")],
            "invalid_target",
        ),
        (vec![("audience", "not a URI")], "invalid_target"),
        (
            vec![("resource", "https://other.example")],
            "invalid_target",
        ),
        (vec![("requested_token_type", REFRESH)], "invalid_request"),
        (vec![("requested_token_type", "x")], "invalid_request"),
        (vec![("subject_token", &refresh)], "invalid_request"),
        (
            vec![("subject_token", &refresh), ("subject_token_type", REFRESH)],
            "invalid_request",
        ),
        (vec![("subject_token", &id)], "invalid_request"),
        (vec![("subject_token", "")], "invalid_request"),
        (vec![("actor_token", &token)], "invalid_request"),
        (
            vec![("actor_token", &token), ("actor_token_type", ACCESS)],
            "invalid_request",
        ),
        // The stock has no such words.
        (vec![("audience", STOCK)], "invalid_scope"),
    ] {
        let answer = exchange(&house, "orders", &token, &more).await;
        assert_eq!(answer.error(), wanted, "{more:?}");
        assert_eq!(answer.status, 400);
    }
    // Neither issued to it nor meant for it.
    house.client("else", service("orders:read", &[STOCK]));
    let answer = exchange(&house, "else", &token, &[]).await;
    assert_eq!(answer.error(), "invalid_request");
    house.client("plain", machine("orders:read", &[API]));
    let answer = exchange(&house, "plain", &token, &[]).await;
    assert_eq!(answer.error(), "unauthorized_client");
    // Revoked, expired.
    house.post("/revoke", "app", &[("token", &token)]).await;
    let answer = exchange(&house, "orders", &token, &[]).await;
    assert_eq!(answer.error(), "invalid_request");
    let token = house.tokens("orders:read").await.string("access_token");
    house.later(Duration::from_mins(5));
    let answer = exchange(&house, "orders", &token, &[]).await;
    assert_eq!(answer.error(), "invalid_request");
}

#[tokio::test]
async fn a_role_that_was_taken_away_is_not_handed_on() {
    let house = house().await;
    let token = house.tokens("orders:read").await.string("access_token");
    house.permit(&[]);
    let answer = exchange(&house, "orders", &token, &[("audience", API)]).await;
    assert_eq!(answer.error(), "invalid_scope");
}

#[tokio::test]
async fn the_chain_of_actors_is_kept_and_has_an_end() {
    let house = house().await;
    house.client("billing", service("orders:read", &[API]));
    let mut token = house.tokens("orders:read").await.string("access_token");
    for (turn, client) in ["orders", "billing"].into_iter().cycle().enumerate() {
        let answer = exchange(&house, client, &token, &[("audience", API)]).await;
        if turn == 8 {
            assert_eq!(answer.error(), "invalid_request");
            break;
        }
        token = answer.string("access_token");
        if turn == 1 {
            let act = member(&claims(&token), "act").unwrap();
            assert_eq!(act, "{\"sub\":\"billing\",\"act\":{\"sub\":\"orders\"}}");
        }
    }
}

#[tokio::test]
async fn an_actor_is_named_by_its_own_token() {
    let house = house().await;
    let token = house.tokens("orders:read").await.string("access_token");
    let kind = ("grant_type", "client_credentials");
    let own = house
        .post("/token", "orders", &[kind])
        .await
        .string("access_token");
    let actor = [("actor_token", own.as_str()), ("actor_token_type", ACCESS)];
    let answer = exchange(&house, "orders", &token, &actor).await;
    let act = member(&claims(&answer.string("access_token")), "act").unwrap();
    assert_eq!(act, "{\"sub\":\"orders\"}");
    // A machine's token can be exchanged too.
    let answer = exchange(&house, "orders", &own, &[("scope", "orders:read")]).await;
    assert_eq!(answer.string("scope"), "orders:read");
}
