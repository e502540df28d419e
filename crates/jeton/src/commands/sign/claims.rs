//! The claims to sign, from a file and from options.

use core::str::FromStr;

use jeton_jose::base64url;
use jeton_jose::json::{Document, Kind, Options};
use jeton_jose::{Code, UnixTime};

use crate::failure::Failure;
use crate::input::{SMALL, Source, text};
use crate::json_text::{Object, array, string};
use crate::moment::Moment;

#[derive(Debug, clap::Args)]
pub(in crate::commands) struct ClaimOptions {
    /// The claims as a JSON object: @file, - or the text itself
    ///
    /// Without any other option for claims the text is taken exactly as it is.
    #[arg(long, value_name = "SOURCE", help_heading = "Claims")]
    pub(in crate::commands) claims: Option<Source>,
    /// A claim; the value is JSON if it reads as JSON, and a string otherwise
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Claims")]
    claim: Vec<Pair>,
    /// Issuer
    #[arg(long, value_name = "ISSUER", help_heading = "Claims")]
    iss: Option<String>,
    /// Subject
    #[arg(long, value_name = "SUBJECT", help_heading = "Claims")]
    sub: Option<String>,
    /// Audience; a list if given again
    #[arg(long, value_name = "AUDIENCE", help_heading = "Claims")]
    aud: Vec<String>,
    /// When it expires: 15m from now, or a time
    #[arg(long, value_name = "TIME", value_parser = Moment::parse_later, help_heading = "Claims")]
    exp: Option<Moment>,
    /// When it becomes valid: 1m from now, or a time
    #[arg(long, value_name = "TIME", value_parser = Moment::parse_later, allow_hyphen_values = true, help_heading = "Claims")]
    nbf: Option<Moment>,
    /// When it was issued; by default now
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = "Claims"
    )]
    iat: Option<Moment>,
    /// Leave `iat` out
    #[arg(long, conflicts_with = "iat", help_heading = "Claims")]
    no_iat: bool,
    /// Token id; `auto` draws 128 random bits
    #[arg(long, value_name = "ID", help_heading = "Claims")]
    jti: Option<String>,
}

/// The options that make no sense beside a payload.
pub(in crate::commands) const CLAIM_OPTIONS: [&str; 10] = [
    "claims", "claim", "iss", "sub", "aud", "exp", "nbf", "iat", "no_iat", "jti",
];

/// A name and the JSON text of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::commands) struct Pair {
    pub(in crate::commands) name: String,
    pub(in crate::commands) json: String,
}

impl FromStr for Pair {
    type Err = String;

    fn from_str(argument: &str) -> Result<Self, String> {
        let (name, value) = argument.split_once('=').ok_or("expected NAME=VALUE")?;
        if name.is_empty() {
            return Err("the name is empty".to_owned());
        }
        let is_json = Document::parse(value.as_bytes(), &Options::strict()).is_ok();
        Ok(Self {
            name: name.to_owned(),
            json: if is_json {
                value.trim_ascii().to_owned()
            } else {
                string(value)
            },
        })
    }
}

impl ClaimOptions {
    /// The JSON text to sign.
    pub(in crate::commands) fn compose(&self, now: UnixTime) -> Result<String, Failure> {
        let base = self.claims.as_ref().map(base).transpose()?;
        if let Some(base) = &base
            && self.is_bare()
        {
            return Ok(base.clone());
        }
        let mut members = base
            .as_deref()
            .map(read_members)
            .transpose()?
            .unwrap_or_default();
        let names_iat = |pair: &Pair| pair.name == "iat";
        let dated =
            self.no_iat || self.iat.is_some() || members.iter().chain(&self.claim).any(names_iat);
        let iat = if dated { self.iat } else { Some(Moment::Now) };
        let given = self.given(iat, now)?;
        for (position, pair) in given.iter().enumerate() {
            if given
                .iter()
                .take(position)
                .any(|earlier| earlier.name == pair.name)
            {
                return Err(Failure::usage(format!(
                    "the claim `{}` is given twice",
                    pair.name
                )));
            }
        }
        for pair in given {
            set(&mut members, pair);
        }
        let mut object = Object::new();
        for member in &members {
            object.raw(&member.name, &member.json);
        }
        Ok(object.finish())
    }

