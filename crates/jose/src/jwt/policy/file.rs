//! The form of a policy in TOML and JSON: one schema for command line, page, service and gateway.

use core::fmt;
use core::time::Duration;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Condition, Pattern, Policy, Preset, Rule, Scalar, TypeRule};
use crate::alg::{Algorithm, AlgorithmSet};
use crate::code::Code;
use crate::json;
use crate::jws::SignatureRules;
use crate::limits::Limits;

/// How a policy file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

/// Why a policy was refused; the message names line and key where they are known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PolicyError {
    message: String,
}

impl PolicyError {
    /// The stable code.
    pub fn code(&self) -> Code {
        Code::PolicyInvalid
    }

    pub(super) fn pattern(problem: &str) -> Self {
        Self::new(format!("pattern {problem}"))
    }

    pub(super) fn preset(name: &str) -> Self {
        let known = Preset::ALL.map(Preset::name).join(", ");
        Self::new(format!("unknown preset `{name}`; there are {known}"))
    }

    fn new(message: String) -> Self {
        Self { message }
    }
}

impl Policy {
    /// Reads a policy from TOML, at most 1 MiB. Unknown keys are refused.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        if text.len() > LONGEST_FILE {
            return Err(PolicyError::new("longer than 1 MiB".to_owned()));
        }
        toml::from_str(text)
            .map_err(|error| PolicyError::new(error.to_string().trim_end().to_owned()))
    }

    /// Reads a policy from JSON, at most 1 MiB. Unknown keys and duplicate names are refused.
    pub fn from_json(text: &str) -> Result<Self, PolicyError> {
        let document = json::Document::parse(text.as_bytes(), &json::Options::strict())
            .map_err(|error| PolicyError::new(error.to_string()))?;
        json::from_value(document.root()).map_err(|error| PolicyError::new(error.to_string()))
    }

    /// Writes what differs from the default, so that reading it gives the same policy; but
    /// `dangerous_unprotected_algorithm` has no key.
    ///
    /// # Errors
    /// A duration that is no whole number of seconds.
    pub fn to_text(&self, format: Format) -> Result<String, PolicyError> {
        match format {
            Format::Toml => {
                toml::to_string_pretty(self).map_err(|error| PolicyError::new(error.to_string()))
            }
            Format::Json => {
                let text =
                    json::to_string(self).map_err(|error| PolicyError::new(error.to_string()))?;
                let document = json::Document::parse(text.as_bytes(), &json::Options::strict())
                    .map_err(|error| PolicyError::new(error.to_string()))?;
                Ok(json::pretty(document.root()))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        File::deserialize(deserializer)?
            .into_policy()
            .map_err(D::Error::custom)
    }
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        File::from(self).serialize(serializer)
    }
}

/// Longest file in bytes; the JSON reader has the same limit of its own.
const LONGEST_FILE: usize = 1 << 20;

/// The keys of a policy file.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    /// Start from a preset. `required`, `forbidden` and `claim` add to it, the other keys replace
    /// its values.
    #[serde(skip_serializing_if = "Option::is_none")]
    preset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    algorithms: Option<Vec<Name>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<OneOrMany>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<OneOrMany>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    typ: Option<OneOrMany>,
    #[serde(skip_serializing_if = "Option::is_none")]
    type_optional: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forbidden: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leeway: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    critical: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<FileLimits>,
    #[serde(rename = "claim", skip_serializing_if = "Option::is_none")]
    rules: Option<Vec<FileRule>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileLimits {
    #[serde(skip_serializing_if = "Option::is_none")]
    token_bytes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_depth: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signatures: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disclosures: Option<usize>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FileRule {
    path: OneOrMany,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    optional: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    equals: Option<Scalar>,
    #[serde(skip_serializing_if = "Option::is_none")]
    one_of: Option<Vec<Scalar>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contains: Option<Vec<Scalar>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_as: Option<OneOrMany>,
}

/// A string stands for a list of one.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a string or a list of strings")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    fn into_list(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }

    /// The list, if it has something in it: an empty one must not read as "anything goes".
    fn into_some(self, key: &str) -> Result<Vec<String>, PolicyError> {
        let list = self.into_list();
        if list.is_empty() {
            return Err(empty(key));
        }
        Ok(list)
    }

    fn from_list(list: &[String]) -> Self {
        match list {
            [one] => Self::One(one.clone()),
            many => Self::Many(many.to_vec()),
        }
    }
}

