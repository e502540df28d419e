//! Holds claims against a policy. Pushes every failure, in the order of [`ClaimError`].

use super::policy::{Condition, Policy, Rule, Scalar, TypeRule};
use super::{ClaimError, Claims};
use crate::json::{NodeId, Value};
use crate::jws::Header;
use crate::time::UnixTime;

pub(super) fn check(
    policy: &Policy,
    header: &Header,
    claims: &Claims,
    now: UnixTime,
    failures: &mut Vec<ClaimError>,
) {
    check_types(claims, failures);
    if !type_fits(policy.typ.as_ref(), header.typ()) {
        failures.push(ClaimError::TokenType);
    }
    check_parties(policy, claims, failures);
    check_times(policy, claims, now, failures);
    let has = |name: &String| claims.get(name).is_some();
    for claim in policy.required.iter().filter(|name| !has(name)) {
        failures.push(ClaimError::Missing {
            claim: claim.clone(),
        });
    }
    for claim in policy.forbidden.iter().filter(|name| has(name)) {
        failures.push(ClaimError::Forbidden {
            claim: claim.clone(),
        });
    }
    for rule in &policy.rules {
        check_rule(rule, claims, failures);
    }
}

const STRING: &str = "a string";
const TIME: &str = "a number of seconds between 1970 and 9999";

/// RFC 7519 §4.1: whether or not the policy asks for a registered claim, it has its type.
fn check_types(claims: &Claims, failures: &mut Vec<ClaimError>) {
    let registered = claims.registered();
    let mut demand = |claim, expected, id: Option<NodeId>, fits: fn(Value<'_>) -> bool| {
        if claims.at(id).is_some_and(|value| !fits(value)) {
            failures.push(ClaimError::Type { claim, expected });
        }
    };
    let is_string = |value: Value<'_>| value.as_str().is_some();
    let is_time = |value: Value<'_>| {
        value
            .as_number()
            .is_some_and(|number| UnixTime::from_numeric_date(number.text()).is_some())
    };
    demand("iss", STRING, registered.issuer, is_string);
    demand("sub", STRING, registered.subject, is_string);
    demand(
        "aud",
        "a string or an array of strings",
        registered.audience,
        is_audience,
    );
    demand("exp", TIME, registered.expires_at, is_time);
    demand("nbf", TIME, registered.not_before, is_time);
    demand("iat", TIME, registered.issued_at, is_time);
    demand("jti", STRING, registered.jwt_id, is_string);
}

fn is_audience(value: Value<'_>) -> bool {
    match value.as_array() {
        Some(list) => !list.is_empty() && list.iter().all(|item| item.as_str().is_some()),
        None => value.as_str().is_some(),
    }
}

/// RFC 7515 §4.1.9: `typ` is a media type; without a slash, `application/` is meant. Media types
/// ignore case.
fn type_fits(rule: Option<&TypeRule>, typ: Option<&str>) -> bool {
    let Some(rule) = rule else { return true };
    match typ {
        Some(typ) => rule
            .any_of
            .iter()
            .any(|wanted| bare_type(wanted).eq_ignore_ascii_case(bare_type(typ))),
        None => rule.optional,
    }
}

pub(super) fn bare_type(typ: &str) -> &str {
    const PREFIX: &str = "application/";
    match typ.get(..PREFIX.len()) {
        // "application/a/b" would not be the short form of anything.
        Some(prefix) if prefix.eq_ignore_ascii_case(PREFIX) => match typ.get(PREFIX.len()..) {
            Some(rest) if !rest.contains('/') => rest,
            _ => typ,
        },
        _ => typ,
    }
}

fn check_parties(policy: &Policy, claims: &Claims, failures: &mut Vec<ClaimError>) {
    let names = |wanted: &[String], seen: Option<&str>| {
        seen.is_some_and(|seen| wanted.iter().any(|one| one == seen))
    };
    if !policy.issuers.is_empty() && !names(&policy.issuers, claims.issuer()) {
        failures.push(ClaimError::Issuer);
    }
    if policy.subject.is_some() && policy.subject.as_deref() != claims.subject() {
        failures.push(ClaimError::Subject);
    }
    if !policy.audiences.is_empty()
        && !claims
            .audiences()
            .any(|seen| names(&policy.audiences, Some(seen)))
    {
        failures.push(ClaimError::Audience);
    }
}

fn check_times(policy: &Policy, claims: &Claims, now: UnixTime, failures: &mut Vec<ClaimError>) {
    let earliest = now.saturating_sub(policy.leeway);
    let latest = now.saturating_add(policy.leeway);
    if claims.expires_at().is_some_and(|exp| exp <= earliest) {
        failures.push(ClaimError::Expired);
    }
    if claims.not_before().is_some_and(|nbf| nbf > latest) {
        failures.push(ClaimError::NotYetValid);
    }
    let Some(max_age) = policy.max_age else {
        return;
    };
    match claims.issued_at() {
        Some(iat) if iat > latest => failures.push(ClaimError::IssuedInFuture),
        Some(iat) if iat < earliest.saturating_sub(max_age) => failures.push(ClaimError::TooOld),
        Some(_) => {}
        None if claims.registered().issued_at.is_some() => {}
        None => failures.push(ClaimError::Missing {
            claim: "iat".to_owned(),
        }),
    }
}

fn check_rule(rule: &Rule, claims: &Claims, failures: &mut Vec<ClaimError>) {
    let problem = match (claims.nested(&rule.path), &rule.condition) {
        (None, _) if rule.optional => return,
        (None, _) => {
            failures.push(ClaimError::Missing { claim: rule.name() });
            return;
        }
        (Some(_), Condition::Present) => return,
        (Some(value), Condition::OneOf(wanted)) => {
            if wanted.iter().any(|one| one.matches(value)) {
                return;
            }
            "is not a value that the policy asks for"
        }
        (Some(value), Condition::Contains(wanted)) => {
            if wanted.iter().all(|one| contains(value, one)) {
                return;
            }
            "does not contain what the policy asks for"
        }
        (Some(value), Condition::Pattern(pattern)) => {
            if value.as_str().is_some_and(|text| pattern.matches(text)) {
                return;
            }
            "does not fit the pattern"
        }
        (Some(value), Condition::SameAs(other)) => {
            if claims
                .nested(other)
                .is_some_and(|other| value.equals(other))
            {
                return;
            }
            "is not the same as the claim it must equal"
        }
    };
    failures.push(ClaimError::Rule {
        claim: rule.name(),
        rule: problem,
    });
}

/// An array holds the value; a string holds it as one of its space-separated words, as `scope`
/// does (RFC 6749 §3.3).
fn contains(value: Value<'_>, wanted: &Scalar) -> bool {
    match (value.as_array(), value.as_str(), wanted) {
        (Some(list), _, wanted) => list.iter().any(|item| wanted.matches(item)),
        (None, Some(words), Scalar::String(wanted)) => words.split(' ').any(|word| word == wanted),
        _ => false,
    }
}
