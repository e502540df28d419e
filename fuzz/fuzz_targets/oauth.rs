//! Parameters become every request there is: nothing panics, what is accepted survives being
//! written and read again, and nobody is sent anywhere but to a registered address.
#![no_main]

use std::sync::LazyLock;

use jeton_jose::backend::AwsLc;
use jeton_jose::json;
use jeton_oauth::authorize::{self, ClaimsRequest, Redirect, ReturnAddress};
use jeton_oauth::client::{ClientMetadata, GrantType, Rules};
use jeton_oauth::client_auth::Presented;
use jeton_oauth::pkce;
use jeton_oauth::token::{self, Grant};
use jeton_oauth::{Credential, ErrorCode, Parameters, Resource, Scope, introspect, logout};
use libfuzzer_sys::fuzz_target;

const CALLBACK: &str = "https://app.example/cb?x=1";
const BYE: &str = "https://app.example/bye";

/// Every name that a request type reads.
const NAMES: [&str; 39] = [
    "acr_values",
    "actor_token",
    "actor_token_type",
    "audience",
    "claims",
    "claims_locales",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "display",
    "grant_type",
    "id_token_hint",
    "login_hint",
    "logout_hint",
    "max_age",
    "nonce",
    "post_logout_redirect_uri",
    "prompt",
    "redirect_uri",
    "refresh_token",
    "registration",
    "request",
    "request_uri",
    "requested_token_type",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "state",
    "subject_token",
    "subject_token_type",
    "token",
    "token_type_hint",
    "ui_locales",
];

static CLIENT: LazyLock<ClientMetadata> = LazyLock::new(|| ClientMetadata {
    redirect_uris: vec![
        CALLBACK.to_owned(),
        "http://127.0.0.1/cb".to_owned(),
        "app.example:/cb".to_owned(),
    ],
    post_logout_redirect_uris: vec![BYE.to_owned()],
    grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
    resources: vec![Resource::parse("https://api.example").expect("it is one")],
    rules: Rules {
        require_pkce: false,
        ..Rules::default()
    },
    ..ClientMetadata::default()
});

// The first line is the query or form, the second, if there is one, the `Authorization` header.
fuzz_target!(|bytes: &[u8]| {
    let mut lines = bytes.splitn(2, |byte| *byte == b'\n');
    let Ok(form) = Parameters::parse(lines.next().unwrap_or_default()) else {
        return;
    };
    let again = rewritten(&form);
    token(&form, &again);
    authorization(&form, &again);

    assert_eq!(
        introspect::Request::read(&form).ok(),
        introspect::Request::read(&again).ok()
    );
    let logout = logout::Request::read(&form);
    assert_eq!(logout, logout::Request::read(&again));
    if let Ok(Some(uri)) = logout.destination(&CLIENT) {
        let (base, query) = uri.split_once('?').unwrap_or((&uri, ""));
        let query = Parameters::parse(query.as_bytes()).expect("it was written");
        assert_eq!((base, query.get("state")), (BYE, logout.state.as_deref()));
    }

    let header = lines.next().and_then(|line| core::str::from_utf8(line).ok());
    let presented = Presented::read(header, &form);
    if let Ok(presented) = &presented {
        assert!(!presented.client_id.is_empty());
    }
    assert_eq!(presented.ok(), Presented::read(header, &again).ok());
});

/// What is known of a form, written and read again.
fn rewritten(form: &Parameters) -> Parameters {
    let mut text = form_urlencoded::Serializer::new(String::new());
    for name in NAMES {
        text.extend_pairs(form.all(name).map(|value| (name, value)));
    }
    let text = text.finish();
    // Escapes make it longer.
    if text.len() > 64 << 10 {
        return form.clone();
    }
    Parameters::parse(text.as_bytes()).expect("it was written")
}

fn token(form: &Parameters, again: &Parameters) {
    let request = token::Request::read(form);
    assert_eq!(request.as_ref().ok(), token::Request::read(again).ok().as_ref());
    let Ok(request) = request else {
        return;
    };
    survives(request.scope.as_ref());
    if let Grant::AuthorizationCode {
        verifier: Some(verifier),
        ..
    } = &request.grant
    {
        let challenge = verifier.challenge(&AwsLc);
        assert!(pkce::check(Some(&challenge), Some(verifier), &AwsLc).is_ok());
        assert!(pkce::check(Some(&challenge), None, &AwsLc).is_err());
    }
}

fn authorization(form: &Parameters, again: &Parameters) {
    let Ok(address) = ReturnAddress::read(form, &CLIENT) else {
        return;
    };
    assert_eq!(ReturnAddress::read(again, &CLIENT).ok().as_ref(), Some(&address));
    let request = authorize::Request::read(form, &CLIENT, &address);
    assert_eq!(
        request.as_ref().ok(),
        authorize::Request::read(again, &CLIENT, &address).ok().as_ref()
    );
    let redirect = match &request {
        Ok(_) => address.with_code(&Credential::new("a code"), "https://id.example"),
        Err(error) => address.with_error(error, "https://id.example"),
    };
    leads_back(&redirect, form.get("state"), request.is_ok());
    let Ok(request) = request else {
        return;
    };
    survives(Some(&request.scope));
    let claims = json::to_string(&request.claims).expect("it is written");
    assert_eq!(ClaimsRequest::parse(&claims).ok(), Some(request.claims));
}

/// Whatever was sent, the browser goes where the client is registered, with what it is told there.
fn leads_back(redirect: &Redirect, state: Option<&str>, is_code: bool) {
    let told = match redirect {
        Redirect::Form { action, fields } => {
            assert!(is_registered(action), "{action}");
            fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
        }
        Redirect::Location(uri) => {
            assert!(uri.bytes().all(|byte| matches!(byte, 0x21..=0x7e)), "{uri}");
            let (base, told) = uri.split_once(['?', '#']).expect("something is told");
            assert!(is_registered(base), "{uri}");
            let told = told.rsplit('#').next().unwrap_or_default();
            Parameters::parse(told.as_bytes()).expect("it was written")
        }
    };
    assert_eq!(told.get("state"), state);
    assert_eq!(told.get("iss"), Some("https://id.example"));
    assert_eq!(told.get("code").is_some(), is_code);
    let error = told.get("error");
    assert_eq!(error.is_some(), !is_code);
    assert!(error.is_none_or(|code| ErrorCode::ALL.iter().any(|known| known.as_str() == code)));
}

fn is_registered(uri: &str) -> bool {
    uri.starts_with("https://app.example/cb")
        || uri.starts_with("http://127.0.0.1")
        || uri.starts_with("app.example:/cb")
}

fn survives(scope: Option<&Scope>) {
    if let Some(scope) = scope {
        assert_eq!(Scope::parse(&scope.to_string()).ok().as_ref(), Some(scope));
    }
}
