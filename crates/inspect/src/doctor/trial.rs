//! Puts suppositions to the test, within bounds.

use jeton_jose::Secret;
use jeton_jose::alg::{Algorithm, Family};
use jeton_jose::backend::RustCrypto;
use jeton_jose::key::{KeyMaterial, SigningKey, VerifyingKey};

use super::{Bounds, Case, Cause, CauseCode, Fixed, Tried};

/// Something that may be so: then this key verifies this signature over this message.
#[derive(Clone)]
pub(super) struct Hypothesis {
    /// The cause it would be; `None` if nothing was wrong.
    pub(super) code: Option<CauseCode>,
    pub(super) detail: Option<String>,
    pub(super) key: Key,
    pub(super) algorithm: Algorithm,
    /// `None` for the token's own.
    pub(super) message: Option<Vec<u8>>,
    /// `None` for the token's own.
    pub(super) signature: Option<Vec<u8>>,
    pub(super) any_salt: bool,
    /// Whether it supposes nothing: the key and the token as they were given.
    pub(super) as_given: bool,
    pub(super) fixed: Option<Fixed>,
}

/// The key of a supposition.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// One of [`Case::keys`], by position.
    Given(usize),
    /// A secret that nobody gave so.
    Secret(Secret),
}

impl Hypothesis {
    pub(super) fn new(code: impl Into<Option<CauseCode>>, key: Key, algorithm: Algorithm) -> Self {
        Self {
            code: code.into(),
            detail: None,
            key,
            algorithm,
            message: None,
            signature: None,
            any_salt: false,
            as_given: false,
            fixed: None,
        }
    }

    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub(super) fn message(mut self, message: Vec<u8>) -> Self {
        self.message = Some(message);
        self
    }

    pub(super) fn signature(mut self, signature: Vec<u8>) -> Self {
        self.signature = Some(signature);
        self
    }

    pub(super) fn fixed(mut self, fixed: impl Into<Option<Fixed>>) -> Self {
        self.fixed = fixed.into();
        self
    }

    /// The cause that its attempt counts for.
    fn tried_for(&self) -> Option<CauseCode> {
        self.code.filter(|_| !self.as_given)
    }

    /// The cause, with whatever the token or the key had to be cleaned of besides.
    pub(super) fn into_cause(self, case: &Case<'_>) -> Option<Cause> {
        let code = self.code?;
        let key = match self.key {
            Key::Given(at) => case.keys.get(at),
            Key::Secret(_) => None,
        };
        let cleaned = case.specimen.damages.iter().copied();
        let also = cleaned.chain(key.and_then(|key| key.repaired));
        let cause = Cause::new(code, self.detail, true);
        Some(Cause {
            also: also.filter(|other| *other != code).collect(),
            fixed: self.fixed,
            ..cause
        })
    }
}

/// Counts the work, and keeps the keys that were prepared.
pub(super) struct Trial<'c> {
    case: &'c Case<'c>,
    left: Bounds,
    exhausted: bool,
    tried: Vec<Tried>,
    prepared: Vec<(usize, Algorithm, Option<VerifyingKey>)>,
}

impl<'c> Trial<'c> {
    pub(super) fn new(case: &'c Case<'c>, bounds: Bounds) -> Self {
        Self {
            case,
            left: bounds,
            exhausted: false,
            tried: Vec::new(),
            prepared: Vec::new(),
        }
    }

    /// What was tried, and whether a bound was met.
    pub(super) fn finish(self) -> (Vec<Tried>, bool) {
        (self.tried, self.exhausted)
    }

    /// Whether the signature matches under the supposition.
    pub(super) fn confirms(&mut self, hypothesis: &Hypothesis) -> bool {
        let case = self.case;
        let message = hypothesis
            .message
            .as_deref()
            .unwrap_or(&case.specimen.message);
        let signature = hypothesis
            .signature
            .as_deref()
            .unwrap_or(&case.specimen.signature);
        let is_mac = hypothesis.algorithm.row().family == Family::Hmac;
        if signature.is_empty() {
            return false;
        }
        if hypothesis.any_salt {
            return self.spend(false, message.len(), hypothesis.tried_for())
                && self.fits_any_salt(hypothesis, message, signature);
        }
        let Some(key) = self.prepare(&hypothesis.key, hypothesis.algorithm) else {
            return false;
        };
        if key.signature_len() != signature.len() {
            self.count(hypothesis.tried_for());
            return false;
        }
        self.spend(is_mac, message.len(), hypothesis.tried_for()) && key.verify(message, signature)
    }

    /// The MAC that the message of the token should have.
    pub(super) fn mac(
        &mut self,
        key: usize,
        algorithm: Algorithm,
        code: CauseCode,
    ) -> Option<Vec<u8>> {
        let material = self.case.keys.get(key)?.jwk.material().clone();
        if !material.algorithms().contains(algorithm)
            || !self.spend(true, self.case.specimen.message.len(), Some(code))
        {
            return None;
        }
        let key = SigningKey::dangerous_allow_weak(&material.into(), algorithm, self.case.backend)
            .ok()?;
        let mut tag = Vec::new();
        key.sign(&self.case.specimen.message, &mut tag).ok()?;
        Some(tag)
    }

    /// Notes that a cause was considered.
    pub(super) fn count(&mut self, code: Option<CauseCode>) {
        match self.tried.iter_mut().find(|tried| tried.code == code) {
            Some(tried) => tried.attempts += 1,
            None => self.tried.push(Tried { code, attempts: 1 }),
        }
    }

    /// Whether there is an operation left for the cause.
    fn spend(&mut self, is_mac: bool, bytes: usize, code: Option<CauseCode>) -> bool {
        let left = if is_mac {
            &mut self.left.macs
        } else {
            &mut self.left.public_key_operations
        };
        let rest = (left.checked_sub(1), self.left.bytes.checked_sub(bytes));
        let (Some(rest), Some(bytes)) = rest else {
            self.exhausted = true;
            return false;
        };
        *left = rest;
        self.left.bytes = bytes;
        self.count(code);
        true
    }

    /// The numbers of the key alone, so that its metadata forbids nothing here.
    fn prepare(&mut self, key: &Key, algorithm: Algorithm) -> Option<VerifyingKey> {
        let material = match key {
            Key::Secret(secret) => KeyMaterial::Oct(secret.clone()),
            Key::Given(index) => {
                let known = self.prepared.iter().find(|(known, known_algorithm, _)| {
                    known == index && *known_algorithm == algorithm
                });
                if let Some((_, _, prepared)) = known {
                    return prepared.clone();
                }
                self.case.keys.get(*index)?.jwk.material().clone()
            }
        };
        let prepared =
            VerifyingKey::dangerous_allow_weak(&material.into(), algorithm, self.case.backend).ok();
        if let Key::Given(index) = key {
            self.prepared.push((*index, algorithm, prepared.clone()));
        }
        prepared
    }

    fn fits_any_salt(&self, hypothesis: &Hypothesis, message: &[u8], signature: &[u8]) -> bool {
        let Key::Given(index) = hypothesis.key else {
            return false;
        };
        let Some(KeyMaterial::Rsa(rsa)) = self.case.keys.get(index).map(|key| key.jwk.material())
        else {
            return false;
        };
        let bits = KeyMaterial::Rsa(rsa.clone()).bits();
        (1024..=8192).contains(&bits)
            && signature.len() == rsa.n.len()
            && RustCrypto::dangerous_pss_any_salt(hypothesis.algorithm, rsa)
                .is_ok_and(|key| key.verify(message, signature))
    }
}
