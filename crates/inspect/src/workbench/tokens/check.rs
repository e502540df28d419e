//! Holds a token against keys and rules, as the person asked for it.

use core::fmt;

use jeton_jose::backend::Backend;
use jeton_jose::jwk::Jwk;
use jeton_jose::jws::{self, Header, Malformed, compact, flattened, general};
use jeton_jose::jwt::{self, ClaimError};
use jeton_jose::key::{KeyError, VerifyingKey, VerifyingKeySet, Weakness};
use jeton_jose::{Algorithm, Code, Policy, UnixTime};

use super::key_ring::KeyRing;
use crate::sent::{Form, Sent};
use crate::verdict::{Judgement, Keys, judge};

/// What a token must satisfy.
#[derive(Debug)]
pub(super) struct Check<'b> {
    pub(super) backend: &'b dyn Backend,
    pub(super) keys: KeyRing,
    pub(super) policy: Policy,
    pub(super) scope: Scope,
    pub(super) strict: bool,
    pub(super) now: UnixTime,
}

/// How much is checked.
#[derive(Clone, Debug)]
pub enum Scope {
    /// The signature and the claims of a JWT.
    Claims,
    /// The signature alone, over any payload.
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

/// The answer for one token.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) refusal: Option<Refusal>,
    /// The signatures found good, with their keys; also where a claim then failed.
    pub(super) signed: Vec<Signed>,
}

/// A signature that was found good.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) header: Header,
    pub(super) algorithm: Algorithm,
    pub(super) weakness: Option<Weakness>,
    pub(super) jwk: Option<Jwk>,
}

/// Why the answer is no.
#[derive(Debug)]
pub(super) enum Refusal {
    Token(jwt::Error),
    Key(KeyError),
}

impl Refusal {
    pub(super) fn code(&self) -> Code {
        match self {
            Self::Token(error) => error.code(),
            Self::Key(error) => error.code(),
        }
    }

    /// The rules that failed, where it is the claims.
    pub(super) fn claims(&self) -> &[ClaimError] {
        match self {
            Self::Token(jwt::Error::Claims(failures)) => failures,
            _ => &[],
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(error) => error.fmt(f),
            Self::Key(error) => error.fmt(f),
        }
    }
}

