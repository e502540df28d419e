//! What a client is registered with (RFC 7591 §2, OpenID Connect Registration §2), and the rules
//! that hold for it.

use jeton_jose::Algorithm;
use jeton_jose::json::RawJson;

use crate::error::{ErrorCode, OAuthError};
use crate::names::names;
use crate::redirect_uri;
use crate::resource::Resource;
use crate::scope::Scope;

names! {
    /// How an access token is obtained.
    pub enum GrantType {
        /// Through the browser of a person (RFC 6749 §4.1).
        AuthorizationCode = "authorization_code",
        /// For a refresh token (RFC 6749 §6).
        RefreshToken = "refresh_token",
        /// For the client itself (RFC 6749 §4.4).
        ClientCredentials = "client_credentials",
        /// For another token (RFC 8693).
        TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange",
    }
}

names! {
    /// How a client authenticates at the token endpoint.
    pub enum AuthMethod {
        /// Not at all: a public client.
        None = "none",
        /// With a secret in the `Authorization` header.
        Basic = "client_secret_basic",
        /// With a secret in the body.
        Post = "client_secret_post",
        /// With a signed assertion (RFC 7523).
        PrivateKeyJwt = "private_key_jwt",
    }
}

names! {
    /// How the answer to an authorization request reaches the client.
    pub enum ResponseMode {
        /// In the query of the redirect URI.
        Query = "query",
        /// In its fragment.
        Fragment = "fragment",
        /// In a form that the browser posts.
        FormPost = "form_post",
    }
}

/// A client's registered metadata.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ClientMetadata {
    /// What people know it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    /// Its home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// Where answers to authorization requests may go.
    pub redirect_uris: Vec<String>,
    /// Where the browser may go after logout.
    pub post_logout_redirect_uris: Vec<String>,
    /// The grants it may use.
    pub grant_types: Vec<GrantType>,
    /// How it authenticates.
    pub token_endpoint_auth_method: AuthMethod,
    /// The most it may ask for.
    pub scope: Scope,
    /// The APIs it may ask tokens for, or is itself; empty: none but the service. Tokens for them
    /// it may also introspect and exchange.
    pub resources: Vec<Resource>,
    /// Its public keys, for `private_key_jwt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<RawJson>,
    /// Where its public keys are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// How its id tokens are signed; RS256 if unset (OpenID Connect Registration §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_signed_response_alg: Option<String>,
    /// The `max_age` of requests that name none, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<u64>,
    /// The rules that hold for it.
    pub rules: Rules,
}

impl Default for ClientMetadata {
    fn default() -> Self {
        Self {
            client_name: None,
            client_uri: None,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            grant_types: vec![GrantType::AuthorizationCode],
            token_endpoint_auth_method: AuthMethod::Basic,
            scope: Scope::default(),
            resources: Vec::new(),
            jwks: None,
            jwks_uri: None,
            id_token_signed_response_alg: None,
            default_max_age: None,
            rules: Rules::default(),
        }
    }
}

/// Where OAuth 2.1 is stricter than OpenID Basic: the defaults are OAuth 2.1's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// An authorization request has to have a PKCE challenge. A public client is never released.
    pub require_pkce: bool,
    /// The client belongs to whoever runs the server: nobody is asked for consent.
    pub first_party: bool,
    /// Its refresh token is handed out in a body even to a browser's application.
    pub refresh_in_body: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            require_pkce: true,
            first_party: false,
            refresh_in_body: false,
        }
    }
}

impl ClientMetadata {
    /// Whether the client cannot keep a secret.
    pub fn is_public(&self) -> bool {
        self.token_endpoint_auth_method == AuthMethod::None
    }

    /// Whether it may use the grant.
    pub fn check_grant(&self, grant: GrantType) -> Result<(), OAuthError> {
        if self.grant_types.contains(&grant) {
            return Ok(());
        }
        Err(ErrorCode::UnauthorizedClient.into())
    }

