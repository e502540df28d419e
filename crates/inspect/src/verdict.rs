//! Holds a token against keys and a policy and lists each check with what was wanted and seen.
//!
//! The verdict is the core's own ([`jwt::verify`], or the JWS forms' where the signature alone is
//! asked for); the list explains it and decides nothing. Of a JWT, the failed checks that are
//! [`Check::proven`] carry exactly the codes of the core's error, in its order; of several
//! signatures, the first of them does.

mod asked;
mod claims;
mod stages;

use serde::Serialize;

use jeton_jose::json::RawJson;
use jeton_jose::jws;
use jeton_jose::jwt::{self, Unverified};
use jeton_jose::key::{VerifyingKey, VerifyingKeySet};
use jeton_jose::{Code, Policy, UnixTime};

use crate::sent::Sent;
use asked::Asked;

/// Judges a token at the time `now`.
///
/// The size is bounded by the policy's limits; each signature is verified once, and the claims are
/// gone over twice.
pub fn judge(
    sent: &Sent,
    keys: Keys<'_>,
    policy: &Policy,
    scope: &Scope,
    now: UnixTime,
) -> Judgement {
    let nothing = VerifyingKeySet::default();
    let given = match keys {
        Keys::Given(keys) | Keys::PinnedIssuer(keys) | Keys::Token(keys) => keys,
        Keys::Nothing => &nothing,
    };
    let asked = Asked::of(sent, given, policy, scope, now);
    let failed = asked.error.as_ref();
    // Without a key and with it the wish to verify, what only a key or a policy lacks is no fault.
    let unasked =
        matches!(keys, Keys::Nothing) && failed.is_some_and(|error| asks_more(error, policy));
    let verdict = match (failed, keys) {
        (Some(_), _) if unasked => Verdict::Unverified,
        (Some(_), _) => Verdict::Invalid,
        (None, Keys::Given(_) | Keys::PinnedIssuer(_)) => Verdict::Valid,
        (None, _) => Verdict::Unverified,
    };
    let covered = !matches!(failed, Some(jwt::Error::Signature(_)));
    let mut checks = stages::checks(sent, &asked, policy, scope, unasked);
    if matches!(scope, Scope::Claims)
        && let Ok(parsed) = Unverified::parse(&sent.text, &policy.signature.limits)
    {
        checks.extend(claims::checks(&parsed, policy, now, covered));
    }
    let refusal = failed.filter(|_| !unasked);
    Judgement {
        verdict,
        provenance: provenance(verdict, keys),
        code: refusal.map(jwt::Error::code),
        message: message(refusal, keys),
        checks,
        refusal: refusal.cloned(),
        verified: asked.verified(covered),
    }
}

/// How much is checked.
#[derive(Clone, Debug)]
pub enum Scope {
    /// The signature and the claims of a JWT, which has the compact form.
    Claims,
    /// The signature alone, over any payload, in any form.
    Signature {
        /// Every signature has to verify, not just one.
        all: bool,
        /// The payload, where it travelled apart.
        detached: Option<Vec<u8>>,
    },
}

impl Scope {
    /// The payload, where it travelled apart.
    pub fn detached(&self) -> Option<&[u8]> {
        match self {
            Self::Signature { detached, .. } => detached.as_deref(),
            Self::Claims => None,
        }
    }
}

/// The keys to verify with and where they come from, which decides what a good signature means.
#[derive(Clone, Copy, Debug)]
pub enum Keys<'k> {
    /// The person gave them.
    Given(&'k VerifyingKeySet),
    /// The issuer that was pinned published them.
    PinnedIssuer(&'k VerifyingKeySet),
    /// The token carries them (`jwk`, `x5c`) or points to them (`jku`, `x5u`).
    Token(&'k VerifyingKeySet),
    /// There are none.
    Nothing,
}

/// What the core says of the token, read in the light of where the keys come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Verified under a key that is trusted.
    Valid,
    /// The core refuses it.
    Invalid,
    /// Nothing trusted was asked, so nothing is known.
    Unverified,
}

impl Verdict {
    /// The word that programs see.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Unverified => "unverified",
        }
    }
}

