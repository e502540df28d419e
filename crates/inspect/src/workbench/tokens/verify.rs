//! Whether a token is valid, why, and what would make it so.

use jeton_jose::json::Value;
use jeton_jose::jws::SignatureRules;
use jeton_jose::key::{self, KeyForm, KeyMaterial, ReadKeys, Skipped};
use jeton_jose::{Algorithm, AlgorithmSet, Code, Policy, Secret, UnixTime, base64url, jwt};
use serde::{Deserialize, Serialize};

use super::check::{Check as Checking, Checked, Refusal};
use super::key_ring::KeyRing;
use super::{Beside, Doctor, Report, anchored, doctor, remarks};
use crate::doctor::{Given, can_mend_key};
use crate::openid::CrossCheck;
use crate::sent::{Form, Sent, clean, limits};
use crate::token::{Inspection, Options};
use crate::verdict::{Check, Scope, Verdict};
use crate::workbench::{Failure, KeyInput, PolicyInput, Setting, Span, When, remedy};

/// What is asked.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own"
)]
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The token; `Bearer` and white space around it are dropped.
    pub token: String,
    /// The key, secret or key set to verify with; without it nothing is verified.
    #[serde(default)]
    pub key: Option<KeyInput>,
    /// The rules; without them the algorithms of the key and the times of the token.
    #[serde(default)]
    pub policy: Option<PolicyInput>,
    /// The time at which the token is judged.
    #[serde(default)]
    pub at: Option<When>,
    /// How far clocks may differ; instead of the policy's.
    #[serde(default)]
    pub leeway: Option<Span>,
    /// Check the signature alone, over any payload.
    #[serde(default)]
    pub signature_only: bool,
    /// The payload of a detached signature, as text.
    #[serde(default)]
    pub payload: Option<String>,
    /// The payload of a detached signature, as bytes.
    #[serde(default)]
    pub payload_base64url: Option<String>,
    /// Each of several signatures has to be good.
    #[serde(default)]
    pub all_signatures: bool,
    /// Refuse weak keys instead of warning about them.
    #[serde(default)]
    pub strict: bool,
    /// What came or was sent with the token and has to belong to it.
    #[serde(default)]
    pub beside: Option<Beside>,
    /// Look for what would make the signature match, which takes longer than the verdict.
    #[serde(default = "wanted")]
    pub doctor: bool,
    /// Show the input that would have been right, which may be a secret.
    #[serde(default)]
    pub with_fix: bool,
    /// Instead of a key: certificates in PEM. One of them, or a chain that leads to one, has to
    /// come with the token (`x5c`).
    #[serde(default)]
    pub trust_anchors: Option<String>,
}

const fn wanted() -> bool {
    true
}

/// The answer.
#[derive(Clone, Debug, Serialize)]
pub struct Examined {
    /// The verdict and what the token says.
    #[serde(flatten)]
    pub report: Report,
    /// What the verdict rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<&'static str>,
    /// Each check with what was wanted and seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks: Option<Vec<Check>>,
    /// What would make the signature match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doctor: Option<Doctor>,
    /// Whether what was given beside the token belongs to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cross_checks: Option<Vec<CrossCheck>>,
    /// The token explained, for a face that shows it.
    #[serde(skip)]
    pub inspection: Inspection,
    /// The payload, where it travelled apart.
    #[serde(skip)]
    pub detached: Option<Vec<u8>>,
}

/// What a token has to satisfy.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The rules. One that names no algorithm accepts those of the key.
    pub policy: Policy,
    /// The algorithms that the key may serve; all that fit it where `None`.
    pub allowed: Option<AlgorithmSet>,
    /// How much is checked.
    pub scope: Scope,
    /// Whether weak keys are refused, rather than warned about.
    pub strict: bool,
    /// What has to belong to each token; `None` where that is not asked.
    pub beside: Option<Beside>,
    /// The time at which tokens are judged.
    pub now: UnixTime,
}

/// How much is said beside the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Each check.
    pub checks: bool,
    /// What would make the signature match.
    pub doctor: bool,
    /// With the input that would have been right, which may be a secret.
    pub with_fix: bool,
}

/// Answers a request.
///
/// # Errors
/// The key or policy cannot be read, or the request contradicts itself.
pub fn answer(request: &Request, setting: &Setting<'_>) -> Result<Examined, Failure> {
    if let Some(anchors) = &request.trust_anchors {
        return request.anchored(anchors, setting);
    }
    let key = request.key.as_ref();
    let verifier = Verifier::new(key, request.rules(setting.now)?, setting)?;
    let detail = Detail {
        checks: true,
        doctor: request.doctor,
        with_fix: request.with_fix,
    };
    Ok(verifier.verify(&request.token, detail))
}

impl Request {
    fn anchored(&self, anchors: &str, setting: &Setting<'_>) -> Result<Examined, Failure> {
        if self.key.is_some() {
            return Err(Failure::usage("a key and trust anchors are given")
                .hint("leave out the anchors: a key that you give is trusted already"));
        }
        let detail = Detail {
            checks: true,
            doctor: true,
            with_fix: false,
        };
        let rules = self.rules(setting.now)?;
        anchored::verify(&self.token, anchors.as_bytes(), rules, detail, setting)
    }

