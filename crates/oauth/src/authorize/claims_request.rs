//! The `claims` parameter (OpenID Connect Core §5.5).

use std::collections::BTreeMap;

use jeton_jose::json::{self, Document, Options, RawJson};

use crate::error::{OAuthError, invalid_request};

/// Single claims that a client asks for, by where it wants them.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ClaimsRequest {
    /// From the userinfo endpoint.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub userinfo: BTreeMap<String, Option<Requested>>,
    /// In the id token.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub id_token: BTreeMap<String, Option<Requested>>,
}

/// How a claim is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Requested {
    /// Whether the client can hardly do without.
    pub essential: bool,
    /// The value it should have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<RawJson>,
    /// The values it may have, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<RawJson>,
}

impl ClaimsRequest {
    /// Reads the parameter.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let document = Document::parse(text.as_bytes(), &Options::strict())
            .map_err(|_| invalid_request("`claims` is not JSON"))?;
        json::from_value(document.root())
            .map_err(|_| invalid_request("`claims` is not a claims request"))
    }

    /// The subject that the id token has to be about, if one is asked for.
    pub fn subject(&self) -> Option<String> {
        let requested = self.id_token.get("sub")?.as_ref()?;
        string(requested.value.as_ref()?)
    }

    /// Whether a sign-in of this class will do: any will, unless others are asked for as essential
    /// (§5.5.1.1).
    pub fn admits_acr(&self, acr: Option<&str>) -> bool {
        let Some(Some(requested)) = self.id_token.get("acr") else {
            return true;
        };
        let mut wanted = requested.value.iter().chain(&requested.values).peekable();
        !requested.essential
            || wanted.peek().is_none()
            || wanted.any(|one| acr.is_some() && string(one).as_deref() == acr)
    }
}

fn string(value: &RawJson) -> Option<String> {
    let document = Document::parse(value.text().as_bytes(), &Options::strict()).ok()?;
    document.root().as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_the_standard_is_read() {
        let text = r#"{"userinfo":{"given_name":{"essential":true},"nickname":null,"x":{"purpose":"y"}},
            "id_token":{"auth_time":{"essential":true},"acr":{"values":["urn:1","urn:2"]},"sub":{"value":"ada"}}}"#;
        let claims = ClaimsRequest::parse(text).unwrap();
        assert!(claims.userinfo["given_name"].as_ref().unwrap().essential);
        assert_eq!(claims.userinfo["nickname"], None);
        assert_eq!(claims.id_token["acr"].as_ref().unwrap().values.len(), 2);
        assert_eq!(claims.subject().as_deref(), Some("ada"));
        let text = json::to_string(&claims).unwrap();
        assert_eq!(ClaimsRequest::parse(&text).unwrap(), claims);
    }

    #[test]
    fn only_what_is_essential_has_to_be_met() {
        let admits = |acr: &str, has: Option<&str>| {
            let claims = ClaimsRequest::parse(&format!(r#"{{"id_token":{{"acr":{acr}}}}}"#));
            claims.unwrap().admits_acr(has)
        };
        for lenient in ["null", r#"{"values":["b"]}"#, r#"{"essential":true}"#] {
            assert!(
                admits(lenient, Some("a")) && admits(lenient, None),
                "{lenient}"
            );
        }
        for strict in [
            r#"{"essential":true,"values":["b","c"]}"#,
            r#"{"essential":true,"value":"c"}"#,
        ] {
            assert!(admits(strict, Some("c")), "{strict}");
            assert!(
                !admits(strict, Some("a")) && !admits(strict, None),
                "{strict}"
            );
        }
        assert!(!admits(r#"{"essential":true,"value":7}"#, None));
        assert!(ClaimsRequest::default().admits_acr(None));
    }

    #[test]
    fn other_json_is_refused() {
        for text in [
            "",
            "[]",
            "{",
            r#"{"userinfo":[]}"#,
            r#"{"id_token":{"a":{"essential":"x"}}}"#,
        ] {
            assert!(ClaimsRequest::parse(text).is_err(), "{text}");
        }
        assert_eq!(
            ClaimsRequest::parse("{}").unwrap(),
            ClaimsRequest::default()
        );
    }
}
