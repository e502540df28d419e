//! What is worth saying about a token beside its verdict.

use jeton_jose::json::Value;
use jeton_jose::jws::HeaderAlgorithm;
use jeton_jose::jwt::ClaimError;
use jeton_jose::key::{KeyError, Weakness};
use jeton_jose::{Code, Policy, UnixTime, jwt};

use crate::check::{Check, Checked, Refusal, Scope};
use crate::moment;
use crate::token::{Token, limits};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) code: &'static str,
    pub(crate) severity: Severity,
    pub(crate) message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl Finding {
    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
        }
    }
}

/// On a token that nobody verified.
pub(crate) fn of_unverified(token: &Token, now: UnixTime) -> Vec<Finding> {
    let mut findings = Vec::new();
    if token.malformed.is_none() && token.algorithm() == HeaderAlgorithm::None {
        findings.push(Finding::new(
            Severity::Warning,
            Code::AlgorithmNone.as_str(),
            "the token is unsigned (`alg` is `none`): anybody could have written it",
        ));
    }
    findings.extend(unsound_claims(token));
    if time(token, "exp").is_some_and(|exp| exp <= now) {
        findings.push(Finding::new(
            Severity::Warning,
            Code::TokenExpired.as_str(),
            expired(token, now),
        ));
    }
    if time(token, "nbf").is_some_and(|nbf| nbf > now) {
        findings.push(Finding::new(
            Severity::Warning,
            Code::TokenNotYetValid.as_str(),
            not_yet(token, now),
        ));
    }
    findings.extend(of_times(token, now));
    findings
}

/// On a token that was checked.
pub(crate) fn of_checked(checked: &Checked, check: &Check, token: &Token) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(refusal) = &checked.refusal {
        let error = |code: Code, message| Finding::new(Severity::Error, code.as_str(), message);
        if refusal.claims().is_empty() {
            findings.push(error(refusal.code(), refused(refusal, check, token)));
        }
        for failure in refusal.claims() {
            findings.push(error(
                failure.code(),
                explained(failure, &check.policy, token, check.now),
            ));
        }
    }
    if !check.strict
        && let Some(weakness) = checked.signed.iter().find_map(|signed| signed.weakness)
    {
        findings.push(Finding::new(
            Severity::Warning,
            Code::KeyWeak.as_str(),
            weak(weakness),
        ));
    }
    findings.extend(of_keys(check, token));
    if checked.refusal.is_none() && matches!(check.scope, Scope::Claims) {
        findings.extend(within_leeway(token, check.now));
    }
    let claims_read = checked
        .refusal
        .as_ref()
        .is_none_or(|refusal| !refusal.claims().is_empty());
    if claims_read && matches!(check.scope, Scope::Claims) {
        findings.extend(of_times(token, check.now));
    }
    findings
}

/// The refusal with what the library does not know: all that the key could have served.
fn refused(refusal: &Refusal, check: &Check, token: &Token) -> String {
    match (refusal, check.keys.jwks(), token.algorithms().as_slice()) {
        (Refusal::Key(KeyError::Weak(weakness)), ..) => weak(*weakness),
        (Refusal::Token(_), [jwk], [wanted])
            if check.keys.is_picked() && refusal.code() == Code::AlgorithmMismatch =>
        {
            let served = jwk.algorithms().unwrap_or_default();
            format!("the token says {wanted}, the key serves {served}")
        }
        _ => refusal.to_string(),
    }
}

/// What a weak key means for whoever trusts it.
pub(crate) fn weak(weakness: Weakness) -> String {
    let consequence = match weakness {
        Weakness::HmacShort { .. } => "anyone can search for it offline with one token in hand",
        Weakness::RsaShort { .. } => "it can be factored",
        _ => "anyone can sign under it",
    };
    format!("{weakness}: {consequence}; accept no such key in earnest")
}

fn of_keys(check: &Check, token: &Token) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(wanted) = token.parameter("kid").and_then(Value::as_str) else {
        return findings;
    };
    for skipped in check
        .keys
        .skipped()
        .iter()
        .filter(|skipped| skipped.key_id.as_deref() == Some(wanted))
    {
        findings.push(Finding::new(
            Severity::Warning,
            skipped.error.code().as_str(),
            format!(
                "the key `{wanted}` of the set cannot be used: {}",
                skipped.error
            ),
        ));
    }
    if check.keys.is_picked()
        && let Some(given) = check.keys.jwks().first().and_then(|key| key.key_id())
        && given != wanted
    {
        findings.push(Finding::new(
            Severity::Note,
            "key_id_differs",
            format!("the token names the key `{wanted}`, the key given is `{given}`"),
        ));
    }
    findings
}

