//! The reader: one pass over the text, no recursion, one node per value and member name.

use super::document::{Detail, Node, Tape};
use super::{Duplicates, Error, ErrorKind, Options, duplicates, string};

/// Reads a text, at most `u32::MAX` bytes long.
pub(super) fn parse(text: &str, options: &Options) -> Result<Tape, Error> {
    let tape = Tape {
        nodes: Vec::with_capacity(first_capacity(text.len())),
        unescaped: String::new(),
    };
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        options,
        depth: 0,
        open: None,
        tape,
    };
    parser.document()?;
    Ok(parser.tape)
}

/// Claims have a node every 8 to 16 bytes; a longer text has to prove its need.
fn first_capacity(len: usize) -> usize {
    (len / 8 + 8).min(1 << 16)
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    options: &'t Options,
    depth: usize,
    open: Option<Open>,
    tape: Tape,
}

/// The innermost container that is not closed yet. Until it is, its node's `detail` keeps the
/// node and the count of the container around it, so there is no stack.
#[derive(Clone, Copy)]
struct Open {
    node: u32,
    count: u32,
    object: bool,
}

impl Parser<'_> {
    fn document(&mut self) -> Result<(), Error> {
        self.value("a value")?;
        while let Some(open) = self.open {
            self.advance(open)?;
        }
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.expected("end of text")),
        }
    }

    /// Reads the next element or member of the open container, or its end.
    fn advance(&mut self, open: Open) -> Result<(), Error> {
        let byte = self.peek();
        if byte == Some(if open.object { b'}' } else { b']' }) {
            self.at += 1;
            return self.close(open);
        }
        let first = open.count == 0;
        if !first {
            if byte != Some(b',') {
                return Err(self.expected(if open.object {
                    "`,` or `}`"
                } else {
                    "`,` or `]`"
                }));
            }
            self.at += 1;
        }
        self.open = Some(Open {
            count: open.count + 1,
            ..open
        });
        if open.object {
            self.name(first)?;
            self.value("a value")
        } else {
            self.value(if first { "a value or `]`" } else { "a value" })
        }
    }

    fn name(&mut self, first: bool) -> Result<(), Error> {
        if self.peek() != Some(b'"') {
            return Err(self.expected(if first {
                "a member name in double quotes or `}`"
            } else {
                "a member name in double quotes"
            }));
        }
        self.string()?;
        if self.peek() != Some(b':') {
            return Err(self.expected("`:` after the member name"));
        }
        self.at += 1;
        Ok(())
    }

    /// Reads a scalar, or the opening bracket of a container.
    fn value(&mut self, expected: &'static str) -> Result<(), Error> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'{') => self.open(true),
            Some(b'[') => self.open(false),
            Some(b't') => self.literal(b"true", "`true`"),
            Some(b'f') => self.literal(b"false", "`false`"),
            Some(b'n') => self.literal(b"null", "`null`"),
            _ => Err(self.expected(expected)),
        }
    }

    fn open(&mut self, object: bool) -> Result<(), Error> {
        let max_depth = self.options.max_depth.min(Options::DEPTH_CAP);
        if self.depth == max_depth {
            return Err(Error {
                kind: ErrorKind::TooDeep(max_depth),
                offset: self.at,
            });
        }
        self.depth += 1;
        let around = self
            .open
            .map_or(Detail::default(), |open| Detail(open.node, open.count));
        self.open = Some(Open {
            node: word(self.tape.nodes.len()),
            count: 0,
            object,
        });
        let start = self.at;
        self.at += 1;
        self.push(start, around);
        Ok(())
    }

    fn close(&mut self, open: Open) -> Result<(), Error> {
        let refuse = match self.options.duplicates {
            Duplicates::RefuseAll => true,
            Duplicates::RefuseTop => self.depth == 1,
            Duplicates::Keep => false,
        };
        let (end, next) = (word(self.at), word(self.tape.nodes.len()));
        let Some(node) = self.tape.nodes.get_mut(open.node as usize) else {
            return Ok(());
        };
        let Detail(around, count) = node.detail;
        node.end = end;
        node.detail = Detail(next, open.count);
        self.depth -= 1;
        self.open = (self.depth > 0).then(|| Open {
            node: around,
            count,
            object: self.is_object(around),
        });
        if open.object && refuse && open.count > 1 {
            duplicates::refuse(self.text, &self.tape, open.node)?;
        }
        Ok(())
    }

    fn is_object(&self, node: u32) -> bool {
        let node = self.tape.nodes.get(node as usize);
        node.and_then(|node| self.bytes.get(node.start as usize)) == Some(&b'{')
    }

    fn string(&mut self) -> Result<(), Error> {
        let start = self.at;
        let plain = string::plain(self.bytes, start + 1);
        if self.bytes.get(plain) == Some(&b'"') {
            self.at = plain + 1;
            self.push(start, Detail::default());
            return Ok(());
        }
        let from = self.tape.unescaped.len();
        let unescaped = &mut self.tape.unescaped;
        let lenient = self.options.lenient_strings;
        self.at = string::unescape(self.text, start + 1..plain, lenient, unescaped)? + 1;
        let detail = Detail(word(from), word(self.tape.unescaped.len()));
        self.push(start, detail);
        Ok(())
    }

    fn number(&mut self) -> Result<(), Error> {
        let start = self.at;
        self.skip(b"-");
        if self.skip(b"0") {
            if self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.expected("no digit after a leading zero"));
            }
        } else {
            self.digits()?;
        }
        if self.skip(b".") {
            self.digits()?;
        }
        if self.skip(b"eE") {
            self.skip(b"+-");
            self.digits()?;
        }
        self.push(start, Detail::default());
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Error> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        if count == 0 {
            Err(self.expected("a digit"))
        } else {
            Ok(())
        }
    }

    fn literal(&mut self, word: &[u8], expected: &'static str) -> Result<(), Error> {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        self.at += word
            .iter()
            .zip(rest)
            .take_while(|(one, two)| one == two)
            .count();
        if self.at - start < word.len() {
            return Err(self.expected(expected));
        }
        self.push(start, Detail::default());
        Ok(())
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.byte()? {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip(&mut self, any: &[u8]) -> bool {
        let found = self.byte().is_some_and(|byte| any.contains(&byte));
        self.at += usize::from(found);
        found
    }

    fn push(&mut self, start: usize, detail: Detail) {
        self.tape.nodes.push(Node {
            start: word(start),
            end: word(self.at),
            detail,
        });
    }

    fn expected(&self, what: &'static str) -> Error {
        Error {
            kind: ErrorKind::Expected(what),
            offset: self.at,
        }
    }
}

/// A position in the text or on the tape: neither is longer than the text.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a text has at most u32::MAX bytes"
)]
fn word(position: usize) -> u32 {
    position as u32
}
