//! The signature doctor: tries what would make a signature match, and says so in words.
//!
//! It never weakens a verdict: the token stays refused, the report says what would make it good.
//! Each cause is a row of the table of [`CauseCode`]; what it supposes is a list of hypotheses
//! that a family of causes proposes and the trial puts to the test, within
//! [`Bounds`]. What needs no signature to be seen is observed instead. To add a cause, add its row
//! and have its family propose it.

mod case;
mod cause;
mod content;
pub mod decryption;
mod encoding;
mod json_style;
mod key;
mod key_text;
mod secret;
mod signature;
mod specimen;
#[cfg(test)]
mod tests;
mod trial;

use core::fmt;

use serde::Serialize;

use jeton_jose::alg::Algorithm;
use jeton_jose::backend::Backend;
use jeton_jose::{Jwk, Limits, Secret};

pub use cause::CauseCode;
pub use signature::example_of;

use case::Case;
use trial::{Hypothesis, Trial};

/// Longest secret or key file that is varied, in bytes.
const LONGEST_GIVEN: usize = 64 * 1024;

/// Looks for the reason why a signature does not match what was given.
///
/// At most `bounds` operations over texts of at most [`Limits::token_bytes`]; longer tokens and
/// keys of more than 64 KiB are not examined.
pub fn diagnose<'t>(
    subject: impl Into<Subject<'t>>,
    given: Given<'_>,
    backend: &dyn Backend,
    bounds: Bounds,
) -> Diagnosis {
    let subject = subject.into();
    let mut diagnosis = Diagnosis::default();
    if subject.len() > Limits::default().token_bytes || given.len() > LONGEST_GIVEN {
        diagnosis.exhausted = true;
        return diagnosis;
    }
    let case = Case::new(subject, given, backend);
    let mut trial = Trial::new(&case, bounds);
    for suspect in SUSPECTS {
        match suspect {
            Suspect::Propose(propose) => {
                let hypotheses = propose(&case);
                if let Some(confirmed) = hypotheses.into_iter().find(|each| trial.confirms(each)) {
                    diagnosis.verifies = confirmed.code.is_none();
                    diagnosis.cause = confirmed.into_cause(&case);
                    break;
                }
            }
            Suspect::Observe(observe) => {
                diagnosis.cause = observe(&case, &mut trial);
                if diagnosis.cause.is_some() {
                    break;
                }
            }
        }
    }
    let (tried, exhausted) = trial.finish();
    diagnosis.attempts = tried.iter().map(|tried| tried.attempts).sum();
    diagnosis.tried = tried;
    diagnosis.exhausted = exhausted || case.cut.get();
    diagnosis
}

/// Whether a key file that cannot be read as it is becomes one when its text is put right.
pub(crate) fn can_mend_key(file: &[u8], backend: &dyn Backend) -> bool {
    file.len() <= LONGEST_GIVEN && key_text::read(file, backend).next().is_some()
}

/// A way to find a cause.
enum Suspect {
    /// Suppositions to put to the test, the likeliest first.
    Propose(fn(&Case<'_>) -> Vec<Hypothesis>),
    /// Something to be seen without a matching signature.
    Observe(fn(&Case<'_>, &mut Trial<'_>) -> Option<Cause>),
}

/// The families in the order in which they are asked: cheap and likely first. Only the forgery goes
/// before all, lest a public key's text that was given as a secret count as one.
const SUSPECTS: &[Suspect] = &[
    Suspect::Propose(key::confused),
    Suspect::Propose(key::as_given),
    Suspect::Observe(signature::of_an_example),
    Suspect::Propose(secret::variants),
    Suspect::Propose(key::other_algorithms),
    Suspect::Propose(signature::other_forms),
    Suspect::Observe(signature::altered),
    Suspect::Propose(content::other_line_breaks),
    Suspect::Propose(content::other_encodings),
    Suspect::Propose(content::other_json),
    Suspect::Propose(secret::variants_of_variants),
    Suspect::Propose(secret::variants_with_other_algorithms),
    Suspect::Observe(specimen::damaged),
    Suspect::Observe(signature::wrong_length),
];

/// What is examined.
#[derive(Clone, Copy)]
pub enum Subject<'t> {
    /// A compact token, as it was sent.
    Compact(&'t str),
    /// A signature of another form, or one whose payload travelled apart.
    Parts {
        /// The protected header, in base64url.
        protected: &'t str,
        /// The payload as the token has it, or itself if it travelled apart.
        payload: &'t [u8],
        /// The signature, in base64url.
        signature: &'t str,
        /// Whether the payload travelled apart.
        detached: bool,
    },
}

impl Subject<'_> {
    fn len(self) -> usize {
        match self {
            Self::Compact(token) => token.len(),
            Self::Parts {
                protected,
                payload,
                signature,
                ..
            } => protected.len() + payload.len() + signature.len(),
        }
    }
}

impl<'t> From<&'t str> for Subject<'t> {
    fn from(token: &'t str) -> Self {
        Self::Compact(token)
    }
}

