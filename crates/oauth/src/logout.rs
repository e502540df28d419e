//! Logout at the client's wish (OpenID Connect RP-Initiated Logout 1.0 §2, §3).

use crate::client::ClientMetadata;
use crate::error::{OAuthError, invalid_request};
use crate::form::Parameters;

/// A logout request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Who is to be signed out, as an id token that may have expired; not verified.
    pub id_token_hint: Option<String>,
    /// Who is to be signed out, in another form.
    pub logout_hint: Option<String>,
    /// The client that asks.
    pub client_id: Option<String>,
    /// Where the browser should go afterwards.
    pub post_logout_redirect_uri: Option<String>,
    /// For the client's own use.
    pub state: Option<String>,
    /// Languages of the pages, best first.
    pub ui_locales: Vec<String>,
}

impl Request {
    /// Reads query or form.
    pub fn read(parameters: &Parameters) -> Self {
        let locales = parameters.words("ui_locales");
        Self {
            id_token_hint: parameters.owned("id_token_hint"),
            logout_hint: parameters.owned("logout_hint"),
            client_id: parameters.owned("client_id"),
            post_logout_redirect_uri: parameters.owned("post_logout_redirect_uri"),
            state: parameters.owned("state"),
            ui_locales: locales.into_iter().map(str::to_owned).collect(),
        }
    }

    /// The client that asks: the one of a verified hint, which the named one must not contradict.
    pub fn client_id<'a>(&'a self, hinted: Option<&'a str>) -> Result<Option<&'a str>, OAuthError> {
        match (hinted, self.client_id.as_deref()) {
            (Some(hinted), Some(named)) if hinted != named => Err(invalid_request(
                "`client_id` is not the client of the `id_token_hint`",
            )),
            (hinted, named) => Ok(hinted.or(named)),
        }
    }

    /// Where the browser goes, once the client is known; `None` where it stays here. The URI has
    /// to be registered to the letter.
    pub fn destination(&self, client: &ClientMetadata) -> Result<Option<String>, OAuthError> {
        let Some(uri) = &self.post_logout_redirect_uri else {
            return Ok(None);
        };
        if !client.post_logout_redirect_uris.contains(uri) {
            return Err(invalid_request(
                "`post_logout_redirect_uri` is not registered for this client",
            ));
        }
        let Some(state) = &self.state else {
            return Ok(Some(uri.clone()));
        };
        let separator = if uri.contains('?') { '&' } else { '?' };
        let state: String = form_urlencoded::byte_serialize(state.as_bytes()).collect();
        Ok(Some(format!("{uri}{separator}state={state}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_registered_destination_is_gone_to() {
        let client = ClientMetadata {
            post_logout_redirect_uris: vec!["https://app.example/bye?x=1".to_owned()],
            ..ClientMetadata::default()
        };
        let to = |uri: &str, state: &str| {
            let pairs = [("post_logout_redirect_uri", uri), ("state", state)];
            Request::read(&pairs.into_iter().collect()).destination(&client)
        };
        assert_eq!(to("", "s").unwrap(), None);
        assert_eq!(
            to("https://app.example/bye?x=1", "a b").unwrap().unwrap(),
            "https://app.example/bye?x=1&state=a+b"
        );
        assert!(to("https://app.example/bye", "").is_err());
        assert!(to("https://app.example/bye?x=1&y=2", "").is_err());
    }

    #[test]
    fn hint_and_name_agree() {
        let request = Request {
            client_id: Some("app".to_owned()),
            ..Request::default()
        };
        assert_eq!(request.client_id(Some("app")).unwrap(), Some("app"));
        assert_eq!(request.client_id(None).unwrap(), Some("app"));
        assert!(request.client_id(Some("other")).is_err());
        assert_eq!(Request::default().client_id(None).unwrap(), None);
    }
}
