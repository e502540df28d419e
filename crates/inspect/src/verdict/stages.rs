//! The checks before the claims: the form once, then each signature.

use jeton_jose::Policy;
use jeton_jose::jws::{self, HeaderAlgorithm, Malformed};
use jeton_jose::jwt;

use super::{Asked, Check, Outcome, Scope, Seen};
use crate::moment::counted;
use crate::sent::{Form, Sent, Signature};

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

/// Once, of the whole token.
const WHOLE: [Stage; 2] = [Stage::Form, Stage::Encoding];

/// Of each signature.
const EACH: [Stage; 5] = [
    Stage::Critical,
    Stage::Algorithm,
    Stage::Present,
    Stage::Key,
    Stage::Signature,
];

/// Each stage passed, up to the one where the core stopped; that one is not checked if it was only
/// the key that is missing.
pub(super) fn checks(
    sent: &Sent,
    asked: &Asked,
    policy: &Policy,
    scope: &Scope,
    unasked: bool,
) -> Vec<Check> {
    let asking = Asking {
        sent,
        policy,
        scope,
        unasked,
    };
    // Where no signature was looked at, the core stopped before them all.
    let before = match &asked.error {
        Some(jwt::Error::Signature(error)) if asked.signatures.is_empty() => Some(error),
        _ => None,
    };
    let several = sent.form == Form::General && sent.signatures.len() > 1;
    let whole = match asked.signatures.first() {
        // A compact token's detached payload is asked for together with its signature.
        Some(Err(error)) if !several && Stage::of(error) <= Stage::Encoding => Some(error),
        _ => before,
    };
    let stop = whole.map(|error| {
        let stage = Stage::of(error);
        // Which of several headers is malformed is in the message.
        let stage = if several && stage > Stage::Encoding {
            Stage::Form
        } else {
            stage
        };
        (stage, error)
    });
    let mut checks: Vec<_> = WHOLE
        .into_iter()
        .map(|stage| asking.check(stage, None, stop))
        .collect();
    let enough = asked.signatures.iter().any(Result::is_ok) && asked.error.is_none();
    for (index, signature) in sent.signatures.iter().enumerate() {
        let own = asked.signatures.get(index);
        let failed = own.and_then(|own| own.as_ref().err());
        let stop = failed.map(|error| (Stage::of(error), error)).or(stop);
        checks.extend(EACH.into_iter().map(|stage| Check {
            signature: several.then_some(index),
            proven: failed.is_none() || !enough,
            ..asking.check(stage, Some(signature), stop)
        }));
    }
    checks
}

/// What all checks are about.
struct Asking<'a> {
    sent: &'a Sent,
    policy: &'a Policy,
    scope: &'a Scope,
    unasked: bool,
}

impl Asking<'_> {
    fn check(
        &self,
        stage: Stage,
        signature: Option<&Signature>,
        stop: Option<(Stage, &jws::Error)>,
    ) -> Check {
        let failure = stop.filter(|(at, _)| *at == stage && !self.unasked);
        let outcome = match stop {
            Some((at, _)) if at < stage || (at == stage && self.unasked) => Outcome::NotChecked,
            Some((at, _)) if at == stage => Outcome::Failed,
            _ => Outcome::Passed,
        };
        Check {
            rule: stage.rule(),
            subject: None,
            signature: None,
            wanted: self.wanted(stage),
            seen: match signature {
                Some(signature) => seen(stage, signature),
                None => self.seen(stage),
            },
            outcome,
            proven: true,
            code: failure.map(|(_, error)| error.code()),
            message: failure.map(|(_, error)| error.to_string()),
        }
    }

    fn wanted(&self, stage: Stage) -> String {
        let rules = &self.policy.signature;
        let words = match stage {
            Stage::Form => match (self.scope, self.sent.form) {
                (_, Form::Compact) => {
                    "three base64url parts, the first a JSON object without duplicate names"
                }
                (Scope::Claims, _) => "the compact form, the only one that JWTs have",
                (_, Form::Flattened) => {
                    "a JSON object with `payload`, `protected` and `signature`, no name twice"
                }
                (_, Form::General) => {
                    "a JSON object with `payload` and `signatures`, no name twice"
                }
            },
            Stage::Encoding if matches!(self.scope, Scope::Claims) => {
                "an encoded payload, as every JWT has"
            }
            Stage::Encoding => "a payload, in the token or apart from it, not both",
            Stage::Critical if rules.critical.is_empty() => "no extension that must be understood",
            Stage::Critical => {
                return format!(
                    "no extension that must be understood, other than {}",
                    rules.critical.join(", ")
                );
            }
            Stage::Algorithm if rules.algorithms.is_empty() => {
                "an algorithm of the policy, which names none"
            }
            Stage::Algorithm => return format!("one of {}", rules.algorithms),
            Stage::Present => "a signature",
            Stage::Key => "a key for the token's `kid` and algorithm",
            Stage::Signature => "a signature that belongs to this header and payload",
        };
        words.to_owned()
    }

    /// What the token as a whole has.
    fn seen(&self, stage: Stage) -> Option<Seen> {
        let sent = self.sent;
        let bytes = counted(sent.text.len() as u64, "byte");
        match (stage, sent.form) {
            (Stage::Form, Form::Compact) => {
                let parts = counted(sent.text.split('.').count() as u64, "part");
                Some(Seen::Text(format!("{parts}, {bytes}")))
            }
            (Stage::Form, Form::Flattened) => {
                Some(Seen::Text(format!("the flattened JSON form, {bytes}")))
            }
            (Stage::Form, Form::General) => {
                let count = counted(sent.signatures.len() as u64, "signature");
                Some(Seen::Text(format!(
                    "the general JSON form with {count}, {bytes}"
                )))
            }
            _ if matches!(self.scope, Scope::Claims) => Some(Seen::Json(
                sent.signatures.first()?.parameter("b64")?.into(),
            )),
            _ => self.payload(),
        }
    }

    fn payload(&self) -> Option<Seen> {
        let own = self.sent.payload.as_ref().filter(|own| !own.is_empty());
        let size = |bytes: &[u8]| counted(bytes.len() as u64, "byte");
        let words = match (own, self.scope.detached()) {
            (Some(own), Some(given)) => {
                format!("{} in the token and {} apart", size(own), size(given))
            }
            (Some(own), None) => format!("{} in the token", size(own)),
            (None, Some(given)) => format!("{} apart from the token", size(given)),
            (None, None) => return None,
        };
        Some(Seen::Text(words))
    }
}

/// What a signature and its header have.
fn seen(stage: Stage, signature: &Signature) -> Option<Seen> {
    let protected = |name| Some(Seen::Json(signature.parameter(name)?.into()));
    match stage {
        Stage::Critical => protected("crit"),
        Stage::Algorithm => protected("alg"),
        Stage::Key => protected("kid").or_else(|| {
            let unprotected = signature.unprotected.as_ref()?.root().as_object()?;
            Some(Seen::Json(unprotected.get("kid")?.into()))
        }),
        _ if signature.text.is_empty() => None,
        _ => {
            // An unread header has nothing that could have been signed.
            let read = signature.algorithm() != HeaderAlgorithm::Absent;
            let bytes = signature.text.len() * 3 / 4;
            read.then(|| Seen::Text(counted(bytes as u64, "byte")))
        }
    }
}

impl Stage {
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
}
