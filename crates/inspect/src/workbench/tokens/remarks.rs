//! What is worth saying about a token beside its verdict: what the inspector finds, and what only
//! shows when a token is held against keys and rules.

use jeton_jose::json::Value;
use jeton_jose::jwt::ClaimError;
use jeton_jose::key::KeyError;
use jeton_jose::{Code, Policy, UnixTime};

use super::check::{Check, Checked, Refusal};
use crate::finding::{FindingCode, Severity};
use crate::moment;
use crate::sent::Sent;
use crate::token::Inspection;
use crate::verdict::Scope;
use crate::workbench::{Finding, weak};

/// On a token that was checked.
///
/// The times that the verdict judges are not said twice, and of a token whose signature is not good
/// only what is wrong with the verification.
pub(super) fn of_checked(
    checked: &Checked,
    check: &Check<'_>,
    token: &Sent,
    inspection: &Inspection,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(refusal) = &checked.refusal {
        let error = |code: Code, message| Finding::coded(Severity::Problem, code, message);
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
        findings.push(Finding::coded(
            Severity::Warning,
            Code::KeyWeak,
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
        let judged = [FindingCode::Expired, FindingCode::NotYetValid];
        let further = inspection
            .findings
            .iter()
            .filter(|finding| !judged.contains(&finding.code));
        findings.extend(further.map(Finding::from));
    }
    findings
}

/// The refusal with what the library does not know: all that the key could have served.
fn refused(refusal: &Refusal, check: &Check<'_>, token: &Sent) -> String {
    let Some(keys) = &check.keys else {
        return refusal.to_string();
    };
    match (refusal, keys.jwks(), token.algorithms().as_slice()) {
        (Refusal::Key(KeyError::Weak(weakness)), ..) => weak(*weakness),
        (Refusal::Token(_), [jwk], [wanted])
            if keys.is_picked() && refusal.code() == Code::AlgorithmMismatch =>
        {
            let served = jwk.algorithms().unwrap_or_default();
            format!("the token says {wanted}, the key serves {served}")
        }
        _ => refusal.to_string(),
    }
}

fn of_keys(check: &Check<'_>, token: &Sent) -> Vec<Finding> {
    let mut findings = Vec::new();
    let wanted = token.parameter("kid").and_then(Value::as_str);
    let (Some(wanted), Some(keys)) = (wanted, &check.keys) else {
        return findings;
    };
    for skipped in keys
        .skipped()
        .iter()
        .filter(|skipped| skipped.key_id.as_deref() == Some(wanted))
    {
        findings.push(Finding::coded(
            Severity::Warning,
            skipped.error.code(),
            format!(
                "the key `{wanted}` of the set cannot be used: {}",
                skipped.error
            ),
        ));
    }
    if keys.is_picked()
        && let Some(given) = keys.jwks().first().and_then(|key| key.key_id())
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

/// The failure with the values that the library keeps to itself.
fn explained(failure: &ClaimError, policy: &Policy, token: &Sent, now: UnixTime) -> String {
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
            let most = policy.max_age.unwrap_or_default();
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

/// What only the leeway let through.
fn within_leeway(token: &Sent, now: UnixTime) -> Option<Finding> {
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

fn expired(token: &Sent, now: UnixTime) -> String {
    let when = time(token, "exp")
        .map(|exp| moment::relative(exp, now))
        .unwrap_or_default();
    format!("the token has expired ({when})")
}

fn not_yet(token: &Sent, now: UnixTime) -> String {
    let when = time(token, "nbf")
        .map(|nbf| moment::relative(nbf, now))
        .unwrap_or_default();
    format!("the token is not valid yet (it will be {when})")
}

/// A time claim that could be one.
pub(super) fn time(token: &Sent, name: &str) -> Option<UnixTime> {
    UnixTime::from_numeric_date(token.claim(name)?.as_number()?.text())
}

/// A long value's beginning.
fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
