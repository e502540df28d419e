//! One token or key as a tree that loses nothing: its parts, what their members mean, when it is
//! accepted, and what is worth saying about it.
//!
//! Nothing here verifies, so nothing here is to be believed; [`crate::verdict`] does that. A part
//! that breaks is decoded as far as it goes. `read` takes the forms apart, `decode` undoes
//! base64url and JSON, `describe` explains members, `disclosure` puts SD-JWTs together, `validity` tells times, `findings` holds
//! the rules: to add one, add a row to the table and a rule to the file of what it looks at.

mod decode;
mod describe;
mod disclosure;
mod encryption;
mod findings;
mod nested;
mod read;
#[cfg(test)]
mod tests;
mod validity;

use core::fmt;
use core::ops::Range;
use core::time::Duration;

use jeton_jose::json::RawJson;
use jeton_jose::{Secret, UnixTime};
use serde::Serialize;

use crate::find::{Found, Kind, find};
use crate::finding::{Finding, PartName};
use crate::moment::Moment;
use crate::names::{ClaimKind, ValueKind};

pub use disclosure::{Disclosed, Disclosing, KeyBinding, Spot};
pub use encryption::{Encryption, Recipient};

/// Deepest nesting of tokens in tokens.
pub const MAX_DEPTH: usize = 4;
/// Most tokens that are looked at inside one.
pub const MAX_NESTED: usize = 16;
/// Most findings of one token.
pub const MAX_FINDINGS: usize = 256;

/// How to inspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The instant at which the token is looked at.
    pub now: UnixTime,
    /// How far clocks may differ.
    pub leeway: Duration,
}

impl Options {
    /// At an instant, without leeway.
    pub const fn new(now: UnixTime) -> Self {
        Self {
            now,
            leeway: Duration::ZERO,
        }
    }
}

/// Everything found in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The tokens and keys in their order.
    pub tokens: Vec<Inspection>,
}

/// Finds the tokens and keys in a text and inspects each.
///
/// Bounded by [`find`]'s bounds, and for each token by [`MAX_DEPTH`], [`MAX_NESTED`] and
/// [`MAX_FINDINGS`]; takes time in proportion to the text.
pub fn inspect(text: &str, options: &Options) -> Report {
    let found = find(text).into_iter();
    Report {
        tokens: found.map(|found| inspect_found(found, options)).collect(),
    }
}

/// Inspects what [`find`] found.
pub fn inspect_found(found: Found, options: &Options) -> Inspection {
    nested::inspect(found, options, &|_| None)
}

/// Inspects what was found, and what `open` makes of each encrypted token in it: its plaintext, if
/// there is a key.
pub fn inspect_opening(
    found: Found,
    options: &Options,
    open: &dyn Fn(&str) -> Option<Secret>,
) -> Inspection {
    nested::inspect(found, options, open)
}

/// One token or key, explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// Where it stood and how it reads.
    pub found: Found,
    /// Its form.
    pub kind: Kind,
    /// Its length in bytes.
    pub size: usize,
    /// Its `alg` as written; of several signatures, the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// Whether its payload is empty, so that it must come another way (RFC 7515 appendix F).
    pub detached: bool,
    /// Its parts in the order of the text.
    pub parts: Vec<Part>,
    /// The header parameters in their order, those of each signature after another. The members, if
    /// it is a key.
    pub header: Vec<Described>,
    /// The claims in their order.
    pub claims: Vec<Described>,
    /// When it is accepted, if it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity: Option<Validity>,
    /// What it discloses and keeps back, if it is an SD-JWT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disclosing: Option<Disclosing>,
    /// How it is encrypted, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<Encryption>,
    /// What is worth saying, in the order of header, claims, whole.
    pub findings: Vec<Finding>,
    /// Tokens inside this one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nested: Vec<Inspection>,
}

/// One part of a token.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Which.
    pub name: PartName,
    /// Of which signature or recipient of a general JSON form, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// Its bytes in [`Found::text`].
    pub span: Range<usize>,
    /// It as it stands.
    pub text: String,
    /// How many bytes it decodes to.
    pub size: usize,
    /// These bytes, if they are UTF-8; of a broken part, those before the break.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utf8: Option<String>,
    /// The exact JSON text, if it is JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json: Option<RawJson>,
    /// Where it breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<Broken>,
}

/// Shows no token bytes.
impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("name", &self.name)
            .field("span", &self.span)
            .field("size", &self.size)
            .field("broken", &self.broken)
            .finish_non_exhaustive()
    }
}

/// Where a part stops making sense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// What could not be read.
    pub layer: Layer,
    /// Byte in the part's text for base64url, in the decoded bytes for the others.
    pub at: usize,
    /// The same place as a byte of [`Found::text`].
    pub text_at: usize,
    /// What is there.
    pub message: String,
    /// What would have been right there.
    pub expected: &'static str,
}

/// The layers of a part, outermost first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// The text itself.
    Base64url,
    /// The bytes it stands for.
    Utf8,
    /// The JSON that these spell.
    Json,
}

/// A header parameter, a claim or a member of a key, explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Described {
    /// In which part it stands.
    pub part: PartName,
    /// Of which signature or recipient of a general JSON form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// Its name, unescaped.
    pub name: String,
    /// JSON pointer in the part.
    pub pointer: String,
    /// Its bytes in the decoded part.
    pub span: Range<usize>,
    /// Its exact value.
    pub value: RawJson,
    /// The name in words; empty if it is not in the tables.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub label: &'static str,
    /// What it means, in a sentence.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub meaning: &'static str,
    /// Where it is defined.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub reference: &'static str,
    /// What sort of value it is meant to have.
    pub value_kind: ValueKind,
    /// Registered, public or private.
    pub kind: ClaimKind,
    /// This value in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained: Option<String>,
    /// Whether an earlier member has the same name.
    pub duplicate: bool,
}

/// When a token is accepted, by its own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Validity {
    /// `iat`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<Moment>,
    /// `nbf`: the first instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_from: Option<Moment>,
    /// `exp`: the first instant at which it is no longer accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_until: Option<Moment>,
    /// From `iat` (or `nbf`) to `exp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<Lifetime>,
    /// Without leeway, now.
    pub state: State,
    /// The same with leeway, if there is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_leeway: Option<WithLeeway>,
}

/// How long a token lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lifetime {
    /// In seconds.
    pub seconds: i64,
    /// In words; empty if it ends before it begins.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// The bounds that a verifier with leeway applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WithLeeway {
    /// The leeway in words.
    pub leeway: String,
    /// The first instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_from: Option<Moment>,
    /// The first instant at which it is no longer accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_until: Option<Moment>,
    /// Now.
    pub state: State,
}

/// How a token stands at an instant, by its times alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Before `nbf`.
    NotYet,
    /// Within its times.
    Accepted,
    /// At or after `exp`.
    Expired,
}