impl Check<'_> {
    pub(super) fn run(&self, token: &Sent) -> Checked {
        if let Some(error) = self.keys.refused() {
            return Checked::refused(Refusal::Key(error.clone()));
        }
        let checked = match &self.scope {
            Scope::Claims => self.claims(token),
            Scope::Signature { all, detached } => {
                match self.signature(token, *all, detached.as_deref()) {
                    Ok(verified) => self.checked(&verified, token),
                    Err(error) => Checked::refused(Refusal::Token(error.into())),
                }
            }
        };
        self.without_weak(checked)
    }

    /// Each rule with the value wanted and the value seen, where the claims were asked for. It
    /// explains what [`Check::run`] answers, and decides nothing.
    pub(super) fn judgement(&self, token: &Sent) -> Option<Judgement> {
        let explains = matches!(self.scope, Scope::Claims)
            && token.form == Form::Compact
            && self.keys.refused().is_none();
        explains.then(|| {
            let keys = Keys::Given(self.keys.for_token(token));
            judge(&token.text, keys, &self.policy, self.now)
        })
    }

    fn claims(&self, token: &Sent) -> Checked {
        if token.form != Form::Compact {
            return Checked::refused(Refusal::Token(jwt::Error::Signature(
                jws::Error::Malformed(Malformed::Format {
                    expected: "the compact form, the only one that JWTs have",
                }),
            )));
        }
        let keys = self.keys.for_token(token);
        let refusal = match jwt::verify(&token.text, keys, &self.policy, self.now) {
            Ok(_) => None,
            Err(error @ jwt::Error::Signature(_)) => {
                return Checked::refused(Refusal::Token(error));
            }
            Err(error) => Some(Refusal::Token(error)),
        };
        // The signature is good, whatever the claims are; this tells which key it was.
        let signed = self.signature(token, true, None).unwrap_or_default();
        Checked {
            refusal,
            ..self.checked(&signed, token)
        }
    }

    fn signature(
        &self,
        token: &Sent,
        all: bool,
        detached: Option<&[u8]>,
    ) -> Result<Vec<jws::Verified>, jws::Error> {
        let keys = self.keys.for_token(token);
        let rules = &self.policy.signature;
        match token.form {
            Form::Compact => {
                let unverified = compact::Unverified::parse(&token.text, &rules.limits)?;
                let verified = match detached {
                    Some(payload) => unverified.verify_detached(payload.to_vec(), keys, rules),
                    None => unverified.verify(keys, rules),
                };
                Ok(vec![verified?])
            }
            Form::Flattened => {
                let unverified = flattened::Unverified::parse(&token.text, &rules.limits)?;
                let verified = match detached {
                    Some(payload) => unverified.verify_detached(payload.to_vec(), keys, rules),
                    None => unverified.verify(keys, rules),
                };
                Ok(vec![verified?])
            }
            Form::General => {
                let unverified = general::Unverified::parse(&token.text, &rules.limits)?;
                match (all, detached) {
                    (true, Some(payload)) => unverified.verify_all_detached(payload, keys, rules),
                    (true, None) => unverified.verify_all(keys, rules),
                    (false, Some(payload)) => Ok(vec![unverified.verify_any_detached(
                        payload.to_vec(),
                        keys,
                        rules,
                    )?]),
                    (false, None) => Ok(vec![unverified.verify_any(keys, rules)?]),
                }
            }
        }
    }

    fn checked(&self, verified: &[jws::Verified], token: &Sent) -> Checked {
        let signed = |verified: &jws::Verified| Signed {
            header: verified.header().clone(),
            algorithm: verified.key().algorithm(),
            weakness: verified.key().weakness(),
            jwk: self.identify(verified.key(), token),
        };
        Checked {
            refusal: None,
            signed: verified.iter().map(signed).collect(),
        }
    }

    /// The key that was used, as it was read. Where several bear the same name, each is tried.
    fn identify(&self, used: &VerifyingKey, token: &Sent) -> Option<Jwk> {
        let fits = |jwk: &&Jwk| {
            (self.keys.is_picked() || jwk.key_id() == used.key_id())
                && jwk
                    .algorithms()
                    .is_ok_and(|algorithms| algorithms.contains(used.algorithm()))
        };
        let mut candidates = self.keys.jwks().iter().filter(fits);
        let first = candidates.next()?;
        if candidates.next().is_none() {
            return Some(first.clone());
        }
        let alone = |jwk: &&Jwk| {
            VerifyingKeySet::dangerous_allow_weak(
                core::slice::from_ref(*jwk),
                used.algorithm().into(),
                self.backend,
            )
            .is_ok_and(|keys| self.verifies_under(&keys, token))
        };
        self.keys.jwks().iter().filter(fits).find(alone).cloned()
    }

    fn verifies_under(&self, keys: &VerifyingKeySet, token: &Sent) -> bool {
        compact::Unverified::parse(&token.text, &self.policy.signature.limits)
            .is_ok_and(|unverified| unverified.verify(keys, &self.policy.signature).is_ok())
    }

    /// `--strict`: a weak key proves nothing, and that outranks what the claims say.
    fn without_weak(&self, checked: Checked) -> Checked {
        let weakness = checked.signed.iter().find_map(|signed| signed.weakness);
        match weakness {
            Some(weakness) if self.strict => Checked {
                refusal: Some(Refusal::Key(KeyError::Weak(weakness))),
                ..checked
            },
            _ => checked,
        }
    }
}

impl Checked {
    fn refused(refusal: Refusal) -> Self {
        Self {
            refusal: Some(refusal),
            signed: Vec::new(),
        }
    }
}
