//! Holds a token against keys and a policy and lists each check with what was wanted and seen.
//!
//! The verdict is the core's own ([`jwt::verify`]); the list explains it and decides nothing. The
//! failed checks that are [`Check::proven`] carry exactly the codes of the core's error, in its
//! order.

mod claims;

use serde::Serialize;

use jeton_jose::json::RawJson;
use jeton_jose::jws::{self, Malformed};
use jeton_jose::jwt::{self, Unverified};
use jeton_jose::key::{VerifyingKey, VerifyingKeySet};
use jeton_jose::{Code, Policy, UnixTime};

/// Judges a compact token at the time `now`.
///
/// The size is bounded by the policy's limits; one verification of the core, and one further pass
/// over the claims.
pub fn judge(token: &str, keys: Keys<'_>, policy: &Policy, now: UnixTime) -> Judgement {
    let result = match keys {
        Keys::Given(keys) | Keys::PinnedIssuer(keys) | Keys::Token(keys) => {
            jwt::verify(token, keys, policy, now)
        }
        Keys::Nothing => jwt::verify(token, &VerifyingKeySet::default(), policy, now),
    };
    let failed = result.as_ref().err();
    // Without a key and with it the wish to verify, what only a key or a policy lacks is no fault.
    let unasked =
        matches!(keys, Keys::Nothing) && failed.is_some_and(|error| asks_more(error, policy));
    let verdict = match (failed, keys) {
        (Some(_), _) if unasked => Verdict::Unverified,
        (Some(_), _) => Verdict::Invalid,
        (None, Keys::Given(_) | Keys::PinnedIssuer(_)) => Verdict::Valid,
        (None, _) => Verdict::Unverified,
    };
    let signed = !matches!(failed, Some(jwt::Error::Signature(_)));
    let parsed = Unverified::parse(token, &policy.signature.limits).ok();
    let mut checks = signature_checks(token, parsed.as_ref(), policy, (failed, unasked));
    if let Some(parsed) = &parsed {
        checks.extend(claims::checks(parsed, policy, now, signed));
    }
    Judgement {
        verdict,
        provenance: provenance(verdict, keys),
        code: failed.filter(|_| !unasked).map(jwt::Error::code),
        message: message(failed.filter(|_| !unasked), keys),
        key: result.as_ref().ok().map(|verified| verified.key().into()),
        checks,
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
    /// The key that verified the signature.
    pub key: Option<KeyUsed>,
    /// Every check, in the core's order.
    pub checks: Vec<Check>,
}

/// The key that verified.
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
    /// What the rule asks, in words.
    pub wanted: String,
    /// What the token has; `None` if that is nothing.
    pub seen: Option<Seen>,
    /// How it went.
    pub outcome: Outcome,
    /// Whether the verdict rests on it: `false` for claims that no good signature covers.
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

/// The core's checks before the claims, in its order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Form,
    Encoding,
    Critical,
    Algorithm,
    Present,
    Key,
    Signature,
}

impl Stage {
    const ALL: [Self; 7] = [
        Self::Form,
        Self::Encoding,
        Self::Critical,
        Self::Algorithm,
        Self::Present,
        Self::Key,
        Self::Signature,
    ];

    const fn rule(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Encoding => "payload_encoding",
            Self::Critical => "crit",
            Self::Algorithm => "algorithm",
            Self::Present => "signature_present",
            Self::Key => "key",
            Self::Signature => "signature",
        }
    }

    /// Where the core stopped.
    fn of(error: &jws::Error) -> Self {
        match error {
            jws::Error::Malformed(Malformed::Crit { .. }) | jws::Error::CritUnsupported => {
                Self::Critical
            }
            jws::Error::Malformed(Malformed::Header {
                parameter: "alg", ..
            })
            | jws::Error::AlgorithmNone
            | jws::Error::AlgorithmUnknown
            | jws::Error::AlgorithmNotAllowed { .. } => Self::Algorithm,
            jws::Error::Malformed(_) => Self::Form,
            jws::Error::PayloadEncoding { .. } => Self::Encoding,
            jws::Error::SignatureMissing => Self::Present,
            jws::Error::NoKey(_) => Self::Key,
            _ => Self::Signature,
        }
    }

    fn wanted(self, policy: &Policy) -> String {
        match self {
            Self::Form => {
                "three base64url parts, the first a JSON object without duplicate names".to_owned()
            }
            Self::Encoding => "an encoded payload, as every JWT has".to_owned(),
            Self::Critical if policy.signature.critical.is_empty() => {
                "no extension that must be understood".to_owned()
            }
            Self::Critical => format!(
                "no extension that must be understood, other than {}",
                policy.signature.critical.join(", ")
            ),
            Self::Algorithm if policy.signature.algorithms.is_empty() => {
                "an algorithm of the policy, which names none".to_owned()
            }
            Self::Algorithm => format!("one of {}", policy.signature.algorithms),
            Self::Present => "a signature".to_owned(),
            Self::Key => "a key for the token's `kid` and algorithm".to_owned(),
            Self::Signature => "a signature that belongs to this header and payload".to_owned(),
        }
    }

    fn seen(self, token: &str, parsed: Option<&Unverified<'_>>) -> Option<Seen> {
        let header = parsed.map(Unverified::unverified_header);
        let parameter = |name| Some(Seen::Json(header?.get(name)?.into()));
        let signature = token.rsplit('.').next().unwrap_or_default();
        match self {
            Self::Form => Some(Seen::Text(format!(
                "{} part(s), {} bytes",
                token.split('.').count(),
                token.len()
            ))),
            Self::Encoding => parameter("b64"),
            Self::Critical => parameter("crit"),
            Self::Algorithm => parameter("alg"),
            Self::Key => parameter("kid"),
            Self::Present | Self::Signature if signature.is_empty() => None,
            Self::Present | Self::Signature => {
                header?;
                let bytes = signature.len() / 4 * 3 + (signature.len() % 4 * 3) / 4;
                Some(Seen::Text(format!("{bytes} bytes")))
            }
        }
    }
}

/// Each stage passed, up to the one where the core stopped; that one is not checked if it was only
/// the key that is missing.
fn signature_checks(
    token: &str,
    parsed: Option<&Unverified<'_>>,
    policy: &Policy,
    (failed, unasked): (Option<&jwt::Error>, bool),
) -> Vec<Check> {
    let stopped = match failed {
        Some(jwt::Error::Signature(error)) => Some((Stage::of(error), error)),
        _ => None,
    };
    let check = |stage: Stage| {
        let failure = stopped.filter(|(at, _)| *at == stage && !unasked);
        let outcome = match stopped {
            Some((at, _)) if at < stage || (at == stage && unasked) => Outcome::NotChecked,
            Some((at, _)) if at == stage => Outcome::Failed,
            _ => Outcome::Passed,
        };
        Check {
            rule: stage.rule(),
            subject: None,
            wanted: stage.wanted(policy),
            seen: stage.seen(token, parsed),
            outcome,
            proven: true,
            code: failure.map(|(_, error)| error.code()),
            message: failure.map(|(_, error)| error.to_string()),
        }
    };
    Stage::ALL.into_iter().map(check).collect()
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
