//! What a server says of itself (RFC 8414 §2, OpenID Connect Discovery §3).

use jeton_jose::Algorithm;

use crate::authorize::{Display, Prompt};
use crate::client::{AuthMethod, GrantType, ResponseMode};
use crate::error::{ErrorCode, OAuthError};
use crate::redirect_uri::scheme;

/// The metadata document: the same for both standards.
#[expect(clippy::struct_excessive_bools, reason = "the standards name them")]
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ServerMetadata {
    /// The issuer, to the letter as in `iss`.
    pub issuer: String,
    /// Where people are sent.
    pub authorization_endpoint: String,
    /// Where clients get tokens.
    pub token_endpoint: String,
    /// Where the public keys are.
    pub jwks_uri: String,
    /// Where claims about who signed in are.
    pub userinfo_endpoint: String,
    /// Where tokens are judged.
    pub introspection_endpoint: String,
    /// Where tokens are given back.
    pub revocation_endpoint: String,
    /// Where clients send people to sign out.
    pub end_session_endpoint: String,
    /// The scopes that anybody may know of.
    pub scopes_supported: Vec<String>,
    /// Only codes.
    pub response_types_supported: Vec<&'static str>,
    /// How answers travel.
    pub response_modes_supported: Vec<ResponseMode>,
    /// The grants.
    pub grant_types_supported: Vec<GrantType>,
    /// Everybody sees the same `sub`.
    pub subject_types_supported: Vec<&'static str>,
    /// What id tokens are signed with.
    pub id_token_signing_alg_values_supported: Vec<String>,
    /// How clients authenticate.
    pub token_endpoint_auth_methods_supported: Vec<AuthMethod>,
    /// What assertions may be signed with.
    pub token_endpoint_auth_signing_alg_values_supported: Vec<String>,
    /// How they authenticate to introspect.
    pub introspection_endpoint_auth_methods_supported: Vec<AuthMethod>,
    /// What assertions for that may be signed with.
    pub introspection_endpoint_auth_signing_alg_values_supported: Vec<String>,
    /// How they authenticate to revoke.
    pub revocation_endpoint_auth_methods_supported: Vec<AuthMethod>,
    /// What assertions for that may be signed with.
    pub revocation_endpoint_auth_signing_alg_values_supported: Vec<String>,
    /// Only S256.
    pub code_challenge_methods_supported: Vec<&'static str>,
    /// The claims that may be told.
    pub claims_supported: Vec<String>,
    /// Plain values.
    pub claim_types_supported: Vec<&'static str>,
    /// How surely people may sign in.
    pub acr_values_supported: Vec<&'static str>,
    /// What a request may have people asked.
    pub prompt_values_supported: Vec<Prompt>,
    /// How pages may be shown.
    pub display_values_supported: Vec<Display>,
    /// Whether the `claims` parameter is understood.
    pub claims_parameter_supported: bool,
    /// Whether request objects are.
    pub request_parameter_supported: bool,
    /// Whether references to them are.
    pub request_uri_parameter_supported: bool,
    /// Whether answers carry `iss` (RFC 9207).
    pub authorization_response_iss_parameter_supported: bool,
}

impl ServerMetadata {
    /// What a server with this issuer says, with its endpoints where they are by convention.
    pub fn new(issuer: &str, id_token_algorithms: &[Algorithm]) -> Result<Self, OAuthError> {
        check_issuer(issuer)?;
        let base = issuer.trim_end_matches('/');
        let at = |path: &str| format!("{base}/{path}");
        let confidential = vec![
            AuthMethod::Basic,
            AuthMethod::Post,
            AuthMethod::PrivateKeyJwt,
        ];
        let names = |algorithms: &mut dyn Iterator<Item = Algorithm>| {
            algorithms.map(|one| one.name().to_owned()).collect()
        };
        let assertions: Vec<String> = names(&mut jeton_jose::AlgorithmSet::asymmetric().iter());
        Ok(Self {
            issuer: issuer.to_owned(),
            authorization_endpoint: at("authorize"),
            token_endpoint: at("token"),
            jwks_uri: at("jwks"),
            userinfo_endpoint: at("userinfo"),
            introspection_endpoint: at("introspect"),
            revocation_endpoint: at("revoke"),
            end_session_endpoint: at("end-session"),
            scopes_supported: [
                "openid",
                "profile",
                "email",
                "address",
                "phone",
                "offline_access",
            ]
            .map(str::to_owned)
            .to_vec(),
            response_types_supported: vec!["code"],
            response_modes_supported: ResponseMode::ALL.to_vec(),
            grant_types_supported: GrantType::ALL.to_vec(),
            subject_types_supported: vec!["public"],
            id_token_signing_alg_values_supported: names(&mut id_token_algorithms.iter().copied()),
            token_endpoint_auth_methods_supported: AuthMethod::ALL.to_vec(),
            token_endpoint_auth_signing_alg_values_supported: assertions.clone(),
            introspection_endpoint_auth_methods_supported: confidential,
            introspection_endpoint_auth_signing_alg_values_supported: assertions.clone(),
            revocation_endpoint_auth_methods_supported: AuthMethod::ALL.to_vec(),
            revocation_endpoint_auth_signing_alg_values_supported: assertions,
            code_challenge_methods_supported: vec!["S256"],
            claims_supported: crate::claims::told().map(str::to_owned).collect(),
            claim_types_supported: vec!["normal"],
            acr_values_supported: vec![crate::claims::PASSWORD_ACR],
            prompt_values_supported: Prompt::ALL.to_vec(),
            display_values_supported: Display::ALL.to_vec(),
            claims_parameter_supported: true,
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
            authorization_response_iss_parameter_supported: true,
        })
    }
}

