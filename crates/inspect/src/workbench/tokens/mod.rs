//! Questions about tokens, and what all answers about one have in common.

pub mod anchored;
mod beside;
mod check;
pub mod decrypt;
pub mod diff;
mod doctor;
pub mod encrypt;
pub mod inspect;
mod key_ring;
mod remarks;
pub mod sd;
pub mod sign;
#[cfg(test)]
mod tests;
pub mod verify;

use jeton_jose::alg::{Curve, Hash, KeyType};
use jeton_jose::backend::Backend;
use jeton_jose::json::{Document, RawJson};
use jeton_jose::jwk::Jwk;
use jeton_jose::{Code, base64url};
use serde::Serialize;

use super::Finding;
use crate::sent::{Form, Sent};
use crate::verdict::Verdict;

pub use beside::Beside;
pub use doctor::Doctor;

use check::Signed;

/// What is to be said about one token.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What is known of it.
    pub verdict: Verdict,
    /// The stable code of a refusal.
    pub code: Option<&'static str>,
    /// The verdict in words.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The header of the signature found good, or else the first one of the token.
    pub header: Option<RawJson>,
    /// The payload, if it is a JSON object.
    pub claims: Option<RawJson>,
    /// The payload, if it is another text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// The payload, if it is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload_base64url: Option<String>,
    /// The headers of each signature of a JSON form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signatures: Option<Vec<Headers>>,
    /// The key that verified.
    pub key: Option<KeyUsed>,
    /// All of them, where several signatures were found good.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<KeyUsed>,
    /// What is worth saying beside the verdict.
    pub findings: Vec<Finding>,
}

/// The headers of one signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Headers {
    /// The protected one.
    pub header: Option<RawJson>,
    /// The one that no signature covers.
    pub unprotected_header: Option<RawJson>,
}

/// A key that verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyUsed {
    /// Its one algorithm.
    pub alg: &'static str,
    /// Its name.
    pub kid: Option<String>,
    /// Its type.
    pub kty: &'static str,
    /// Its curve.
    pub crv: Option<&'static str>,
    /// Its size.
    pub bits: Option<usize>,
    /// Its SHA-256 thumbprint (RFC 7638), unless it is a secret.
    pub thumbprint: Option<String>,
    /// What is weak about it.
    pub weakness: Option<String>,
}

impl Report {
    /// The keys that verified.
    pub fn keys_used(&self) -> &[KeyUsed] {
        match self.keys.as_slice() {
            [] => self.key.as_slice(),
            several => several,
        }
    }

    /// On what cannot even be read as a token.
    pub fn refused(code: Code, message: impl Into<String>) -> Self {
        Self {
            code: Some(code.as_str()),
            ..Self::new(Verdict::Invalid, message.into())
        }
    }

    fn new(verdict: Verdict, message: String) -> Self {
        Self {
            verdict,
            code: None,
            message,
            hint: None,
            header: None,
            claims: None,
            payload: None,
            payload_base64url: None,
            signatures: None,
            key: None,
            keys: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// With what the token says. `detached` is the payload, where it travelled apart.
    fn showing(mut self, sent: &Sent, detached: Option<&[u8]>) -> Self {
        self.header = sent.header().map(RawJson::from);
        self.claims = sent.claims.as_ref().map(text);
        let payload = detached.or(sent.payload.as_deref());
        if let (None, Some(payload)) = (&self.claims, payload) {
            match core::str::from_utf8(payload) {
                Ok(text) => self.payload = Some(text.to_owned()),
                Err(_) => self.payload_base64url = Some(base64url::encode(payload)),
            }
        }
        if sent.form != Form::Compact {
            let headers = sent.signatures.iter().map(|signature| Headers {
                header: signature.header.as_ref().map(text),
                unprotected_header: signature.unprotected.as_ref().map(text),
            });
            self.signatures = Some(headers.collect());
        }
        self
    }

    /// With the keys that verified.
    fn verified_by(mut self, signed: &[Signed], backend: &dyn Backend) -> Self {
        let mut used: Vec<_> = signed
            .iter()
            .map(|signed| KeyUsed::new(signed, backend))
            .collect();
        if let Some(first) = signed.first() {
            self.header.clone_from(&first.header);
        }
        self.key = used.first().cloned();
        if used.len() > 1 {
            self.keys.append(&mut used);
        }
        self
    }
}

fn text(document: &Document<'_>) -> RawJson {
    RawJson::from(document.root())
}

impl KeyUsed {
    fn new(signed: &Signed, backend: &dyn Backend) -> Self {
        let row = signed.algorithm.row();
        let jwk = signed.jwk.as_ref();
        Self {
            alg: signed.algorithm.name(),
            kid: jwk.and_then(Jwk::key_id).map(str::to_owned),
            kty: row.key_type.name(),
            crv: row.curve.map(Curve::name),
            bits: jwk.map(|jwk| jwk.material().bits()),
            thumbprint: jwk.and_then(|jwk| thumbprint(jwk, backend)),
            weakness: signed.weakness.map(|weakness| weakness.to_string()),
        }
    }
}

/// The name of a public key (RFC 7638, SHA-256). A secret has none here: its thumbprint would
/// confirm a guess.
pub fn thumbprint(jwk: &Jwk, backend: &dyn Backend) -> Option<String> {
    let secret = jwk.material().key_type() == KeyType::Oct;
    (!secret).then(|| jwk.thumbprint(Hash::Sha256, backend))
}
