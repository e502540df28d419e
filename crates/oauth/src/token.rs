//! The token endpoint: what is asked for (RFC 6749 §4 to §6, RFC 8693), what is answered.

use crate::client::GrantType;
use crate::credential::Credential;
use crate::error::{ErrorCode, OAuthError, invalid_request};
use crate::form::Parameters;
use crate::names::names;
use crate::pkce::Verifier;
use crate::resource::Resource;
use crate::scope::Scope;

/// A token request; who sends it is [`crate::client_auth`]'s matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The grant.
    pub grant: Grant,
    /// The scope, if one was asked for.
    pub scope: Option<Scope>,
    /// The APIs that the token is for.
    pub resources: Vec<Resource>,
}

/// What a client gives for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// A code.
    AuthorizationCode {
        /// The code.
        code: Credential,
        /// What the authorization request named.
        redirect_uri: Option<String>,
        /// The other half of the challenge.
        verifier: Option<Verifier>,
    },
    /// A refresh token.
    RefreshToken(Credential),
    /// Its own authentication.
    ClientCredentials,
    /// Another token.
    TokenExchange(Exchange),
}

impl Grant {
    /// Its type.
    pub fn grant_type(&self) -> GrantType {
        match self {
            Self::AuthorizationCode { .. } => GrantType::AuthorizationCode,
            Self::RefreshToken(_) => GrantType::RefreshToken,
            Self::ClientCredentials => GrantType::ClientCredentials,
            Self::TokenExchange(_) => GrantType::TokenExchange,
        }
    }
}

/// What is exchanged (RFC 8693 §2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// For whom the new token speaks.
    pub subject: TypedToken,
    /// Who acts in that name.
    pub actor: Option<TypedToken>,
    /// Logical names of where the new token will be used.
    pub audiences: Vec<String>,
    /// What the new token has to be.
    pub requested: TokenType,
}

/// A token with what it is said to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedToken {
    /// The token.
    pub token: Credential,
    /// Its type.
    pub token_type: TokenType,
}

names! {
    /// What a token is (RFC 8693 §3).
    pub enum TokenType {
        /// An access token of this server.
        AccessToken = "urn:ietf:params:oauth:token-type:access_token",
        /// A refresh token of this server.
        RefreshToken = "urn:ietf:params:oauth:token-type:refresh_token",
        /// An id token.
        IdToken = "urn:ietf:params:oauth:token-type:id_token",
        /// Any JWT.
        Jwt = "urn:ietf:params:oauth:token-type:jwt",
    }
}

impl Request {
    /// Reads the form of a token request.
    pub fn read(form: &Parameters) -> Result<Self, OAuthError> {
        let grant_type = GrantType::from_name(form.require("grant_type")?)
            .ok_or_else(|| OAuthError::from(ErrorCode::UnsupportedGrantType))?;
        let grant = match grant_type {
            GrantType::AuthorizationCode => Grant::AuthorizationCode {
                code: Credential::new(form.require("code")?),
                redirect_uri: form.owned("redirect_uri"),
                verifier: form.get("code_verifier").map(Verifier::parse).transpose()?,
            },
            GrantType::RefreshToken => {
                Grant::RefreshToken(Credential::new(form.require("refresh_token")?))
            }
            GrantType::ClientCredentials => Grant::ClientCredentials,
            GrantType::TokenExchange => Grant::TokenExchange(Exchange::read(form)?),
        };
        Ok(Self {
            grant,
            scope: form.get("scope").map(Scope::parse).transpose()?,
            resources: Resource::all(form)?,
        })
    }
}

impl Exchange {
    fn read(form: &Parameters) -> Result<Self, OAuthError> {
        let subject = TypedToken::read(form, "subject_token", "subject_token_type")?
            .ok_or_else(|| invalid_request("`subject_token` is missing"))?;
        let requested = match form.get("requested_token_type") {
            Some(name) => token_type(name)?,
            None => TokenType::AccessToken,
        };
        Ok(Self {
            subject,
            actor: TypedToken::read(form, "actor_token", "actor_token_type")?,
            audiences: form.all("audience").map(str::to_owned).collect(),
            requested,
        })
    }
}

impl TypedToken {
    /// Both or neither (RFC 8693 §2.1).
    fn read(
        form: &Parameters,
        token: &'static str,
        kind: &'static str,
    ) -> Result<Option<Self>, OAuthError> {
        match (form.get(token), form.get(kind)) {
            (None, None) => Ok(None),
            (Some(token), Some(kind)) => Ok(Some(Self {
                token: Credential::new(token),
                token_type: token_type(kind)?,
            })),
            (Some(_), None) => Err(invalid_request(format!("`{kind}` is missing"))),
            (None, Some(_)) => Err(invalid_request(format!("`{token}` is missing"))),
        }
    }
}

