//! What came or was sent with a token, held against it.

use core::fmt;

use jeton_jose::backend::Backend;
use jeton_jose::jwk::Jwk;
use jeton_jose::{Secret, base64url};
use serde::Deserialize;

use super::Report;
use crate::certificate;
use crate::finding::Finding as Mismatch;
use crate::openid::{self, Answer, Check, CrossCheck, cross_check};
use crate::parts::decode_generously;
use crate::verdict::Verdict;
use crate::workbench::failure::as_hint;
use crate::workbench::key_input::confidential;
use crate::workbench::{Failure, Finding};

/// What is at hand beside the token. White space at the ends is dropped, since it comes of files.
#[derive(Clone, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// The access token that came with it.
    #[serde(default, deserialize_with = "confidential")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub access_token: Option<Secret>,
    /// The authorization code that came with it.
    #[serde(default, deserialize_with = "confidential")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub code: Option<Secret>,
    /// The `state` that was sent.
    #[serde(default, deserialize_with = "confidential")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub state: Option<Secret>,
    /// The `nonce` that was sent.
    #[serde(default, deserialize_with = "confidential")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub nonce: Option<Secret>,
    /// The client's own identifier.
    #[serde(default, deserialize_with = "confidential")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub client_id: Option<Secret>,
    /// A proof of possession of the token's holder (RFC 9449 §4).
    #[serde(default, deserialize_with = "confidential")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub dpop_proof: Option<Secret>,
    /// The holder's certificate for mutual TLS (RFC 8705): PEM, or DER as it is or in base64url.
    #[serde(default, deserialize_with = "confidential")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub certificate: Option<Secret>,
}

impl Beside {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.given().iter().all(|(_, given)| given.is_none())
    }

    fn given(&self) -> [(&'static str, &Option<Secret>); 7] {
        [
            ("access token", &self.access_token),
            ("code", &self.code),
            ("state", &self.state),
            ("nonce", &self.nonce),
            ("client identifier", &self.client_id),
            ("DPoP proof", &self.dpop_proof),
            ("certificate", &self.certificate),
        ]
    }

    /// Refuses what cannot be compared, so that no check passes for want of it.
    pub(super) fn check(&self, backend: &dyn Backend) -> Result<(), Failure> {
        for (name, given) in &self.given()[..6] {
            if let Some(given) = given
                && text(given).is_none_or(str::is_empty)
            {
                return Err(Failure::content(format!("the {name} is empty or no text")));
            }
        }
        let Some(certificate) = &self.certificate else {
            return Ok(());
        };
        let read = der(certificate).ok_or("it is neither PEM nor base64url".to_owned());
        match read.and_then(|der| certificate::key(&der, backend)) {
            Ok(_) => Ok(()),
            Err(reason) => Err(Failure::content("the certificate cannot be read").cause(reason)),
        }
    }

    /// The answers; `None` for what is no JWS.
    pub(super) fn held_against(
        &self,
        token: &str,
        key: Option<&Jwk>,
        backend: &dyn Backend,
    ) -> Option<Vec<CrossCheck>> {
        let der = self.certificate.as_ref().and_then(der);
        let beside = openid::Beside {
            access_token: self.access_token.as_ref().and_then(text),
            code: self.code.as_ref().and_then(text),
            state: self.state.as_ref().and_then(text),
            nonce: self.nonce.as_ref().and_then(text),
            client_id: self.client_id.as_ref().and_then(text),
            dpop_proof: self.dpop_proof.as_ref().and_then(text),
            certificate: der.as_deref(),
            key,
        };
        cross_check(token, &beside, backend).ok()
    }

    /// Whether the person gave what this check needs, and so asked for it.
    fn asks(&self, check: Check) -> bool {
        match check {
            Check::AtHash => self.access_token.is_some(),
            Check::CHash => self.code.is_some(),
            Check::SHash => self.state.is_some(),
            Check::Nonce => self.nonce.is_some(),
            Check::AuthorizedParty => self.client_id.is_some(),
            Check::ConfirmationThumbprint | Check::ConfirmationKey | Check::ProofHash => {
                self.dpop_proof.is_some()
            }
            Check::ConfirmationCertificate => self.certificate.is_some(),
            Check::CertificateSha1 | Check::CertificateSha256 | Check::KeyId => false,
        }
    }

    /// A mismatch that was asked for makes a valid token invalid here; whatever else does not
    /// belong together is a finding.
    pub(super) fn judge(&self, checks: &[CrossCheck], report: &mut Report) {
        for check in checks {
            let Answer::Mismatch { finding } = &check.answer else {
                continue;
            };
            if report.verdict == Verdict::Valid && self.asks(check.check) {
                refuse(report, finding, &check.words);
            }
            let finding = Finding::from(finding);
            if !report
                .findings
                .iter()
                .any(|one| one.code == finding.code && one.place == finding.place)
            {
                report.findings.push(finding);
            }
        }
    }
}

fn refuse(report: &mut Report, finding: &Mismatch, words: &str) {
    report.verdict = Verdict::Invalid;
    report.code = Some(finding.code.as_str());
    report.message = format!("{words} ({})", report.message);
    report.hint = Some(as_hint(finding.remedy));
}

fn text(secret: &Secret) -> Option<&str> {
    let text = core::str::from_utf8(secret.expose()).ok()?;
    Some(text.trim_ascii())
}

/// The first certificate in DER.
fn der(given: &Secret) -> Option<Vec<u8>> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    let Some(text) = text(given) else {
        return Some(given.expose().to_vec());
    };
    let encoded = match text.split_once(BEGIN) {
        Some((_, rest)) => rest.split_once("-----END")?.0,
        None => text,
    };
    base64url::decode(encoded)
        .or_else(|_| decode_generously(encoded))
        .ok()
}

/// Says what is there; what it holds is confidential.
impl fmt::Debug for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = self.given().into_iter();
        let names = given.filter_map(|(name, given)| given.as_ref().map(|_| name));
        f.debug_set().entries(names).finish()
    }
}
