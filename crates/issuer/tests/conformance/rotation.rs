//! Rotation of the signing keys.

use std::collections::BTreeSet;

use axum::body::Body;
use http::{Method, StatusCode, header};

use crate::house::{House, URL, machine};
use crate::relying_party::{CLIENT, RelyingParty, house, key_set, with_bearer};

#[tokio::test]
async fn oidcc_server_rotate_keys() {
    let house = house().await;
    let before = names(&house).await;
    rotate(&house).await;
    let after = names(&house).await;
    assert!(before.is_subset(&after), "an old key is gone");
    assert!(after.len() > before.len(), "there is no new key");
    let mut party = RelyingParty::new(&house, CLIENT);
    party.tokens(&[]).await;
}

async fn names(house: &House) -> BTreeSet<String> {
    let set = key_set(house).await;
    let names = set.keys.iter().map(|key| key.key_id().unwrap().to_owned());
    names.collect()
}

/// As an administrator does it.
async fn rotate(house: &House) {
    let here = format!("{URL}/admin");
    house.client(
        "administration",
        machine("admin:read admin:write", &[&here]),
    );
    let form = [("grant_type", "client_credentials")];
    let token = house.post("/token", "administration", &form).await;
    let request = with_bearer(
        Method::POST,
        "/admin/keys/rotate",
        &token.string("access_token"),
    )
    .header(header::CONTENT_TYPE, "application/json")
    .body(Body::from("{}"));
    let answer = house.ask(request.unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}
