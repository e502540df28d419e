//! Keys and rules, held against one token after the other.

use jeton_jose::json::Value;
use jeton_jose::jws::SignatureRules;
use jeton_jose::key::{KeyMaterial, Skipped};
use jeton_jose::{Algorithm, AlgorithmSet, Code, Policy, jwt};

use super::{Detail, Examined, Rules};
use crate::doctor::Given;
use crate::sent::{Form, Sent, clean};
use crate::token::{Inspection, Options};
use crate::verdict::{Scope, Verdict};
use crate::workbench::tokens::check::{Check, Checked, Refusal};
use crate::workbench::tokens::key_ring::{GivenKey, KeyRing};
use crate::workbench::tokens::{Beside, Doctor, Report, doctor, remarks};
use crate::workbench::{Failure, KeyInput, Setting, remedy};

/// Keys and rules, ready for any number of tokens.
#[derive(Debug)]
pub struct Verifier<'s> {
    check: Check<'s>,
    given: GivenKey,
    beside: Option<Beside>,
}

const NO_KEY: &str = "no key was given, so anybody could have written this";

const NEWLINE: &str =
    "the secret ends in a line break, which counts as part of it; remove it if it should not";

const DISCLOSING: &str = "this is an SD-JWT, whose disclosures follow the signature; check it with `jeton sd \
     verify` or `tokens/sd-verify`";

const ONLY_COMPACT: &str = "the signature alone can be checked in this form too: `--jws`, or `signature_only` in a request";

const NO_PAYLOAD: &str = "the token has no payload; if it travels apart, give it for a check of the signature alone: \
     `--jws --payload @file`, or `signature_only` and `payload` in a request";

impl<'s> Verifier<'s> {
    /// Reads the key. Without one tokens are checked as far as that goes, and not verified.
    ///
    /// # Errors
    /// It cannot be used, or a policy with rules for claims is to check signatures alone.
    pub fn new(
        key: Option<&KeyInput>,
        rules: Rules,
        setting: &Setting<'s>,
    ) -> Result<Self, Failure> {
        let mut policy = rules.policy;
        if matches!(rules.scope, Scope::Signature { .. }) && judges_claims(&policy) {
            return Err(Failure::usage(
                "the signature alone is checked, but the policy has rules for claims",
            )
            .hint("leave one of them out"));
        }
        if let Some(beside) = &rules.beside {
            beside.check(setting.backend)?;
        }
        let all: AlgorithmSet = Algorithm::ALL.iter().copied().collect();
        if policy.signature.algorithms.is_empty() {
            policy.signature.algorithms = all;
        }
        let allowed = rules.allowed.unwrap_or(all);
        let (keys, given) = match key {
            Some(key) => {
                let (keys, given) = KeyRing::read(key, allowed, setting.backend)?;
                (Some(keys), given)
            }
            None => (None, GivenKey::Set),
        };
        Ok(Self {
            check: Check {
                backend: setting.backend,
                keys,
                policy,
                scope: rules.scope,
                strict: rules.strict,
                now: rules.now,
            },
            given,
            beside: rules.beside,
        })
    }

    /// The members of the set that cannot be used.
    pub fn skipped(&self) -> &[Skipped] {
        self.check.keys.as_ref().map_or(&[], KeyRing::skipped)
    }

    /// Holds one token against them.
    pub fn verify(&self, token: &str, detail: Detail) -> Examined {
        let check = &self.check;
        let sent = Sent::read(clean(token).to_owned());
        let checked = check.run(&sent);
        let inspection = sent.inspect(&Options {
            now: check.now,
            leeway: check.policy.leeway,
        });
        let doctor = detail
            .doctor
            .then(|| self.doctor(&checked, &sent))
            .flatten();
        let doctor = doctor.map(|diagnosis| Doctor {
            with_fix: detail.with_fix,
            ..diagnosis
        });
        let mut report = self.report(&checked, &sent, &inspection, doctor.as_ref());
        let cross_checks = self.beside.as_ref().and_then(|beside| {
            let key = checked
                .signed
                .first()
                .and_then(|signed| signed.jwk.as_ref());
            let checks = beside.held_against(&sent.text, key, check.backend)?;
            beside.judge(&checks, &mut report);
            Some(checks)
        });
        let judgement = checked.judgement.filter(|_| detail.checks);
        let (provenance, checks) = match judgement {
            // A verdict can be stricter than the judgement, never milder.
            Some(judged) if report.verdict == Verdict::Invalid => {
                (Some("invalid"), Some(judged.checks))
            }
            Some(judged) => (Some(judged.provenance), Some(judged.checks)),
            None => (None, None),
        };
        Examined {
            report,
            provenance,
            checks,
            doctor,
            cross_checks,
            inspection,
            detached: check.scope.detached().map(<[u8]>::to_vec),
        }
    }

