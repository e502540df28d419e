//! A parsed text: the text itself and a flat tape of nodes over it.

use core::fmt;
use std::borrow::Cow;

use super::value::Value;
use super::{Error, ErrorKind, Options, Span, parse};

/// A parsed JSON text.
///
/// The nodes stand in the order of the text. A member name is a string node right before the node
/// of its value; what a container holds follows it directly.
#[derive(Clone)]
pub struct Document<'a> {
    text: Cow<'a, str>,
    pub(super) tape: Tape,
}

/// Where a value stands in its [`Document`]; remembers a value without borrowing the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

/// What reading a text yields beside the text.
#[derive(Clone, Default)]
pub(super) struct Tape {
    pub(super) nodes: Vec<Node>,
    /// The contents of the strings that have escapes.
    pub(super) unescaped: String,
}

/// One value or member name. Its kind is told by the first byte of its source.
#[derive(Clone, Copy, Default)]
pub(super) struct Node {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) detail: Detail,
}

/// A string with escapes: its range in `unescaped`, empty for any other string.
/// A container: the node after all that it holds, and how many elements or members it has.
#[derive(Clone, Copy, Default)]
pub(super) struct Detail(pub(super) u32, pub(super) u32);

impl<'a> Document<'a> {
    /// Reads a text without copying it.
    ///
    /// # Errors
    /// Whatever `options` do not accept, with its place; RFC 8259 throughout.
    pub fn parse(text: &'a [u8], options: &Options) -> Result<Self, Error> {
        let text = utf8(text, options)?;
        Ok(Self {
            text: Cow::Borrowed(text),
            tape: parse::parse(text, options)?,
        })
    }

    /// As [`parse`](Self::parse), keeping the text as its own.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn from_vec(text: Vec<u8>, options: &Options) -> Result<Document<'static>, Error> {
        admit(&text, options)?;
        let text = String::from_utf8(text).map_err(|error| not_utf8(error.utf8_error()))?;
        let tape = parse::parse(&text, options)?;
        Ok(Document {
            text: Cow::Owned(text),
            tape,
        })
    }

    /// Copies a borrowed text.
    pub fn into_owned(self) -> Document<'static> {
        Document {
            text: Cow::Owned(self.text.into_owned()),
            tape: self.tape,
        }
    }

    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        Value::new(self, NodeId(0))
    }

    /// The value that said it stands there ([`Value::id`]); `None` if it was another document's.
    pub fn value_at(&self, id: NodeId) -> Option<Value<'_>> {
        self.tape
            .nodes
            .get(id.0 as usize)
            .map(|_| Value::new(self, id))
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Shows the sizes only: the text may be confidential.
impl fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Document({} bytes, {} nodes)",
            self.text.len(),
            self.tape.nodes.len()
        )
    }
}

impl Node {
    pub(super) fn span(self) -> Span {
        self.start as usize..self.end as usize
    }

    /// The contents of a string node.
    pub(super) fn string<'t>(self, text: &'t str, unescaped: &'t str) -> &'t str {
        let Detail(from, to) = self.detail;
        let contents = if to == 0 {
            text.get(self.start as usize + 1..(self.end as usize).saturating_sub(1))
        } else {
            unescaped.get(from as usize..to as usize)
        };
        contents.unwrap_or_default()
    }
}

fn utf8<'a>(text: &'a [u8], options: &Options) -> Result<&'a str, Error> {
    admit(text, options)?;
    core::str::from_utf8(text).map_err(not_utf8)
}

fn admit(text: &[u8], options: &Options) -> Result<(), Error> {
    let max_len = options.max_len.min(u32::MAX as usize);
    if text.len() > max_len {
        return Err(Error {
            kind: ErrorKind::TooLarge(max_len),
            offset: max_len,
        });
    }
    if text.starts_with(b"\xEF\xBB\xBF") {
        return Err(Error {
            kind: ErrorKind::ByteOrderMark,
            offset: 0,
        });
    }
    Ok(())
}

fn not_utf8(error: core::str::Utf8Error) -> Error {
    Error {
        kind: ErrorKind::Utf8,
        offset: error.valid_up_to(),
    }
}
