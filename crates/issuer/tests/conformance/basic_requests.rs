//! Basic OP: what a request may ask for.

use std::time::Duration;

use http::StatusCode;
use jeton_jose::json::Value;

use crate::house::URL;
use crate::relying_party::{CALLBACK, CLIENT, RelyingParty, auth_time, house};

const SIGN_IN: &str = "/sign-in";

#[tokio::test]
async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow() {
    harmless(&[("nonce", "")]).await;
}

#[tokio::test]
async fn oidcc_ensure_request_with_unknown_parameter_succeeds() {
    harmless(&[("extra", "foobar")]).await;
}

#[tokio::test]
async fn oidcc_display_page() {
    harmless(&[("display", "page")]).await;
}

#[tokio::test]
async fn oidcc_display_popup() {
    harmless(&[("display", "popup")]).await;
}

#[tokio::test]
async fn oidcc_ui_locales() {
    harmless(&[("ui_locales", "se")]).await;
}

#[tokio::test]
async fn oidcc_claims_locales() {
    harmless(&[("claims_locales", "se")]).await;
}

/// A request like every other, with this changed, leads to tokens.
async fn harmless(changed: &[(&str, &str)]) {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let tokens = party.tokens(changed).await;
    party.person(&tokens).await;
}

#[tokio::test]
async fn oidcc_alternate_happy_flow() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let mut parameters = party.parameters(&[("scope", "email openid")]);
    parameters.reverse();
    party.send(&parameters).await;
    party.obey().await;
    let tokens = party.tokens_of_code(&[]).await;
    assert_eq!(party.person(&tokens).await.names().len(), 2);
}

#[tokio::test]
async fn oidcc_login_hint() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let hint = [("login_hint", "buffy@id.example")];
    let parameters = party.parameters(&hint);
    party.send(&parameters).await;
    assert!(
        party
            .browser
            .page
            .text
            .contains("value=\"buffy@id.example\"")
    );
    // The person may be somebody else all the same.
    party.obey().await;
    party.tokens_of_code(&hint).await;
}

#[tokio::test]
async fn oidcc_ensure_request_with_acr_values_succeeds() {
    let house = house().await;
    let metadata = house.get("/.well-known/openid-configuration").await;
    let offered = metadata.string("acr_values_supported");
    let offered = offered.trim_matches(['[', ']', '"']);
    let mut party = RelyingParty::new(&house, CLIENT);
    let asked = format!("{offered} urn:example:better");
    let tokens = party.tokens(&[("acr_values", &asked)]).await;
    let said = tokens.claims.get("acr").and_then(Value::as_str);
    assert_eq!(said, Some(offered));
    // A wish that cannot be met is a wish, unless it is essential (§5.5.1.1).
    party.tokens(&[("acr_values", "urn:example:better")]).await;
    let claims = |essential: bool| {
        format!(
            r#"{{"id_token":{{"acr":{{"essential":{essential},"values":["urn:example:better"]}}}}}}"#
        )
    };
    party.tokens(&[("claims", &claims(false))]).await;
    party.ask(&[("claims", &claims(true))]).await;
    assert_eq!(party.refused(), "unmet_authentication_requirements");
}

#[tokio::test]
async fn oidcc_prompt_login() {
    again(&[("prompt", "login")]).await;
}

#[tokio::test]
async fn oidcc_max_age_1() {
    again(&[("max_age", "1")]).await;
}

/// Who is signed in since a while has to sign in once more.
async fn again(changed: &[(&str, &str)]) {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let first = party.tokens(changed).await;
    house.later(Duration::from_secs(2));
    assert_eq!(party.ask(changed).await, [SIGN_IN]);
    let second = party.tokens_of_code(changed).await;
    assert_eq!(first.claims.subject(), second.claims.subject());
    assert_eq!(auth_time(&first.claims) + 2, auth_time(&second.claims));
    assert_eq!(auth_time(&second.claims), house.now().seconds());
}

#[tokio::test]
async fn oidcc_max_age_10000() {
    once(&[("max_age", "10000")], &[("max_age", "10000")]).await;
}

#[tokio::test]
async fn oidcc_prompt_none_logged_in() {
    once(&[], &[("prompt", "none")]).await;
}

