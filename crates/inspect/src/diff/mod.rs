//! What differs between two tokens, in what they mean.
//!
//! Neither is verified. Values are compared exactly: numbers by decimal value, strings unescaped,
//! objects whatever their order, scopes and lists of names as sets, times by the seconds between
//! them. [`Sameness`] tells apart what differs only in spelling.

mod compare;
#[cfg(test)]
mod tests;

use core::fmt;

use jeton_jose::alg::{Algorithm, Family};
use jeton_jose::json::{Document, Options, RawJson};
use serde::Serialize;

use crate::parts::{Parts, Unreadable};
use compare::{Comparison, compare_part, seconds};

/// Compares two tokens: compact or JSON JWS, each up to 1 MiB and 64 levels deep. Takes time in
/// proportion to their size and nesting; lists up to 1,000 differences a part.
///
/// # Errors
/// One of them is not a JWS that can be decoded.
pub fn diff(left: &str, right: &str) -> Result<Diff, DiffError> {
    let read = |text, side| Parts::read(text).map_err(|reason| DiffError { side, reason });
    let (one, two) = (read(left, Side::Left)?, read(right, Side::Right)?);
    let header = compare_part(&one.header, &two.header, Comparison::header());
    let unprotected_header = unprotected(&one, &two);
    let payload = payload(&one, &two);
    let content = [Some(&header), unprotected_header.as_ref(), Some(&payload)]
        .into_iter()
        .flatten()
        .map(|part| part.sameness)
        .max()
        .unwrap_or(Sameness::Identical);
    Ok(Diff {
        content,
        same_text: left == right,
        key: key(&one, &two),
        lifetime: lifetime(&one, &two),
        signature: signature(&one, &two),
        header,
        unprotected_header,
        payload,
    })
}

/// What differs between two tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// How far headers and payload are the same, the least of the parts.
    pub content: Sameness,
    /// Whether the texts are the same byte for byte.
    pub same_text: bool,
    /// The protected headers.
    pub header: PartDiff,
    /// The unprotected headers of JSON forms, if one has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unprotected_header: Option<PartDiff>,
    /// The payloads.
    pub payload: PartDiff,
    /// The keys as the headers name them.
    pub key: KeyDiff,
    /// How long each lives, if one says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<LifetimeDiff>,
    /// The signatures; of several, the first.
    pub signature: SignatureDiff,
}

/// How far two parts are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sameness {
    /// Byte for byte.
    Identical,
    /// Other white space, escapes or spelling of numbers.
    Formatting,
    /// Other order of members, or of the names in a set; no other values.
    Order,
    /// Other values.
    Different,
}

/// What differs between two parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartDiff {
    /// How far they are the same.
    pub sameness: Sameness,
    /// Each difference, by name; empty unless the parts are different JSON objects.
    pub changes: Vec<Change>,
    /// How many more differences there are than are listed.
    pub left_out: usize,
    /// Where the payloads are not both JSON objects: what they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opaque: Option<Opaque>,
}

/// Two payloads that are compared as bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Opaque {
    /// Length of the left one in bytes.
    pub left_bytes: usize,
    /// Length of the right one in bytes.
    pub right_bytes: usize,
    /// The first byte that differs, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_difference: Option<usize>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The way to the value: names and positions from the outermost object on.
    pub path: Vec<Step>,
    /// What differs there.
    #[serde(flatten)]
    pub kind: ChangeKind,
}

/// A step on the way to a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Step {
    /// Into a member.
    Name(String),
    /// Into an element, counted from 0.
    Index(usize),
}

/// What differs, with the exact values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChangeKind {
    /// Only the right token has it.
    Added {
        /// Its value.
        right: RawJson,
    },
    /// Only the left token has it.
    Removed {
        /// Its value.
        left: RawJson,
    },
    /// Both have it, with other values.
    Changed {
        /// The left value.
        left: RawJson,
        /// The right value.
        right: RawJson,
    },
    /// A set of names: a scope, or a list of strings.
    Set {
        /// Only the right token has these.
        added: Vec<String>,
        /// Only the left token has these.
        removed: Vec<String>,
        /// How many both have.
        kept: usize,
    },
    /// A time.
    Time {
        /// The left value.
        left: RawJson,
        /// The right value.
        right: RawJson,
        /// How many whole seconds later the right one is; negative if earlier.
        seconds: i64,
        /// The same in words: "1 hour later".
        words: String,
    },
}

/// The keys that two headers name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyDiff {
    /// What the left header names.
    pub left: KeyNames,
    /// What the right header names.
    pub right: KeyNames,
    /// What follows.
    pub sameness: KeySameness,
}

/// What a header says of its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyNames {
    /// The `alg`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// The `kid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
}

/// Whether two headers name the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeySameness {
    /// The same `kid` and `alg`.
    Same,
    /// The same `kid`, another `alg`.
    OtherAlgorithm,
    /// Another `kid`.
    Other,
    /// One of them names no key.
    NotNamed,
}

/// How long two tokens live, from `iat` (or else `nbf`) to `exp`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LifetimeDiff {
    /// The left one's seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_seconds: Option<i64>,
    /// The right one's seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right_seconds: Option<i64>,
    /// The comparison in words.
    pub words: String,
}

