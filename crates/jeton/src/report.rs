//! The one JSON object that `--json` prints.

use jeton_inspect::doctor::Diagnosis;
use jeton_inspect::token::Inspection;
use jeton_inspect::verdict::Judgement;
use jeton_jose::alg::Hash;
use jeton_jose::backend::AwsLc;
use jeton_jose::base64url;
use jeton_jose::json::{self, compact};
use jeton_jose::jwk::Jwk;

use crate::check::Signed;
use crate::findings::Finding;
use crate::input::is_secret;
use crate::json_text::{Object, array};
use crate::token::{Form, Token};

/// What is to be said about a token, on a page or as JSON.
#[derive(Debug)]
pub(crate) struct Report<'r> {
    pub(crate) verdict: Verdict,
    /// The stable code of a refusal.
    pub(crate) code: Option<&'static str>,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    pub(crate) token: Option<&'r Token>,
    /// The payload, where it travelled apart.
    pub(crate) detached: Option<&'r [u8]>,
    pub(crate) signed: &'r [Signed],
    pub(crate) findings: Vec<Finding>,
    /// All that the text holds; the token is the first or the first sound one of it.
    pub(crate) inspections: &'r [Inspection],
    pub(crate) purpose: Purpose,
}

/// What a report is for.
#[derive(Debug)]
pub(crate) enum Purpose {
    /// To show what is there.
    Decoding,
    /// To tell whether it is valid, and why.
    Verifying(Box<Examination>),
}

/// What led to a verdict.
#[derive(Debug, Default)]
pub(crate) struct Examination {
    /// `None` where the claims were not asked for, or the key may verify nothing.
    pub(crate) judgement: Option<Judgement>,
    pub(crate) diagnosis: Option<Diagnosis>,
    /// Whether passed checks are shown too.
    pub(crate) every_check: bool,
}

impl Examination {
    pub(crate) fn found_cause(&self) -> bool {
        self.diagnosis
            .as_ref()
            .is_some_and(|diagnosis| diagnosis.cause.is_some())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Valid,
    Invalid,
    Unverified,
}

impl Verdict {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Unverified => "unverified",
        }
    }
}

impl Report<'_> {
    /// The object on one line. `line` is its number in a batch.
    pub(crate) fn to_json(&self, line: Option<usize>) -> String {
        let mut object = Object::new();
        if let Some(line) = line {
            object.number("line", line);
        }
        object.string("verdict", self.verdict.name());
        object.optional("code", self.code);
        object.string("message", &self.message);
        object.optional("hint", self.hint.as_deref());
        object.raw("header", &self.header());
        self.content(&mut object);
        object.raw("key", &self.signed.first().map_or_else(null, key_of));
        if self.signed.len() > 1 {
            object.raw("keys", &array(self.signed.iter().map(key_of)));
        }
        object.raw("findings", &array(self.findings.iter().map(finding)));
        match &self.purpose {
            // A line of a batch stays short.
            Purpose::Decoding if line.is_none() => {
                object.raw("tokens", &written(self.inspections));
            }
            Purpose::Verifying(examination) => self.examination(examination, &mut object),
            Purpose::Decoding => {}
        }
        object.finish()
    }

    fn examination(&self, examination: &Examination, object: &mut Object) {
        if let Some(judgement) = &examination.judgement {
            object.string("provenance", self.provenance(judgement));
            object.raw("checks", &written(&judgement.checks));
        }
        if let Some(diagnosis) = &examination.diagnosis {
            object.raw("doctor", &doctor(diagnosis));
        }
    }

    /// A verdict can be stricter than the judgement, never milder.
    pub(crate) fn provenance(&self, judgement: &Judgement) -> &'static str {
        match self.verdict {
            Verdict::Invalid => "invalid",
            _ => judgement.provenance,
        }
    }

    /// That of the signature found good, or the first one of the token.
    fn header(&self) -> String {
        match (self.signed.first(), self.token.and_then(Token::header)) {
            (Some(signed), _) => compact(signed.header.value()),
            (None, Some(header)) => compact(header),
            (None, None) => null(),
        }
    }

    fn content(&self, object: &mut Object) {
        let claims = self.token.and_then(|token| token.claims.as_ref());
        object.raw(
            "claims",
            &claims.map_or_else(null, |claims| compact(claims.root())),
        );
        let payload = self
            .detached
            .or(self.token.and_then(|token| token.payload.as_deref()));
        if let (None, Some(payload)) = (claims, payload) {
            match core::str::from_utf8(payload) {
                Ok(text) => object.string("payload", text),
                Err(_) => object.string("payload_base64url", &base64url::encode(payload)),
            };
        }
        if let Some(token) = self.token
            && token.form != Form::Compact
        {
            object.raw(
                "signatures",
                &array(token.signatures.iter().map(|signature| {
                    let text = |document: Option<&jeton_jose::json::Document<'_>>| {
                        document.map_or_else(null, |document| compact(document.root()))
                    };
                    let mut entry = Object::new();
                    entry.raw("header", &text(signature.header.as_ref()));
                    entry.raw("unprotected_header", &text(signature.unprotected.as_ref()));
                    entry.finish()
                })),
            );
        }
    }
}

fn null() -> String {
    "null".to_owned()
}

fn key_of(signed: &Signed) -> String {
    let mut object = Object::new();
    let jwk = signed.jwk.as_ref();
    object.string("alg", signed.algorithm.name());
    object.optional("kid", jwk.and_then(Jwk::key_id));
    object.string("kty", signed.algorithm.row().key_type.name());
    object.optional(
        "crv",
        signed
            .algorithm
            .row()
            .curve
            .map(jeton_jose::alg::Curve::name),
    );
    match jwk {
        Some(jwk) => object.number("bits", jwk.material().bits()),
        None => object.raw("bits", "null"),
    };
    object.optional("thumbprint", jwk.and_then(thumbprint).as_deref());
    object.optional(
        "weakness",
        signed
            .weakness
            .map(|weakness| weakness.to_string())
            .as_deref(),
    );
    object.finish()
}

/// The name of a public key. A secret has none here: its thumbprint would confirm a guess.
pub(crate) fn thumbprint(jwk: &Jwk) -> Option<String> {
    (!is_secret(jwk)).then(|| jwk.thumbprint(Hash::Sha256, &AwsLc))
}

fn finding(finding: &Finding) -> String {
    let mut object = Object::new();
    object.string("code", finding.code);
    object.raw("severity", &written(&finding.severity));
    if let Some(place) = &finding.place {
        object.raw("place", &written(place));
    }
    object.string("message", &finding.message);
    for (name, text) in [("remedy", finding.remedy), ("reference", finding.reference)] {
        if !text.is_empty() {
            object.string(name, text);
        }
    }
    object.finish()
}

fn doctor(diagnosis: &Diagnosis) -> String {
    let mut object = Object::new();
    let cause = diagnosis.cause.as_ref();
    object.optional("cause", cause.map(|cause| cause.code.as_str()));
    if let Some(cause) = cause {
        object.string("explanation", cause.explanation);
        object.optional("detail", cause.detail.as_deref());
        object.string("fix", cause.fix);
        object.raw("also", &written(&cause.also));
        object.boolean("confirmed", cause.confirmed);
    }
    object.raw("tried", &written(&diagnosis.tried));
    object.number("attempts", diagnosis.attempts);
    object.boolean("exhausted", diagnosis.exhausted);
    object.finish()
}

/// A report of the inspector as JSON.
pub(crate) fn written<T: serde::Serialize + ?Sized>(report: &T) -> String {
    json::to_string(report).unwrap_or_else(|_| null())
}