    /// Whether the metadata agree with each other.
    pub fn check(&self) -> Result<(), OAuthError> {
        let refuse =
            |why: &'static str| Err(OAuthError::new(ErrorCode::InvalidClientMetadata, why));
        let uris = self.redirect_uris.iter();
        uris.chain(&self.post_logout_redirect_uris)
            .try_for_each(|uri| redirect_uri::check_registrable(uri))?;
        if self.grant_types.contains(&GrantType::AuthorizationCode) && self.redirect_uris.is_empty()
        {
            return Err(OAuthError::new(
                ErrorCode::InvalidRedirectUri,
                "the authorization code needs a redirect URI",
            ));
        }
        let alone = [GrantType::ClientCredentials, GrantType::TokenExchange];
        if self.is_public() && self.grant_types.iter().any(|grant| alone.contains(grant)) {
            return refuse("a client that does not authenticate cannot act in its own name");
        }
        if self.is_public() && !self.rules.require_pkce {
            return refuse("a public client always needs PKCE");
        }
        if self.jwks.is_some() && self.jwks_uri.is_some() {
            return refuse("`jwks` and `jwks_uri` exclude each other");
        }
        let has_keys = self.jwks.is_some() || self.jwks_uri.is_some();
        if self.token_endpoint_auth_method == AuthMethod::PrivateKeyJwt && !has_keys {
            return refuse("`private_key_jwt` needs `jwks` or `jwks_uri`");
        }
        if let Some(name) = &self.id_token_signed_response_alg
            && !Algorithm::from_name(name).is_some_and(is_asymmetric)
        {
            return refuse("`id_token_signed_response_alg` is not a known public-key algorithm");
        }
        Ok(())
    }
}

fn is_asymmetric(algorithm: Algorithm) -> bool {
    jeton_jose::AlgorithmSet::asymmetric().contains(algorithm)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeton_jose::json::{self, Document, Options};

    fn web() -> ClientMetadata {
        ClientMetadata {
            redirect_uris: vec!["https://app.example/cb".to_owned()],
            ..ClientMetadata::default()
        }
    }

    #[test]
    fn strictness_is_the_default_and_survives_text() {
        let client = web();
        assert!(client.rules.require_pkce);
        client.check().unwrap();
        let text = json::to_string(&client).unwrap();
        let document = Document::parse(text.as_bytes(), &Options::strict()).unwrap();
        let read: ClientMetadata = json::from_value(document.root()).unwrap();
        assert_eq!(read, client);
    }

    #[test]
    fn contradictions_are_refused() {
        let public = |grants: &[GrantType]| ClientMetadata {
            token_endpoint_auth_method: AuthMethod::None,
            grant_types: grants.to_vec(),
            ..web()
        };
        public(&[GrantType::AuthorizationCode, GrantType::RefreshToken])
            .check()
            .unwrap();
        let refused = [
            public(&[GrantType::ClientCredentials]),
            public(&[GrantType::TokenExchange]),
            ClientMetadata {
                rules: Rules {
                    require_pkce: false,
                    ..Rules::default()
                },
                ..public(&[GrantType::AuthorizationCode])
            },
            ClientMetadata {
                redirect_uris: vec![],
                ..web()
            },
            ClientMetadata {
                redirect_uris: vec!["http://app.example/".to_owned()],
                ..web()
            },
            ClientMetadata {
                token_endpoint_auth_method: AuthMethod::PrivateKeyJwt,
                ..web()
            },
            ClientMetadata {
                id_token_signed_response_alg: Some("HS256".to_owned()),
                ..web()
            },
            ClientMetadata {
                id_token_signed_response_alg: Some("none".to_owned()),
                ..web()
            },
        ];
        for client in refused {
            assert!(client.check().is_err(), "{client:?}");
        }
    }

    #[test]
    fn a_grant_has_to_be_registered() {
        let refusal = web().check_grant(GrantType::ClientCredentials).unwrap_err();
        assert_eq!(refusal.code(), ErrorCode::UnauthorizedClient);
        web().check_grant(GrantType::AuthorizationCode).unwrap();
    }
}