/// How two signatures compare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignatureDiff {
    /// Whether they are the same bytes.
    pub same: bool,
    /// Length of the left one in bytes.
    pub left_bytes: usize,
    /// Length of the right one in bytes.
    pub right_bytes: usize,
    /// What follows, in words.
    pub words: &'static str,
}

/// One of two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The first.
    Left,
    /// The second.
    Right,
}

/// Why two tokens cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffError {
    /// Which one cannot be read.
    pub side: Side,
    /// Why.
    pub reason: Unreadable,
}

impl fmt::Display for DiffError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.side {
            Side::Left => "first",
            Side::Right => "second",
        };
        write!(f, "the {side} token cannot be read: {}", self.reason)
    }
}

impl core::error::Error for DiffError {}

fn unprotected(one: &Parts, two: &Parts) -> Option<PartDiff> {
    if one.unprotected.is_none() && two.unprotected.is_none() {
        return None;
    }
    let none = Document::parse(b"{}", &Options::lossless()).ok()?;
    let left = one.unprotected.as_ref().unwrap_or(&none);
    let right = two.unprotected.as_ref().unwrap_or(&none);
    Some(compare_part(left, right, Comparison::header()))
}

fn payload(one: &Parts, two: &Parts) -> PartDiff {
    if let (Some(left), Some(right)) = (&one.claims, &two.claims) {
        return compare_part(left, right, Comparison::claims());
    }
    let (left, right) = (&one.payload, &two.payload);
    let first_difference = left
        .iter()
        .zip(right)
        .position(|(left, right)| left != right);
    let first_difference = first_difference
        .or_else(|| (left.len() != right.len()).then(|| left.len().min(right.len())));
    PartDiff {
        sameness: match first_difference {
            None => Sameness::Identical,
            Some(_) => Sameness::Different,
        },
        changes: Vec::new(),
        left_out: 0,
        opaque: Some(Opaque {
            left_bytes: left.len(),
            right_bytes: right.len(),
            first_difference,
        }),
    }
}

fn key(one: &Parts, two: &Parts) -> KeyDiff {
    let names = |parts: &Parts| KeyNames {
        alg: parts.parameter("alg").map(str::to_owned),
        kid: parts.parameter("kid").map(str::to_owned),
    };
    let (left, right) = (names(one), names(two));
    let sameness = match (&left.kid, &right.kid) {
        (Some(one), Some(two)) if one != two => KeySameness::Other,
        (Some(_), Some(_)) if left.alg != right.alg => KeySameness::OtherAlgorithm,
        (Some(_), Some(_)) => KeySameness::Same,
        _ => KeySameness::NotNamed,
    };
    KeyDiff {
        left,
        right,
        sameness,
    }
}

fn lifetime(one: &Parts, two: &Parts) -> Option<LifetimeDiff> {
    let lifetime = |parts: &Parts| {
        let from = parts.claim("iat").or_else(|| parts.claim("nbf"))?;
        Some(seconds(parts.claim("exp")?)? - seconds(from)?)
    };
    let (left_seconds, right_seconds) = (lifetime(one), lifetime(two));
    let words = match (left_seconds, right_seconds) {
        (None, None) => return None,
        (Some(left), None) => format!("the first lives {}, the second does not say", span(left)),
        (None, Some(right)) => format!("the second lives {}, the first does not say", span(right)),
        (Some(left), Some(right)) if left == right => format!("both live {}", span(left)),
        (Some(left), Some(right)) => {
            format!("the second lives {}, the first {}", span(right), span(left))
        }
    };
    Some(LifetimeDiff {
        left_seconds,
        right_seconds,
        words,
    })
}

fn signature(one: &Parts, two: &Parts) -> SignatureDiff {
    let same = one.signature == two.signature;
    let same_input = one.header.text() == two.header.text() && one.payload == two.payload;
    let deterministic = || {
        let algorithm = Algorithm::from_name(one.parameter("alg")?)?;
        Some(!matches!(
            algorithm.row().family,
            Family::RsaPss | Family::Ecdsa
        ))
    };
    let words = match (same, same_input) {
        (true, _) if one.signature.is_empty() => "neither token is signed",
        (true, true) => "the signatures are the same",
        (true, false) => {
            "the same signature over different bytes: at most one of the two tokens can be valid"
        }
        (false, true) if deterministic() == Some(true) => {
            "different signatures over the same bytes with an algorithm that always signs alike: \
             made with another key, or altered"
        }
        (false, true) => {
            "different signatures over the same bytes: signed twice, with another key, or altered"
        }
        (false, false) => "the signatures differ, as what they sign does",
    };
    SignatureDiff {
        same,
        left_bytes: one.signature.len(),
        right_bytes: two.signature.len(),
        words,
    }
}

/// A number of seconds in its two largest units.
fn span(seconds: i64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    let mut rest = seconds.unsigned_abs();
    let mut words = Vec::new();
    for (unit, name) in UNITS {
        let count = rest / unit;
        rest %= unit;
        match count {
            0 => {}
            1 => words.push(format!("1 {name}")),
            _ => words.push(format!("{count} {name}s")),
        }
    }
    words.truncate(2);
    match (seconds < 0, words.is_empty()) {
        (_, true) => "0 seconds".to_owned(),
        (true, false) => format!("minus {}", words.join(" ")),
        (false, false) => words.join(" "),
    }
}