    fn report(
        &self,
        checked: &Checked,
        sent: &Sent,
        inspection: &Inspection,
        doctor: Option<&Doctor>,
    ) -> Report {
        let check = &self.check;
        let detached = check.scope.detached();
        let findings = remarks::of_checked(checked, check, sent, inspection);
        let report = match &checked.refusal {
            None if check.keys.is_none() => Report {
                hint: Some("give the key of whoever signed it".to_owned()),
                ..Report::new(Verdict::Unverified, NO_KEY.to_owned())
            },
            None => Report::new(Verdict::Valid, praise(check, checked, sent)),
            Some(refusal) => {
                let first = findings.first();
                let message =
                    first.map_or_else(|| refusal.to_string(), |finding| finding.message.clone());
                Report {
                    code: Some(refusal.code().as_str()),
                    hint: self.hint(refusal, sent, (inspection, doctor)),
                    ..Report::new(Verdict::Invalid, message)
                }
            }
        };
        Report {
            findings,
            ..report
                .showing(sent, detached)
                .verified_by(&checked.signed, check.backend)
        }
    }

    fn hint(
        &self,
        refusal: &Refusal,
        sent: &Sent,
        (inspection, doctor): (&Inspection, Option<&Doctor>),
    ) -> Option<String> {
        let disclosing = inspection.disclosing.is_some();
        let check = &self.check;
        let mismatch = refusal.code() == Code::SignatureMismatch;
        let json_form = sent.form != Form::Compact && sent.malformed.is_none();
        let hint = match (mismatch, &sent.payload) {
            _ if disclosing => DISCLOSING,
            _ if json_form && matches!(check.scope, Scope::Claims) => ONLY_COMPACT,
            (true, None) if check.scope.detached().is_none() => NO_PAYLOAD,
            // The doctor's fix says more.
            _ if doctor.is_some_and(Doctor::knows) => return None,
            (true, _) if self.ends_in_newline() => NEWLINE,
            _ => return Some(remedy(refusal.code())),
        };
        Some(hint.to_owned())
    }

    fn ends_in_newline(&self) -> bool {
        let first = self.check.jwks().first().map(jeton_jose::Jwk::material);
        matches!((&self.given, first), (GivenKey::Secret, Some(KeyMaterial::Oct(secret))) if secret.expose().ends_with(b"\n"))
    }

    /// Asks the doctor if it is the signature or the form that fails. Where the signature was not
    /// even tried, only a found cause is worth telling.
    fn doctor(&self, checked: &Checked, sent: &Sent) -> Option<Doctor> {
        let check = &self.check;
        let code = match &checked.refusal {
            Some(Refusal::Token(error @ jwt::Error::Signature(_))) => error.code(),
            // The key's text is damaged.
            Some(Refusal::Key(error)) if check.jwks().is_empty() => error.code(),
            _ => return None,
        };
        // An unsigned token needs no doctor, a payload that is elsewhere leaves nothing to try, and
        // a JSON form is no JWT whatever its signature.
        let detached = check.scope.detached();
        let elsewhere = sent.malformed.is_none() && sent.payload.is_none() && detached.is_none();
        let unsigned = code == Code::AlgorithmNone;
        let no_jwt = sent.form != Form::Compact && matches!(check.scope, Scope::Claims);
        if elsewhere || unsigned || no_jwt {
            return None;
        }
        let keys = check.jwks();
        let given = match (&self.given, keys.first().map(jeton_jose::Jwk::material)) {
            (GivenKey::Secret, Some(KeyMaterial::Oct(secret))) => Given::Secret(secret.expose()),
            (GivenKey::File(bytes), _) => Given::KeyFile(bytes.expose()),
            _ => Given::Keys(keys),
        };
        let doctor = doctor::examine(sent, detached, given, check.backend)?;
        let tells = doctor.knows() || code == Code::SignatureMismatch;
        tells.then_some(doctor)
    }
}

/// Whether a policy asks for more than its signature.
fn judges_claims(policy: &Policy) -> bool {
    let rest = Policy {
        signature: SignatureRules::default(),
        leeway: core::time::Duration::ZERO,
        ..policy.clone()
    };
    rest != Policy::default()
}

/// What was found good, and no more than that.
fn praise(check: &Check<'_>, checked: &Checked, sent: &Sent) -> String {
    let first = checked.signed.first();
    let algorithm = first.map_or("", |signed| signed.algorithm.name());
    let signature = match (checked.signed.len(), sent.signatures.len()) {
        (_, 1) => format!("the {algorithm} signature is good"),
        (good, all) => format!("{good} of {all} signatures checked and good"),
    };
    match check.scope {
        Scope::Signature { .. } => format!("{signature}; the payload's meaning was not checked"),
        Scope::Claims => {
            let rules = rules_held(&check.policy, |claim| sent.claim(claim));
            if rules.is_empty() {
                format!("{signature}; no rule was given for the claims")
            } else {
                format!("{signature}, and so are the claims ({})", rules.join(", "))
            }
        }
    }
}

/// The rules that held, in words.
fn rules_held<'t>(policy: &Policy, claim: impl Fn(&str) -> Option<Value<'t>>) -> Vec<&'static str> {
    let has = |name| claim(name).is_some();
    let all = [
        (policy.typ.is_some(), "type"),
        (!policy.issuers.is_empty(), "issuer"),
        (policy.subject.is_some(), "subject"),
        (!policy.audiences.is_empty(), "audience"),
        (has("exp"), "expiry"),
        (has("nbf"), "start"),
        (policy.max_age.is_some(), "age"),
        (!policy.required.is_empty(), "required claims"),
        (!policy.forbidden.is_empty(), "forbidden claims"),
        (!policy.rules.is_empty(), "claim rules"),
    ];
    all.into_iter()
        .filter_map(|(held, name)| held.then_some(name))
        .collect()
}
