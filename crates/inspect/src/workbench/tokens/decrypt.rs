//! `tokens/decrypt`: opens an encrypted token, and holds the token in it against keys and a policy.

use jeton_jose::alg::{ContentEncryptionSet, KeyManagementFamily, KeyManagementSet};
use jeton_jose::json::RawJson;
use jeton_jose::jwe::{self, Decrypted, EncryptionRules, compact, flattened, general};
use jeton_jose::jwt::{self, nested};
use jeton_jose::key::{DecryptingKeySet, KeyForm, ReadKeys, VerifyingKeySet};
use jeton_jose::{
    Algorithm, AlgorithmSet, Code, ContentEncryption, KeyManagement, Limits, Policy, Secret,
    UnixTime, base64url,
};
use serde::{Deserialize, Serialize};

use super::encrypt::{encryption_named, key_management_named};
use crate::doctor::decryption::{self, Diagnosis};
use crate::find::{Found, Kind, Source};
use crate::sent::Sent;
use crate::token::{self, Inspection, inspect_opening};
use crate::verdict::{Check, Keys, Scope, judge};
use crate::workbench::{Failure, KeyInput, PolicyInput, Setting, Span, When, remedy};

/// What is to be decrypted, and with what.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The token, in any serialization.
    #[serde(default)]
    pub token: String,
    /// The private key or secret; of a set, the token's `kid` chooses.
    #[serde(default)]
    pub key: KeyInput,
    /// The key management algorithms to accept; by default all but those with a password, which
    /// cost whoever decrypts as much as the sender likes.
    #[serde(default)]
    pub alg: Vec<String>,
    /// The content encryptions to accept; by default all.
    #[serde(default)]
    pub enc: Vec<String>,
    /// Verifies the signed token inside, which has to be there then.
    #[serde(default)]
    pub verify_key: Option<KeyInput>,
    /// What that token must satisfy.
    #[serde(default)]
    pub policy: Option<PolicyInput>,
    /// Issuers to accept, in the place of the policy's.
    #[serde(default)]
    pub iss: Vec<String>,
    /// Audiences to accept, in the place of the policy's.
    #[serde(default)]
    pub aud: Vec<String>,
    /// The time to verify at.
    #[serde(default)]
    pub at: Option<When>,
    /// How far clocks may differ, where the policy does not say.
    #[serde(default)]
    pub leeway: Option<Span>,
    /// Most iterations of PBES2; by default 1,200,000.
    #[serde(default)]
    pub max_iterations: Option<u32>,
    /// Longest plaintext that a compressed one may inflate to; by default 250,000 bytes.
    #[serde(default)]
    pub max_inflated: Option<usize>,
    /// Say why it does not decrypt. This tells what the one error for all failures keeps to itself,
    /// and makes whoever answers it to others an oracle (RFC 7516 §11.5): for whoever holds the
    /// key only. A server refuses it from anywhere but the same machine.
    #[serde(default)]
    pub diagnose: bool,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Decrypted; who wrote it was not asked.
    Decrypted,
    /// Decrypted, and the token inside is valid.
    Valid,
    /// Not decrypted, or the token inside is not valid.
    Invalid,
}

/// The decrypted token.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// What became of it.
    pub verdict: Verdict,
    /// Why not, as a stable code.
    pub code: Option<&'static str>,
    /// The same in words.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The protected header of the encryption.
    pub header: Option<RawJson>,
    /// The `alg` under which it was decrypted.
    pub algorithm: Option<&'static str>,
    /// The `enc`.
    pub encryption: Option<&'static str>,
    /// The content, if it is text.
    pub plaintext: Option<String>,
    /// The content, if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plaintext_base64url: Option<String>,
    /// The claims of the token inside, whatever its verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<RawJson>,
    /// Each check of the token inside, with the value wanted and the value seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks: Option<Vec<Check>>,
    /// The token as a tree, with those inside it as far as it was decrypted.
    pub inspection: Inspection,
    /// Why it does not decrypt, if that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doctor: Option<Diagnosis>,
    /// The content as it is.
    #[serde(skip)]
    pub content: Option<Secret>,
}

