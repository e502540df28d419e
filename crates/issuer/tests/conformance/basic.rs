//! Basic OP: what a relying party gets.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use http::{Method, StatusCode, header};
use jeton_oauth::client::ClientMetadata;

use crate::house::House;
use crate::relying_party::{
    CALLBACK, CLIENT, OTHER, POSTING, RelyingParty, Told, auth_time, house, key_set, with_bearer,
};

const PROFILE: [&str; 14] = [
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
];
const EMAIL: [&str; 2] = ["email", "email_verified"];
const PHONE: [&str; 2] = ["phone_number", "phone_number_verified"];

#[tokio::test]
async fn oidcc_server() {
    server(CLIENT).await;
}

#[tokio::test]
async fn oidcc_server_client_secret_post() {
    let house = server(POSTING).await;
    let metadata = house.get("/.well-known/openid-configuration").await;
    let methods = metadata.string("token_endpoint_auth_methods_supported");
    assert!(methods.contains("\"client_secret_post\"") && methods.contains("_basic\""));
}

async fn server(id: &'static str) -> House {
    let house = house().await;
    let mut party = RelyingParty::new(&house, id);
    assert_eq!(party.ask(&[]).await, ["/sign-in", "/consent"]);
    let tokens = party.tokens_of_code(&[]).await;
    let told = party.person(&tokens).await;
    assert_eq!(told.names(), BTreeSet::new());
    house
}

#[tokio::test]
async fn oidcc_response_type_missing() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    assert!(party.ask(&[("response_type", "")]).await.is_empty());
    assert_eq!(party.refused(), "invalid_request");
}

#[tokio::test]
async fn oidcc_idtoken_signature() {
    // The relying party takes nothing but RS256, from a key that the token names.
    let house = server(CLIENT).await;
    let set = key_set(&house).await;
    assert!(set.keys.len() > 1, "the name would not be needed");
    not_registered_by_themselves(&house).await;
}

#[tokio::test]
async fn oidcc_idtoken_unsigned() {
    let house = house().await;
    let metadata = house.get("/.well-known/openid-configuration").await;
    let offered = metadata.string("id_token_signing_alg_values_supported");
    assert!(offered.contains("\"RS256\"") && !offered.contains("none"));
    let unsigned = ClientMetadata {
        redirect_uris: vec![CALLBACK.to_owned()],
        id_token_signed_response_alg: Some("none".to_owned()),
        ..ClientMetadata::default()
    };
    assert!(unsigned.check().is_err());
    not_registered_by_themselves(&house).await;
}

async fn not_registered_by_themselves(house: &House) {
    let metadata = house.get("/.well-known/openid-configuration").await;
    assert_eq!(metadata.member("registration_endpoint"), None);
}

#[tokio::test]
async fn oidcc_userinfo_get() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let tokens = party.tokens(&[]).await;
    party.person(&tokens).await;
    // A token in the query would end up in logs.
    let path = format!("/userinfo?access_token={}", tokens.access);
    let answer = house.get(&path).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let challenge = answer.headers[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.starts_with("Bearer ") && !challenge.contains("error"));
}

#[tokio::test]
async fn oidcc_userinfo_post_header() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let tokens = party.tokens(&[]).await;
    let request = with_bearer(Method::POST, "/userinfo", &tokens.access);
    let answer = house.ask(request.body(Body::empty()).unwrap()).await;
    Told::checked(&answer, &tokens);
}

#[tokio::test]
async fn oidcc_userinfo_post_body() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let tokens = party.tokens(&[]).await;
    let form = [("access_token", tokens.access.as_str())];
    let answer = house.post_plain("/userinfo", &form).await;
    Told::checked(&answer, &tokens);
}

#[tokio::test]
async fn oidcc_scope_profile() {
    scope("profile", &[&PROFILE]).await;
}

#[tokio::test]
async fn oidcc_scope_email() {
    scope("email", &[&EMAIL]).await;
}

#[tokio::test]
async fn oidcc_scope_address() {
    scope("address", &[&["address"]]).await;
}

#[tokio::test]
async fn oidcc_scope_phone() {
    scope("phone", &[&PHONE]).await;
}

#[tokio::test]
async fn oidcc_scope_all() {
    let all: [&[&str]; 4] = [&PROFILE, &EMAIL, &["address"], &PHONE];
    scope("profile email address phone", &all).await;
}

