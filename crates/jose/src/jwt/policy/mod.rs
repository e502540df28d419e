//! What a token must satisfy, as a value that is read from and written to files.

mod file;
mod preset;

pub use file::{Format, PolicyError, parse_duration};
pub use preset::Preset;

use core::time::Duration;

use crate::alg::AlgorithmSet;
use crate::json::{Number, Value};
use crate::jws::SignatureRules;

/// The rules of one kind of token. RFC 8725 §3.12 asks for rules that exclude each other, so make
/// one policy per kind.
///
/// An expectation that is set makes its claim required. The types of registered claims are
/// checked always (RFC 7519 §4.1).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// Algorithms, understood extensions and sizes.
    pub signature: SignatureRules,
    /// `iss` must be one of these; empty: not compared.
    pub issuers: Vec<String>,
    /// `sub` must be this.
    pub subject: Option<String>,
    /// `aud` must name at least one of these; empty: not compared.
    pub audiences: Vec<String>,
    /// What `typ` must be.
    pub typ: Option<TypeRule>,
    /// Claims that must be there.
    pub required: Vec<String>,
    /// Claims that must not be there.
    pub forbidden: Vec<String>,
    /// How far clocks may differ, for `exp`, `nbf` and `iat`. Zero by default.
    pub leeway: Duration,
    /// Longest time since `iat`, which thereby is required.
    pub max_age: Option<Duration>,
    /// Rules on other claims.
    pub rules: Vec<Rule>,
}

/// What the `typ` header parameter must be, with or without `application/`, in any case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeRule {
    /// One of these.
    pub any_of: Vec<String>,
    /// Whether it may be absent.
    pub optional: bool,
}

/// A rule on a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Where the claim is: names from the outside in.
    pub path: Vec<String>,
    /// Whether the claim may be absent.
    pub optional: bool,
    /// What its value must be.
    pub condition: Condition,
}

/// What a claim's value must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Anything.
    Present,
    /// One of these values.
    OneOf(Vec<Scalar>),
    /// An array with, or a space-separated string of, all of these.
    Contains(Vec<Scalar>),
    /// A string that fits as a whole.
    Pattern(Pattern),
    /// The same value as the claim at this path.
    SameAs(Vec<String>),
}

/// A value to compare with.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(
    untagged,
    expecting = "expected a string, a whole number, `true` or `false`"
)]
pub enum Scalar {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A string, compared exactly.
    String(String),
}

/// A regular expression that is matched in linear time and must fit the whole string.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: String,
    regex: regex_lite::Regex,
}

impl Policy {
    /// A policy that accepts these algorithms and compares nothing else: `exp` and `nbf` are
    /// honoured where they are present.
    pub fn new(algorithms: impl Into<AlgorithmSet>) -> Self {
        Self {
            signature: SignatureRules::new(algorithms),
            ..Self::default()
        }
    }

    /// Expects one of these issuers.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuers.push(issuer.into());
        self
    }

    /// Expects this subject.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Expects this audience, or one of several when called again.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Expects this `typ`, or one of several when called again.
    #[must_use]
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.typ.get_or_insert_default().any_of.push(typ.into());
        self
    }

    /// Requires a claim.
    #[must_use]
    pub fn require(mut self, claim: impl Into<String>) -> Self {
        self.required.push(claim.into());
        self
    }

    /// Allows clocks to differ by this much.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// Refuses tokens issued longer ago; requires `iat`.
    #[must_use]
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// Adds a rule on a claim.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }
}

impl Rule {
    /// The claim at this path must be there and satisfy the condition.
    pub fn new<S: Into<String>>(path: impl IntoIterator<Item = S>, condition: Condition) -> Self {
        Self {
            path: path.into_iter().map(Into::into).collect(),
            optional: false,
            condition,
        }
    }

    /// The path as errors show it: `realm_access > roles`.
    pub fn name(&self) -> String {
        self.path.join(" > ")
    }
}

impl Scalar {
    /// Whether the JSON value is exactly this one.
    pub fn matches(&self, value: Value<'_>) -> bool {
        match self {
            Self::Bool(wanted) => value.as_bool() == Some(*wanted),
            Self::Integer(wanted) => value.as_number().and_then(Number::to_i64) == Some(*wanted),
            Self::String(wanted) => value.as_str() == Some(wanted),
        }
    }
}

impl Pattern {
    /// Compiles the expression; at most 1,000 bytes, so that its size stays bounded.
    pub fn new(source: &str) -> Result<Self, PolicyError> {
        let invalid = |problem: String| PolicyError::pattern(&problem);
        if source.len() > 1000 {
            return Err(invalid("is longer than 1000 bytes".to_owned()));
        }
        // Alone first, so that no unbalanced parenthesis escapes the group that anchors it.
        let compile = |source: &str| {
            regex_lite::RegexBuilder::new(source)
                .size_limit(1 << 20)
                .build()
                .map_err(|error| invalid(error.to_string()))
        };
        compile(source)?;
        let regex = compile(&format!(r"\A(?:{source})\z"))?;
        Ok(Self {
            source: source.to_owned(),
            regex,
        })
    }

    /// The expression as it was given.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether the whole text fits.
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}
