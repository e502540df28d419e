//! Views into a [`Document`]: values, objects, arrays.

use core::fmt;
use core::iter::FusedIterator;

use super::Span;
use super::document::{Detail, Document, Node, NodeId};
use super::number::Number;

/// A value in a [`Document`].
#[derive(Clone, Copy)]
pub struct Value<'d> {
    document: &'d Document<'d>,
    id: NodeId,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The kind with its article, for messages: "a string".
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'d> Value<'d> {
    pub(super) fn new(document: &'d Document<'d>, id: NodeId) -> Self {
        Self { document, id }
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        match self
            .document
            .text()
            .as_bytes()
            .get(self.node().start as usize)
        {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            _ => Kind::Null,
        }
    }

    /// Its byte range in the text; a string's includes the quotes.
    pub fn span(self) -> Span {
        self.node().span()
    }

    /// Its place in the document, to come back to it with [`Document::value_at`].
    pub fn id(self) -> NodeId {
        self.id
    }

    /// Its exact text.
    pub fn source(self) -> &'d str {
        self.document.text().get(self.span()).unwrap_or_default()
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The contents of a string, unescaped.
    pub fn as_str(self) -> Option<&'d str> {
        (self.kind() == Kind::String).then(|| self.string())
    }

    /// The value of a boolean.
    pub fn as_bool(self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| self.source() == "true")
    }

    /// A number.
    pub fn as_number(self) -> Option<Number<'d>> {
        (self.kind() == Kind::Number).then(|| Number::new(self.source()))
    }

    /// An array.
    pub fn as_array(self) -> Option<Array<'d>> {
        (self.kind() == Kind::Array).then_some(Array(self))
    }

    /// An object.
    pub fn as_object(self) -> Option<Object<'d>> {
        (self.kind() == Kind::Object).then_some(Object(self))
    }

    /// Whether both mean the same: numbers by exact value, strings unescaped, objects whatever
    /// the order of their members. Of equal names, the first is compared with the first and so on.
    pub fn equals(self, other: Value<'_>) -> bool {
        if self.source() == other.source() {
            return true;
        }
        if self.kind() != other.kind() {
            return false;
        }
        match self.kind() {
            Kind::Null | Kind::Bool => false,
            Kind::String => self.string() == other.string(),
            Kind::Number => Number::new(self.source()) == Number::new(other.source()),
            Kind::Array => {
                let (ours, theirs) = (Array(self), Array(other));
                ours.len() == theirs.len()
                    && ours
                        .iter()
                        .zip(theirs.iter())
                        .all(|(one, two)| one.equals(two))
            }
            Kind::Object => {
                let (ours, theirs) = (Object(self), Object(other));
                ours.len() == theirs.len()
                    && ours
                        .by_name()
                        .into_iter()
                        .zip(theirs.by_name())
                        .all(|(one, two)| one.name == two.name && one.value.equals(two.value))
            }
        }
    }

    fn node(self) -> Node {
        self.document
            .tape
            .nodes
            .get(self.id.0 as usize)
            .copied()
            .unwrap_or_default()
    }

    fn string(self) -> &'d str {
        self.node()
            .string(self.document.text(), &self.document.tape.unescaped)
    }

    /// The node after this value and all that it holds.
    fn next(self) -> NodeId {
        match self.kind() {
            Kind::Array | Kind::Object => NodeId(self.node().detail.0),
            _ => NodeId(self.id.0 + 1),
        }
    }

    /// The first node in a container, and how many elements or members follow.
    fn contents(self) -> (Value<'d>, usize) {
        let Detail(_, count) = self.node().detail;
        (
            Value::new(self.document, NodeId(self.id.0 + 1)),
            count as usize,
        )
    }
}

/// Shows kind and place only: the value may be confidential.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = self.span();
        write!(
            f,
            "Value({:?} at {}..{})",
            self.kind(),
            span.start,
            span.end
        )
    }
}

/// An array in a [`Document`].
#[derive(Clone, Copy, Debug)]
pub struct Array<'d>(Value<'d>);

impl<'d> Array<'d> {
    /// Its elements in order.
    pub fn iter(self) -> Elements<'d> {
        let (next, left) = self.0.contents();
        Elements { next, left }
    }

    /// The element at `index`, counted from 0. Takes time in proportion to `index`.
    pub fn get(self, index: usize) -> Option<Value<'d>> {
        self.iter().nth(index)
    }

    /// How many elements.
    pub fn len(self) -> usize {
        self.0.contents().1
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// An object in a [`Document`].
#[derive(Clone, Copy, Debug)]
pub struct Object<'d>(Value<'d>);

impl<'d> Object<'d> {
    /// The first member of that (unescaped) name. Takes time in proportion to the members.
    pub fn get(self, name: &str) -> Option<Value<'d>> {
        self.iter()
            .find(|member| member.name == name)
            .map(|member| member.value)
    }

    /// Its members in the order of the text.
    pub fn iter(self) -> Members<'d> {
        let (next, left) = self.0.contents();
        Members { next, left }
    }

    /// How many members, duplicates counted.
    pub fn len(self) -> usize {
        self.0.contents().1
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    fn by_name(self) -> Vec<Member<'d>> {
        let mut members: Vec<_> = self.iter().collect();
        members.sort_by_key(|member| member.name);
        members
    }
}

/// A member of an object.
#[derive(Clone)]
pub struct Member<'d> {
    /// The name, unescaped.
    pub name: &'d str,
    /// Where the name stands, quotes included.
    pub name_span: Span,
    /// The value.
    pub value: Value<'d>,
}

impl<'d> Member<'d> {
    /// The exact text of the name, quotes included.
    pub fn name_source(&self) -> &'d str {
        self.value
            .document
            .text()
            .get(self.name_span.clone())
            .unwrap_or_default()
    }
}

/// Shows the value's kind and place only.
impl fmt::Debug for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Member({:?}: {:?})", self.name, self.value)
    }
}

/// The elements of an [`Array`].
#[derive(Clone, Debug)]
pub struct Elements<'d> {
    next: Value<'d>,
    left: usize,
}

impl<'d> Iterator for Elements<'d> {
    type Item = Value<'d>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let value = self.next;
        self.next = Value::new(value.document, value.next());
        Some(value)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

/// The members of an [`Object`].
#[derive(Clone, Debug)]
pub struct Members<'d> {
    next: Value<'d>,
    left: usize,
}

impl<'d> Iterator for Members<'d> {
    type Item = Member<'d>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let name = self.next;
        let value = Value::new(name.document, NodeId(name.id.0 + 1));
        self.next = Value::new(name.document, value.next());
        Some(Member {
            name: name.string(),
            name_span: name.span(),
            value,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Elements<'_> {}
impl FusedIterator for Elements<'_> {}
impl ExactSizeIterator for Members<'_> {}
impl FusedIterator for Members<'_> {}

impl<'d> IntoIterator for Array<'d> {
    type Item = Value<'d>;
    type IntoIter = Elements<'d>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'d> IntoIterator for Object<'d> {
    type Item = Member<'d>;
    type IntoIter = Members<'d>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
