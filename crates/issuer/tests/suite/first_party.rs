//! Sign-in of the house's own applications: JSON in, a short-lived token out, the rest in a cookie.

use axum::body::Body;
use http::{Request, StatusCode, header};

use crate::house::{Answer, House};
use crate::sign_in::{PASSWORD, with_ada};

pub(crate) async fn post(
    house: &House,
    path: &str,
    body: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let mut request = Request::post(path)
        .header(header::HOST, "id.example")
        .header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    house
        .ask(request.body(Body::from(body.to_owned())).unwrap())
        .await
}

pub(crate) async fn login(house: &House) -> Answer {
    let body = format!(r#"{{"username":"Ada","password":"{PASSWORD}"}}"#);
    post(house, "/login", &body, &[("sec-fetch-site", "same-origin")]).await
}

/// The refresh cookie that an answer sets, as a request sends it.
pub(crate) fn cookie(answer: &Answer) -> String {
    let lines = answer.headers.get_all(header::SET_COOKIE).iter();
    let mut lines = lines.map(|line| line.to_str().unwrap());
    let line = lines
        .find(|line| line.starts_with("__Host-jeton-refresh="))
        .unwrap();
    assert!(line.contains("; HttpOnly; SameSite=Strict"), "{line}");
    line.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_application_signs_in_refreshes_and_signs_out() {
    let house = House::new().await;
    with_ada(&house).await;
    let signed = login(&house).await;
    assert_eq!(signed.status, StatusCode::OK, "{}", signed.text);
    assert_eq!(signed.member("refresh_token"), None, "it is in the cookie");
    let refresh = cookie(&signed);
    let bearer = format!("Bearer {}", signed.string("access_token"));
    let me = Request::get("/me").header(header::AUTHORIZATION, &bearer);
    let me = house.ask(me.body(Body::empty()).unwrap()).await;
    assert_eq!(me.string("username"), "ada");
    assert_eq!(me.string("roles"), "[\"administrator\"]");

    let next = post(&house, "/refresh", "", &[("cookie", &refresh)]).await;
    assert_eq!(next.status, StatusCode::OK, "{}", next.text);
    let successor = cookie(&next);
    assert_ne!(successor, refresh);
    let out = post(&house, "/logout", "", &[("cookie", &successor)]).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    let after = post(&house, "/refresh", "", &[("cookie", &successor)]).await;
    assert_eq!(after.error(), "invalid_grant");
    let me = Request::get("/me").header(header::AUTHORIZATION, &bearer);
    let me = house.ask(me.body(Body::empty()).unwrap()).await;
    assert_eq!(
        me.status,
        StatusCode::UNAUTHORIZED,
        "signed out means at once"
    );
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session() {
    let house = House::new().await;
    with_ada(&house).await;
    let (one, other) = (cookie(&login(&house).await), cookie(&login(&house).await));
    let out = post(&house, "/logout/all", "", &[("cookie", &one)]).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    for token in [one, other] {
        let after = post(&house, "/refresh", "", &[("cookie", &token)]).await;
        assert_eq!(after.error(), "invalid_grant");
    }
}

#[tokio::test]
async fn no_other_site_signs_anybody_in_or_out() {
    let house = House::new().await;
    with_ada(&house).await;
    let token = cookie(&login(&house).await);
    for path in ["/login", "/refresh", "/logout", "/logout/all"] {
        for sent in [
            [("sec-fetch-site", "cross-site"), ("cookie", token.as_str())],
            [("origin", "https://evil.example"), ("cookie", &token)],
        ] {
            let answer = post(&house, path, "{}", &sent).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {sent:?}");
        }
    }
    assert_eq!(
        post(&house, "/refresh", "", &[("cookie", &token)])
            .await
            .status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn wrong_passwords_and_strangers_are_answered_alike() {
    let house = House::new().await;
    with_ada(&house).await;
    let wrong = post(
        &house,
        "/login",
        r#"{"username":"ada","password":"wrong"}"#,
        &[],
    )
    .await;
    let nobody = post(
        &house,
        "/login",
        r#"{"username":"eve","password":"wrong"}"#,
        &[],
    )
    .await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert_eq!(wrong.text, nobody.text);
    for body in [
        "",
        "[]",
        "{",
        r#"{"username":1}"#,
        r#"{"username":"a","password":"b","x":1}"#,
    ] {
        let answer = post(&house, "/login", body, &[]).await;
        assert_eq!(answer.error(), "invalid_request", "{body}");
    }
}