impl<'t> From<&'t String> for Subject<'t> {
    fn from(token: &'t String) -> Self {
        Self::Compact(token)
    }
}

/// Shows no token bytes.
impl fmt::Debug for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subject({} bytes)", self.len())
    }
}

/// What the person gave to verify with.
#[derive(Clone, Copy)]
pub enum Given<'a> {
    /// A secret, as its bytes were used.
    Secret(&'a [u8]),
    /// The bytes of a key file in any form.
    KeyFile(&'a [u8]),
    /// Keys that were read, such as those of a set.
    Keys(&'a [Jwk]),
    /// Nothing: only what shows by itself is found.
    Nothing,
}

impl Given<'_> {
    fn len(self) -> usize {
        match self {
            Self::Secret(bytes) | Self::KeyFile(bytes) => bytes.len(),
            Self::Keys(_) | Self::Nothing => 0,
        }
    }
}

/// Shows no byte of a secret.
impl fmt::Debug for Given<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(bytes) => write!(f, "Secret({} bytes)", bytes.len()),
            Self::KeyFile(bytes) => write!(f, "KeyFile({} bytes)", bytes.len()),
            Self::Keys(keys) => write!(f, "Keys({})", keys.len()),
            Self::Nothing => f.write_str("Nothing"),
        }
    }
}

/// The most work of one diagnosis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// HMAC computations.
    pub macs: usize,
    /// Verifications with a public key.
    pub public_key_operations: usize,
    /// Bytes of all messages together that are verified.
    pub bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            macs: 512,
            public_key_operations: 48,
            bytes: 2 << 20,
        }
    }
}

/// What was found, and what was tried.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Diagnosis {
    /// Whether the signature matches as it is, so that nothing is wrong with it.
    pub verifies: bool,
    /// The cause.
    pub cause: Option<Cause>,
    /// What was tried, in order.
    pub tried: Vec<Tried>,
    /// How many suppositions were put to the test.
    pub attempts: usize,
    /// Whether a bound kept it from trying everything.
    pub exhausted: bool,
}

/// Why a signature does not match.
#[derive(Clone, Debug, Serialize)]
pub struct Cause {
    /// The stable code.
    pub code: CauseCode,
    /// What happened.
    pub explanation: &'static str,
    /// What it was here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What to do.
    pub fix: &'static str,
    /// What else had to be put right, each a cause of its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<CauseCode>,
    /// Whether the signature was found to match under this supposition. Where it is `false`, the
    /// form of what was given says so alone.
    pub confirmed: bool,
    /// What a face can apply.
    #[serde(skip)]
    pub fixed: Option<Fixed>,
}

impl Cause {
    fn new(code: CauseCode, detail: Option<String>, confirmed: bool) -> Self {
        Self {
            code,
            explanation: code.explanation(),
            detail,
            fix: code.fix(),
            also: Vec::new(),
            confirmed,
            fixed: None,
        }
    }
}

/// The input that would have been right.
#[derive(Clone, PartialEq, Eq)]
pub enum Fixed {
    /// The secret.
    Secret(Secret),
    /// The key.
    Key(Box<Jwk>),
    /// The token.
    Token(String),
    /// The algorithm that signed.
    Algorithm(Algorithm),
}

/// Shows no byte of a secret or token.
impl fmt::Debug for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(secret) => secret.fmt(f),
            Self::Key(key) => key.fmt(f),
            Self::Token(token) => write!(f, "Token({} bytes)", token.len()),
            Self::Algorithm(algorithm) => write!(f, "Algorithm({algorithm})"),
        }
    }
}

/// How often a cause was put to the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// The cause; `None` for what was given, as it is.
    pub code: Option<CauseCode>,
    /// Suppositions made of it.
    pub attempts: usize,
}
