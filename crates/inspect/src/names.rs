//! What the names of header parameters, claims and key members mean.
//!
//! One table each, sorted by name: the registries of JOSE and JWT in our own words. To add a name,
//! add a row in its place. Names that are in no table are told apart by their look, and held against
//! the tables for typing mistakes.

/// A table of names, in the order of names so that it can be searched.
macro_rules! names {
    ($($name:literal: $label:literal, $kind:ident, $reference:literal, $meaning:literal;)*) => {
        pub(super) const TABLE: &[Name] = &[$(Name {
            name: $name,
            label: $label,
            kind: crate::names::ValueKind::$kind,
            reference: $reference,
            meaning: $meaning,
        },)*];
    };
}

mod algorithms;
mod claims;
mod header;
mod key;
mod media;
mod resemblance;

use jeton_jose::json;
use serde::Serialize;

pub use algorithms::{AlgorithmNote, Standing, algorithm};
pub(crate) use media::is_type;
pub use media::token_type;

/// One name of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name as it is written.
    pub name: &'static str,
    /// In words, to stand before a value.
    pub label: &'static str,
    /// What its value is meant to be.
    pub kind: ValueKind,
    /// The section that defines it.
    pub reference: &'static str,
    /// What it means, in a sentence without a full stop.
    pub meaning: &'static str,
}

/// What a value is meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// Any string.
    String,
    /// A string that is a URI if it has a colon (RFC 7519 §2).
    StringOrUri,
    /// A URL.
    Url,
    /// A string of space-separated words.
    Words,
    /// A string of base64url.
    Binary,
    /// Seconds since 1970 (RFC 7519 §2).
    Time,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An array.
    List,
    /// An array of strings.
    Strings,
    /// A string or an array of strings.
    StringOrStrings,
    /// An object.
    Object,
    /// A key.
    Key,
    /// Anything, or not known.
    Any,
}

impl ValueKind {
    /// Whether a value is of this kind as far as its JSON type tells.
    pub fn admits(self, value: json::Value<'_>) -> bool {
        let strings = || {
            value
                .as_array()
                .is_some_and(|list| list.iter().all(|item| item.as_str().is_some()))
        };
        match self {
            Self::String | Self::StringOrUri | Self::Url | Self::Words | Self::Binary => {
                value.kind() == json::Kind::String
            }
            Self::Time | Self::Number => value.kind() == json::Kind::Number,
            Self::Boolean => value.kind() == json::Kind::Bool,
            Self::List => value.kind() == json::Kind::Array,
            Self::Strings => strings(),
            Self::StringOrStrings => value.kind() == json::Kind::String || strings(),
            Self::Object | Self::Key => value.kind() == json::Kind::Object,
            Self::Any => true,
        }
    }

    /// In words, with an article.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::StringOrUri => "a string or URI",
            Self::Url => "a URL",
            Self::Words => "a string of words",
            Self::Binary => "a base64url string",
            Self::Time => "a number of seconds since 1970",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::List => "an array",
            Self::Strings => "an array of strings",
            Self::StringOrStrings => "a string or an array of strings",
            Self::Object => "an object",
            Self::Key => "a key (JWK)",
            Self::Any => "any value",
        }
    }
}

/// The kinds of names (RFC 7519 §4.1 to §4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// In the registry.
    Registered,
    /// Not registered, but made unlike any other: a URL, a URN or a domain name.
    Public,
    /// What its two sides agreed on; it may clash with others.
    Private,
}

/// The claim of this exact name.
pub fn claim(name: &str) -> Option<&'static Name> {
    look_up(claims::TABLE, name)
}

/// The header parameter of this exact name.
pub fn header_parameter(name: &str) -> Option<&'static Name> {
    look_up(header::TABLE, name)
}

/// The JWK member of this exact name.
pub fn key_member(name: &str) -> Option<&'static Name> {
    look_up(key::TABLE, name)
}

/// Every claim of the table, in the order of names.
pub fn claims() -> &'static [Name] {
    claims::TABLE
}

/// Every header parameter of the table, in the order of names.
pub fn header_parameters() -> &'static [Name] {
    header::TABLE
}

/// The registered claim that a name which is none seems to be a typing mistake of.
pub fn claim_resembled(name: &str) -> Option<&'static str> {
    resemblance::resembled(claims::TABLE, name)
}

/// The same for header parameters.
pub fn header_parameter_resembled(name: &str) -> Option<&'static str> {
    resemblance::resembled(header::TABLE, name)
}

impl ClaimKind {
    /// The kind of a name that is in no table.
    pub fn of_unregistered(name: &str) -> Self {
        if is_uri(name) || is_domain(name) {
            Self::Public
        } else {
            Self::Private
        }
    }
}

fn look_up(table: &'static [Name], name: &str) -> Option<&'static Name> {
    let at = table.binary_search_by(|row| row.name.cmp(name)).ok()?;
    table.get(at)
}

/// `https://example.com/x`, `urn:example:x`, `did:example:1`.
fn is_uri(name: &str) -> bool {
    let Some((scheme, rest)) = name.split_once(':') else {
        return false;
    };
    match scheme {
        "urn" | "did" | "tag" => rest.contains(':') || rest.contains(','),
        _ => {
            rest.starts_with("//")
                && rest.len() > 2
                && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
        }
    }
}

/// `example.com`, `example.com/x`, `com.example.x`: labels with a well-known top level at an end.
fn is_domain(name: &str) -> bool {
    const TOP_LEVELS: [&str; 18] = [
        "ai", "app", "biz", "cloud", "com", "dev", "edu", "eu", "gov", "id", "info", "int", "io",
        "me", "mil", "net", "org", "tech",
    ];
    let host = name.split_once('/').map_or(name, |(host, _)| host);
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let (Some((first, _)), Some((_, last))) = (host.split_once('.'), host.rsplit_once('.')) else {
        return false;
    };
    host.split('.').all(label)
        && (TOP_LEVELS.contains(&first)
            || TOP_LEVELS.contains(&last)
            || (last.len() == 2 && last.bytes().all(|byte| byte.is_ascii_lowercase())))
}

#[cfg(test)]
mod tests;
