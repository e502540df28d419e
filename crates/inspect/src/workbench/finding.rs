//! What is worth saying, whoever found it: the inspector, or the core in judging.

use jeton_jose::Code;
use jeton_jose::key::Weakness;
use serde::Serialize;

use crate::finding::{self, Place, Severity};

/// Something worth saying about a token, a key or a key set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The stable code: of the inspector's table or of the core's.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Where it is; `None` for the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What is there, in a sentence without a full stop.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub remedy: &'static str,
    /// The section that says so.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub reference: &'static str,
}

impl Finding {
    /// One of the core's codes, with its remedy.
    pub fn coded(severity: Severity, code: Code, message: impl Into<String>) -> Self {
        Self {
            remedy: code.remedy(),
            ..Self::new(severity, code.as_str(), message)
        }
    }

    /// Of the whole.
    pub fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            place: None,
            message: message.into(),
            remedy: "",
            reference: "",
        }
    }
}

impl From<&finding::Finding> for Finding {
    fn from(finding: &finding::Finding) -> Self {
        Self {
            code: finding.code.as_str(),
            severity: finding.severity,
            place: finding.place.clone(),
            message: finding.message.clone(),
            remedy: finding.remedy,
            reference: finding.reference,
        }
    }
}

/// What a weak key means for whoever trusts it.
pub fn weak(weakness: Weakness) -> String {
    let consequence = match weakness {
        Weakness::HmacShort { .. } => "anyone can search for it offline with one token in hand",
        Weakness::RsaShort { .. } => "it can be factored",
        _ => "anyone can sign under it",
    };
    format!("{weakness}: {consequence}; accept no such key in earnest")
}
