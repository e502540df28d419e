//! The claims of the two tokens that are issued: access tokens (RFC 9068) and id tokens (OpenID
//! Connect Core §2), and which scope tells which claim (§5.4).

use std::collections::BTreeMap;

use jeton_jose::alg::Hash;
use jeton_jose::backend::Backend;
use jeton_jose::json::RawJson;
use jeton_jose::{Algorithm, UnixTime, base64url};

use crate::scope::Scope;

/// The `typ` of an access token (RFC 9068 §2.1).
pub const ACCESS_TOKEN_TYP: &str = "at+jwt";

/// The `acr` of a sign-in with a password over TLS, by the name that SAML gave it (Authentication
/// Context for SAML 2.0 §3.4.9).
pub const PASSWORD_ACR: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

/// Claims that an attribute of an account must never set: they say who, what and for whom, or would
/// be mistaken for what introspection adds.
const RESERVED: [&str; 27] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "sid",
    "client_id",
    "scope",
    "roles",
    "groups",
    "permissions",
    "act",
    "may_act",
    "cnf",
    "azp",
    "nonce",
    "auth_time",
    "acr",
    "amr",
    "at_hash",
    "c_hash",
    "s_hash",
    "userinfo_claims",
    "active",
    "token_type",
];

/// Whether a token may carry a claim of this name from a template or an attribute.
pub fn is_free(name: &str) -> bool {
    !name.is_empty() && !RESERVED.contains(&name)
}

/// One audience as a string, several as an array.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience(Vec<String>);

impl Audience {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<S: Into<String>, I: IntoIterator<Item = S>> From<I> for Audience {
    fn from(audiences: I) -> Self {
        Self(audiences.into_iter().map(Into::into).collect())
    }
}

impl serde::Serialize for Audience {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => serializer.serialize_str(one),
            several => serializer.collect_seq(several),
        }
    }
}

/// Who acts in the subject's name (RFC 8693 §4.1): the innermost acted first.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Actor {
    /// Who acts now.
    pub sub: String,
    /// The client through which, if it is not the actor itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Who acted before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Box<Actor>>,
}

impl Actor {
    /// Longer chains are refused, not cut.
    pub const LONGEST_CHAIN: usize = 8;

    /// Puts `self` in front of who acted before; `None` if the chain would get too long.
    pub fn after(self, before: Option<Self>) -> Option<Self> {
        let chain = Self {
            act: before.map(Box::new),
            ..self
        };
        (chain.chain_len() <= Self::LONGEST_CHAIN).then_some(chain)
    }

    fn chain_len(&self) -> usize {
        core::iter::successors(Some(self), |actor| actor.act.as_deref()).count()
    }
}

/// The key that a token is bound to (RFC 7800 §3.1, RFC 9449 §6.1, RFC 8705 §3.1).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Confirmation {
    /// By the thumbprint of a JWK (`DPoP`).
    #[serde(rename = "jkt")]
    JwkThumbprint(String),
    /// By the SHA-256 of a certificate (mutual TLS).
    #[serde(rename = "x5t#S256")]
    Certificate(String),
}

/// The claims of an access token.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AccessTokenClaims {
    /// Issuer.
    pub iss: String,
    /// The account, or the client where it acts for itself (RFC 9068 §2.2).
    pub sub: String,
    /// The APIs.
    pub aud: Audience,
    /// Until when.
    #[serde(with = "crate::seconds")]
    pub exp: UnixTime,
    /// Since when.
    #[serde(with = "crate::seconds")]
    pub iat: UnixTime,
    /// Its id.
    pub jti: String,
    /// The client.
    pub client_id: String,
    /// What it allows.
    #[serde(skip_serializing_if = "Scope::is_empty")]
    pub scope: Scope,
    /// The session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// When the person signed in.
    #[serde(
        with = "crate::seconds::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub auth_time: Option<UnixTime>,
    /// How surely.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// By what.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// Roles, if the API asks for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// Permissions, if the API asks for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Vec<String>>,
    /// Who acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor>,
    /// The key it is bound to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
    /// Single claims that the userinfo endpoint tells for this token (OpenID Connect Core §5.5).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub userinfo_claims: Vec<String>,
    /// What the API's template adds; only names that are free ([`is_free`]).
    #[serde(flatten)]
    pub custom: Custom,
}

/// The claims of an id token.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct IdTokenClaims {
    /// Issuer.
    pub iss: String,
    /// The account.
    pub sub: String,
    /// The client.
    pub aud: String,
    /// Until when.
    #[serde(with = "crate::seconds")]
    pub exp: UnixTime,
    /// Since when.
    #[serde(with = "crate::seconds")]
    pub iat: UnixTime,
    /// When the person signed in.
    #[serde(
        with = "crate::seconds::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub auth_time: Option<UnixTime>,
    /// As the request had it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// How surely.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// By what.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// The access token that came along.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// The session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// Claims about the person.
    #[serde(flatten)]
    pub custom: Custom,
}

/// Claims by name, none of them reserved.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Custom(BTreeMap<String, RawJson>);

