//! Verifies a token under the certificate that it brings along (`x5c`), if that one's chain leads
//! to an anchor that the person gave.

use jeton_jose::jws::compact;
use jeton_jose::key::{Certificate, KeyError, TrustAnchors};
use jeton_jose::{Code, Secret};

use super::verify::{Detail, Examined, Rules, Verifier};
use crate::sent::{clean, limits};
use crate::verdict::Verdict;
use crate::workbench::{Failure, KeyInput, Setting, remedy};

const PROVENANCE: &str =
    "verified under the token's certificate, whose chain leads to an anchor you gave";

/// Verifies a token in the compact form. `anchors` are certificates in PEM or DER.
///
/// # Errors
/// The anchors cannot be read, or the rules contradict themselves. A chain that leads nowhere is an
/// answer.
pub fn verify(
    token: &str,
    anchors: &[u8],
    rules: Rules,
    detail: Detail,
    setting: &Setting<'_>,
) -> Result<Examined, Failure> {
    let what = |error: &KeyError| Failure::key("the trust anchor", error);
    let read = Certificate::read_all(anchors).map_err(|error| what(&error))?;
    let stand_in = read.first().map(|one| one.key().clone());
    let anchors = TrustAnchors::new(read).map_err(|error| what(&error))?;
    let chain = chain(token);
    let signer = chain.and_then(|chain| {
        let signer = anchors.verify(&chain, rules.now, setting.backend)?;
        Ok(signer.key().clone())
    });
    // What is not trusted is examined all the same, under any key, so that it is shown.
    let key = signer.as_ref().ok().or(stand_in.as_ref());
    let json = key.map(|key| key.to_json().as_bytes().to_vec());
    // The policy alone says which algorithms are accepted.
    let rules = Rules {
        allowed: None,
        ..rules
    };
    let key = KeyInput::from_file(Secret::new(json.unwrap_or_default()))
        .named("the certificate of the token");
    let mut examined = match &signer {
        Ok(_) => Verifier::new(Some(&key), rules, setting)?.verify(token, detail),
        Err(error) => {
            let nothing = Detail {
                checks: false,
                doctor: false,
                with_fix: false,
            };
            let shown = Verifier::new(Some(&key), rules, setting)?.verify(token, nothing);
            refused(shown, error)
        }
    };
    if examined.report.verdict == Verdict::Valid {
        examined.provenance = Some(PROVENANCE);
    }
    Ok(examined)
}

/// The certificates in the protected header.
fn chain(token: &str) -> Result<Vec<Certificate>, KeyError> {
    let untrusted = |problem| KeyError::Untrusted { problem };
    let token = compact::Unverified::parse(clean(token), &limits())
        .map_err(|_| untrusted("the token is not in the compact form, or malformed"))?;
    let x5c = token.unverified_header().get("x5c");
    Certificate::read_chain(x5c.ok_or(untrusted("the token brings none (`x5c`)"))?)
}

/// The answer no, whatever a key would say.
fn refused(examined: Examined, error: &KeyError) -> Examined {
    let mut examined = examined;
    let code = Code::CertificateUntrusted;
    let report = &mut examined.report;
    report.verdict = Verdict::Invalid;
    report.code = Some(code.as_str());
    report.message = error.to_string();
    report.hint = Some(remedy(code));
    report.key = None;
    report.keys = Vec::new();
    report.findings = Vec::new();
    examined.provenance = Some("invalid");
    examined
}

#[cfg(test)]
mod tests;
