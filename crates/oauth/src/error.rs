//! The registered error codes and the body that carries one (RFC 6749 §4.1.2.1, §5.2).

use core::fmt;
use std::borrow::Cow;

macro_rules! codes {
    ($($variant:ident = $name:literal, $status:literal, $meaning:literal;)*) => {
        /// A registered OAuth error code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ErrorCode { $(#[doc = $meaning] $variant,)* }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The HTTP status of an answer with this code that is not a redirect.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// What it means.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

codes! {
    // RFC 6749.
    InvalidRequest = "invalid_request", 400, "A parameter is missing, repeated or malformed.";
    InvalidClient = "invalid_client", 401, "The client is unknown or did not authenticate.";
    InvalidGrant = "invalid_grant", 400, "The code or token is unknown, used, expired, revoked or another client's.";
    UnauthorizedClient = "unauthorized_client", 400, "The client is not registered for this grant.";
    UnsupportedGrantType = "unsupported_grant_type", 400, "There is no such grant here.";
    InvalidScope = "invalid_scope", 400, "The scope is malformed, unknown or more than may be granted.";
    AccessDenied = "access_denied", 403, "The resource owner or a rule said no.";
    UnsupportedResponseType = "unsupported_response_type", 400, "Only the authorization code is given here.";
    ServerError = "server_error", 500, "The server met something it did not foresee.";
    TemporarilyUnavailable = "temporarily_unavailable", 503, "The server is too busy or lacks what it needs; try again.";
    // RFC 6750.
    InvalidToken = "invalid_token", 401, "The access token is expired, revoked or not valid here.";
    InsufficientScope = "insufficient_scope", 403, "The access token does not carry the scope that this needs.";
    // RFC 7009, RFC 7591, RFC 8707.
    UnsupportedTokenType = "unsupported_token_type", 400, "Tokens of this type cannot be revoked here.";
    InvalidRedirectUri = "invalid_redirect_uri", 400, "A redirect URI cannot be registered.";
    InvalidClientMetadata = "invalid_client_metadata", 400, "The client's metadata contradict themselves.";
    InvalidTarget = "invalid_target", 400, "The resource is unknown, malformed or not for this client.";
    // OpenID Connect Core §3.1.2.6, Unmet Authentication Requirements 1.0, RFC 9101.
    InteractionRequired = "interaction_required", 400, "A person would have to be asked, and the request forbids it.";
    LoginRequired = "login_required", 400, "Nobody is signed in, and the request forbids asking.";
    AccountSelectionRequired = "account_selection_required", 400, "An account would have to be chosen, and the request forbids asking.";
    ConsentRequired = "consent_required", 400, "Consent is missing, and the request forbids asking.";
    UnmetAuthenticationRequirements = "unmet_authentication_requirements", 400, "Nobody can sign in as surely as the request demands.";
    InvalidRequestUri = "invalid_request_uri", 400, "The request URI yields no request.";
    InvalidRequestObject = "invalid_request_object", 400, "The request object is not valid.";
    RequestNotSupported = "request_not_supported", 400, "Request objects are not supported.";
    RequestUriNotSupported = "request_uri_not_supported", 400, "Request URIs are not supported.";
    RegistrationNotSupported = "registration_not_supported", 400, "The `registration` parameter is not supported.";
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for ErrorCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A refusal. Its description names parameters and rules, never the values that were sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {description}")]
pub struct OAuthError {
    code: ErrorCode,
    description: Cow<'static, str>,
}

impl OAuthError {
    /// A refusal with its reason, for developers.
    pub fn new(code: ErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            description: description.into(),
        }
    }

    /// The code.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The reason.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The body of an answer with status [`ErrorCode::status`].
    pub fn body(&self) -> ErrorBody {
        ErrorBody {
            error: self.code,
            error_description: self.printable(),
        }
    }

    /// The description in the characters that RFC 6749 §5.2 allows.
    pub(crate) fn printable(&self) -> String {
        let allowed = |c: char| matches!(c, ' ' | '!' | '#'..='[' | ']'..='~');
        self.description
            .chars()
            .map(|c| if allowed(c) { c } else { '\'' })
            .collect()
    }
}

impl From<ErrorCode> for OAuthError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, code.meaning())
    }
}

pub(crate) fn invalid_request(description: impl Into<Cow<'static, str>>) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidRequest, description)
}

/// The JSON body of a refusal (RFC 6749 §5.2).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ErrorBody {
    /// The code.
    pub error: ErrorCode,
    /// The reason, for developers.
    pub error_description: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_the_rfc_s_two_members() {
        let refusal = OAuthError::new(ErrorCode::InvalidGrant, "the code was used \"before\"");
        assert_eq!(
            jeton_jose::json::to_string(&refusal.body()).unwrap(),
            r#"{"error":"invalid_grant","error_description":"the code was used 'before'"}"#
        );
    }

    #[test]
    fn codes_are_unique_and_their_status_is_an_error() {
        let names: std::collections::BTreeSet<_> =
            ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), ErrorCode::ALL.len());
        assert!(
            ErrorCode::ALL
                .iter()
                .all(|code| (400..600).contains(&code.status()))
        );
    }
}
