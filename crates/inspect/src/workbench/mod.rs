//! What a person can ask of jeton: a request in, an answer out, one file per question.
//!
//! The command line, the page and the HTTP API ask here, so that they say the same with the same
//! JSON. A request is a type that reads itself from JSON, an answer a type that writes itself;
//! [`call`] is the door for faces that have only text. What a request needs from outside, the time
//! and the cryptography, comes with [`Setting`].
//!
//! To add a question: a file with a `Request` and a function that answers it, its row in
//! [`OPERATIONS`], and its row in `openapi.rs`, which describes it for the HTTP API.

pub mod examples;
mod failure;
mod finding;
pub mod jwks;
mod key_input;
pub mod keys;
pub mod names;
#[cfg(feature = "openapi")]
pub mod openapi;
pub mod policies;
mod policy_input;
pub mod tokens;
mod when;

use core::fmt;

use jeton_jose::UnixTime;
use jeton_jose::backend::Encryption;
use jeton_jose::json::{self, Document, Options};
use serde::{Deserialize, Serialize};

pub use failure::{Failure, remedy};
pub use finding::{Finding, weak};
pub use key_input::{Encoding, KeyInput};
pub use policy_input::PolicyInput;
pub use when::{Span, When, duration_of};

/// Longest request, in bytes.
pub const MAX_REQUEST: usize = 4 << 20;

/// What a question is asked in.
#[derive(Clone, Copy)]
pub struct Setting<'s> {
    /// The cryptography, with its randomness.
    pub backend: &'s dyn Encryption,
    /// The present, unless the request names another time.
    pub now: UnixTime,
}

impl fmt::Debug for Setting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setting")
            .field("backend", &self.backend.name())
            .field("now", &self.now)
            .finish()
    }
}

/// A question that [`call`] knows.
#[derive(Clone, Copy)]
pub struct Operation {
    /// Its name, as the HTTP API has it: `tokens/verify`.
    pub name: &'static str,
    answer: fn(&str, &Setting<'static>) -> Result<String, Failure>,
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

macro_rules! operations {
    ($($name:literal => $module:path,)*) => {
        /// Every question.
        pub const OPERATIONS: &[Operation] = &[$(Operation {
            name: $name,
            answer: {
                use $module as module;
                |request, setting| answer(request, setting, module::answer)
            },
        },)*];
    };
}

operations! {
    "tokens/inspect" => tokens::inspect,
    "tokens/verify" => tokens::verify,
    "tokens/sign" => tokens::sign,
    "tokens/encrypt" => tokens::encrypt,
    "tokens/decrypt" => tokens::decrypt,
    "tokens/diff" => tokens::diff,
    "keys/generate" => keys::generate,
    "keys/convert" => keys::convert,
    "keys/inspect" => keys::inspect,
    "jwks/inspect" => jwks,
    "policies/show" => policies,
    "names" => names,
    "examples" => examples,
    "tokens/sd-issue" => tokens::sd::issue,
    "tokens/sd-present" => tokens::sd::present,
    "tokens/sd-verify" => tokens::sd::verify,
}

/// Answers one question: the JSON of the answer.
///
/// # Errors
/// There is no such question, or the request can't be read or answered. A token that is not valid
/// is an answer.
pub fn call(name: &str, request: &str, setting: &Setting<'static>) -> Result<String, Failure> {
    let operation = OPERATIONS.iter().find(|operation| operation.name == name);
    let operation = operation.ok_or_else(|| {
        Failure::usage(format!("there is no operation `{name}`")).hint("see the API's description")
    })?;
    (operation.answer)(request, setting)
}

/// Reads a request, asks, and writes the answer: what the rows of [`OPERATIONS`] are made of.
fn answer<R, A>(
    request: &str,
    setting: &Setting<'static>,
    ask: impl FnOnce(&R, &Setting<'static>) -> Result<A, Failure>,
) -> Result<String, Failure>
where
    R: for<'d> Deserialize<'d>,
    A: Serialize,
{
    let options = Options {
        max_len: MAX_REQUEST,
        ..Options::strict()
    };
    let unreadable = |reason: String| Failure::usage("the request can't be read").cause(reason);
    let document = Document::parse(request.as_bytes(), &options)
        .map_err(|error| unreadable(error.to_string()))?;
    let request: R =
        json::from_value(document.root()).map_err(|error| unreadable(error.to_string()))?;
    let answer = ask(&request, setting)?;
    json::to_string(&answer).map_err(|error| Failure::usage(error.to_string()))
}

#[cfg(test)]
mod tests {
    use jeton_jose::backend::RustCrypto;

    use super::*;

    #[test]
    fn an_unknown_question_is_named() {
        let setting = Setting {
            backend: &RustCrypto,
            now: UnixTime::from_seconds(0),
        };
        let failure = call("tokens/bake", "{}", &setting).unwrap_err();
        assert!(failure.message().contains("tokens/bake"));
    }
}
