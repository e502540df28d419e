//! Clients that authenticate with a signed assertion.

use std::time::Duration;

use jeton_jose::{Algorithm, jwt};
use jeton_oauth::client::{AuthMethod, ClientMetadata};
use jeton_testkit::{any_signing_key, jwk};

use crate::house::{Answer, House, URL, machine};
use crate::people::raw;

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn client() -> ClientMetadata {
    let key = jwk(Algorithm::ES256).to_public_json().unwrap();
    ClientMetadata {
        token_endpoint_auth_method: AuthMethod::PrivateKeyJwt,
        jwks: Some(raw(&format!("{{\"keys\":[{key}]}}"))),
        ..machine("orders:read", &[])
    }
}

fn assertion(house: &House, client: &str, audience: &str, id: &str) -> jwt::Builder {
    jwt::Builder::new()
        .issuer(client)
        .subject(client)
        .audiences(&[audience])
        .jwt_id(id)
        .lifetime(house.now(), Duration::from_mins(1))
}

async fn ask(house: &House, assertion: &jwt::Builder) -> Answer {
    let assertion = assertion.sign(&any_signing_key(Algorithm::ES256)).unwrap();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", TYPE),
        ("client_assertion", &assertion),
    ];
    house.post_plain("/token", &form).await
}

#[tokio::test]
async fn an_assertion_serves_once_and_here() {
    let house = House::new().await;
    house.client("robot", client());
    let good = assertion(&house, "robot", URL, "1");
    assert_eq!(ask(&house, &good).await.status, 200);
    assert_eq!(ask(&house, &good).await.error(), "invalid_client");
    let token = format!("{URL}/token");
    let good = assertion(&house, "robot", &token, "2");
    assert_eq!(ask(&house, &good).await.status, 200);
    let late = assertion(&house, "robot", URL, "3");
    house.later(Duration::from_mins(3));
    for bad in [
        late,
        assertion(&house, "robot", "https://other.example", "4"),
        assertion(&house, "nobody", URL, "5"),
        assertion(&house, "robot", URL, "6").lifetime(house.now(), Duration::from_hours(2)),
    ] {
        let answer = ask(&house, &bad).await;
        assert_eq!(answer.error(), "invalid_client");
        assert_eq!(answer.status, 401);
    }
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_let_nobody_in() {
    let house = House::new().await;
    for (id, url) in [
        ("a", "https://keys.example/jwks"),
        ("b", "https://127.0.0.1/jwks"),
        ("c", "http://keys.example/jwks"),
        ("d", "file:///etc/passwd"),
    ] {
        house.client(
            id,
            ClientMetadata {
                jwks: None,
                jwks_uri: Some(url.to_owned()),
                ..client()
            },
        );
        let answer = ask(&house, &assertion(&house, id, URL, "1")).await;
        assert_eq!(answer.error(), "invalid_client", "{url}");
        assert_eq!(answer.status, 401);
    }
}