/// Asks for these words beside `openid`: exactly their claims are told, by userinfo alone.
async fn scope(words: &str, claims: &[&[&str]]) {
    let house = house().await;
    let metadata = house.get("/.well-known/openid-configuration").await;
    let known = metadata.string("scopes_supported");
    let mut party = RelyingParty::new(&house, CLIENT);
    let asked = format!("openid {words}");
    let tokens = party.tokens(&[("scope", &asked)]).await;
    let told = party.person(&tokens).await;
    let wanted: BTreeSet<String> = claims.concat().into_iter().map(str::to_owned).collect();
    assert_eq!(told.names(), wanted);
    for claim in &wanted {
        assert!(tokens.claims.get(claim).is_none(), "{claim}");
    }
    for word in words.split(' ') {
        assert!(known.contains(&format!("\"{word}\"")), "{word}");
    }
}

#[tokio::test]
async fn oidcc_claims_essential() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    let claims = r#"{"userinfo":{"name":{"essential":true}}}"#;
    let tokens = party.tokens(&[("claims", claims)]).await;
    let told = party.person(&tokens).await;
    assert_eq!(told.names(), BTreeSet::from(["name".to_owned()]));
    assert!(tokens.claims.get("name").is_none());
    let claims = r#"{"id_token":{"name":{"essential":true},"auth_time":{"essential":true}}}"#;
    let tokens = party.tokens(&[("claims", claims)]).await;
    assert!(tokens.claims.get("name").is_some());
    assert_eq!(party.person(&tokens).await.names(), BTreeSet::new());
}

#[tokio::test]
async fn oidcc_codereuse() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    party.ask(&[]).await;
    let code = party.code();
    party.checked(&party.redeem(&code).await).await;
    let again = party.redeem(&code).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert_eq!(again.error(), "invalid_grant");
}

#[tokio::test]
async fn oidcc_codereuse_30seconds() {
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    party
        .ask(&[("scope", "openid offline_access"), ("prompt", "consent")])
        .await;
    let code = party.code();
    let tokens = party.checked(&party.redeem(&code).await).await;
    party.person(&tokens).await;
    house.later(Duration::from_secs(30));
    assert_eq!(party.redeem(&code).await.error(), "invalid_grant");
    let refused = party.userinfo(&tokens.access).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let challenge = refused.headers[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens.refresh.as_deref().unwrap()),
    ];
    assert_eq!(party.token(&form).await.error(), "invalid_grant");
}

#[tokio::test]
async fn oidcc_refresh_token() {
    let house = house().await;
    let metadata = house.get("/.well-known/openid-configuration").await;
    assert!(
        metadata
            .string("grant_types_supported")
            .contains("\"refresh_token\"")
    );
    let mut refresh = String::new();
    for id in [CLIENT, OTHER] {
        let mut party = RelyingParty::new(&house, id);
        let asked = [("scope", "openid offline_access"), ("prompt", "consent")];
        let first = party.tokens(&asked).await;
        house.later(Duration::from_secs(1));
        let token = first.refresh.clone().unwrap();
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &token),
            ("scope", "openid offline_access"),
        ];
        // The second client asks for no scope.
        let form = if id == CLIENT { &form[..] } else { &form[..2] };
        let second = party.checked(&party.token(form).await).await;
        assert_ne!(first.access, second.access);
        assert_eq!(first.claims.issuer(), second.claims.issuer());
        assert_eq!(first.claims.subject(), second.claims.subject());
        assert!(first.claims.issued_at() < second.claims.issued_at());
        assert_eq!(auth_time(&first.claims), auth_time(&second.claims));
        assert!(second.claims.get("nonce").is_none());
        party.person(&second).await;
        refresh = second.refresh.unwrap();
    }
    let first = RelyingParty::new(&house, CLIENT);
    let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh)];
    let stolen = first.token(&form).await;
    assert_eq!(stolen.status, StatusCode::BAD_REQUEST);
    assert_eq!(stolen.error(), "invalid_grant");
}

#[tokio::test]
async fn oidcc_ensure_request_with_valid_pkce_succeeds() {
    // RFC 7636 appendix B.
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let house = house().await;
    let mut party = RelyingParty::new(&house, CLIENT);
    party
        .ask(&[
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ])
        .await;
    let code = party.code();
    assert_eq!(party.redeem(&code).await.error(), "invalid_grant");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", verifier),
    ];
    let tokens = party.checked(&party.token(&form).await).await;
    party.person(&tokens).await;
}
