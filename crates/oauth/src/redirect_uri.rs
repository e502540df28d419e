//! Redirect URIs: what may be registered, and which registered one a request names.
//!
//! Compared as strings (RFC 9700 §4.1.3); only the port of a loopback address is free (RFC 8252
//! §7.3), since a native application listens on whichever it gets.

use crate::error::{ErrorCode, OAuthError};

/// Whether a URI may be registered: `https`, `http` to a loopback address, or a private-use scheme
/// with a dot (RFC 8252 §7.1); without fragment and user information.
pub fn check_registrable(uri: &str) -> Result<(), OAuthError> {
    let refuse = |why: &'static str| Err(OAuthError::new(ErrorCode::InvalidRedirectUri, why));
    if uri.len() > 2048 || !uri.bytes().all(|byte| matches!(byte, 0x21..=0x7e)) {
        return refuse("a redirect URI is printable ASCII of at most 2048 characters");
    }
    if uri.contains('#') {
        return refuse("a redirect URI has no fragment");
    }
    if uri.contains(['\\', '*', '"', '<', '>', '`', '{', '}', '|', '^']) {
        return refuse("a redirect URI has a character that no URI has, or a wildcard");
    }
    let Some((scheme, rest)) = scheme(uri) else {
        return refuse("a redirect URI is absolute");
    };
    match scheme.to_ascii_lowercase().as_str() {
        "https" | "http" => {
            let Some(authority) = authority(rest) else {
                return refuse("a redirect URI names a host");
            };
            if authority.contains('@') {
                return refuse("a redirect URI has no user information");
            }
            let (host, port) = split_port(authority);
            if host.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) {
                return refuse("a redirect URI names a host, and a port in digits");
            }
            if scheme.eq_ignore_ascii_case("http") && !is_loopback(host) && host != "localhost" {
                return refuse("a redirect URI is https, or http on this very machine");
            }
            Ok(())
        }
        scheme if scheme.contains('.') => Ok(()),
        _ => refuse("a private-use scheme is a reversed domain name with a dot"),
    }
}

/// Whether a request's URI is the registered one.
pub fn matches(registered: &str, requested: &str) -> bool {
    if registered == requested {
        return true;
    }
    match (loopback(registered), loopback(requested)) {
        (Some(registered), Some(requested)) => registered == requested,
        _ => false,
    }
}

/// The URI to which an answer goes. It may be left out where exactly one is registered; OpenID
/// requests have to name it (Core §3.1.2.1).
pub fn resolve<'a>(
    registered: &'a [String],
    requested: Option<&'a str>,
    is_openid: bool,
) -> Result<&'a str, OAuthError> {
    let refuse = |why: &'static str| Err(OAuthError::new(ErrorCode::InvalidRequest, why));
    match (requested, registered) {
        (Some(requested), _) if registered.iter().any(|uri| matches(uri, requested)) => {
            Ok(requested)
        }
        (Some(_), _) => refuse("`redirect_uri` is not registered for this client"),
        (None, [only]) if !is_openid => Ok(only),
        (None, _) => refuse("`redirect_uri` is missing"),
    }
}

/// A loopback URI by address, without its port: host, then path and query.
fn loopback(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let authority = rest.get(..rest.find(['/', '?']).unwrap_or(rest.len()))?;
    let (host, port) = split_port(authority);
    let sound = is_loopback(host)
        && (port.is_empty() && !authority.ends_with(':') || port.parse::<u16>().is_ok())
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && uri.bytes().all(|byte| matches!(byte, 0x21..=0x7e))
        && !uri.contains(['#', '\\']);
    sound.then(|| (host, rest.get(authority.len()..).unwrap_or_default()))
}

/// Only the addresses: `localhost` may resolve elsewhere (RFC 8252 §8.3).
fn is_loopback(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "[::1]")
}

