//! The answer to an authorization request: a way back to the client.

use crate::client::{ClientMetadata, ResponseMode};
use crate::credential::Credential;
use crate::error::{OAuthError, invalid_request};
use crate::form::Parameters;
use crate::redirect_uri;

/// Where the answer to an authorization request goes. Made only from a redirect URI that is
/// registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnAddress {
    redirect_uri: String,
    mode: ResponseMode,
    state: Option<String>,
}

/// How the browser is sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redirect {
    /// With status 303 to this URI.
    Location(String),
    /// By a form that posts these fields to the URI.
    Form {
        /// Where it goes.
        action: String,
        /// What it carries.
        fields: Vec<(&'static str, String)>,
    },
}

impl ReturnAddress {
    /// Finds the way back. Errors go to the person, since there is no way back yet.
    pub fn read(parameters: &Parameters, client: &ClientMetadata) -> Result<Self, OAuthError> {
        let scope = parameters.words("scope");
        let redirect_uri = redirect_uri::resolve(
            &client.redirect_uris,
            parameters.get("redirect_uri"),
            scope.contains(&"openid"),
        )?;
        let mode = match parameters.get("response_mode") {
            None => ResponseMode::Query,
            Some(name) => ResponseMode::from_name(name)
                .ok_or_else(|| invalid_request("`response_mode` is unknown"))?,
        };
        Ok(Self {
            redirect_uri: redirect_uri.to_owned(),
            mode,
            state: parameters.owned("state"),
        })
    }

    /// The redirect URI.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// The way back with a code.
    pub fn with_code(&self, code: &Credential, issuer: &str) -> Redirect {
        self.answer(vec![("code", code.expose().to_owned())], issuer)
    }

    /// The way back with a refusal.
    pub fn with_error(&self, error: &OAuthError, issuer: &str) -> Redirect {
        let fields = vec![
            ("error", error.code().as_str().to_owned()),
            ("error_description", error.printable()),
        ];
        self.answer(fields, issuer)
    }

    /// Adds `state` and `iss` (RFC 9207).
    fn answer(&self, mut fields: Vec<(&'static str, String)>, issuer: &str) -> Redirect {
        if let Some(state) = &self.state {
            fields.push(("state", state.clone()));
        }
        fields.push(("iss", issuer.to_owned()));
        let separator = match self.mode {
            ResponseMode::FormPost => {
                return Redirect::Form {
                    action: self.redirect_uri.clone(),
                    fields,
                };
            }
            ResponseMode::Fragment => '#',
            // A registered query stays (RFC 6749 §3.1.2).
            ResponseMode::Query if self.redirect_uri.contains('?') => '&',
            ResponseMode::Query => '?',
        };
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&fields);
        let query = query.finish();
        Redirect::Location(format!("{}{separator}{query}", self.redirect_uri))
    }
}
