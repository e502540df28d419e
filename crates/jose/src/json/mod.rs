//! The JSON reader and writer for token bytes (RFC 8259), strict by default, lossless on demand.
//!
//! Strict refuses what readers could disagree about: duplicate names, invalid UTF-8, a byte order
//! mark, lone surrogates, trailing text. Lossless keeps it, so that it can be shown. Numbers keep
//! their text; order and byte spans are kept in both.

use core::ops::Range;

use crate::code::Code;

// ---- contract (signatures fixed; bodies to come) ----

/// How to read.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Which duplicate member names are refused.
    pub duplicates: Duplicates,
    /// Deepest nesting; an array or object counts one.
    pub max_depth: usize,
    /// Longest text in bytes, at most `u32::MAX`.
    pub max_len: usize,
    /// Keep lone surrogates (as U+FFFD) instead of refusing them.
    pub lenient_strings: bool,
}

/// Which duplicate member names are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// At every depth: headers, keys, policies.
    RefuseAll,
    /// In the outermost object: claims (RFC 7519 §4).
    RefuseTop,
    /// Kept, to be shown.
    Keep,
}

/// Where and why a text is not acceptable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {offset}")]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Byte offset in the JSON text.
    pub offset: usize,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Something else was expected here.
    #[error("expected {0}")]
    Expected(&'static str),
    /// Not UTF-8.
    #[error("invalid UTF-8")]
    Utf8,
    /// A byte order mark.
    #[error("byte order mark")]
    ByteOrderMark,
    /// The same name twice in one object; `offset` is the second one's.
    #[error("duplicate member name")]
    DuplicateName,
    /// Nested too deep.
    #[error("nesting deeper than {0}")]
    TooDeep(usize),
    /// Too long.
    #[error("text longer than {0} bytes")]
    TooLarge(usize),
}

impl Error {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self.kind {
            ErrorKind::DuplicateName => Code::JsonDuplicateName,
            ErrorKind::TooDeep(_) => Code::JsonTooDeep,
            ErrorKind::TooLarge(_) => Code::JsonTooLarge,
            _ => Code::JsonInvalid,
        }
    }
}

/// A byte range in the JSON text.
pub type Span = Range<usize>;
