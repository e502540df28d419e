//! Holds a token against keys and rules, as the person asked for it.

use core::fmt;

use jeton_jose::backend::Backend;
use jeton_jose::json::RawJson;
use jeton_jose::jwk::Jwk;
use jeton_jose::jwt::{self, ClaimError};
use jeton_jose::key::{KeyError, VerifyingKeySet, Weakness};
use jeton_jose::{Algorithm, Code, Policy, UnixTime};

use super::key_ring::KeyRing;
use crate::sent::Sent;
use crate::verdict::{Judgement, Keys, Scope, Verified, judge};

/// What a token must satisfy.
#[derive(Debug)]
pub(super) struct Check<'b> {
    pub(super) backend: &'b dyn Backend,
    /// Without keys nothing is verified.
    pub(super) keys: Option<KeyRing>,
    pub(super) policy: Policy,
    pub(super) scope: Scope,
    pub(super) strict: bool,
    pub(super) now: UnixTime,
}

/// The answer for one token.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) refusal: Option<Refusal>,
    /// The signatures found good, with their keys; also where a claim then failed.
    pub(super) signed: Vec<Signed>,
    /// What led to it, unless the key may verify nothing.
    pub(super) judgement: Option<Judgement>,
}

/// A signature that was found good.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) header: Option<RawJson>,
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
    /// The keys as they were read.
    pub(super) fn jwks(&self) -> &[Jwk] {
        self.keys.as_ref().map_or(&[], KeyRing::jwks)
    }

    pub(super) fn run(&self, sent: &Sent) -> Checked {
        if let Some(error) = self.keys.as_ref().and_then(KeyRing::refused) {
            return Checked {
                refusal: Some(Refusal::Key(error.clone())),
                signed: Vec::new(),
                judgement: None,
            };
        }
        let keys = self.keys.as_ref().map(|keys| keys.for_token(sent));
        let keys = keys.map_or(Keys::Nothing, Keys::Given);
        let judgement = judge(sent, keys, &self.policy, &self.scope, self.now);
        let verified = judgement.verified.iter();
        let signed: Vec<_> = verified
            .map(|good| {
                let signature = sent.signatures.get(good.index);
                let header = signature.and_then(|signature| signature.header.as_ref());
                Signed {
                    header: header.map(|header| header.root().into()),
                    algorithm: good.key.algorithm(),
                    weakness: good.key.weakness(),
                    jwk: self.identify(good, sent),
                }
            })
            .collect();
        let refusal = judgement.refusal.clone().map(Refusal::Token);
        Checked {
            refusal: self.too_weak(&signed).or(refusal),
            signed,
            judgement: Some(judgement),
        }
    }

    /// The key that was used, as it was read. Where several bear the same name, each is tried.
    fn identify(&self, good: &Verified, sent: &Sent) -> Option<Jwk> {
        let keys = self.keys.as_ref()?;
        let used = &good.key;
        let fits = |jwk: &&Jwk| {
            (keys.is_picked() || jwk.key_id() == used.key_id())
                && jwk
                    .algorithms()
                    .is_ok_and(|algorithms| algorithms.contains(used.algorithm()))
        };
        let mut candidates = keys.jwks().iter().filter(fits);
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
            .is_ok_and(|keys| self.verifies_under(&keys, sent, good.index))
        };
        keys.jwks().iter().filter(fits).find(alone).cloned()
    }

    fn verifies_under(&self, keys: &VerifyingKeySet, sent: &Sent, index: usize) -> bool {
        let alone = Scope::Signature {
            all: false,
            detached: self.scope.detached().map(<[u8]>::to_vec),
        };
        let judgement = judge(sent, Keys::Given(keys), &self.policy, &alone, self.now);
        judgement.verified.iter().any(|good| good.index == index)
    }

    /// `strict`: a weak key proves nothing, and that outranks what the claims say.
    fn too_weak(&self, signed: &[Signed]) -> Option<Refusal> {
        if !self.strict {
            return None;
        }
        let all = matches!(self.scope, Scope::Signature { all: true, .. });
        if !all && signed.iter().any(|signed| signed.weakness.is_none()) {
            return None;
        }
        let weakness = signed.iter().find_map(|signed| signed.weakness)?;
        Some(Refusal::Key(KeyError::Weak(weakness)))
    }
}
