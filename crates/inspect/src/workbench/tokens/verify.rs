//! Whether a token is valid, why, and what would make it so.

mod verifier;

use jeton_jose::{AlgorithmSet, Policy, UnixTime, base64url};
use serde::{Deserialize, Serialize};

use super::{Beside, Doctor, Report, anchored};
use crate::openid::CrossCheck;
use crate::sent::limits;
use crate::token::Inspection;
use crate::verdict::{Check, Scope};
use crate::workbench::{Failure, KeyInput, PolicyInput, Setting, Span, When};

pub use verifier::Verifier;

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
    Ok(verifier.verify(&request.token, request.detail()))
}

impl Request {
    fn anchored(&self, anchors: &str, setting: &Setting<'_>) -> Result<Examined, Failure> {
        if self.key.is_some() {
            return Err(Failure::usage("a key and trust anchors are given")
                .hint("leave out the anchors: a key that you give is trusted already"));
        }
        let (rules, detail) = (self.rules(setting.now)?, self.detail());
        anchored::verify(&self.token, anchors.as_bytes(), rules, detail, setting)
    }

    fn detail(&self) -> Detail {
        Detail {
            checks: true,
            doctor: self.doctor,
            with_fix: self.with_fix,
        }
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
