//! Checks what a holder presents.

use core::time::Duration;

use jeton_jose::json::RawJson;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{KeyForm, VerifyingKeySet};
use jeton_jose::sd_jwt::{self, KeyBindingRules, Rules};
use jeton_jose::{Algorithm, Code, Policy};
use serde::{Deserialize, Serialize};

use crate::find::{Found, Kind, Source};
use crate::token::{Disclosing, Inspection, Options, inspect_found};
use crate::verdict::{KeyUsed, Verdict};
use crate::workbench::{Failure, KeyInput, PolicyInput, Setting, Span, When, remedy};

/// Whether an SD-JWT is good.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The presentation.
    pub token: String,
    /// The issuer's key or key set.
    pub key: KeyInput,
    /// The rules, over the claims as they are disclosed.
    #[serde(default)]
    pub policy: Option<PolicyInput>,
    /// The time at which it is looked at.
    #[serde(default)]
    pub at: Option<When>,
    /// How far clocks may differ.
    #[serde(default)]
    pub leeway: Option<Span>,
    /// The proof that is asked for, if one is.
    #[serde(default)]
    pub key_binding: Option<KeyBindingRequest>,
}

/// Shows no token.
impl core::fmt::Debug for Request {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Request").finish_non_exhaustive()
    }
}

/// The holder's proof that is asked for.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyBindingRequest {
    /// For whom it must be made.
    pub aud: String,
    /// What was given for it.
    pub nonce: String,
    /// Longest time since it was made; five minutes by default.
    #[serde(default)]
    pub max_age: Option<Span>,
}

/// What an SD-JWT must satisfy.
#[derive(Debug)]
pub struct Verify<'v> {
    /// The presentation.
    pub token: &'v str,
    /// The issuer's keys.
    pub keys: &'v [Jwk],
    /// Whether there is one key, which a `kid` does not choose.
    pub picked: bool,
    /// The rules; where they name no algorithm, all are admitted that the keys serve.
    pub policy: Policy,
    /// What the holder must prove; `None` asks for no proof.
    pub key_binding: Option<KeyBindingRules>,
}

/// The answer.
#[derive(Clone, Debug, Serialize)]
pub struct SdVerdict {
    /// Whether it is good.
    pub verdict: Verdict,
    /// What it rests on.
    pub provenance: &'static str,
    /// The stable code, if it is invalid.
    pub code: Option<Code>,
    /// Every code, where several claims fail.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<Code>,
    /// Why, in words.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The header of the issuer's token, whatever the verdict.
    pub header: Option<RawJson>,
    /// The claims with what is disclosed in its place, whatever the verdict.
    pub claims: Option<RawJson>,
    /// The issuer's key that verified it.
    pub key: Option<KeyUsed>,
    /// JSON pointers of what is disclosed.
    pub disclosed: Vec<String>,
    /// How many digests stand for what is kept back, or for nothing.
    pub undisclosed: usize,
    /// How the holder's proof stands.
    pub key_binding: KeyBound,
    /// All that the text shows.
    #[serde(skip)]
    pub inspection: Inspection,
}

/// How the holder's proof stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyBound {
    /// It was asked for and is good.
    Verified,
    /// It was asked for, and the answer is no.
    Refused,
    /// It is there, but was not asked for.
    NotChecked,
    /// It is not there and was not asked for.
    Absent,
}

/// Answers a request.
///
/// # Errors
/// The key cannot be used, or the policy is wrong.
pub fn answer(request: &Request, setting: &Setting<'_>) -> Result<SdVerdict, Failure> {
    let read = request.key.read(setting.backend)?;
    let mut policy = match &request.policy {
        Some(policy) => policy.read("the policy")?,
        None => Policy::default(),
    };
    policy.leeway = request.leeway.map_or(policy.leeway, |leeway| leeway.0);
    let key_binding = request.key_binding.as_ref().map(|asked| {
        let rules = KeyBindingRules::new(&asked.aud, &asked.nonce);
        KeyBindingRules {
            max_age: asked.max_age.map_or(rules.max_age, |age| age.0),
            leeway: policy.leeway,
            ..rules
        }
    });
    let asked = Verify {
        token: &request.token,
        keys: &read.keys,
        picked: read.form != KeyForm::JwkSet,
        policy,
        key_binding,
    };
    let now = request.at.unwrap_or(When::Now).resolve(setting.now);
    verify(asked, &Setting { now, ..*setting })
}

