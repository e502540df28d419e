//! Config OP: what the service says of itself.

use http::StatusCode;
use jeton_jose::json::{Document, Object, Options, Value};

use crate::house::{House, URL};
use crate::relying_party::key_set;

#[tokio::test]
async fn oidcc_discovery_endpoint_verification() {
    let house = House::new().await;
    discovery(&house).await;
}

/// Holds the document to OpenID Connect Discovery §3 and RFC 8414 §2.
pub(crate) async fn discovery(house: &House) {
    let answer = house.get("/.well-known/openid-configuration").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "application/json");
    let document = Document::parse(answer.text.as_bytes(), &Options::strict()).unwrap();
    let says = document.root().as_object().unwrap();
    assert_eq!(answer.string("issuer"), URL);
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
    ] {
        assert!(says.get(name).is_some(), "{name}");
    }
    let endpoints = says
        .iter()
        .filter(|one| one.name.ends_with("_endpoint") || one.name == "jwks_uri");
    for endpoint in endpoints {
        let uri = endpoint.value.as_str().unwrap();
        assert!(uri.starts_with(&format!("{URL}/")), "{}", endpoint.name);
        assert!(!uri.contains(['?', '#']), "{}", endpoint.name);
    }
    for (name, needed) in [
        ("response_types_supported", "code"),
        ("subject_types_supported", "public"),
        ("id_token_signing_alg_values_supported", "RS256"),
        ("scopes_supported", "openid"),
        ("grant_types_supported", "authorization_code"),
        ("code_challenge_methods_supported", "S256"),
        ("claims_supported", "sub"),
        ("acr_values_supported", "urn:"),
    ] {
        let values = strings(says, name);
        assert!(
            values.iter().any(|value| value.starts_with(needed)),
            "{name}"
        );
    }
    for scope in strings(says, "scopes_supported") {
        let sound = |byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        assert!(scope.bytes().all(sound), "{scope}");
    }
    for name in [
        "claims_parameter_supported",
        "request_parameter_supported",
        "request_uri_parameter_supported",
        "authorization_response_iss_parameter_supported",
    ] {
        assert!(says.get(name).unwrap().as_bool().is_some(), "{name}");
    }
    key_set(house).await;
}

/// A list that is not empty.
fn strings<'d>(says: Object<'d>, name: &str) -> Vec<&'d str> {
    let list = says.get(name).and_then(Value::as_array);
    let list = list.unwrap_or_else(|| panic!("{name} is no list"));
    let values: Vec<&str> = list.iter().map(|value| value.as_str().unwrap()).collect();
    assert!(!values.is_empty(), "{name}");
    values
}
