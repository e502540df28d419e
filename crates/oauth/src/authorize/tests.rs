use super::*;
use crate::client::{AuthMethod, Rules};
use crate::credential::Credential;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK: &str = "https://app.example/cb?tenant=1";
const ISSUER: &str = "https://issuer.example";

fn client() -> ClientMetadata {
    ClientMetadata {
        redirect_uris: vec![CALLBACK.to_owned(), "http://127.0.0.1/cb".to_owned()],
        resources: vec![Resource::parse("https://api.example").unwrap()],
        ..ClientMetadata::default()
    }
}

/// A sound request with some parameters replaced, added or, where empty, left out.
fn parameters(changes: &[(&str, &str)]) -> Parameters {
    let sound = [
        ("client_id", "app"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid orders:read"),
        ("state", "a b&c"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let kept = sound
        .iter()
        .filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    kept.chain(changes).copied().collect()
}

fn read_for(client: &ClientMetadata, changes: &[(&str, &str)]) -> Result<Request, OAuthError> {
    let parameters = parameters(changes);
    let address = ReturnAddress::read(&parameters, client).expect("the way back is sound");
    Request::read(&parameters, client, &address)
}

fn read(changes: &[(&str, &str)]) -> Result<Request, OAuthError> {
    read_for(&client(), changes)
}

#[test]
fn a_sound_request_is_read() {
    let request = read(&[
        ("prompt", "login consent"),
        ("max_age", "60"),
        ("nonce", "n"),
        ("ui_locales", "de en"),
        ("acr_values", "urn:1 urn:2"),
        ("display", "popup"),
        ("resource", "https://api.example"),
        ("claims", r#"{"id_token":{"sub":{"value":"ada"}}}"#),
        ("unknown", "ignored"),
    ])
    .unwrap();
    assert_eq!(request.client_id, "app");
    assert!(request.is_openid() && request.names_redirect_uri && request.may_interact());
    assert_eq!(request.prompt, [Prompt::Login, Prompt::Consent]);
    assert_eq!(request.ui_locales, ["de", "en"]);
    assert_eq!(request.display, Display::Popup);
    assert_eq!(request.claims.subject().as_deref(), Some("ada"));
    assert!(request.challenge.is_some());
    assert_eq!(request.resources.len(), 1);
}

#[test]
fn without_a_way_back_the_person_is_told() {
    for changes in [
        &[("redirect_uri", "https://evil.example/cb")][..],
        &[("redirect_uri", "")],
        &[("response_mode", "web_message")],
    ] {
        assert!(
            ReturnAddress::read(&parameters(changes), &client()).is_err(),
            "{changes:?}"
        );
    }
    assert!(client_id(&parameters(&[("client_id", "")])).is_err());
    let native = parameters(&[("redirect_uri", "http://127.0.0.1:49152/cb")]);
    let address = ReturnAddress::read(&native, &client()).unwrap();
    assert_eq!(address.redirect_uri(), "http://127.0.0.1:49152/cb");
}

#[test]
fn refusals_go_back_with_their_code() {
    use ErrorCode::{
        InvalidRequest, InvalidScope, InvalidTarget, RegistrationNotSupported, RequestNotSupported,
        RequestUriNotSupported, UnsupportedResponseType,
    };
    for (name, value, code) in [
        ("response_type", "token", UnsupportedResponseType),
        ("response_type", "code id_token", UnsupportedResponseType),
        ("response_type", "", InvalidRequest),
        ("code_challenge", "", InvalidRequest),
        ("code_challenge_method", "plain", InvalidRequest),
        ("scope", "openid \"x\"", InvalidScope),
        ("prompt", "none login", InvalidRequest),
        ("prompt", "create", InvalidRequest),
        ("max_age", "-1", InvalidRequest),
        ("max_age", "+1", InvalidRequest),
        ("max_age", "99999999999999999999", InvalidRequest),
        ("display", "hologram", InvalidRequest),
        ("claims", "{", InvalidRequest),
        ("resource", "https://other.example", InvalidTarget),
        ("request", "e30.e30.", RequestNotSupported),
        (
            "request_uri",
            "https://app.example/r",
            RequestUriNotSupported,
        ),
        ("registration", "{}", RegistrationNotSupported),
    ] {
        let refusal = read(&[(name, value)]).unwrap_err();
        assert_eq!(refusal.code(), code, "{name}={value}");
    }
    let machine = ClientMetadata {
        grant_types: vec![GrantType::ClientCredentials],
        ..client()
    };
    let refusal = read_for(&machine, &[]).unwrap_err();
    assert_eq!(refusal.code(), ErrorCode::UnauthorizedClient);
}

#[test]
fn openid_basic_may_go_without_pkce_and_nonce_but_a_public_client_never() {
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let mut basic = ClientMetadata {
        rules: Rules {
            require_pkce: false,
            ..Rules::default()
        },
        ..client()
    };
    assert_eq!(read_for(&basic, &without).unwrap().challenge, None);
    assert!(read_for(&basic, &[]).unwrap().challenge.is_some());
    basic.token_endpoint_auth_method = AuthMethod::None;
    assert!(read_for(&basic, &without).is_err());
}

#[test]
fn an_old_sign_in_is_not_enough() {
    let request = read(&[("max_age", "60")]).unwrap();
    assert!(!request.needs_login(60));
    assert!(request.needs_login(61));
    assert!(read(&[("prompt", "login")]).unwrap().needs_login(0));
    assert!(!read(&[]).unwrap().needs_login(u64::MAX));
    let strict = ClientMetadata {
        default_max_age: Some(10),
        ..client()
    };
    assert!(read_for(&strict, &[]).unwrap().needs_login(11));
}

#[test]
fn the_way_back_carries_state_and_issuer() {
    let back = |mode: &str| {
        let parameters = parameters(&[("response_mode", mode)]);
        ReturnAddress::read(&parameters, &client()).unwrap()
    };
    let code = Credential::new("c/1");
    let tail = "code=c%2F1&state=a+b%26c&iss=https%3A%2F%2Fissuer.example";
    assert_eq!(
        back("").with_code(&code, ISSUER),
        Redirect::Location(format!("{CALLBACK}&{tail}"))
    );
    assert_eq!(
        back("fragment").with_code(&code, ISSUER),
        Redirect::Location(format!("{CALLBACK}#{tail}"))
    );
    let refusal = OAuthError::new(ErrorCode::LoginRequired, "nobody");
    let Redirect::Form { action, fields } = back("form_post").with_error(&refusal, ISSUER) else {
        panic!("no form")
    };
    assert_eq!(action, CALLBACK);
    assert_eq!(
        fields,
        [
            ("error", "login_required".to_owned()),
            ("error_description", "nobody".to_owned()),
            ("state", "a b&c".to_owned()),
            ("iss", ISSUER.to_owned()),
        ]
    );
}