/// Where the document is found: RFC 8414 puts the well-known part before the issuer's path, OpenID
/// Connect Discovery after it.
pub fn well_known_paths(issuer: &str) -> [String; 2] {
    let after_scheme = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    let path = after_scheme.find('/').and_then(|at| after_scheme.get(at..));
    let path = path.unwrap_or_default().trim_end_matches('/');
    [
        format!("/.well-known/oauth-authorization-server{path}"),
        format!("{path}/.well-known/openid-configuration"),
    ]
}

/// An issuer is an https URL without query and fragment (RFC 8414 §2); http is for this machine.
pub fn check_issuer(issuer: &str) -> Result<(), OAuthError> {
    let refuse = |why: &'static str| Err(OAuthError::new(ErrorCode::InvalidRequest, why));
    let Some((scheme, rest)) = scheme(issuer) else {
        return refuse("the issuer is not a URL");
    };
    let Some(rest) = rest.strip_prefix("//") else {
        return refuse("the issuer is not a URL");
    };
    if issuer.contains(['?', '#', '@']) || !issuer.bytes().all(|byte| byte.is_ascii_graphic()) {
        return refuse("the issuer has a query, a fragment or user information");
    }
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.rfind(':') {
        Some(at) if !authority.ends_with(']') => authority.get(..at).unwrap_or_default(),
        _ => authority,
    };
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    match scheme {
        "https" if !host.is_empty() => Ok(()),
        "http" if is_here => Ok(()),
        _ => refuse("the issuer is https, or http on this very machine"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_what_both_standards_require() {
        let server = ServerMetadata::new("https://issuer.example/t/", &[Algorithm::RS256]).unwrap();
        assert_eq!(server.token_endpoint, "https://issuer.example/t/token");
        let text = jeton_jose::json::to_string(&server).unwrap();
        for part in [
            r#""issuer":"https://issuer.example/t/""#,
            r#""id_token_signing_alg_values_supported":["RS256"]"#,
            r#""code_challenge_methods_supported":["S256"]"#,
            r#""authorization_response_iss_parameter_supported":true"#,
            r#""request_parameter_supported":false"#,
            "\"urn:ietf:params:oauth:grant-type:token-exchange\"",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("HS256"));
    }

    #[test]
    fn the_document_is_where_each_standard_looks() {
        assert_eq!(
            well_known_paths("https://issuer.example"),
            [
                "/.well-known/oauth-authorization-server",
                "/.well-known/openid-configuration"
            ]
        );
        assert_eq!(
            well_known_paths("https://issuer.example/t/"),
            [
                "/.well-known/oauth-authorization-server/t",
                "/t/.well-known/openid-configuration"
            ]
        );
    }

    #[test]
    fn an_issuer_is_https_or_this_machine() {
        for issuer in [
            "https://issuer.example",
            "https://issuer.example:8443/t",
            "http://localhost:8080",
            "http://[::1]:8080",
            "http://127.0.0.1",
        ] {
            assert!(check_issuer(issuer).is_ok(), "{issuer}");
        }
        for issuer in [
            "",
            "issuer.example",
            "https:",
            "https://",
            "http://issuer.example",
            "https://issuer.example?x",
            "https://issuer.example#x",
            "https://a@issuer.example",
            "http://localhost.evil.example",
        ] {
            assert!(check_issuer(issuer).is_err(), "{issuer}");
        }
    }
}
