//! Where an issuer's key set is (RFC 8414, OpenID Connect Discovery 1.0).

use std::sync::Arc;

use http::Uri;
use http::uri::Scheme;
use jeton_jose::json::{Document, Options, Value};

use crate::{FetchError, Fetcher, KeySetError};

/// The URL of an issuer's key set, as its metadata names it.
///
/// The metadata must be of this very issuer (RFC 8414 §3.3): else whoever can have some metadata
/// served under the issuer's host could name keys in its place.
pub(crate) async fn key_set_url(fetcher: &Fetcher, issuer: &str) -> Result<String, KeySetError> {
    let [first, second] = locations(issuer)?;
    let served = match fetcher.document(&first).await {
        Err(FetchError::Status(status)) if status.is_client_error() => {
            fetcher.document(&second).await
        }
        outcome => outcome,
    };
    let served = served.map_err(|error| KeySetError::Metadata(Arc::new(error)))?;
    read(&served.text, issuer)
}

/// Where an issuer's metadata may be: OpenID Connect puts the well-known name behind the issuer's
/// path, RFC 8414 §3.1 before it.
pub(crate) fn locations(issuer: &str) -> Result<[String; 2], KeySetError> {
    let uri: Uri = issuer.parse().map_err(|_| KeySetError::Issuer)?;
    let (Some(authority), true) = (uri.authority(), uri.scheme() == Some(&Scheme::HTTPS)) else {
        return Err(KeySetError::Issuer);
    };
    if issuer.contains(['?', '#', '@']) {
        return Err(KeySetError::Issuer);
    }
    let path = uri.path().trim_end_matches('/');
    Ok([
        format!("https://{authority}{path}/.well-known/openid-configuration"),
        format!("https://{authority}/.well-known/oauth-authorization-server{path}"),
    ])
}

fn read(text: &str, issuer: &str) -> Result<String, KeySetError> {
    let refused = KeySetError::MetadataContent;
    let document = Document::parse(text.as_bytes(), &Options::strict())
        .map_err(|_| refused("is no strict JSON"))?;
    let metadata = document
        .root()
        .as_object()
        .ok_or(refused("is no JSON object"))?;
    let text = |name| metadata.get(name).and_then(Value::as_str);
    if text("issuer").is_none_or(|named| named != issuer) {
        return Err(refused("is not of this very issuer"));
    }
    let url = text("jwks_uri").ok_or(refused("has no `jwks_uri`"))?;
    Ok(url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_metadata_may_be() {
        for (issuer, openid, oauth) in [
            (
                "https://a.example",
                "https://a.example/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server",
            ),
            (
                "https://a.example/",
                "https://a.example/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server",
            ),
            (
                "https://a.example:8443/tenant/1",
                "https://a.example:8443/tenant/1/.well-known/openid-configuration",
                "https://a.example:8443/.well-known/oauth-authorization-server/tenant/1",
            ),
        ] {
            assert_eq!(locations(issuer).unwrap(), [openid, oauth]);
        }
        for issuer in [
            "",
            "a.example",
            "http://a.example",
            "https://",
            "https://a.example?b",
            "https://a.example/#b",
            "https://u@a.example/",
        ] {
            assert!(
                matches!(locations(issuer), Err(KeySetError::Issuer)),
                "{issuer}"
            );
        }
    }

    #[test]
    fn metadata_is_of_the_very_issuer() {
        let issuer = "https://a.example";
        let metadata =
            |issuer: &str| format!(r#"{{"issuer":"{issuer}","jwks_uri":"https://keys.example/"}}"#);
        let url = read(&metadata(issuer), issuer).unwrap();
        assert_eq!(url, "https://keys.example/");
        for text in [
            &metadata("https://a.example/"),
            &metadata("https://A.example"),
            &metadata("https://b.example"),
            r#"{"jwks_uri":"https://keys.example/"}"#,
            r#"{"issuer":"https://a.example"}"#,
            r#"{"issuer":"https://a.example","jwks_uri":1}"#,
            r#"{"issuer":["https://a.example"],"jwks_uri":"https://keys.example/"}"#,
            r#"{"issuer":"https://b.example","issuer":"https://a.example","jwks_uri":"https://k/"}"#,
            "[]",
            "",
        ] {
            let error = read(text, issuer).unwrap_err();
            assert!(matches!(error, KeySetError::MetadataContent(_)), "{text}");
        }
    }
}
