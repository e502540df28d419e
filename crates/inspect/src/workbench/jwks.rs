//! A JWK Set: its keys, what of it cannot be used, and what is wrong with it.

use jeton_jose::alg::Curve;
use jeton_jose::backend::Backend;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{self, KeyForm, ReadKeys};
use serde::{Deserialize, Serialize};

use super::keys::inspect::problem;
use super::tokens::thumbprint;
use super::{Failure, Setting};
use crate::finding::Finding;
use crate::key_set::{KeySetReport, examine};

/// Which set.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The set's JSON.
    pub text: String,
}

/// Shows the size only: the set may hold private keys.
impl core::fmt::Debug for Request {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Request({} bytes)", self.text.len())
    }
}

/// A key set, examined.
#[derive(Clone, Debug, Serialize)]
pub struct Inspected {
    /// The keys that can be used.
    pub keys: Vec<Member>,
    /// The others.
    pub skipped: Vec<LeftOut>,
    /// All that is wrong or odd, in one list.
    pub findings: Vec<Finding>,
    /// Every member, readable or not, with its findings.
    pub report: KeySetReport,
}

/// A key of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Its place, from zero.
    pub index: usize,
    /// Its name.
    pub kid: Option<String>,
    /// Its type.
    pub kty: &'static str,
    /// Its curve.
    pub crv: Option<&'static str>,
    /// Its size.
    pub bits: usize,
    /// Whether it holds the private half, or is a secret.
    pub private: bool,
    /// Its `alg`, known or not.
    pub alg: Option<String>,
    /// Its `use`.
    #[serde(rename = "use")]
    pub key_use: Option<String>,
    /// Its SHA-256 thumbprint (RFC 7638), unless it is a secret.
    pub thumbprint: Option<String>,
    /// Why it should not be used, or not for signatures.
    pub problem: Option<String>,
}

/// A member that is no usable key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Its place, from zero.
    pub index: usize,
    /// Its name.
    pub kid: Option<String>,
    /// The stable code of the reason.
    pub code: &'static str,
    /// The reason.
    pub reason: String,
}

/// Inspects the set of a request.
pub(super) fn answer(request: &Request, setting: &Setting<'_>) -> Result<Inspected, Failure> {
    inspect(request.text.as_bytes(), "the text", setting.backend)
}

/// Inspects a set. `what` names it in a failure: "the text".
///
/// # Errors
/// It is no JWK Set.
pub fn inspect(bytes: &[u8], what: &str, backend: &dyn Backend) -> Result<Inspected, Failure> {
    let read = key::read(bytes, backend).map_err(|error| Failure::key(what, &error))?;
    if read.form != KeyForm::JwkSet {
        return Err(
            Failure::usage(format!("{what} is no JWK Set ({})", read.form))
                .hint("single keys are inspected as keys"),
        );
    }
    let report = examine(bytes, backend).map_err(|error| {
        Failure::content(format!("{what} is not JSON")).cause(error.to_string())
    })?;
    let members = report.keys.iter().flat_map(|key| &key.findings);
    Ok(Inspected {
        keys: positions(&read)
            .zip(&read.keys)
            .map(|(index, jwk)| Member::new(index, jwk, backend))
            .collect(),
        skipped: read
            .skipped
            .iter()
            .map(|skipped| LeftOut {
                index: skipped.index,
                kid: skipped.key_id.clone(),
                code: skipped.error.code().as_str(),
                reason: skipped.error.to_string(),
            })
            .collect(),
        findings: members.chain(&report.findings).cloned().collect(),
        report,
    })
}

/// The positions in the set of the keys that were not left out.
fn positions(read: &ReadKeys) -> impl Iterator<Item = usize> {
    (0..).filter(|index| read.skipped.iter().all(|skipped| skipped.index != *index))
}

impl Member {
    fn new(index: usize, jwk: &Jwk, backend: &dyn Backend) -> Self {
        let material = jwk.material();
        Self {
            index,
            kid: jwk.key_id().map(str::to_owned),
            kty: material.key_type().name(),
            crv: material.curve().map(Curve::name),
            bits: material.bits(),
            private: material.is_private(),
            alg: jwk.algorithm_name().map(str::to_owned),
            key_use: jwk.key_use().map(str::to_owned),
            thumbprint: thumbprint(jwk, backend),
            problem: problem(jwk, backend),
        }
    }
}
