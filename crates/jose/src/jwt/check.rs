//! Holds claims against a policy. Visits every expectation, in the order of [`ClaimError`].

use super::policy::{Condition, Policy, Rule, Scalar, TypeRule};
use super::{ClaimError, Claims};
use crate::json::{NodeId, Value};
use crate::jws::Header;
use crate::time::UnixTime;

/// One thing that a policy or RFC 7519 asks of a token's claims, beside its signature.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Expectation<'p> {
    /// A registered claim that is there has its type (RFC 7519 §4.1).
    Type {
        /// The claim.
        claim: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// [`Policy::typ`].
    TokenType(&'p TypeRule),
    /// [`Policy::issuers`].
    Issuer(&'p [String]),
    /// [`Policy::subject`].
    Subject(&'p str),
    /// [`Policy::audiences`].
    Audience(&'p [String]),
    /// `exp`, where it is there, is later than this (RFC 7519 §4.1.4).
    ExpiresAfter(UnixTime),
    /// `nbf`, where it is there, is no later than this (RFC 7519 §4.1.5).
    ValidBy(UnixTime),
    /// [`Policy::max_age`]: `iat` is there, and no earlier and no later than these.
    IssuedBetween(UnixTime, UnixTime),
    /// One of [`Policy::required`].
    Required(&'p str),
    /// One of [`Policy::forbidden`].
    Forbidden(&'p str),
    /// One of [`Policy::rules`].
    Rule(&'p Rule),
}

impl Policy {
    /// Visits everything that is asked of the claims at the time `now`, with the failure if the
    /// claims do not meet it, in the order of [`ClaimError`].
    ///
    /// For showing: no signature is looked at, so what passes proves nothing. It is the same pass
    /// over the rules that verifying makes.
    pub fn check_unverified(
        &self,
        header: &Header,
        claims: &Claims,
        now: UnixTime,
        visit: &mut dyn FnMut(Expectation<'_>, Option<ClaimError>),
    ) {
        check(self, header, claims, now, &mut |expectation, failure| {
            visit(expectation, failure);
        });
    }
}

pub(super) fn check(
    policy: &Policy,
    header: &Header,
    claims: &Claims,
    now: UnixTime,
    visit: &mut impl FnMut(Expectation<'_>, Option<ClaimError>),
) {
    check_types(claims, visit);
    if let Some(rule) = &policy.typ {
        let fits = type_fits(rule, header.typ());
        visit(
            Expectation::TokenType(rule),
            (!fits).then_some(ClaimError::TokenType),
        );
    }
    check_parties(policy, claims, visit);
    check_times(policy, claims, now, visit);
    for claim in &policy.required {
        let missing = claims.get(claim).is_none().then(|| ClaimError::Missing {
            claim: claim.clone(),
        });
        visit(Expectation::Required(claim), missing);
    }
    for claim in &policy.forbidden {
        let present = claims.get(claim).map(|_| ClaimError::Forbidden {
            claim: claim.clone(),
        });
        visit(Expectation::Forbidden(claim), present);
    }
    for rule in &policy.rules {
        visit(Expectation::Rule(rule), check_rule(rule, claims));
    }
}

const STRING: &str = "a string";
const TIME: &str = "a number of seconds between 1970 and 9999";

/// RFC 7519 §4.1: whether or not the policy asks for a registered claim, it has its type.
fn check_types(claims: &Claims, visit: &mut impl FnMut(Expectation<'_>, Option<ClaimError>)) {
    let registered = claims.registered();
    let mut demand = |claim, expected, id: Option<NodeId>, fits: fn(Value<'_>) -> bool| {
        if let Some(value) = claims.at(id) {
            let failure = (!fits(value)).then_some(ClaimError::Type { claim, expected });
            visit(Expectation::Type { claim, expected }, failure);
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
fn type_fits(rule: &TypeRule, typ: Option<&str>) -> bool {
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

fn check_parties(
    policy: &Policy,
    claims: &Claims,
    visit: &mut impl FnMut(Expectation<'_>, Option<ClaimError>),
) {
    let names = |wanted: &[String], seen: Option<&str>| {
        seen.is_some_and(|seen| wanted.iter().any(|one| one == seen))
    };
    if !policy.issuers.is_empty() {
        let fits = names(&policy.issuers, claims.issuer());
        visit(
            Expectation::Issuer(&policy.issuers),
            (!fits).then_some(ClaimError::Issuer),
        );
    }
    if let Some(subject) = &policy.subject {
        let fits = claims.subject() == Some(subject);
        visit(
            Expectation::Subject(subject),
            (!fits).then_some(ClaimError::Subject),
        );
    }
    if !policy.audiences.is_empty() {
        let fits = claims
            .audiences()
            .any(|seen| names(&policy.audiences, Some(seen)));
        visit(
            Expectation::Audience(&policy.audiences),
            (!fits).then_some(ClaimError::Audience),
        );
    }
}

/// A time of the wrong type is not compared: [`check_types`] has reported it.
fn check_times(
    policy: &Policy,
    claims: &Claims,
    now: UnixTime,
    visit: &mut impl FnMut(Expectation<'_>, Option<ClaimError>),
) {
    let earliest = now.saturating_sub(policy.leeway);
    let latest = now.saturating_add(policy.leeway);
    if let Some(exp) = claims.expires_at() {
        let failure = (exp <= earliest).then_some(ClaimError::Expired);
        visit(Expectation::ExpiresAfter(earliest), failure);
    }
    if let Some(nbf) = claims.not_before() {
        let failure = (nbf > latest).then_some(ClaimError::NotYetValid);
        visit(Expectation::ValidBy(latest), failure);
    }
    if let Some(max_age) = policy.max_age {
        check_age(
            policy,
            claims,
            earliest.saturating_sub(max_age),
            latest,
            visit,
        );
    }
}

fn check_age(
    policy: &Policy,
    claims: &Claims,
    oldest: UnixTime,
    latest: UnixTime,
    visit: &mut impl FnMut(Expectation<'_>, Option<ClaimError>),
) {
    let failure = match claims.issued_at() {
        Some(iat) if iat > latest => Some(ClaimError::IssuedInFuture),
        Some(iat) if iat < oldest => Some(ClaimError::TooOld),
        Some(_) => None,
        // Of the wrong type, or named among the required claims: reported there.
        None if claims.registered().issued_at.is_some() => return,
        None if policy.required.iter().any(|name| name == "iat") => return,
        None => Some(ClaimError::Missing {
            claim: "iat".to_owned(),
        }),
    };
    visit(Expectation::IssuedBetween(oldest, latest), failure);
}

fn check_rule(rule: &Rule, claims: &Claims) -> Option<ClaimError> {
    let problem = match (claims.nested(&rule.path), &rule.condition) {
        _ if rule_repeats(rule, claims) => "stands twice, so that readers could disagree about it",
        (None, _) if rule.optional => return None,
        (None, _) => return Some(ClaimError::Missing { claim: rule.name() }),
        (Some(_), Condition::Present) => return None,
        (Some(value), Condition::OneOf(wanted)) => {
            if wanted.iter().any(|one| one.matches(value)) {
                return None;
            }
            "is not a value that the policy asks for"
        }
        (Some(value), Condition::Contains(wanted)) => {
            if wanted.iter().all(|one| contains(value, one)) {
                return None;
            }
            "does not contain what the policy asks for"
        }
        (Some(value), Condition::Pattern(pattern)) => {
            if value.as_str().is_some_and(|text| pattern.matches(text)) {
                return None;
            }
            "does not fit the pattern"
        }
        (Some(value), Condition::SameAs(other)) => {
            if claims
                .nested(other)
                .is_some_and(|other| value.equals(other))
            {
                return None;
            }
            "is not the same as the claim it must equal"
        }
    };
    Some(ClaimError::Rule {
        claim: rule.name(),
        rule: problem,
    })
}

/// Duplicate names are refused at the top level only (RFC 7519 §4); a rule that looks deeper must not
/// rest on one of them.
fn rule_repeats(rule: &Rule, claims: &Claims) -> bool {
    claims.repeats(&rule.path)
        || matches!(&rule.condition, Condition::SameAs(other) if claims.repeats(other))
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
