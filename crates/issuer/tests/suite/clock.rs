//! The clock jumps: an hour back, as when it was wrong and is set, and a month forward and back
//! again, as when it is set wrong.

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode, header};
use jeton_jose::backend::AwsLc;
use jeton_jose::key::VerifyingKeySet;
use jeton_jose::{AlgorithmSet, JwkSet, Policy, jwt};
use jeton_store::{SessionId, Sessions as _, wait};

use crate::browser::Browser;
use crate::house::{Answer, House, URL, machine, member};
use crate::people::{API, claims, grant};
use crate::sign_in::{PASSWORD, authorize, web, with_ada};

const HOUR: Duration = Duration::from_hours(1);
const MONTH: Duration = Duration::from_hours(31 * 24);
/// A token is good for this long, and a minute for clocks that differ.
const LIFETIME: Duration = Duration::from_mins(6);

impl House {
    /// A token for a machine, and whether it can be verified by the keys that are shown.
    async fn verifiable(&self) -> (String, bool) {
        let kind = [("grant_type", "client_credentials")];
        let token = self.post("/token", "stock", &kind).await;
        let token = token.string("access_token");
        let verifies = self.verifies(&token).await;
        (token, verifies)
    }

    async fn verifies(&self, token: &str) -> bool {
        let jwks = self.get("/jwks").await;
        let set = JwkSet::parse(jwks.text.as_bytes()).unwrap();
        let keys = VerifyingKeySet::new(&set.keys, AlgorithmSet::asymmetric(), &AwsLc).unwrap();
        let policy = Policy::new(AlgorithmSet::asymmetric()).issuer(URL);
        jwt::verify(token, &keys, &policy, self.now()).is_ok()
    }

    async fn log_in(&self, password: &str) -> Answer {
        let body = format!(r#"{{"username":"ada","password":"{password}"}}"#);
        let request = Request::post("/login")
            .header(header::HOST, "id.example")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/json");
        self.ask(request.body(Body::from(body)).unwrap()).await
    }
}

#[tokio::test]
async fn keys_follow_their_schedule_wherever_the_clock_goes() {
    let house = House::inhabited().await;
    house.client("stock", machine("orders:read", &[API]));
    let (early, verifies) = house.verifiable().await;
    assert!(verifies);
    house.earlier(HOUR);
    assert!(house.verifiable().await.1, "an hour back");
    house.later(HOUR + MONTH);
    house.issuer.rotate_keys().await.unwrap();
    let (late, verifies) = house.verifiable().await;
    assert!(verifies, "a month on");
    assert!(!house.verifies(&early).await, "it expired long ago");
    house.earlier(MONTH);
    house.issuer.rotate_keys().await.unwrap();
    assert!(house.verifiable().await.1, "and back");
    // What the wrong clock signed is no token of today.
    house.later(LIFETIME);
    assert!(house.verifiable().await.1);
    let issued = member(&claims(&late), "iat").unwrap();
    assert!(issued.parse::<i64>().unwrap() > house.now().seconds());
}

#[tokio::test]
async fn what_was_revoked_stays_so_and_who_signs_in_again_gets_in() {
    let house = House::inhabited().await;
    let before = house.tokens("openid offline_access").await;
    let refresh = before.string("refresh_token");
    let before = before.string("access_token");
    assert!(house.is_active(&before).await);
    let answer = house.post("/revoke", "app", &[("token", &refresh)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!house.is_active(&before).await);
    house.earlier(HOUR);
    assert!(!house.is_active(&before).await, "the log knows it still");
    house.code("again", grant(&house, "app", "openid offline_access"));
    let again = house.redeem("again").await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text);
    let again = again.string("access_token");
    assert!(house.is_active(&again).await, "the new one counts at once");
    // However far the clock was off, it lives no longer than any.
    house.later(LIFETIME);
    assert!(!house.is_active(&again).await);
}

#[tokio::test]
async fn codes_and_sessions_end_when_the_clock_says_so_and_can_be_had_again() {
    let house = House::new().await;
    house.client("orders", web());
    let mut ada = with_ada(&house).await;
    ada.go(&authorize(&[])).await;
    ada.submit("/consent", &[("answer", "allow")]).await;
    assert!(ada.left_to().unwrap().contains("?code="));
    house.earlier(HOUR);
    ada.go(&authorize(&[])).await;
    assert!(ada.left_to().unwrap().contains("?code="), "still signed in");
    house.later(HOUR + MONTH);
    ada.go(&authorize(&[])).await;
    assert!(ada.page.text.contains("action=\"/sign-in\""), "it ended");
    house.earlier(MONTH);
    let mut again = Browser::open(&house, &authorize(&[])).await;
    let right = [("login", "ada"), ("password", PASSWORD)];
    again.submit("/sign-in", &right).await;
    assert!(again.left_to().unwrap().contains("?code="));
}

#[tokio::test]
async fn a_code_outlives_no_jump_forward() {
    let house = House::inhabited().await;
    house.code("c", grant(&house, "app", "openid"));
    house.code("d", grant(&house, "app", "openid"));
    house.earlier(HOUR);
    assert_eq!(house.redeem("c").await.status, StatusCode::OK);
    house.later(HOUR + MONTH);
    house.issuer.rotate_keys().await.unwrap();
    assert_eq!(house.redeem("d").await.error(), "invalid_grant");
}

#[tokio::test]
async fn nobody_is_locked_out_for_long() {
    let house = House::new().await;
    with_ada(&house).await;
    let wrong = "not the password of ada";
    let mut refused = StatusCode::OK;
    for _ in 0..40 {
        refused = house.log_in(wrong).await.status;
    }
    assert_eq!(refused, StatusCode::TOO_MANY_REQUESTS);
    house.earlier(HOUR);
    // Who comes when they are told to gets in soon, though the clock says that it was in an hour.
    let mut waited = Duration::ZERO;
    loop {
        let answer = house.log_in(PASSWORD).await;
        if answer.status == StatusCode::OK {
            break;
        }
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        let wait = answer.headers[header::RETRY_AFTER].to_str().unwrap();
        let wait = Duration::from_secs(wait.parse().unwrap());
        waited += wait;
        house.later(wait);
    }
    assert!((1..=15 * 60).contains(&waited.as_secs()), "{waited:?}");
    for _ in 0..40 {
        refused = house.log_in(wrong).await.status;
    }
    assert_eq!(refused, StatusCode::TOO_MANY_REQUESTS);
    house.later(MONTH);
    house.issuer.rotate_keys().await.unwrap();
    assert_eq!(house.log_in(PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_ended_session_stays_ended() {
    let house = House::inhabited().await;
    let bound = house.tokens("openid").await;
    let session = SessionId::new("ada-session");
    wait(|reply| house.store.end_session(session, house.act(), reply)).unwrap();
    for jump in [House::earlier, House::later, House::later] {
        jump(&house, HOUR);
        let answer = house.refresh(&bound.string("refresh_token")).await;
        assert_eq!(answer.error(), "invalid_grant");
    }
}