/// Decrypts, and verifies what is inside where a key for that was given.
///
/// # Errors
/// The request contradicts itself, or a key cannot be read. A token that does not decrypt is an
/// answer.
pub fn answer(request: &Request, setting: &Setting<'static>) -> Result<Answer, Failure> {
    let rules_inside =
        request.policy.is_some() || !(request.iss.is_empty() && request.aud.is_empty());
    if rules_inside && request.verify_key.is_none() {
        return Err(Failure::usage(
            "there are rules for the signed token inside, but no key verifies it",
        )
        .hint("give the key of its signer too"));
    }
    let text = request.token.trim_ascii();
    let rules = request.rules()?;
    let inside = request.inside(setting)?;
    let read = request.key.read(setting.backend)?;
    let (keys, jwks) = decrypting(&request.key, &read, &rules, setting);
    let opened = open(text, &keys, &rules);
    let options = token::Options {
        leeway: inside
            .as_ref()
            .map_or_else(Default::default, |inside| inside.policy.leeway),
        now: inside.as_ref().map_or(setting.now, |inside| inside.now),
    };
    let inspection = inspect_opening(found(text), &options, &|inner| match &opened {
        Ok(decrypted) if inner == text => Some(decrypted.clone().into_plaintext()),
        Ok(_) => open(inner, &keys, &rules)
            .ok()
            .map(Decrypted::into_plaintext),
        Err(_) => None,
    });
    let decrypted = match opened {
        Ok(decrypted) => decrypted,
        Err(error) => {
            let reason = Reason::new(&error, &keys, &jwks);
            // What a rule refuses says so itself.
            let ails = matches!(
                error,
                jwe::Error::Decryption | jwe::Error::NoKey(_) | jwe::Error::Malformed(_)
            );
            let doctor = (request.diagnose && ails)
                .then(|| decryption::diagnose(text, &jwks, &rules, setting.backend));
            return Ok(reason.answer(inspection, doctor));
        }
    };
    Ok(match inside {
        Some(inside) => inside.answer(&decrypted, inspection),
        None => bare(&decrypted, inspection),
    })
}

impl Request {
    fn rules(&self) -> Result<EncryptionRules, Failure> {
        let named = self.alg.iter().map(|name| key_management_named(name));
        let named = named.collect::<Result<KeyManagementSet, _>>()?;
        let passwordless =
            |algorithm: &KeyManagement| algorithm.row().family != KeyManagementFamily::Pbes2;
        let encryptions = self.enc.iter().map(|name| encryption_named(name));
        let encryptions = encryptions.collect::<Result<ContentEncryptionSet, _>>()?;
        let mut rules = EncryptionRules::new(
            if named.is_empty() {
                KeyManagement::ALL
                    .iter()
                    .copied()
                    .filter(passwordless)
                    .collect()
            } else {
                named
            },
            if encryptions.is_empty() {
                ContentEncryption::ALL.iter().copied().collect()
            } else {
                encryptions
            },
        );
        let limits = Limits::default();
        rules.limits = Limits {
            token_bytes: LONGEST,
            inflated_bytes: self
                .max_inflated
                .unwrap_or(limits.inflated_bytes)
                .min(LONGEST),
            pbes2_iterations: self
                .max_iterations
                .unwrap_or(limits.pbes2_iterations)
                .min(MOST_ITERATIONS),
            ..limits
        };
        Ok(rules)
    }

    /// The keys and the rules for the token inside, if it is to be verified.
    fn inside(&self, setting: &Setting<'static>) -> Result<Option<Inside>, Failure> {
        let Some(input) = &self.verify_key else {
            return Ok(None);
        };
        let mut policy = match &self.policy {
            Some(policy) => policy.read("the policy")?,
            None => Policy::default(),
        };
        policy.signature.limits.token_bytes = LONGEST;
        if policy.signature.algorithms.is_empty() {
            policy.signature.algorithms = Algorithm::ALL.iter().copied().collect();
        }
        for (own, given) in [
            (&mut policy.issuers, &self.iss),
            (&mut policy.audiences, &self.aud),
        ] {
            if !given.is_empty() {
                own.clone_from(given);
            }
        }
        if let Some(Span(leeway)) = self.leeway {
            policy.leeway = leeway;
        }
        let read = input.read(setting.backend)?;
        let (jwks, picked) = chosen(input, &read);
        let allowed: AlgorithmSet = policy.signature.algorithms;
        let keys = VerifyingKeySet::new(&jwks, allowed, setting.backend)
            .map_err(|error| Failure::key(input.name(), &error))?;
        if let (true, [], Some(skipped)) = (picked, keys.keys(), keys.skipped().first()) {
            return Err(Failure::key(input.name(), &skipped.error));
        }
        Ok(Some(Inside {
            keys: if picked {
                keys.ignoring_key_ids()
            } else {
                keys
            },
            policy,
            now: self.at.unwrap_or(When::Now).resolve(setting.now),
        }))
    }
}