/// A token's verdict, and why.
#[derive(Clone, Debug, Serialize)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// What the verdict rests on, in words.
    pub provenance: &'static str,
    /// The core's code, if it is invalid.
    pub code: Option<Code>,
    /// The reason in words.
    pub message: String,
    /// Every check, in the core's order.
    pub checks: Vec<Check>,
    /// The core's error, if it is invalid.
    #[serde(skip)]
    pub refusal: Option<jwt::Error>,
    /// The signatures found good, if they count; also where a claim then failed.
    #[serde(skip)]
    pub verified: Vec<Verified>,
}

/// A signature that was found good.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Its position in the general form, counted from 0.
    pub index: usize,
    /// The key, bound to its one algorithm.
    pub key: VerifyingKey,
}

/// The key that verified, as answers show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyUsed {
    /// Its one algorithm.
    pub algorithm: &'static str,
    /// Its `kid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// What is weak about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weakness: Option<String>,
}

impl From<&VerifyingKey> for KeyUsed {
    fn from(key: &VerifyingKey) -> Self {
        Self {
            algorithm: key.algorithm().name(),
            kid: key.key_id().map(str::to_owned),
            weakness: key.weakness().map(|weakness| weakness.to_string()),
        }
    }
}

/// One check.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// The stable name of the rule: `form`, `signature`, `exp`, ...
    pub rule: &'static str,
    /// The claim or parameter that the rule is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Which signature of a general form, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<usize>,
    /// What the rule asks, in words.
    pub wanted: String,
    /// What the token has; `None` if that is nothing.
    pub seen: Option<Seen>,
    /// How it went.
    pub outcome: Outcome,
    /// Whether the verdict rests on it: `false` for claims that no good signature covers, and for a
    /// signature where another one is good and enough.
    pub proven: bool,
    /// The code, if it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// The failure in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// What a token has where a check looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Seen {
    /// The exact JSON.
    Json(RawJson),
    /// Words.
    Text(String),
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The token meets the rule.
    Passed,
    /// It does not.
    Failed,
    /// The core did not come so far.
    NotChecked,
}

/// Whether the core stopped for want of a key, or of a policy that names algorithms at all.
fn asks_more(error: &jwt::Error, policy: &Policy) -> bool {
    match error {
        jwt::Error::Signature(jws::Error::NoKey(_)) => true,
        jwt::Error::Signature(jws::Error::AlgorithmNotAllowed { .. }) => {
            policy.signature.algorithms.is_empty()
        }
        _ => false,
    }
}

fn provenance(verdict: Verdict, keys: Keys<'_>) -> &'static str {
    match (verdict, keys) {
        (Verdict::Invalid, _) => "invalid",
        (Verdict::Valid, Keys::PinnedIssuer(_)) => "verified under a key of the pinned issuer",
        (Verdict::Valid, _) => "verified under a key you gave",
        (Verdict::Unverified, Keys::Token(_)) => {
            "not verified: the key is the token's own, which proves nothing"
        }
        (Verdict::Unverified, _) => "not verified",
    }
}

fn message(failed: Option<&jwt::Error>, keys: Keys<'_>) -> String {
    match (failed, keys) {
        (Some(error), Keys::Token(_)) => {
            format!("{error} (with the key that the token itself carries)")
        }
        (Some(error), _) => error.to_string(),
        (None, Keys::Given(_) | Keys::PinnedIssuer(_)) => {
            "the signature and every rule hold".to_owned()
        }
        (None, Keys::Token(_)) => "the signature fits the key that the token itself carries, \
            but anybody can make such a token; give the key you trust"
            .to_owned(),
        (None, Keys::Nothing) => "no key was given, so anybody could have written this".to_owned(),
    }
}

#[cfg(test)]
mod tests;