impl Custom {
    /// Adds a claim; answers whether its name is free, so that it was added.
    pub fn insert(&mut self, name: impl Into<String>, value: RawJson) -> bool {
        let name = name.into();
        let free = is_free(&name);
        if free {
            self.0.insert(name, value);
        }
        free
    }
}

/// `at_hash` (OpenID Connect Core §3.1.3.6): the left half of a hash that the id token's algorithm
/// names; SHA-512 for Ed25519, whose own it is, and where the algorithm names none.
pub fn at_hash(access_token: &str, id_token: Algorithm, backend: &dyn Backend) -> String {
    let hash = id_token.row().hash.unwrap_or(Hash::Sha512);
    let digest = backend.digest(hash, access_token.as_bytes());
    let half = digest.as_ref().get(..hash.output_len() / 2);
    base64url::encode(half.unwrap_or_default())
}

/// A scope and the claims it tells (OpenID Connect Core §5.4).
const BY_SCOPE: [(&str, &[&str]); 4] = [
    (
        "profile",
        &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ],
    ),
    ("email", &["email", "email_verified"]),
    ("address", &["address"]),
    ("phone", &["phone_number", "phone_number_verified"]),
];

/// The claims about a person that a scope tells.
pub fn told_by(scope: &Scope) -> impl Iterator<Item = &'static str> {
    let rows = BY_SCOPE.iter().filter(|(word, _)| scope.contains(word));
    rows.flat_map(|(_, claims)| claims.iter().copied())
}

/// The word of a scope that tells a claim about a person.
pub fn word_for(claim: &str) -> Option<&'static str> {
    let mut rows = BY_SCOPE.iter();
    rows.find(|(_, claims)| claims.contains(&claim))
        .map(|(word, _)| *word)
}

/// All claims that an id token or the userinfo endpoint may tell.
pub(crate) fn told() -> impl Iterator<Item = &'static str> {
    let always = [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "acr",
        "amr",
        "sid",
    ];
    let rows = BY_SCOPE.iter();
    always
        .into_iter()
        .chain(rows.flat_map(|(_, claims)| claims.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeton_jose::json::{Document, Options, to_string};

    fn raw(text: &str) -> RawJson {
        let document = Document::parse(text.as_bytes(), &Options::strict()).unwrap();
        RawJson::from(document.root())
    }

    #[test]
    fn an_access_token_says_what_rfc_9068_asks_for() {
        let mut custom = Custom::default();
        assert!(custom.insert("tenant", raw("1.50")));
        assert!(!custom.insert("sub", raw("\"eve\"")));
        let claims = AccessTokenClaims {
            iss: "https://i.example".to_owned(),
            sub: "ada".to_owned(),
            aud: Audience::from(["https://a.example", "https://b.example"]),
            exp: UnixTime::from_seconds(310),
            iat: UnixTime::from_seconds(10),
            jti: "j".to_owned(),
            client_id: "app".to_owned(),
            scope: Scope::parse("orders:read").unwrap(),
            sid: None,
            auth_time: Some(UnixTime::from_seconds(5)),
            acr: None,
            amr: vec!["pwd".to_owned()],
            roles: Some(vec![]),
            permissions: None,
            act: None,
            cnf: Some(Confirmation::Certificate("x".to_owned())),
            userinfo_claims: vec![],
            custom,
        };
        assert_eq!(
            to_string(&claims).unwrap(),
            "{\"iss\":\"https://i.example\",\"sub\":\"ada\",\
             \"aud\":[\"https://a.example\",\"https://b.example\"],\"exp\":310,\"iat\":10,\
             \"jti\":\"j\",\"client_id\":\"app\",\"scope\":\"orders:read\",\"auth_time\":5,\
             \"amr\":[\"pwd\"],\"roles\":[],\"cnf\":{\"x5t#S256\":\"x\"},\"tenant\":1.50}"
        );
    }

    #[test]
    fn at_hash_is_the_one_of_the_standard() {
        // OpenID Connect Core appendix A.3.
        let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        for backend in jeton_testkit::backends() {
            assert_eq!(
                at_hash(token, Algorithm::RS256, backend),
                "77QmUPtjPfzWtF2AnpK9RQ"
            );
            assert_eq!(at_hash(token, Algorithm::ES384, backend).len(), 32);
            assert_eq!(at_hash(token, Algorithm::Ed25519, backend).len(), 43);
        }
    }

    #[test]
    fn a_chain_of_actors_has_an_end() {
        let actor = |name: usize| Actor {
            sub: format!("service-{name}"),
            client_id: None,
            act: None,
        };
        let longest = (1..Actor::LONGEST_CHAIN)
            .try_fold(actor(0), |chain, name| actor(name).after(Some(chain)));
        let longest = longest.unwrap();
        assert_eq!(longest.sub, "service-7");
        assert_eq!(longest.act.as_ref().unwrap().sub, "service-6");
        assert_eq!(actor(9).after(Some(longest)), None);
    }

    #[test]
    fn a_scope_tells_its_claims() {
        let told: Vec<_> = told_by(&Scope::parse("openid email").unwrap()).collect();
        assert_eq!(told, ["email", "email_verified"]);
        assert_eq!(told_by(&Scope::parse("openid").unwrap()).count(), 0);
    }
}
