//! The authorization endpoint (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2).
//!
//! Three steps, because an error may go to the client only once it is certain who that is:
//! [`client_id`] says whom to look up; [`ReturnAddress::read`] holds the redirect URI against the
//! registered ones, and until then errors are shown to the person; [`Request::read`] judges the
//! rest, and its errors go back to the client.

mod claims_request;
mod response;

pub use claims_request::{ClaimsRequest, Requested};
pub use response::{Redirect, ReturnAddress};

use crate::client::{ClientMetadata, GrantType};
use crate::error::{ErrorCode, OAuthError, invalid_request};
use crate::form::Parameters;
use crate::names::names;
use crate::pkce::Challenge;
use crate::resource::Resource;
use crate::scope::Scope;

names! {
    /// What the person is to be asked (OpenID Connect Core §3.1.2.1).
    pub enum Prompt {
        /// Nothing at all.
        None = "none",
        /// To sign in, even if that was done already.
        Login = "login",
        /// To consent, even if that was done already.
        Consent = "consent",
        /// To choose an account.
        SelectAccount = "select_account",
    }
}

names! {
    /// How pages are shown.
    pub enum Display {
        /// As a page.
        Page = "page",
        /// In a small window.
        Popup = "popup",
        /// For touch.
        Touch = "touch",
        /// For a feature phone.
        Wap = "wap",
    }
}

/// An authorization request whose every parameter was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The client.
    pub client_id: String,
    /// Where the answer goes, and how.
    pub address: ReturnAddress,
    /// Whether the request named the redirect URI, so that the token request has to as well.
    pub names_redirect_uri: bool,
    /// What is asked for.
    pub scope: Scope,
    /// For which APIs.
    pub resources: Vec<Resource>,
    /// The client's half of the proof for the code.
    pub challenge: Option<Challenge>,
    /// For the id token.
    pub nonce: Option<String>,
    /// What to ask the person; empty: what is needed.
    pub prompt: Vec<Prompt>,
    /// How long ago the person may have signed in, in seconds.
    pub max_age: Option<u64>,
    /// How pages are shown.
    pub display: Display,
    /// Languages of the pages, best first.
    pub ui_locales: Vec<String>,
    /// Languages of claims, best first.
    pub claims_locales: Vec<String>,
    /// An id token of who is expected, not verified.
    pub id_token_hint: Option<String>,
    /// Who probably signs in.
    pub login_hint: Option<String>,
    /// Wanted ways to sign in, best first.
    pub acr_values: Vec<String>,
    /// Single claims that are asked for.
    pub claims: ClaimsRequest,
}

/// The client that a request names; without it nothing can be said to anybody but the person.
pub fn client_id(parameters: &Parameters) -> Result<&str, OAuthError> {
    parameters.require("client_id")
}

impl Request {
    /// Judges a request of a client whose return address is known.
    pub fn read(
        parameters: &Parameters,
        client: &ClientMetadata,
        address: &ReturnAddress,
    ) -> Result<Self, OAuthError> {
        refuse_unsupported(parameters)?;
        match parameters.require("response_type")? {
            "code" => client.check_grant(GrantType::AuthorizationCode)?,
            _ => return Err(ErrorCode::UnsupportedResponseType.into()),
        }
        let challenge = Challenge::read(parameters)?;
        if challenge.is_none() && (client.rules.require_pkce || client.is_public()) {
            return Err(invalid_request("`code_challenge` is missing"));
        }
        let scope = match parameters.get("scope") {
            Some(scope) => Scope::parse(scope)?,
            None => Scope::default(),
        };
        let is_openid = scope.contains("openid");
        Ok(Self {
            client_id: client_id(parameters)?.to_owned(),
            address: address.clone(),
            names_redirect_uri: parameters.get("redirect_uri").is_some(),
            scope,
            resources: resources(parameters, client)?,
            challenge,
            nonce: parameters.owned("nonce"),
            prompt: prompt(parameters)?,
            max_age: max_age(parameters)?.or(client.default_max_age),
            display: display(parameters)?,
            ui_locales: owned(parameters.words("ui_locales")),
            claims_locales: owned(parameters.words("claims_locales")),
            id_token_hint: parameters.owned("id_token_hint"),
            login_hint: parameters.owned("login_hint"),
            acr_values: owned(parameters.words("acr_values")),
            claims: match parameters.get("claims") {
                Some(text) if is_openid => ClaimsRequest::parse(text)?,
                _ => ClaimsRequest::default(),
            },
        })
    }

    /// Whether an id token is asked for.
    pub fn is_openid(&self) -> bool {
        self.scope.contains("openid")
    }

    /// Whether the person may be asked anything.
    pub fn may_interact(&self) -> bool {
        !self.prompt.contains(&Prompt::None)
    }

    /// Whether a sign-in `age` seconds ago is too old for this request.
    pub fn needs_login(&self, age: u64) -> bool {
        self.prompt.contains(&Prompt::Login) || self.max_age.is_some_and(|most| age > most)
    }
}

fn refuse_unsupported(parameters: &Parameters) -> Result<(), OAuthError> {
    let refused = [
        ("request", ErrorCode::RequestNotSupported),
        ("request_uri", ErrorCode::RequestUriNotSupported),
        ("registration", ErrorCode::RegistrationNotSupported),
    ];
    match refused
        .iter()
        .find(|(name, _)| parameters.get(name).is_some())
    {
        Some((_, code)) => Err((*code).into()),
        None => Ok(()),
    }
}

fn resources(
    parameters: &Parameters,
    client: &ClientMetadata,
) -> Result<Vec<Resource>, OAuthError> {
    let asked = Resource::all(parameters)?;
    if asked.iter().all(|one| client.resources.contains(one)) {
        return Ok(asked);
    }
    Err(OAuthError::new(
        ErrorCode::InvalidTarget,
        "a resource is not registered for this client",
    ))
}

fn prompt(parameters: &Parameters) -> Result<Vec<Prompt>, OAuthError> {
    let mut prompts = Vec::new();
    for word in parameters.words("prompt") {
        let prompt = Prompt::from_name(word)
            .ok_or_else(|| invalid_request("`prompt` has an unknown word"))?;
        if !prompts.contains(&prompt) {
            prompts.push(prompt);
        }
    }
    if prompts.contains(&Prompt::None) && prompts.len() > 1 {
        return Err(invalid_request("`prompt` has none beside another word"));
    }
    Ok(prompts)
}

fn max_age(parameters: &Parameters) -> Result<Option<u64>, OAuthError> {
    let Some(text) = parameters.get("max_age") else {
        return Ok(None);
    };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(seconds) if digits => Ok(Some(seconds)),
        _ => Err(invalid_request("`max_age` has to be a number of seconds")),
    }
}

fn display(parameters: &Parameters) -> Result<Display, OAuthError> {
    let Some(name) = parameters.get("display") else {
        return Ok(Display::Page);
    };
    Display::from_name(name).ok_or_else(|| invalid_request("`display` is unknown"))
}

fn owned(words: Vec<&str>) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
