//! Tokens for clients themselves, and what a resource server makes of them.

use std::time::Duration;

use http::StatusCode;
use jeton_jose::backend::AwsLc;
use jeton_jose::key::VerifyingKeySet;
use jeton_jose::{AlgorithmSet, JwkSet, Policy, jwt};

use crate::house::{House, URL, machine};

#[tokio::test]
async fn a_client_gets_a_token_that_anybody_can_verify_by_the_discovery_document() {
    let house = House::new().await;
    house.client(
        "stock",
        machine("orders:read orders:write", &["https://api.example"]),
    );
    let metadata = house.get("/.well-known/openid-configuration").await;
    assert_eq!(metadata.string("token_endpoint"), format!("{URL}/token"));
    let asked = [
        ("grant_type", "client_credentials"),
        ("scope", "orders:read"),
    ];
    let answer = house.post("/token", "stock", &asked).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.string("scope"), "orders:read");
    assert_eq!(answer.string("token_type"), "Bearer");

    let jwks = house.get("/jwks").await;
    assert_eq!(jwks.headers["cache-control"], "public, max-age=300");
    let set = JwkSet::parse(jwks.text.as_bytes()).unwrap();
    let keys = VerifyingKeySet::new(&set.keys, AlgorithmSet::asymmetric(), &AwsLc).unwrap();
    let policy = Policy::new(AlgorithmSet::asymmetric())
        .issuer(URL)
        .audience("https://api.example")
        .typ("at+jwt");
    let token = answer.string("access_token");
    let verified = jwt::verify(&token, &keys, &policy, house.now()).unwrap();
    assert_eq!(verified.claims().subject(), Some("stock"));
    let lifetime: u64 = answer.string("expires_in").parse().unwrap();
    assert!((285..=300).contains(&lifetime), "{lifetime}");
    house.later(Duration::from_mins(5));
    assert!(jwt::verify(&token, &keys, &policy, house.now()).is_err());
}

#[tokio::test]
async fn nobody_gets_more_than_is_registered() {
    let house = House::new().await;
    house.client("stock", machine("orders:read", &["https://api.example"]));
    let kind = ("grant_type", "client_credentials");
    for (asked, wanted) in [
        (vec![kind, ("scope", "orders:write")], "invalid_scope"),
        (
            vec![kind, ("resource", "https://other.example")],
            "invalid_target",
        ),
        (
            vec![("grant_type", "refresh_token"), ("refresh_token", "x")],
            "unauthorized_client",
        ),
        (vec![("grant_type", "password")], "unsupported_grant_type"),
        (vec![], "invalid_request"),
        (vec![kind, ("client_id", "other")], "invalid_request"),
    ] {
        let answer = house.post("/token", "stock", &asked).await;
        assert_eq!(answer.error(), wanted, "{asked:?}");
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
    for (client, form) in [("nobody", vec![kind]), ("stock", vec![kind])] {
        let form = [
            form,
            vec![("client_id", client), ("client_secret", "wrong")],
        ]
        .concat();
        let answer = house.post_plain("/token", &form).await;
        assert_eq!(answer.error(), "invalid_client");
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.headers.contains_key("www-authenticate"));
    }
}
