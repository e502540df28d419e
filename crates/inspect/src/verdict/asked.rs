//! What the core answers.

use jeton_jose::jws::{self, Malformed, compact, flattened, general};
use jeton_jose::jwt;
use jeton_jose::key::{VerifyingKey, VerifyingKeySet};
use jeton_jose::{Policy, UnixTime};

use super::{Scope, Verified};
use crate::sent::{Form, Sent};

/// The core's answer, and what each signature says by itself.
pub(super) struct Asked {
    pub(super) error: Option<jwt::Error>,
    /// Empty where the core did not come so far.
    pub(super) signatures: Vec<Result<VerifyingKey, jws::Error>>,
}

/// What each signature says; an error before any was looked at.
type Each = Result<Vec<Result<VerifyingKey, jws::Error>>, jws::Error>;

impl Asked {
    pub(super) fn of(
        sent: &Sent,
        keys: &VerifyingKeySet,
        policy: &Policy,
        scope: &Scope,
        now: UnixTime,
    ) -> Self {
        match scope {
            // What is broken is said as the core says it.
            Scope::Claims if sent.form == Form::Compact || sent.malformed.is_some() => {
                claims(&sent.text, keys, policy, now)
            }
            Scope::Claims => Self::refused(Malformed::Format {
                expected: "the compact form, the only one that JWTs have",
            }),
            Scope::Signature { all, detached } => {
                match each(sent, detached.as_deref(), keys, policy) {
                    Ok(signatures) => Self::of_each(signatures, *all),
                    Err(error) => Self::refused(error),
                }
            }
        }
    }

    /// The keys of the good signatures, unless the core refuses them all the same.
    pub(super) fn verified(self, covered: bool) -> Vec<Verified> {
        if !covered {
            return Vec::new();
        }
        let good = |(index, each): (usize, Result<VerifyingKey, _>)| {
            let key = each.ok()?;
            Some(Verified { index, key })
        };
        self.signatures
            .into_iter()
            .enumerate()
            .filter_map(good)
            .collect()
    }

    fn refused(error: impl Into<jwt::Error>) -> Self {
        Self {
            error: Some(error.into()),
            signatures: Vec::new(),
        }
    }

    /// As the core decides: all have to be good, or one; the first failure is the reason.
    fn of_each(signatures: Vec<Result<VerifyingKey, jws::Error>>, all: bool) -> Self {
        let enough = !all && signatures.iter().any(Result::is_ok);
        let first_failure = signatures.iter().find_map(|each| each.as_ref().err());
        let error = first_failure.filter(|_| !enough).cloned();
        Self {
            error: error.map(jwt::Error::from),
            signatures,
        }
    }
}

/// As [`jwt::verify`] answers, but it keeps the key where a claim fails.
fn claims(token: &str, keys: &VerifyingKeySet, policy: &Policy, now: UnixTime) -> Asked {
    let parsed = match compact::Unverified::parse(token, &policy.signature.limits) {
        Ok(parsed) => parsed,
        Err(error) => return Asked::refused(error),
    };
    if !parsed.unverified_header().base64_payload() {
        // Refused before the signature is looked at.
        return Asked {
            error: jwt::verify(token, keys, policy, now).err(),
            signatures: Vec::new(),
        };
    }
    match parsed.verify(keys, &policy.signature) {
        Ok(signed) => Asked {
            signatures: vec![Ok(signed.key().clone())],
            error: jwt::Verified::check(signed, policy, now).err(),
        },
        Err(error) => Asked::of_each(vec![Err(error)], true),
    }
}

fn each(sent: &Sent, detached: Option<&[u8]>, keys: &VerifyingKeySet, policy: &Policy) -> Each {
    let rules = &policy.signature;
    let one = |verified: Result<jws::Verified, jws::Error>| match verified {
        Ok(verified) => vec![Ok(verified.key().clone())],
        Err(error) => vec![Err(error)],
    };
    match sent.form {
        Form::Compact => {
            let parsed = compact::Unverified::parse(&sent.text, &rules.limits)?;
            Ok(one(match detached {
                Some(payload) => parsed.verify_detached(payload.to_vec(), keys, rules),
                None => parsed.verify(keys, rules),
            }))
        }
        Form::Flattened => {
            let parsed = flattened::Unverified::parse(&sent.text, &rules.limits)?;
            Ok(one(match detached {
                Some(payload) => parsed.verify_detached(payload.to_vec(), keys, rules),
                None => parsed.verify(keys, rules),
            }))
        }
        Form::General => {
            let parsed = general::Unverified::parse(&sent.text, &rules.limits)?;
            parsed.verify_each(detached, keys, rules)
        }
    }
}