fn of_times(token: &Token, now: UnixTime) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in ["exp", "nbf", "iat"] {
        if is_milliseconds(token, name) {
            findings.push(Finding::new(
                Severity::Warning,
                "time_in_milliseconds",
                format!("claim `{name}` looks like milliseconds; JWTs count seconds"),
            ));
        }
    }
    if let Some(iat) = time(token, "iat")
        && iat > now
    {
        findings.push(Finding::new(
            Severity::Warning,
            Code::IssuedInFuture.as_str(),
            format!(
                "claim `iat` lies in the future ({})",
                moment::relative(iat, now)
            ),
        ));
    }
    if token.claims.is_some() && token.claim("exp").is_none() {
        findings.push(Finding::new(
            Severity::Note,
            "exp_missing",
            "there is no `exp`: the token never expires by itself",
        ));
    }
    findings
}

/// Claims that no verifier here would take, such as duplicate names.
fn unsound_claims(token: &Token) -> Option<Finding> {
    token.claims.as_ref()?;
    let unverified = jwt::Unverified::parse(&token.text, &limits()).ok()?;
    let error = unverified.unverified_claims().err()?;
    Some(Finding::new(
        Severity::Warning,
        error.code().as_str(),
        error.to_string(),
    ))
}

/// The failure with the values that the library keeps to itself.
fn explained(failure: &ClaimError, policy: &Policy, token: &Token, now: UnixTime) -> String {
    match failure {
        ClaimError::Expired => expired(token, now),
        ClaimError::NotYetValid => not_yet(token, now),
        ClaimError::Issuer => compared(failure, &policy.issuers, token.claim("iss")),
        ClaimError::Subject => compared(failure, policy.subject.as_slice(), token.claim("sub")),
        ClaimError::Audience => compared(failure, &policy.audiences, token.claim("aud")),
        ClaimError::TokenType => {
            let wanted = policy.typ.as_ref().map_or(&[][..], |rule| &rule.any_of);
            compared(failure, wanted, token.parameter("typ"))
        }
        ClaimError::TooOld => {
            let most = policy.max_age.map_or(0, |age| age.as_secs());
            let issued = time(token, "iat")
                .map(|iat| moment::relative(iat, now))
                .unwrap_or_default();
            format!(
                "{failure}: issued {issued}, at most {} are allowed",
                moment::span(most)
            )
        }
        ClaimError::IssuedInFuture => {
            let issued = time(token, "iat")
                .map(|iat| moment::relative(iat, now))
                .unwrap_or_default();
            format!("{failure} ({issued})")
        }
        _ => failure.to_string(),
    }
}

fn compared(failure: &ClaimError, wanted: &[String], found: Option<Value<'_>>) -> String {
    let wanted: Vec<_> = wanted.iter().map(|one| format!("`{one}`")).collect();
    let found = match found {
        Some(value) => value.as_str().map_or_else(
            || shortened(value.source()),
            |text| format!("`{}`", shortened(text)),
        ),
        None => "nothing".to_owned(),
    };
    format!("{failure}: expected {}, found {found}", wanted.join(" or "))
}

fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['…']).collect()
}

/// What only the leeway let through.
fn within_leeway(token: &Token, now: UnixTime) -> Option<Finding> {
    let message = if time(token, "exp").is_some_and(|exp| exp <= now) {
        expired(token, now)
    } else if time(token, "nbf").is_some_and(|nbf| nbf > now) {
        not_yet(token, now)
    } else {
        return None;
    };
    Some(Finding::new(
        Severity::Warning,
        "within_leeway",
        format!("{message}, which the leeway allows"),
    ))
}

fn expired(token: &Token, now: UnixTime) -> String {
    let when = time(token, "exp")
        .map(|exp| moment::relative(exp, now))
        .unwrap_or_default();
    format!("the token has expired ({when})")
}

fn not_yet(token: &Token, now: UnixTime) -> String {
    let when = time(token, "nbf")
        .map(|nbf| moment::relative(nbf, now))
        .unwrap_or_default();
    format!("the token is not valid yet (it will be {when})")
}

/// A time claim that could be one.
pub(crate) fn time(token: &Token, name: &str) -> Option<UnixTime> {
    UnixTime::from_numeric_date(token.claim(name)?.as_number()?.text())
}

/// Too late by a thousand: between the years 2001 and 5138 if it is milliseconds.
fn is_milliseconds(token: &Token, name: &str) -> bool {
    let number = token.claim(name).and_then(Value::as_number);
    number
        .and_then(jeton_jose::json::Number::to_i64)
        .is_some_and(|value| (1_000_000_000_000..100_000_000_000_000).contains(&value))
}
