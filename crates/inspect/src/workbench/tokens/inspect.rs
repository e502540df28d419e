//! What is in a text: every token and key, explained. Nothing is verified.

use jeton_jose::Code;
use serde::{Deserialize, Serialize};

use super::Report;
use crate::find::Kind;
use crate::sent::Sent;
use crate::token::{self, Inspection, Layer, Options};
use crate::verdict::Verdict;
use crate::workbench::{Failure, Finding, Setting, Span, When, remedy};

/// What is asked.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// A token in any form, or a text that holds some.
    pub text: String,
    /// The time at which it is looked at.
    #[serde(default)]
    pub at: Option<When>,
    /// How far clocks may differ.
    #[serde(default)]
    pub leeway: Span,
}

/// The answer: the first sound token in short, and all that was found.
#[derive(Clone, Debug, Serialize)]
pub struct Decoded {
    /// About the first sound one, or else the first.
    #[serde(flatten)]
    pub report: Report,
    /// Each with its parts, meanings, times, findings and the tokens inside it.
    pub tokens: Vec<Inspection>,
}

/// Answers a request.
///
/// # Errors
/// None as yet: whatever a text holds is an answer.
pub fn answer(request: &Request, setting: &Setting<'_>) -> Result<Decoded, Failure> {
    let now = request.at.unwrap_or(When::Now).resolve(setting.now);
    let options = Options {
        now,
        leeway: request.leeway.0,
    };
    Ok(inspect(&request.text, &options))
}

/// Finds the tokens and keys in a text and explains each.
pub fn inspect(text: &str, options: &Options) -> Decoded {
    let text = text.trim_ascii_end();
    // What is sound as it is stays as it is, spaces in an unencoded payload included.
    let whole = Sent::read(text.trim_ascii().to_owned());
    let tokens = match whole.malformed {
        None => vec![whole.inspect(options)],
        Some(_) => token::inspect(text, options).tokens,
    };
    let faults: Vec<_> = tokens.iter().map(fault).collect();
    let sound = faults.iter().position(Option::is_none);
    let chosen = tokens.get(sound.unwrap_or(0));
    let mut report = match faults.into_iter().flatten().next() {
        Some((code, fault)) => broken(code, &fault),
        None if tokens.is_empty() => broken(Code::TokenFormat, "there is no token in the text"),
        None => unverified(chosen),
    };
    if let Some(chosen) = chosen {
        report.findings = chosen.findings.iter().map(Finding::from).collect();
        if !matches!(chosen.kind, Kind::Jwk | Kind::JwkSet) {
            report = report.showing(&Sent::read(signed_part(chosen).to_owned()), None);
        }
    }
    Decoded { report, tokens }
}

fn broken(code: Code, fault: &str) -> Report {
    let message = format!("{fault}; nothing was verified");
    Report {
        hint: Some(remedy(code)),
        ..Report::refused(code, message)
    }
}

/// What to say where nothing is broken.
fn unverified(inspection: Option<&Inspection>) -> Report {
    let encryption = inspection.and_then(|inspection| inspection.encryption.as_ref());
    let opens = encryption.and_then(|encryption| {
        let mut recipients = encryption.recipients.iter();
        recipients.find_map(|recipient| recipient.opens_with.as_deref())
    });
    let kind = inspection.map(|inspection| inspection.kind);
    let (message, hint) = match kind {
        Some(Kind::Jwk) => (
            "a key, not a token; nothing was verified",
            "`jeton key inspect` tells more about keys",
        ),
        Some(Kind::JwkSet) => (
            "a key set, not a token; nothing was verified",
            "`jeton jwks inspect` tells more about key sets",
        ),
        Some(Kind::SdJwt) => (
            "nothing was verified, anybody could have written this",
            "check it with `jeton sd verify TOKEN --key FILE`",
        ),
        Some(Kind::CompactJwe | Kind::FlattenedJwe | Kind::GeneralJwe) => (
            "nothing was verified, and what the token says is encrypted",
            "only its recipient's key opens it",
        ),
        Some(Kind::FlattenedJws | Kind::GeneralJws) => (
            "nothing was verified, anybody could have written this",
            "check its signatures with `jeton verify TOKEN --jws --key FILE`",
        ),
        _ => (
            "nothing was verified, anybody could have written this",
            "check it with `jeton verify TOKEN --key FILE`",
        ),
    };
    let hint = match opens {
        Some(opens) => format!("`jeton decrypt` opens it with {opens}"),
        None => hint.to_owned(),
    };
    Report {
        hint: Some(hint),
        ..Report::new(Verdict::Unverified, message.to_owned())
    }
}

/// The token without the disclosures that follow it.
fn signed_part(inspection: &Inspection) -> &str {
    let text = inspection.found.text.as_str();
    match inspection.kind {
        Kind::SdJwt => text.split_once('~').map_or(text, |(token, _)| token),
        _ => text,
    }
}

/// Why it is no sound token or key: the core's reason, or else the first part that breaks.
fn fault(inspection: &Inspection) -> Option<(Code, String)> {
    if matches!(
        inspection.kind,
        Kind::CompactJws | Kind::SdJwt | Kind::FlattenedJws | Kind::GeneralJws | Kind::Broken
    ) && let Some(malformed) = Sent::read(signed_part(inspection).to_owned()).malformed
    {
        return Some((malformed.code(), malformed.to_string()));
    }
    let mut parts = inspection.parts.iter();
    let (name, broken) = parts.find_map(|part| Some((part.name, part.broken.as_ref()?)))?;
    let code = match broken.layer {
        Layer::Base64url => Code::Base64Invalid,
        Layer::Utf8 | Layer::Json => Code::JsonInvalid,
    };
    let message = format!("the {} is broken: {}", name.words(), broken.message);
    Some((code, message))
}