/// Verifies an SD-JWT as the core does, and tells what it shows.
///
/// # Errors
/// No key can be used. An SD-JWT that is not good is an answer.
pub fn verify(mut asked: Verify<'_>, setting: &Setting<'_>) -> Result<SdVerdict, Failure> {
    let backend = setting.backend;
    let signature = &mut asked.policy.signature;
    if signature.algorithms.is_empty() {
        signature.algorithms = Algorithm::ALL.iter().copied().collect();
    }
    let keys = VerifyingKeySet::new(asked.keys, signature.algorithms, backend)
        .map_err(|error| Failure::key("the key", &error))?;
    if let (true, Some(skipped)) = (keys.is_empty(), keys.skipped().first()) {
        return Err(Failure::key("the key", &skipped.error));
    }
    let keys = if asked.picked {
        keys.ignoring_key_ids()
    } else {
        keys
    };
    let text = asked.token.trim_ascii();
    let rules = Rules {
        policy: asked.policy,
        key_binding: asked.key_binding,
    };
    let result = sd_jwt::verify(text, &keys, &rules, setting.now, backend);
    let inspection = inspect(text, setting, rules.policy.leeway);
    Ok(told(&result, &rules, inspection))
}

fn inspect(text: &str, setting: &Setting<'_>, leeway: Duration) -> Inspection {
    let found = Found {
        span: 0..text.len(),
        kind: if text.contains('~') {
            Kind::SdJwt
        } else {
            Kind::CompactJws
        },
        source: Source::Whole,
        text: text.to_owned(),
        repairs: Vec::new(),
    };
    let now = setting.now;
    inspect_found(found, &Options { now, leeway })
}

fn told(
    result: &Result<sd_jwt::Verified, sd_jwt::Error>,
    rules: &Rules,
    inspection: Inspection,
) -> SdVerdict {
    let error = result.as_ref().err();
    let disclosing = inspection.disclosing.as_ref();
    let has_proof = disclosing.is_some_and(|told| told.key_binding.is_some());
    let key_binding = match (&rules.key_binding, error) {
        (Some(_), None) => KeyBound::Verified,
        (Some(_), Some(_)) => KeyBound::Refused,
        (None, _) if has_proof => KeyBound::NotChecked,
        (None, _) => KeyBound::Absent,
    };
    let is_bound = disclosing.is_some_and(|told| told.claims.iter().any(|one| one.name == "cnf"));
    let unproven = is_bound && key_binding != KeyBound::Verified;
    let message = match (error, key_binding) {
        (Some(error), _) => error.to_string(),
        (None, KeyBound::Verified) => {
            "the issuer's signature, every rule and the holder's proof hold".to_owned()
        }
        (None, KeyBound::NotChecked) => {
            "the issuer's signature and every rule hold; the holder's proof was not checked"
                .to_owned()
        }
        (None, _) => "the issuer's signature and every rule hold".to_owned(),
    };
    let key = result.as_ref().ok().map(|verified| verified.key().into());
    let code = error.map(sd_jwt::Error::code);
    let codes = match error {
        Some(sd_jwt::Error::Token(error) | sd_jwt::Error::KeyBinding(error)) => error.codes(),
        _ => Vec::new(),
    };
    let header = inspection.parts.first().and_then(|part| part.json.clone());
    let count = |told: &Disclosing| told.undisclosed;
    SdVerdict {
        verdict: if error.is_none() {
            Verdict::Valid
        } else {
            Verdict::Invalid
        },
        provenance: if error.is_none() {
            "verified under a key you gave"
        } else {
            "invalid"
        },
        code,
        codes: if codes.len() > 1 { codes } else { Vec::new() },
        message,
        hint: error
            .map(hint)
            .or_else(|| unproven.then(|| UNPROVEN.to_owned())),
        header,
        claims: disclosing.and_then(|told| told.json.clone()),
        key,
        disclosed: disclosing.map(pointers).unwrap_or_default(),
        undisclosed: disclosing.map_or(0, count),
        key_binding,
        inspection,
    }
}

const UNPROVEN: &str =
    "the token is bound to a key; ask for key binding, or whoever copied it can present it";

fn pointers(told: &Disclosing) -> Vec<String> {
    let pointers = told.disclosures.iter();
    pointers.filter_map(|one| one.pointer.clone()).collect()
}

fn hint(error: &sd_jwt::Error) -> String {
    match error.code() {
        Code::TokenFormat => {
            "an SD-JWT ends in a tilde or in a key-binding JWT after one; copy it whole".to_owned()
        }
        code => remedy(code),
    }
}