/// Longest token and plaintext, in bytes.
const LONGEST: usize = 16 << 20;
/// More iterations of PBES2 take minutes.
const MOST_ITERATIONS: u32 = 10_000_000;

const UNNAMED: &str = "a signed token is there, but have the sender say so: `cty` must be `JWT`";
const NOTHING_SIGNED: &str =
    "nothing inside is signed; decrypt it without a key to verify with, and do not trust it";

/// What the token inside is held against.
struct Inside {
    keys: VerifyingKeySet,
    policy: Policy,
    now: UnixTime,
}

impl Inside {
    fn answer(&self, decrypted: &Decrypted, inspection: Inspection) -> Answer {
        let limits = &self.policy.signature.limits;
        let nested = nested::Decrypted::inside(decrypted.clone(), limits);
        let verified: Result<jwt::Verified, jwt::Error> =
            nested.and_then(|nested| nested.verify(&self.keys, &self.policy, self.now));
        let inner = core::str::from_utf8(decrypted.plaintext()).ok();
        let parsed = inner.and_then(|inner| jwt::Unverified::parse(inner, limits).ok());
        let checks = parsed.as_ref().and(inner).map(|inner| {
            let sent = Sent::read(inner.to_owned());
            let keys = Keys::Given(&self.keys);
            judge(&sent, keys, &self.policy, &Scope::Claims, self.now).checks
        });
        let signed_inside = parsed.is_some();
        let cty = decrypted.header().value().as_object();
        let says_jwt = cty.is_some_and(|header| header.get("cty").is_some());
        let claims = parsed
            .and_then(|token| token.unverified_claims().ok())
            .map(|claims| RawJson::from(claims.value()));
        let (verdict, code, message, hint) = match verified {
            Ok(verified) => {
                let signed = verified.key().algorithm();
                let message = format!(
                    "{}, and the token inside is valid, signed with {signed}",
                    praise(decrypted)
                );
                (Verdict::Valid, None, message, None)
            }
            Err(error) => (
                Verdict::Invalid,
                Some(error.code().as_str()),
                format!(
                    "{}, but the token inside is not valid: {error}",
                    praise(decrypted)
                ),
                Some(match error.code() {
                    Code::HeaderInvalid if !says_jwt && signed_inside => UNNAMED.to_owned(),
                    Code::HeaderInvalid if !says_jwt => NOTHING_SIGNED.to_owned(),
                    code => remedy(code),
                }),
            ),
        };
        Answer {
            verdict,
            code,
            message,
            hint,
            claims,
            checks,
            ..bare(decrypted, inspection)
        }
    }
}

fn bare(decrypted: &Decrypted, inspection: Inspection) -> Answer {
    let header = decrypted.header();
    let text = core::str::from_utf8(decrypted.plaintext()).ok();
    let nested = inspection
        .nested
        .iter()
        .any(|inner| inner.found.source == Source::Payload);
    Answer {
        verdict: Verdict::Decrypted,
        code: None,
        message: format!("{}; who wrote it was not asked", praise(decrypted)),
        hint: nested
            .then(|| "the content is a token; give the key of its signer to verify it".to_owned()),
        header: Some(RawJson::from(header.value())),
        algorithm: Some(decrypted.key().algorithm().name()),
        encryption: header.content_encryption().map(ContentEncryption::name),
        plaintext: text.map(str::to_owned),
        plaintext_base64url: text
            .is_none()
            .then(|| base64url::encode(decrypted.plaintext())),
        claims: None,
        checks: None,
        inspection,
        doctor: None,
        content: Some(Secret::new(decrypted.plaintext().to_vec())),
    }
}