/// After the first request the second needs nobody.
async fn once(first: &[(&str, &str)], second: &[(&str, &str)]) {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let before = party.tokens(first).await;
    house.later(Duration::from_secs(1));
    assert!(party.ask(second).await.is_empty());
    let after = party.tokens_of_code(second).await;
    assert_eq!(before.claims.subject(), after.claims.subject());
    assert_eq!(auth_time(&before.claims), auth_time(&after.claims));
    assert_ne!(before.id, after.id);
}

#[tokio::test]
async fn oidcc_id_token_hint() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let before = party.tokens(&[]).await;
    // It may have expired.
    house.later(Duration::from_hours(2));
    let hinted = [("prompt", "none"), ("id_token_hint", before.id.as_str())];
    assert!(party.ask(&hinted).await.is_empty());
    let after = party.tokens_of_code(&hinted).await;
    assert_eq!(before.claims.subject(), after.claims.subject());
    assert_eq!(auth_time(&before.claims), auth_time(&after.claims));
}

#[tokio::test]
async fn oidcc_prompt_none_not_logged_in() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    assert!(party.ask(&[("prompt", "none")]).await.is_empty());
    assert_eq!(party.refused(), "login_required");
}

#[tokio::test]
async fn oidcc_ensure_registered_redirect_uri() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let other = format!("{CALLBACK}/unregistered");
    assert!(party.ask(&[("redirect_uri", &other)]).await.is_empty());
    stays(&party, "redirect_uri");
}

#[tokio::test]
async fn oidcc_ensure_request_object_with_redirect_uri() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let object = unsigned(&party);
    let other = format!("{CALLBACK}/unregistered");
    party
        .ask(&[("redirect_uri", &other), ("request", &object)])
        .await;
    stays(&party, "redirect_uri");
}

/// The browser shows an error that names what is wrong.
fn stays(party: &RelyingParty<'_>, named: &str) {
    let page = &party.browser.page;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert_eq!(party.browser.left_to(), None);
    assert!(page.text.contains(named), "{}", page.text);
}

#[tokio::test]
async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let object = unsigned(&party);
    assert!(party.ask(&[("request", &object)]).await.is_empty());
    assert_eq!(party.refused(), "request_not_supported");
    let metadata = house.get("/.well-known/openid-configuration").await;
    assert_eq!(metadata.string("request_parameter_supported"), "false");
}

#[tokio::test]
async fn oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let uri = "https://suite.example/test/request-object.jwt";
    assert!(party.ask(&[("request_uri", uri)]).await.is_empty());
    assert_eq!(party.refused(), "request_uri_not_supported");
    let metadata = house.get("/.well-known/openid-configuration").await;
    assert_eq!(metadata.string("request_uri_parameter_supported"), "false");
    assert_eq!(metadata.member("registration_endpoint"), None);
}

/// The usual request as a request object that nobody signed.
fn unsigned(party: &RelyingParty<'_>) -> String {
    use base64ct::{Base64UrlUnpadded, Encoding as _};
    let members: Vec<String> = party
        .parameters(&[("aud", URL), ("iss", party.id)])
        .iter()
        .map(|(name, value)| format!("\"{name}\":\"{value}\""))
        .collect();
    let payload = format!("{{{}}}", members.join(","));
    let [header, payload] = [r#"{"alg":"none"}"#, &payload]
        .map(|part| Base64UrlUnpadded::encode_string(part.as_bytes()));
    format!("{header}.{payload}.")
}

#[tokio::test]
async fn oidcc_ensure_post_request_succeeds() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let parameters = party.parameters(&[]);
    party
        .browser
        .post_from_elsewhere("/authorize", &parameters)
        .await;
    assert_eq!(party.obey().await, [SIGN_IN, "/consent"]);
    let tokens = party.tokens_of_code(&[]).await;
    party.person(&tokens).await;
    // No cookie comes along with such a form; who is signed in is recognised all the same.
    for changed in [&[][..], &[("prompt", "none")]] {
        let parameters = party.parameters(changed);
        party
            .browser
            .post_from_elsewhere("/authorize", &parameters)
            .await;
        assert!(party.obey().await.is_empty());
        party.tokens_of_code(changed).await;
    }
}
