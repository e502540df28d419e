//! RP-Initiated Logout OP.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use http::StatusCode;
use jeton_jose::{Algorithm, jws};
use jeton_testkit::{BACKEND, signing_key};

use crate::house::House;
use crate::relying_party::{CLIENT, RelyingParty, SIGNED_OUT, house};

/// A long one, which has to come back as it is.
const STATE: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

#[tokio::test]
async fn oidcc_rp_initiated_logout_discovery_endpoint_verification() {
    let house = House::new().await;
    crate::config::discovery(&house).await;
    let metadata = house.get("/.well-known/openid-configuration").await;
    assert!(
        metadata
            .string("end_session_endpoint")
            .starts_with("https://")
    );
}

#[tokio::test]
async fn oidcc_rp_initiated_logout() {
    let house = house().await;
    let (mut party, id_token) = signed_in(&house).await;
    let asked = [
        ("id_token_hint", id_token.as_str()),
        ("post_logout_redirect_uri", SIGNED_OUT),
        ("state", STATE),
    ];
    end(&mut party, &asked).await;
    let back = format!("{SIGNED_OUT}?state={}", STATE.replace('~', "%7E"));
    assert_eq!(party.browser.left_to(), Some(back.as_str()));
    is_gone(&mut party).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_state() {
    let house = house().await;
    let (mut party, id_token) = signed_in(&house).await;
    let asked = [
        ("id_token_hint", id_token.as_str()),
        ("post_logout_redirect_uri", SIGNED_OUT),
    ];
    end(&mut party, &asked).await;
    assert_eq!(party.browser.left_to(), Some(SIGNED_OUT));
    is_gone(&mut party).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_post_logout_redirect_uri() {
    let house = house().await;
    let (mut party, id_token) = signed_in(&house).await;
    let asked = [("id_token_hint", id_token.as_str()), ("state", STATE)];
    end(&mut party, &asked).await;
    says_so(&party);
    is_gone(&mut party).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_params() {
    after_a_question(&[]).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_only_state() {
    after_a_question(&[("state", STATE)]).await;
}

/// Anybody can send a browser here without an id token, so the person decides.
async fn after_a_question(asked: &[(&str, &str)]) {
    let house = house().await;
    let (mut party, _) = signed_in(&house).await;
    end(&mut party, asked).await;
    assert_eq!(party.browser.left_to(), None);
    assert!(party.ask(&[("prompt", "none")]).await.is_empty());
    party.code();
    end(&mut party, asked).await;
    let answer = [("answer", "sign-out")];
    party.browser.submit("/sign-out", &answer).await;
    says_so(&party);
    is_gone(&mut party).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_post_logout_redirect_uri() {
    let other = format!("{SIGNED_OUT}/other");
    wrong(|id_token| [id_token.to_owned(), other.clone()]).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri() {
    let more = format!("{SIGNED_OUT}?foo=bar");
    wrong(|id_token| [id_token.to_owned(), more.clone()]).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_id_token_hint() {
    wrong(|_| [String::new(), SIGNED_OUT.to_owned()]).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_modified_id_token_hint() {
    wrong(|id_token| {
        let payload = id_token.split('.').nth(1).unwrap();
        let header = Base64UrlUnpadded::encode_string(br#"{"alg":"none"}"#);
        [format!("{header}.{payload}."), SIGNED_OUT.to_owned()]
    })
    .await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_id_token_hint() {
    wrong(|id_token| {
        let key = signing_key(Algorithm::RS256, BACKEND).unwrap();
        let payload = id_token.split('.').nth(1).unwrap();
        let claims = Base64UrlUnpadded::decode_vec(payload).unwrap();
        let header = jws::HeaderBuilder::new().typ("JWT");
        let signed = jws::compact::sign(&key, &header, &claims).unwrap();
        [signed, SIGNED_OUT.to_owned()]
    })
    .await;
}

/// With this hint and this redirect URI the browser stays, and so does the person.
async fn wrong(parameters: impl FnOnce(&str) -> [String; 2]) {
    let house = house().await;
    let (mut party, id_token) = signed_in(&house).await;
    let [hint, uri] = parameters(&id_token);
    let mut asked = vec![("post_logout_redirect_uri", uri.as_str()), ("state", STATE)];
    if !hint.is_empty() {
        asked.push(("id_token_hint", &hint));
    }
    end(&mut party, &asked).await;
    assert_eq!(party.browser.page.status, StatusCode::BAD_REQUEST);
    assert_eq!(party.browser.left_to(), None);
    assert!(party.ask(&[("prompt", "none")]).await.is_empty());
    party.code();
}

/// Somebody who came through the client, and the id token that it got.
async fn signed_in(house: &House) -> (RelyingParty<'_>, String) {
    let mut party = RelyingParty::new(house, CLIENT);
    let tokens = party.tokens(&[]).await;
    (party, tokens.id)
}

/// Sends the browser to the logout endpoint.
async fn end(party: &mut RelyingParty<'_>, parameters: &[(&str, &str)]) {
    let mut query = form_urlencoded::Serializer::new(String::from("/end-session?"));
    query.extend_pairs(parameters);
    let path = query.finish();
    party.browser.go(&path).await;
}

/// The page tells the person.
fn says_so(party: &RelyingParty<'_>) {
    assert_eq!(party.browser.page.status, StatusCode::OK);
    assert_eq!(party.browser.left_to(), None);
    assert!(party.browser.page.text.contains("signed out"));
}

/// Nobody is signed in any more.
async fn is_gone(party: &mut RelyingParty<'_>) {
    assert!(party.ask(&[("prompt", "none")]).await.is_empty());
    assert_eq!(party.refused(), "login_required");
}