/// An algorithm by name.
struct Name(Algorithm);

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Algorithm::from_name(&name).map(Self).ok_or_else(|| {
            let known: AlgorithmSet = Algorithm::ALL.iter().copied().collect();
            D::Error::custom(format!("unknown algorithm `{name}`; there are {known}"))
        })
    }
}

/// A duration: `30s`, `15m`, `1h`, `7d`, or a number of seconds.
struct Span(Duration);

/// Reads a duration as policy files and the command line write it: a whole number with `s`, `m`,
/// `h` or `d`, or without a unit for seconds.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text.get(digits.len()..)? {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86400,
        _ => return None,
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = digits.parse::<u64>().ok()?.checked_mul(factor)?;
    Some(Duration::from_secs(seconds))
}

fn write_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let unit = [(86400, "d"), (3600, "h"), (60, "m")]
        .into_iter()
        .find(|(factor, _)| seconds > 0 && seconds.is_multiple_of(*factor));
    match unit {
        Some((factor, unit)) => format!("{}{unit}", seconds / factor),
        None => format!("{seconds}s"),
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.subsec_nanos() != 0 {
            return Err(S::Error::custom("durations are written in whole seconds"));
        }
        serializer.serialize_str(&write_duration(self.0))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Span;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a duration such as \"30s\", \"15m\", \"1h\" or \"7d\", or a number of seconds",
                )
            }

            fn visit_u64<E: serde::de::Error>(self, seconds: u64) -> Result<Span, E> {
                Ok(Span(Duration::from_secs(seconds)))
            }

            fn visit_i64<E: serde::de::Error>(self, seconds: i64) -> Result<Span, E> {
                u64::try_from(seconds)
                    .map(|seconds| Span(Duration::from_secs(seconds)))
                    .map_err(|_| E::invalid_value(serde::de::Unexpected::Signed(seconds), &self))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Span, E> {
                parse_duration(text)
                    .map(Span)
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl File {
    fn into_policy(self) -> Result<Policy, PolicyError> {
        let mut policy = match &self.preset {
            Some(name) => name.parse::<Preset>()?.policy(),
            None => Policy::default(),
        };
        if self.algorithms.as_ref().is_some_and(Vec::is_empty) {
            return Err(PolicyError::new(
                "`algorithms` is empty, so that it would accept nothing; leave it out or name some"
                    .to_owned(),
            ));
        }
        policy.signature = self.signature_rules(policy.signature);
        policy.subject = self.subject.or(policy.subject);
        if let Some(issuer) = self.issuer {
            policy.issuers = issuer.into_some("issuer")?;
        }
        if let Some(audience) = self.audience {
            policy.audiences = audience.into_some("audience")?;
        }
        add(&mut policy.required, self.required);
        add(&mut policy.forbidden, self.forbidden);
        policy.leeway = self.leeway.map_or(policy.leeway, |span| span.0);
        policy.max_age = self.max_age.map(|span| span.0).or(policy.max_age);
        if let Some(typ) = self.typ {
            policy.typ = Some(TypeRule {
                any_of: typ.into_list(),
                optional: false,
            });
        }
        if let Some(optional) = self.type_optional {
            policy
                .typ
                .as_mut()
                .ok_or_else(|| PolicyError::new("`type_optional` needs `type`".to_owned()))?
                .optional = optional;
        }
        let rules = self.rules.unwrap_or_default();
        for rule in rules {
            policy.rules.push(rule.into_rule()?);
        }
        Ok(policy)
    }

    fn signature_rules(&self, preset: SignatureRules) -> SignatureRules {
        let limits = self.limits.as_ref().map_or(preset.limits, |limits| Limits {
            token_bytes: limits.token_bytes.unwrap_or(preset.limits.token_bytes),
            json_depth: limits.json_depth.unwrap_or(preset.limits.json_depth),
            signatures: limits.signatures.unwrap_or(preset.limits.signatures),
            disclosures: limits.disclosures.unwrap_or(preset.limits.disclosures),
            ..preset.limits
        });
        SignatureRules {
            algorithms: self.algorithms.as_ref().map_or(preset.algorithms, |names| {
                names.iter().map(|name| name.0).collect()
            }),
            critical: self.critical.clone().unwrap_or(preset.critical),
            limits,
            dangerous_unprotected_algorithm: false,
        }
    }
}

fn add(list: &mut Vec<String>, names: Option<Vec<String>>) {
    for name in names.unwrap_or_default() {
        if !list.contains(&name) {
            list.push(name);
        }
    }
}

fn empty(key: &str) -> PolicyError {
    PolicyError::new(format!(
        "`{key}` is an empty list, so it would check nothing; leave it out"
    ))
}

impl FileRule {
    fn into_rule(self) -> Result<Rule, PolicyError> {
        let path = self.path.into_list();
        if path.is_empty() {
            return Err(PolicyError::new("a [[claim]] needs a `path`".to_owned()));
        }
        let mut conditions = Vec::new();
        conditions.extend(self.equals.map(|value| Condition::OneOf(vec![value])));
        conditions.extend(self.one_of.map(Condition::OneOf));
        if let Some(values) = self.contains {
            if values.is_empty() {
                return Err(empty("contains"));
            }
            conditions.push(Condition::Contains(values));
        }
        if let Some(path) = self.same_as {
            conditions.push(Condition::SameAs(path.into_some("same_as")?));
        }
        if let Some(pattern) = &self.pattern {
            conditions.push(Condition::Pattern(Pattern::new(pattern)?));
        }
        if conditions.len() > 1 {
            return Err(PolicyError::new(format!(
                "the [[claim]] `{}` has several conditions; give each its own [[claim]]",
                path.join(" > ")
            )));
        }
        Ok(Rule {
            path,
            optional: self.optional,
            condition: conditions.pop().unwrap_or(Condition::Present),
        })
    }
}

impl From<&Policy> for File {
    fn from(policy: &Policy) -> Self {
        let list = |list: &Vec<String>| (!list.is_empty()).then(|| OneOrMany::from_list(list));
        let limits = policy.signature.limits;
        Self {
            preset: None,
            algorithms: (!policy.signature.algorithms.is_empty())
                .then(|| policy.signature.algorithms.iter().map(Name).collect()),
            issuer: list(&policy.issuers),
            subject: policy.subject.clone(),
            audience: list(&policy.audiences),
            typ: policy
                .typ
                .as_ref()
                .map(|rule| OneOrMany::from_list(&rule.any_of)),
            type_optional: policy
                .typ
                .as_ref()
                .filter(|rule| rule.optional)
                .map(|_| true),
            required: (!policy.required.is_empty()).then(|| policy.required.clone()),
            forbidden: (!policy.forbidden.is_empty()).then(|| policy.forbidden.clone()),
            leeway: (!policy.leeway.is_zero()).then_some(Span(policy.leeway)),
            max_age: policy.max_age.map(Span),
            critical: (!policy.signature.critical.is_empty())
                .then(|| policy.signature.critical.clone()),
            limits: (limits != Limits::default()).then_some(FileLimits {
                token_bytes: Some(limits.token_bytes),
                json_depth: Some(limits.json_depth),
                signatures: Some(limits.signatures),
                disclosures: Some(limits.disclosures),
            }),
            rules: (!policy.rules.is_empty())
                .then(|| policy.rules.iter().map(FileRule::from).collect()),
        }
    }
}

impl From<&Rule> for FileRule {
    fn from(rule: &Rule) -> Self {
        let mut file = Self {
            path: OneOrMany::from_list(&rule.path),
            optional: rule.optional,
            ..Self::default()
        };
        match &rule.condition {
            Condition::Present => {}
            Condition::OneOf(values) => match values.as_slice() {
                [value] => file.equals = Some(value.clone()),
                values => file.one_of = Some(values.to_vec()),
            },
            Condition::Contains(values) => file.contains = Some(values.clone()),
            Condition::Pattern(pattern) => file.pattern = Some(pattern.source().to_owned()),
            Condition::SameAs(path) => file.same_as = Some(OneOrMany::from_list(path)),
        }
        file
    }
}
