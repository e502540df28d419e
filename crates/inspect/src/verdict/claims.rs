//! The checks of the claims: what each expectation of the policy wants, and what is there.

use core::fmt::Display;

use jeton_jose::json::Value;
use jeton_jose::jwt::policy::{Condition, Rule, Scalar, TypeRule};
use jeton_jose::jwt::{ClaimError, Claims, Error, Expectation, Unverified};
use jeton_jose::{Policy, UnixTime};

use super::{Check, Outcome, Seen};
use crate::moment::{self, counted};

/// The claims as JSON first, then each expectation. `signed` says whether a good signature covers
/// them.
pub(super) fn checks(
    token: &Unverified<'_>,
    policy: &Policy,
    now: UnixTime,
    signed: bool,
) -> Vec<Check> {
    let claims = match token.unverified_claims() {
        Ok(claims) => claims,
        Err(error) => return vec![object(None, Some(&error), signed)],
    };
    let header = token.unverified_header();
    let mut checks = vec![object(Some(&claims), None, signed)];
    policy.check_unverified(header, &claims, now, &mut |expectation, failure| {
        let (rule, subject) = name(&expectation);
        let seen = match &expectation {
            Expectation::TokenType(_) => header.get("typ"),
            _ => look_up(&expectation, &claims),
        };
        checks.push(Check {
            rule,
            subject,
            signature: None,
            wanted: wanted(&expectation),
            seen: seen.map(|value| Seen::Json(value.into())),
            outcome: outcome(failure.is_some()),
            proven: signed,
            code: failure.as_ref().map(ClaimError::code),
            message: failure.as_ref().map(ToString::to_string),
        });
    });
    checks
}

fn object(claims: Option<&Claims>, failure: Option<&Error>, signed: bool) -> Check {
    let count = claims.and_then(|claims| Some(claims.value().as_object()?.len()));
    Check {
        rule: "claims",
        subject: None,
        signature: None,
        wanted: "a JSON object without duplicate names".to_owned(),
        seen: count.map(|count| {
            Seen::Text(format!(
                "an object with {}",
                counted(count as u64, "member")
            ))
        }),
        outcome: outcome(failure.is_some()),
        proven: signed,
        code: failure.map(Error::code),
        message: failure.map(ToString::to_string),
    }
}

fn outcome(failed: bool) -> Outcome {
    if failed {
        Outcome::Failed
    } else {
        Outcome::Passed
    }
}

/// The stable name, and the claim where the rule can be about any.
fn name(expectation: &Expectation<'_>) -> (&'static str, Option<String>) {
    match expectation {
        Expectation::Type { claim, .. } => ("type", Some((*claim).to_owned())),
        Expectation::TokenType(_) => ("typ", None),
        Expectation::Issuer(_) => ("iss", None),
        Expectation::Subject(_) => ("sub", None),
        Expectation::Audience(_) => ("aud", None),
        Expectation::ExpiresAfter(_) => ("exp", None),
        Expectation::ValidBy(_) => ("nbf", None),
        Expectation::IssuedBetween(..) => ("iat", None),
        Expectation::Required(claim) => ("required", Some((*claim).to_owned())),
        Expectation::Forbidden(claim) => ("forbidden", Some((*claim).to_owned())),
        Expectation::Rule(rule) => ("claim", Some(rule.name())),
        _ => ("other", None),
    }
}

fn look_up<'c>(expectation: &Expectation<'_>, claims: &'c Claims) -> Option<Value<'c>> {
    match expectation {
        Expectation::Type { claim, .. }
        | Expectation::Required(claim)
        | Expectation::Forbidden(claim) => claims.get(claim),
        Expectation::Rule(rule) => claims.nested(&rule.path),
        other => claims.get(name(other).0),
    }
}

fn wanted(expectation: &Expectation<'_>) -> String {
    match expectation {
        Expectation::Type { expected, .. } => (*expected).to_owned(),
        Expectation::TokenType(rule) => wanted_type(rule),
        Expectation::Issuer(names) | Expectation::Audience(names) => any_of(names),
        Expectation::Subject(name) => quoted(name),
        Expectation::ExpiresAfter(time) => format!("later than {}", written(*time)),
        Expectation::ValidBy(time) => format!("no later than {}", written(*time)),
        Expectation::IssuedBetween(from, to) => {
            format!("from {} to {}", written(*from), written(*to))
        }
        Expectation::Required(_) => "present".to_owned(),
        Expectation::Forbidden(_) => "absent".to_owned(),
        Expectation::Rule(rule) => wanted_rule(rule),
        _ => String::new(),
    }
}

fn wanted_type(rule: &TypeRule) -> String {
    let mut text = any_of(&rule.any_of);
    if rule.optional {
        text.push_str(", or absent");
    }
    text
}

fn wanted_rule(rule: &Rule) -> String {
    let mut text = match &rule.condition {
        Condition::Present => "present".to_owned(),
        Condition::OneOf(values) => format!("one of {}", list(values.iter().map(scalar))),
        Condition::Contains(values) => format!("contains {}", list(values.iter().map(scalar))),
        Condition::Pattern(pattern) => format!("fits the pattern {}", pattern.source()),
        Condition::SameAs(path) => format!("the same as `{}`", path.join(" > ")),
    };
    if rule.optional {
        text.push_str(", or absent");
    }
    text
}

fn any_of(names: &[String]) -> String {
    match names {
        [one] => quoted(one),
        names => format!("one of {}", list(names.iter().map(|name| quoted(name)))),
    }
}

fn list(items: impl Iterator<Item = impl Display>) -> String {
    let items: Vec<String> = items.map(|item| item.to_string()).collect();
    items.join(", ")
}

fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::Bool(value) => value.to_string(),
        Scalar::Integer(value) => value.to_string(),
        Scalar::String(value) => quoted(value),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    jeton_jose::json::write_string(&mut out, text);
    out
}

/// Seconds, with the moment in UTC.
fn written(time: UnixTime) -> String {
    let seconds = time.seconds();
    match moment::utc(UnixTime::from_seconds(seconds)) {
        Some(moment) => format!("{seconds} ({moment})"),
        None => seconds.to_string(),
    }
}