fn token_type(name: &str) -> Result<TokenType, OAuthError> {
    TokenType::from_name(name).ok_or_else(|| invalid_request("a token type is not supported"))
}

/// The answer with a token (RFC 6749 §5.1, RFC 8693 §2.2.1). It must not be cached.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Response {
    /// The access token.
    pub access_token: Credential,
    /// How it is presented.
    pub token_type: PresentedAs,
    /// Its lifetime in seconds.
    pub expires_in: u64,
    /// For the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Credential>,
    /// Who signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<Credential>,
    /// What was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// What was issued, for a token exchange.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_token_type: Option<TokenType>,
}

names! {
    /// How an access token is presented.
    pub enum PresentedAs {
        /// By whoever bears it (RFC 6750).
        Bearer = "Bearer",
        /// With a proof of possession (RFC 9449).
        DPoP = "DPoP",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Request, OAuthError> {
        Request::read(&Parameters::parse(text.as_bytes())?)
    }

    #[test]
    fn each_grant_is_read() {
        let verifier = "a".repeat(43);
        let request = read(&format!(
            "grant_type=authorization_code&code=abc&redirect_uri=https://a/cb&code_verifier={verifier}"
        ))
        .unwrap();
        assert_eq!(
            request.grant,
            Grant::AuthorizationCode {
                code: Credential::new("abc"),
                redirect_uri: Some("https://a/cb".to_owned()),
                verifier: Some(Verifier::parse(&verifier).unwrap()),
            }
        );
        let request = read("grant_type=refresh_token&refresh_token=r&scope=b+a").unwrap();
        assert_eq!(request.grant, Grant::RefreshToken(Credential::new("r")));
        assert_eq!(request.scope, Some(Scope::parse("a b").unwrap()));
        let request = read(
            "grant_type=client_credentials&resource=https://b.example&resource=https://a.example",
        )
        .unwrap();
        assert_eq!(request.grant.grant_type(), GrantType::ClientCredentials);
        assert_eq!(request.resources[0].as_str(), "https://a.example");
    }

    #[test]
    fn an_exchange_is_read() {
        let kind = TokenType::AccessToken.as_str();
        let grant = GrantType::TokenExchange.as_str();
        let request = read(&format!(
            "grant_type={grant}&subject_token=s&subject_token_type={kind}\
             &actor_token=a&actor_token_type={kind}&audience=billing&audience=stock"
        ))
        .unwrap();
        let Grant::TokenExchange(exchange) = request.grant else {
            panic!("no exchange")
        };
        assert_eq!(exchange.audiences, ["billing", "stock"]);
        assert_eq!(exchange.requested, TokenType::AccessToken);
        assert!(exchange.actor.is_some());
        for text in [
            format!("grant_type={grant}"),
            format!("grant_type={grant}&subject_token=s"),
            format!("grant_type={grant}&subject_token=s&subject_token_type=saml"),
            format!("grant_type={grant}&subject_token=s&subject_token_type={kind}&actor_token=a"),
            format!(
                "grant_type={grant}&subject_token=s&subject_token_type={kind}&actor_token_type={kind}"
            ),
        ] {
            assert_eq!(read(&text).unwrap_err().code(), ErrorCode::InvalidRequest);
        }
    }

    #[test]
    fn what_is_missing_or_unknown_is_said() {
        for (text, code) in [
            ("", ErrorCode::InvalidRequest),
            (
                "grant_type=password&username=a",
                ErrorCode::UnsupportedGrantType,
            ),
            ("grant_type=authorization_code", ErrorCode::InvalidRequest),
            ("grant_type=refresh_token", ErrorCode::InvalidRequest),
            (
                "grant_type=client_credentials&scope=a++b",
                ErrorCode::InvalidScope,
            ),
            (
                "grant_type=client_credentials&resource=x",
                ErrorCode::InvalidTarget,
            ),
            (
                "grant_type=authorization_code&code=a&code_verifier=short",
                ErrorCode::InvalidGrant,
            ),
        ] {
            assert_eq!(read(text).unwrap_err().code(), code, "{text}");
        }
    }

    #[test]
    fn an_answer_is_written_and_never_shown() {
        let answer = Response {
            access_token: Credential::new("at"),
            token_type: PresentedAs::Bearer,
            expires_in: 300,
            refresh_token: Some(Credential::new("rt")),
            id_token: None,
            scope: Some(Scope::parse("b a").unwrap()),
            issued_token_type: None,
        };
        assert_eq!(
            jeton_jose::json::to_string(&answer).unwrap(),
            r#"{"access_token":"at","token_type":"Bearer","expires_in":300,"refresh_token":"rt","scope":"a b"}"#
        );
        assert!(!format!("{answer:?}").contains("\"rt"));
    }
}
