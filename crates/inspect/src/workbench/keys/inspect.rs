//! What a key is and what it can serve. Private parts are never in the answer.

use jeton_jose::Secret;
use jeton_jose::alg::{Algorithm, AlgorithmSet, Curve, KeyManagement};
use jeton_jose::backend::Backend;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{
    Certificate, KeyError, KeyForm, SigningKey, Structure, VerifyingKey, check_strength,
};
use serde::{Deserialize, Serialize};

use crate::moment::Moment;
use crate::workbench::tokens::thumbprint;
use crate::workbench::{Failure, KeyInput, Setting};

/// Which key.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The key, or the set and the `kid` in it.
    pub key: KeyInput,
}

/// A key, without its private parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Description {
    /// The form it came in.
    pub form: String,
    /// Its type.
    pub kty: &'static str,
    /// Its curve.
    pub crv: Option<&'static str>,
    /// Its size.
    pub bits: usize,
    /// Whether it holds the private half, or is a secret.
    pub private: bool,
    /// Its name.
    pub kid: Option<String>,
    /// Its `alg`, known or not.
    pub alg: Option<String>,
    /// Its `use`.
    #[serde(rename = "use")]
    pub key_use: Option<String>,
    /// Its `key_ops`.
    pub key_ops: Option<Vec<String>>,
    /// The signature algorithms that it serves.
    pub algorithms: Vec<&'static str>,
    /// The key management algorithms that it serves.
    pub key_management: Vec<&'static str>,
    /// Its SHA-256 thumbprint (RFC 7638), unless it is a secret.
    pub thumbprint: Option<String>,
    /// Why it should not be used, or not for signatures.
    pub problem: Option<String>,
    /// The certificates that it comes with, its own first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<Certified>,
}

/// A certificate, which nobody has verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Certified {
    /// Whose it says it is.
    pub subject: String,
    /// Who it says has issued it.
    pub issuer: String,
    /// The first second at which it is valid.
    pub not_before: Moment,
    /// The last one.
    pub not_after: Moment,
    /// Whether that is so at the time of asking.
    pub valid_now: bool,
    /// Its `x5t#S256`.
    pub thumbprint: String,
}

/// Describes the key of a request.
pub(in crate::workbench) fn answer(
    request: &Request,
    setting: &Setting<'_>,
) -> Result<Description, Failure> {
    let form = request.key.read(setting.backend)?.form;
    let jwk = request.key.read_one(setting.backend)?;
    let file = request.key.bytes();
    let file = file.as_ref().map(Secret::expose).unwrap_or_default();
    Ok(describe(&jwk, form, file, setting))
}

/// The certificates of a key: those of its `x5c`, or those of the file that it was read from.
fn certificates(jwk: &Jwk, form: KeyForm, file: &[u8], setting: &Setting<'_>) -> Vec<Certified> {
    let is_certificate = matches!(
        form,
        KeyForm::Pem(Structure::Certificate) | KeyForm::Der(Structure::Certificate)
    );
    let read = if is_certificate {
        Certificate::read_all(file)
    } else {
        jwk.certificates(setting.backend)
    };
    let certified = |one: &Certificate| Certified {
        subject: one.unverified_subject().to_owned(),
        issuer: one.unverified_issuer().to_owned(),
        not_before: Moment::new(one.not_before(), setting.now),
        not_after: Moment::new(one.not_after(), setting.now),
        valid_now: one.is_valid_at(setting.now),
        thumbprint: one.thumbprint(setting.backend),
    };
    // One that cannot be read has its place among the findings of a key set.
    read.unwrap_or_default().iter().map(certified).collect()
}

/// Describes a key that was read in this form from a file.
pub fn describe(jwk: &Jwk, form: KeyForm, file: &[u8], setting: &Setting<'_>) -> Description {
    let backend = setting.backend;
    let material = jwk.material();
    let algorithms = jwk.algorithms().unwrap_or_default();
    let key_management = jwk.key_managements().unwrap_or_default();
    Description {
        form: form.to_string(),
        kty: material.key_type().name(),
        crv: material.curve().map(Curve::name),
        bits: material.bits(),
        private: material.is_private(),
        kid: jwk.key_id().map(str::to_owned),
        alg: jwk.algorithm_name().map(str::to_owned),
        key_use: jwk.key_use().map(str::to_owned),
        key_ops: jwk.key_ops().map(<[String]>::to_vec),
        algorithms: algorithms.iter().map(Algorithm::name).collect(),
        key_management: key_management.iter().map(KeyManagement::name).collect(),
        thumbprint: thumbprint(jwk, backend),
        problem: problem(jwk, backend),
        certificates: certificates(jwk, form, file, setting),
    }
}

/// Why a key should not be used, or not for signatures.
pub fn problem(jwk: &Jwk, backend: &dyn Backend) -> Option<String> {
    let algorithms = match jwk.algorithms() {
        Ok(_) if jwk.key_use().is_some_and(|key_use| key_use != "sig") => {
            return Some("not for signatures (`use`)".to_owned());
        }
        Ok(algorithms) => algorithms,
        Err(_) if jwk.algorithm().is_none() => {
            return Some("not for signatures (`alg`)".to_owned());
        }
        Err(error) => return Some(error.to_string()),
    };
    if let Some(error) = contradiction(jwk, algorithms, backend) {
        return Some(error.to_string());
    }
    let mut weaknesses = algorithms
        .iter()
        .map(|algorithm| check_strength(algorithm, jwk.material()));
    let weakness = weaknesses.next()?.err()?;
    // Where one algorithm is content, the key is not weak, only not for all.
    if weaknesses.any(|weakness| weakness.is_ok()) {
        None
    } else {
        Some(format!("weak: {weakness}"))
    }
}

/// Numbers that are no key, or halves that do not belong together: a backend says so when it opens
/// them.
fn contradiction(jwk: &Jwk, algorithms: AlgorithmSet, backend: &dyn Backend) -> Option<KeyError> {
    let algorithm = algorithms.iter().next()?;
    let opened = if jwk.material().is_private() {
        SigningKey::new(jwk, algorithm, backend).map(|_| ())
    } else {
        VerifyingKey::new(jwk, algorithm, backend).map(|_| ())
    };
    opened
        .err()
        .filter(|error| matches!(error, KeyError::Invalid { .. }))
}
