//! Introspection (RFC 7662): what a token is worth now.

use std::collections::BTreeMap;

use jeton_jose::UnixTime;
use jeton_jose::json::RawJson;

use crate::claims::{Actor, Audience, Confirmation};
use crate::credential::Credential;
use crate::error::OAuthError;
use crate::form::Parameters;
use crate::scope::Scope;
use crate::token::PresentedAs;

/// A request to introspect or to revoke a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The token.
    pub token: Credential,
    /// What it may be; a hint that never decides, `None` where it is unknown.
    pub hint: Option<Hint>,
}

crate::names::names! {
    /// Where to look first (RFC 7009 §2.1).
    pub enum Hint {
        /// Among access tokens.
        AccessToken = "access_token",
        /// Among refresh tokens.
        RefreshToken = "refresh_token",
    }
}

impl Request {
    /// Reads the form.
    pub fn read(form: &Parameters) -> Result<Self, OAuthError> {
        Ok(Self {
            token: Credential::new(form.require("token")?),
            hint: form.get("token_type_hint").and_then(Hint::from_name),
        })
    }
}

/// The answer. Whatever is wrong with a token, it is the same: `{"active":false}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Response {
    /// Whether the token is good now.
    pub active: bool,
    /// All else, of a token that is good.
    #[serde(flatten)]
    pub token: Option<Active>,
}

impl Response {
    /// The token is good.
    pub fn active(token: Active) -> Self {
        Self {
            active: true,
            token: Some(token),
        }
    }

    /// The token is not good, for whatever reason.
    pub fn inactive() -> Self {
        Self::default()
    }
}

/// What is told of a good token.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Active {
    /// What it allows.
    pub scope: Scope,
    /// To whom it was issued.
    pub client_id: String,
    /// Who issued it.
    pub iss: String,
    /// For whom it speaks.
    pub sub: String,
    /// Where it counts.
    #[serde(skip_serializing_if = "Audience::is_empty")]
    pub aud: Audience,
    /// Until when.
    #[serde(with = "crate::seconds")]
    pub exp: UnixTime,
    /// Since when.
    #[serde(with = "crate::seconds")]
    pub iat: UnixTime,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// The session it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// How it is presented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<PresentedAs>,
    /// The name that its subject signs in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Who acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor>,
    /// The key it is bound to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
    /// Further claims of the token.
    #[serde(flatten)]
    pub claims: BTreeMap<String, RawJson>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inactive_token_says_nothing_else() {
        let text = jeton_jose::json::to_string(&Response::inactive()).unwrap();
        assert_eq!(text, r#"{"active":false}"#);
    }

    #[test]
    fn an_active_token_says_what_it_is() {
        let answer = Response::active(Active {
            scope: Scope::parse("a").unwrap(),
            client_id: "app".to_owned(),
            iss: "https://i.example".to_owned(),
            sub: "ada".to_owned(),
            aud: Audience::from(["https://api.example"]),
            exp: UnixTime::from_seconds(20),
            iat: UnixTime::from_seconds(10),
            jti: None,
            sid: None,
            token_type: Some(PresentedAs::Bearer),
            username: None,
            act: None,
            cnf: None,
            claims: BTreeMap::new(),
        });
        assert_eq!(
            jeton_jose::json::to_string(&answer).unwrap(),
            "{\"active\":true,\"scope\":\"a\",\"client_id\":\"app\",\"iss\":\"https://i.example\",\
             \"sub\":\"ada\",\"aud\":\"https://api.example\",\"exp\":20,\"iat\":10,\
             \"token_type\":\"Bearer\"}"
        );
    }

    #[test]
    fn an_unknown_hint_is_no_hint() {
        let read = |text: &str| Request::read(&Parameters::parse(text.as_bytes()).unwrap());
        assert_eq!(read("token=t&token_type_hint=saml").unwrap().hint, None);
        let hint = read("token=t&token_type_hint=refresh_token").unwrap().hint;
        assert_eq!(hint, Some(Hint::RefreshToken));
        assert!(read("token_type_hint=refresh_token").is_err());
    }
}
