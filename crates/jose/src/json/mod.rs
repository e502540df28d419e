//! The JSON reader and writer for token bytes (RFC 8259), strict by default, lossless on demand.
//!
//! Strict refuses what readers could disagree about: duplicate names, invalid UTF-8, a byte order
//! mark, lone surrogates, trailing text. Lossless keeps duplicate names and lone surrogates, so
//! that they can be shown. Numbers keep their text; order and byte spans are kept in both.
//!
//! ```
//! use jeton_jose::json::{Document, Options};
//!
//! let document = Document::parse(br#"{"iss":"joe","exp":1300819380}"#, &Options::strict())?;
//! let claims = document.root().as_object().ok_or("not an object")?;
//! let exp = claims.get("exp").and_then(|value| value.as_number());
//! assert_eq!(exp.and_then(|number| number.to_i64()), Some(1_300_819_380));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod deserialize;
mod document;
mod duplicates;
mod number;
mod parse;
mod serialize;
mod string;
#[cfg(test)]
mod tests;
mod value;
mod write;

use core::ops::Range;

use crate::code::Code;

pub use deserialize::{DeserializeError, from_value};
pub use document::{Document, NodeId};
pub use number::Number;
pub use serialize::{RawJson, SerializeError, to_string};
pub use value::{Array, Elements, Kind, Member, Members, Object, Value};
pub use write::{compact, pretty, write_string};

/// How to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Which duplicate member names are refused.
    pub duplicates: Duplicates,
    /// Deepest nesting; an array or object counts one. Never more than [`Options::DEPTH_CAP`].
    pub max_depth: usize,
    /// Longest text in bytes, at most `u32::MAX`.
    pub max_len: usize,
    /// Keep lone surrogates (as U+FFFD) instead of refusing them.
    pub lenient_strings: bool,
}

impl Options {
    /// The nesting that no option exceeds.
    pub const DEPTH_CAP: usize = 128;

    /// For headers, keys and policies: no duplicate name anywhere, 32 levels, 1 MiB.
    pub const fn strict() -> Self {
        Self {
            duplicates: Duplicates::RefuseAll,
            max_depth: 32,
            max_len: 1 << 20,
            lenient_strings: false,
        }
    }

    /// For claims: as [`strict`](Self::strict), but only the outermost names have to be unique
    /// (RFC 7519 §4).
    pub const fn claims() -> Self {
        Self {
            duplicates: Duplicates::RefuseTop,
            ..Self::strict()
        }
    }

    /// For showing what is there: duplicates and lone surrogates are kept; 64 levels, 16 MiB.
    pub const fn lossless() -> Self {
        Self {
            duplicates: Duplicates::Keep,
            max_depth: 64,
            max_len: 1 << 24,
            lenient_strings: true,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::strict()
    }
}

/// Which duplicate member names are refused. Names are compared after unescaping.
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