    fn is_bare(&self) -> bool {
        self.claim.is_empty()
            && self.iss.is_none()
            && self.sub.is_none()
            && self.aud.is_empty()
            && self.exp.is_none()
            && self.nbf.is_none()
            && self.iat.is_none()
            && self.jti.is_none()
    }

    /// What the options say, `iat` settled already.
    fn given(&self, iat: Option<Moment>, now: UnixTime) -> Result<Vec<Pair>, Failure> {
        let mut given = Vec::new();
        let mut add = |name: &str, json: Option<String>| {
            given.extend(json.map(|json| Pair {
                name: name.to_owned(),
                json,
            }));
        };
        let time =
            |moment: Option<Moment>| moment.map(|moment| moment.resolve(now).seconds().to_string());
        add("iss", self.iss.as_deref().map(string));
        add("sub", self.sub.as_deref().map(string));
        add(
            "aud",
            match self.aud.as_slice() {
                [] => None,
                [one] => Some(string(one)),
                many => Some(array(many.iter().map(|one| string(one)))),
            },
        );
        add("exp", time(self.exp));
        add("nbf", time(self.nbf));
        add("iat", time(iat));
        add(
            "jti",
            match self.jti.as_deref() {
                Some("auto") => Some(string(&random_id()?)),
                other => other.map(string),
            },
        );
        given.extend(self.claim.iter().cloned());
        Ok(given)
    }
}

fn set(members: &mut Vec<Pair>, pair: Pair) {
    match members.iter_mut().find(|member| member.name == pair.name) {
        Some(member) => *member = pair,
        None => members.push(pair),
    }
}

/// The text of the claims; surrounding white space belongs to it.
fn base(source: &Source) -> Result<String, Failure> {
    let text = text(
        source.read("claims object", SMALL)?,
        "claims object",
        "--claims",
    )?;
    read_members(&text).map_err(|failure| match source {
        Source::Text(text) if !text.contains('{') => {
            failure.hint("claims in a file are given as @file")
        }
        _ => failure,
    })?;
    Ok(text)
}

fn read_members(text: &str) -> Result<Vec<Pair>, Failure> {
    let document = Document::parse(text.as_bytes(), &Options::claims()).map_err(|error| {
        Failure::coded(error.code(), "the claims are not acceptable JSON").cause(error.to_string())
    })?;
    let Some(object) = document.root().as_object() else {
        let kind: Kind = document.root().kind();
        return Err(Failure::coded(
            Code::ClaimsInvalid,
            format!("the claims are not a JSON object, but {kind}"),
        )
        .hint("any other payload is signed with --payload"));
    };
    Ok(object
        .iter()
        .map(|member| Pair {
            name: member.name.to_owned(),
            json: member.value.source().to_owned(),
        })
        .collect())
}

fn random_id() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::content("the system gave no random bytes").cause(error.to_string())
    })?;
    Ok(base64url::encode(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(argument: &str) -> Option<(String, String)> {
        argument
            .parse::<Pair>()
            .ok()
            .map(|pair| (pair.name, pair.json))
    }

    #[test]
    fn values_are_json_where_they_read_as_json() {
        let cases = [
            ("n=1.0", "n", "1.0"),
            ("b=true", "b", "true"),
            ("s=hello", "s", "\"hello\""),
            ("s=\"1\"", "s", "\"1\""),
            ("o={\"a\":[1]}", "o", "{\"a\":[1]}"),
            ("e=", "e", "\"\""),
            ("q=a=b", "q", "\"a=b\""),
            ("d={\"a\":1,\"a\":2}", "d", "\"{\\\"a\\\":1,\\\"a\\\":2}\""),
        ];
        for (argument, name, json) in cases {
            assert_eq!(
                pair(argument),
                Some((name.to_owned(), json.to_owned())),
                "{argument}"
            );
        }
        assert_eq!(pair("nothing"), None);
        assert_eq!(pair("=x"), None);
    }
}