fn praise(decrypted: &Decrypted) -> String {
    let encryption = decrypted.header().encryption_name().unwrap_or_default();
    format!(
        "decrypted with {} and {encryption}",
        decrypted.key().algorithm()
    )
}

/// Why nothing was decrypted.
struct Reason {
    code: Code,
    message: String,
    hint: String,
}

impl Reason {
    /// A single key that cannot serve says why itself; that no key fits the token is what follows.
    fn new(error: &jwe::Error, keys: &DecryptingKeySet, jwks: &[jeton_jose::Jwk]) -> Self {
        if let (jwe::Error::NoKey(_), [], [_], [skipped]) =
            (error, keys.keys(), jwks, keys.skipped())
        {
            return Self {
                code: skipped.error.code(),
                message: format!("the key cannot decrypt: {}", skipped.error),
                hint: remedy(skipped.error.code()),
            };
        }
        let password =
            |algorithm: &KeyManagement| algorithm.row().family == KeyManagementFamily::Pbes2;
        let hint = match error {
            jwe::Error::AlgorithmNotAllowed { algorithm } if password(algorithm) => format!(
                "it is encrypted under a password: give that as one, or name {algorithm} on purpose, for it costs whoever decrypts as much as the sender likes"
            ),
            jwe::Error::AlgorithmNotAllowed { algorithm } => {
                format!("allow it by naming {algorithm}")
            }
            jwe::Error::AlgorithmRefused { .. } => {
                "have it encrypted with RSA-OAEP-256 instead".to_owned()
            }
            error => remedy(error.code()),
        };
        Self {
            code: error.code(),
            message: error.to_string(),
            hint,
        }
    }

    fn answer(self, inspection: Inspection, doctor: Option<Diagnosis>) -> Answer {
        let header = inspection
            .parts
            .iter()
            .find(|part| part.name == crate::finding::PartName::Header);
        Answer {
            verdict: Verdict::Invalid,
            code: Some(self.code.as_str()),
            message: self.message,
            hint: Some(self.hint),
            header: header.and_then(|part| part.json.clone()),
            algorithm: None,
            encryption: None,
            plaintext: None,
            plaintext_base64url: None,
            claims: None,
            checks: None,
            inspection,
            doctor,
            content: None,
        }
    }
}

/// The keys that may serve, and whether the person picked the one.
fn chosen(input: &KeyInput, read: &ReadKeys) -> (Vec<jeton_jose::Jwk>, bool) {
    let mut jwks = read.keys.clone();
    if let Some(kid) = &input.kid {
        jwks.retain(|key| key.key_id() == Some(kid));
    }
    let picked = read.form != KeyForm::JwkSet || input.kid.is_some();
    (jwks, picked)
}

fn decrypting(
    input: &KeyInput,
    read: &ReadKeys,
    rules: &EncryptionRules,
    setting: &Setting<'static>,
) -> (DecryptingKeySet, Vec<jeton_jose::Jwk>) {
    let (jwks, picked) = chosen(input, read);
    let keys = DecryptingKeySet::new(&jwks, rules.key_management, setting.backend);
    let keys = if picked {
        keys.ignoring_key_ids()
    } else {
        keys
    };
    (keys, jwks)
}

/// Any serialization.
fn open(
    text: &str,
    keys: &DecryptingKeySet,
    rules: &EncryptionRules,
) -> Result<Decrypted, jwe::Error> {
    match kind(text) {
        Kind::CompactJwe => compact::Encrypted::parse(text, &rules.limits)?.decrypt(keys, rules),
        Kind::FlattenedJwe => {
            flattened::Encrypted::parse(text, &rules.limits)?.decrypt(keys, rules)
        }
        _ => general::Encrypted::parse(text, &rules.limits)?.decrypt(keys, rules),
    }
}

fn kind(text: &str) -> Kind {
    if !text.starts_with('{') {
        Kind::CompactJwe
    } else if text.contains("\"recipients\"") {
        Kind::GeneralJwe
    } else {
        Kind::FlattenedJwe
    }
}

fn found(text: &str) -> Found {
    Found {
        span: 0..text.len(),
        kind: kind(text),
        source: Source::Whole,
        text: text.to_owned(),
        repairs: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
