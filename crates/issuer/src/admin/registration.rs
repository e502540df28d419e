use jeton_jose::json::RawJson;
use jeton_oauth::client::{AuthMethod, ClientMetadata, GrantType, Rules};
use jeton_oauth::{OAuthError, Resource, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an application is registered with (RFC 7591 §2), and the rules that hold for it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Registration {
    /// What people know it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_name: Option<String>,
    /// Its home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_uri: Option<String>,
    /// Where answers to authorization requests may go.
    redirect_uris: Vec<String>,
    /// Where the browser may go after logout.
    post_logout_redirect_uris: Vec<String>,
    /// The grants it may use; the authorization code, unless this says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>, example = json!(["client_credentials"]))]
    grant_types: Option<Vec<GrantType>>,
    /// How it authenticates; `client_secret_basic`, unless this says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "client_secret_basic")]
    token_endpoint_auth_method: Option<AuthMethod>,
    /// The most it may ask for.
    #[schema(value_type = String, example = "orders:read")]
    scope: Scope,
    /// The APIs it may ask tokens for.
    resources: Vec<String>,
    /// Its public keys, for `private_key_jwt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    jwks: Option<RawJson>,
    /// Where its public keys are.
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks_uri: Option<String>,
    /// How its id tokens are signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token_signed_response_alg: Option<String>,
    /// The `max_age` of requests that name none, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    default_max_age: Option<u64>,
    /// The rules that hold for it.
    rules: RulesShown,
}

/// Where a client is released from OAuth 2.1, or trusted more than others.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ClientRules)]
#[serde(deny_unknown_fields, default)]
struct RulesShown {
    /// An authorization request has to have a PKCE challenge.
    require_pkce: bool,
    /// Nobody is asked for consent.
    first_party: bool,
    /// Its refresh token is handed out in a body even to a browser's application.
    refresh_in_body: bool,
}

impl Default for RulesShown {
    fn default() -> Self {
        Rules::default().into()
    }
}

impl From<Rules> for RulesShown {
    fn from(rules: Rules) -> Self {
        Self {
            require_pkce: rules.require_pkce,
            first_party: rules.first_party,
            refresh_in_body: rules.refresh_in_body,
        }
    }
}

impl From<ClientMetadata> for Registration {
    fn from(metadata: ClientMetadata) -> Self {
        Self {
            client_name: metadata.client_name,
            client_uri: metadata.client_uri,
            redirect_uris: metadata.redirect_uris,
            post_logout_redirect_uris: metadata.post_logout_redirect_uris,
            grant_types: Some(metadata.grant_types),
            token_endpoint_auth_method: Some(metadata.token_endpoint_auth_method),
            scope: metadata.scope,
            resources: metadata
                .resources
                .iter()
                .map(|one| one.as_str().to_owned())
                .collect(),
            jwks: metadata.jwks,
            jwks_uri: metadata.jwks_uri,
            id_token_signed_response_alg: metadata.id_token_signed_response_alg,
            default_max_age: metadata.default_max_age,
            rules: metadata.rules.into(),
        }
    }
}

impl TryFrom<Registration> for ClientMetadata {
    type Error = OAuthError;

    fn try_from(registration: Registration) -> Result<Self, OAuthError> {
        let default = Self::default();
        let resources = registration.resources.iter();
        Ok(Self {
            client_name: registration.client_name,
            client_uri: registration.client_uri,
            redirect_uris: registration.redirect_uris,
            post_logout_redirect_uris: registration.post_logout_redirect_uris,
            grant_types: registration.grant_types.unwrap_or(default.grant_types),
            token_endpoint_auth_method: registration
                .token_endpoint_auth_method
                .unwrap_or(default.token_endpoint_auth_method),
            scope: registration.scope,
            resources: resources
                .map(|one| Resource::parse(one))
                .collect::<Result<_, _>>()?,
            jwks: registration.jwks,
            jwks_uri: registration.jwks_uri,
            id_token_signed_response_alg: registration.id_token_signed_response_alg,
            default_max_age: registration.default_max_age,
            rules: Rules {
                require_pkce: registration.rules.require_pkce,
                first_party: registration.rules.first_party,
                refresh_in_body: registration.rules.refresh_in_body,
            },
        })
    }
}