/// The scheme and what follows its colon (RFC 3986 §3.1).
pub(crate) fn scheme(uri: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = uri.split_once(':')?;
    let sound = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    sound.then_some((scheme, rest))
}

fn authority(after_scheme: &str) -> Option<&str> {
    let rest = after_scheme.strip_prefix("//")?;
    rest.get(..rest.find(['/', '?']).unwrap_or(rest.len()))
}

fn split_port(authority: &str) -> (&str, &str) {
    let after_address = authority.rfind(']').map_or(0, |at| at + 1);
    let tail = authority.get(after_address..).unwrap_or_default();
    match tail.rfind(':') {
        Some(at) => (
            authority.get(..after_address + at).unwrap_or_default(),
            tail.get(at + 1..).unwrap_or_default(),
        ),
        None => (authority, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_equal_strings_match() {
        let registered = "https://app.example/callback";
        assert!(matches(registered, registered));
        for other in [
            "https://app.example/callback/",
            "https://app.example/callback?x=1",
            "https://app.example:443/callback",
            "https://APP.example/callback",
            "https://app.example/callback#x",
            "https://app.example/%63allback",
            "https://app.example/a/../callback",
            "https://app.example.evil.example/callback",
            "https://app.example@evil.example/callback",
            "http://app.example/callback",
            "",
        ] {
            assert!(!matches(registered, other), "{other}");
        }
    }

    #[test]
    fn the_port_of_a_loopback_address_is_free() {
        for registered in ["http://127.0.0.1/cb", "http://127.0.0.1:8080/cb"] {
            for requested in ["http://127.0.0.1/cb", "http://127.0.0.1:51004/cb"] {
                assert!(matches(registered, requested), "{registered} {requested}");
            }
        }
        assert!(matches("http://[::1]/cb", "http://[::1]:61023/cb"));
        for (registered, requested) in [
            ("http://127.0.0.1/cb", "http://127.0.0.1:1/other"),
            ("http://127.0.0.1/cb", "http://[::1]/cb"),
            ("http://127.0.0.1/cb", "https://127.0.0.1:1/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:99999/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:+80/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:1@evil.example/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:1/cb#x"),
            ("http://localhost/cb", "http://localhost:1/cb"),
            ("https://app.example/cb", "https://app.example:1/cb"),
        ] {
            assert!(!matches(registered, requested), "{registered} {requested}");
        }
    }

    #[test]
    fn what_leads_astray_cannot_be_registered() {
        for uri in [
            "https://app.example",
            "https://app.example:8443/cb?tenant=1",
            "http://127.0.0.1/cb",
            "http://[::1]:8080/cb",
            "http://localhost:3000/cb",
            "com.example.app:/cb",
        ] {
            assert!(check_registrable(uri).is_ok(), "{uri}");
        }
        for uri in [
            "",
            "/cb",
            "app.example/cb",
            "http://app.example/cb",
            "https:///cb",
            "https://app.example/cb#x",
            "https://*.app.example/cb",
            "https://user@app.example/cb",
            "https://app.example:port/cb",
            "https://app.example\\@evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "myapp:/cb",
            "https://app.example/a b",
        ] {
            let refusal = check_registrable(uri).unwrap_err();
            assert_eq!(refusal.code(), ErrorCode::InvalidRedirectUri, "{uri}");
        }
    }

    #[test]
    fn a_lone_registered_uri_may_be_left_out() {
        let one = ["https://a.example/cb".to_owned()];
        let two = [one[0].clone(), "https://b.example/cb".to_owned()];
        assert_eq!(resolve(&one, None, false).unwrap(), one[0]);
        assert!(resolve(&one, None, true).is_err());
        assert!(resolve(&two, None, false).is_err());
        assert_eq!(resolve(&two, Some(&two[1]), true).unwrap(), two[1]);
        assert!(resolve(&two, Some("https://c.example/cb"), true).is_err());
        assert!(resolve(&[], None, false).is_err());
    }
}