    fn rules(&self, now: UnixTime) -> Result<Rules, Failure> {
        let mut policy = match &self.policy {
            Some(policy) => policy.read("the policy")?,
            None => plain_policy(),
        };
        if let Some(leeway) = self.leeway {
            policy.leeway = leeway.0;
        }
        Ok(Rules {
            policy,
            allowed: None,
            scope: self.scope()?,
            strict: self.strict,
            beside: self.beside.clone(),
            now: self.at.unwrap_or(When::Now).resolve(now),
        })
    }

    fn scope(&self) -> Result<Scope, Failure> {
        let detached = match (&self.payload, &self.payload_base64url) {
            (Some(_), Some(_)) => {
                return Err(Failure::usage(
                    "give the payload as one of `payload` and `payload_base64url`",
                ));
            }
            (Some(text), None) => Some(text.clone().into_bytes()),
            (None, Some(text)) => Some(base64url::decode(text).map_err(|error| {
                Failure::content("`payload_base64url` is no base64url").cause(error.to_string())
            })?),
            (None, None) => None,
        };
        if self.signature_only {
            return Ok(Scope::Signature {
                all: self.all_signatures,
                detached,
            });
        }
        if detached.is_some() || self.all_signatures {
            return Err(
                Failure::usage("a detached payload and several signatures are no JWT's")
                    .hint("ask for the signature alone: `signature_only`"),
            );
        }
        Ok(Scope::Claims)
    }
}

/// The policy of whoever gives none: generous limits, and no rule but those of every token.
pub fn plain_policy() -> Policy {
    let mut policy = Policy::default();
    policy.signature.limits = limits();
    policy
}

/// Keys and rules, ready for any number of tokens.
#[derive(Debug)]
pub struct Verifier<'s> {
    check: Checking<'s>,
    given: GivenKey,
    beside: Option<Beside>,
}

/// What the key was read from, for the doctor to vary.
#[derive(Debug)]
enum GivenKey {
    Secret,
    File(Secret),
    Set,
}

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
                let (keys, given) = key_ring(key, allowed, setting)?;
                (Some(keys), given)
            }
            None => (None, GivenKey::Set),
        };
        Ok(Self {
            check: Checking {
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

/// The keys, and what they were read from.
fn key_ring(
    key: &KeyInput,
    allowed: AlgorithmSet,
    setting: &Setting<'_>,
) -> Result<(KeyRing, GivenKey), Failure> {
    let backend = setting.backend;
    let refused = |error: &_| Failure::key(key.name(), error);
    let given = |form| match (key.bytes(), form) {
        (None, _) => GivenKey::Secret,
        (Some(_), KeyForm::JwkSet) => GivenKey::Set,
        (Some(bytes), _) => GivenKey::File(bytes),
    };
    let mut read = match (key.read(backend), key.bytes()) {
        (Ok(read), _) => read,
        (Err(failure), bytes) => {
            let mendable = bytes.filter(|bytes| can_mend_key(bytes.expose(), backend));
            let bytes = mendable.ok_or(failure.clone())?;
            let error = key::read(bytes.expose(), backend).err().ok_or(failure)?;
            return Ok((KeyRing::unreadable(error), GivenKey::File(bytes)));
        }
    };
    let form = read.form;
    let ring = match (form, key.kid.is_some(), read.keys.len()) {
        (KeyForm::JwkSet, false, 0) => return Err(none_usable(key.name(), &read)),
        (KeyForm::JwkSet, false, _) => KeyRing::of_set(read.keys, read.skipped, allowed, backend),
        (_, true, _) => KeyRing::of_one(key.read_one(backend)?, allowed, backend),
        (..) => match read.keys.pop() {
            Some(one) => KeyRing::of_one(one, allowed, backend),
            None => return Err(none_usable(key.name(), &read)),
        },
    };
    Ok((ring.map_err(|error| refused(&error))?, given(form)))
}

fn none_usable(name: &str, read: &ReadKeys) -> Failure {
    let failure = Failure::content(format!("{name} has no usable key"));
    read.skipped.iter().fold(failure, |failure, skipped| {
        failure.cause(format!("key {}: {}", skipped.index, skipped.error))
    })
}

const NO_KEY: &str = "no key was given, so anybody could have written this";

const NEWLINE: &str =
    "the secret ends in a line break, which counts as part of it; remove it if it should not";

const DISCLOSING: &str =
    "this is an SD-JWT, whose disclosures follow the signature; check it with `jeton sd verify`";
const ONLY_COMPACT: &str = "--jws checks the signature alone, in this form too";

const NO_PAYLOAD: &str =
    "the token has no payload; if it travels apart, give it with --jws --payload @file";

/// What was found good, and no more than that.
fn praise(check: &Checking<'_>, checked: &Checked, sent: &Sent) -> String {
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
