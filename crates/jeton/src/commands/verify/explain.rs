//! Why a token is refused, and what would make it good. None of it changes the verdict.

use jeton_inspect::doctor::{Bounds, Diagnosis, Given, diagnose};
use jeton_jose::backend::AwsLc;
use jeton_jose::key::KeyMaterial;
use jeton_jose::{Code, Secret, jwt};

use crate::check::{Check, Checked, Refusal, Scope};
use crate::report::Examination;
use crate::token::{Form, Token};

/// What is said beside the verdict.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Show every check, not only those that failed
    #[arg(long, help_heading = "Explanation")]
    checks: bool,
    /// Look for what would make a signature match in a batch too
    #[arg(long, help_heading = "Explanation", conflicts_with = "no_doctor")]
    doctor: bool,
    /// Do not look for what would make the signature match
    #[arg(long, help_heading = "Explanation")]
    no_doctor: bool,
}

/// What the key was read from, for the doctor to vary.
#[derive(Debug)]
pub(super) enum GivenKey {
    Secret { ends_in_newline: bool },
    File(Secret),
    Set,
}

impl GivenKey {
    pub(super) fn ends_in_newline(&self) -> bool {
        matches!(
            self,
            Self::Secret {
                ends_in_newline: true
            }
        )
    }
}

impl Options {
    pub(super) fn of_one(
        &self,
        check: &Check,
        checked: &Checked,
        token: &Token,
        given: &GivenKey,
    ) -> Examination {
        Examination {
            judgement: check.judgement(token),
            diagnosis: (!self.no_doctor)
                .then(|| diagnosis(check, checked, token, given))
                .flatten(),
            every_check: self.checks,
        }
    }

    /// A line of a batch has what was asked for by name.
    pub(super) fn of_batch(
        &self,
        check: &Check,
        checked: &Checked,
        token: &Token,
        given: &GivenKey,
    ) -> Examination {
        Examination {
            judgement: self.checks.then(|| check.judgement(token)).flatten(),
            diagnosis: self
                .doctor
                .then(|| diagnosis(check, checked, token, given))
                .flatten(),
            every_check: self.checks,
        }
    }
}

/// Asks the doctor if it is the signature or the form that fails. Where the signature was not even
/// tried, only a found cause is worth telling.
fn diagnosis(
    check: &Check,
    checked: &Checked,
    token: &Token,
    given: &GivenKey,
) -> Option<Diagnosis> {
    let Some(Refusal::Token(error @ jwt::Error::Signature(_))) = &checked.refusal else {
        return None;
    };
    let detached = matches!(
        check.scope,
        Scope::Signature {
            detached: Some(_),
            ..
        }
    );
    // An unsigned token needs no doctor, and a payload that is elsewhere leaves nothing to try.
    let elsewhere = token.malformed.is_none() && token.payload.is_none();
    let unsigned = error.code() == Code::AlgorithmNone;
    if token.form != Form::Compact || detached || elsewhere || unsigned {
        return None;
    }
    let keys = check.keys.jwks();
    let given = match (given, keys.first().map(jeton_jose::Jwk::material)) {
        (GivenKey::Secret { .. }, Some(KeyMaterial::Oct(secret))) => Given::Secret(secret.expose()),
        (GivenKey::File(bytes), _) => Given::KeyFile(bytes.expose()),
        _ => Given::Keys(keys),
    };
    let diagnosis = diagnose(&token.text, given, &AwsLc, Bounds::default());
    let tells = diagnosis.cause.is_some() || error.code() == Code::SignatureMismatch;
    (tells && !diagnosis.verifies).then_some(diagnosis)
}
