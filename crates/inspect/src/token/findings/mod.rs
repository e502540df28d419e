//! What is worth telling about a token: one file for each thing that is looked at.
//!
//! [`form`] looks at the text, [`header`] at parameters, [`claims`] at claims and times,
//! [`content`] at every value, wherever it stands, [`disclosure`] at what an SD-JWT hides.

mod claims;
mod content;
mod disclosure;
mod form;
mod header;
mod sensitive;
#[cfg(test)]
mod tests;

use core::ops::Range;

use jeton_jose::json::{Document, Object, Value};

use super::read::Piece;
use super::{Disclosing, MAX_FINDINGS, Options, Part};
use crate::find::{Found, Kind};
use crate::finding::{Finding, FindingCode, PartName, Place, Severity};
use crate::names;

/// A token as the rules see it.
pub(super) struct View<'v> {
    pub(super) found: &'v Found,
    pub(super) kind: Kind,
    pub(super) detached: bool,
    pub(super) parts: &'v [Part],
    pub(super) pieces: &'v [Piece],
    /// The JSON of each piece.
    pub(super) documents: &'v [Option<&'v Document<'v>>],
    /// What an SD-JWT discloses.
    pub(super) disclosing: Option<&'v Disclosing>,
    pub(super) options: &'v Options,
}

/// All findings, in the order of header, claims, whole.
pub(super) fn findings(view: &View<'_>) -> Vec<Finding> {
    let mut sink = Sink::default();
    form::parts(view, &mut sink);
    header::findings(view, &mut sink);
    claims::findings(view, &mut sink);
    content::findings(view, &mut sink);
    disclosure::findings(view, &mut sink);
    form::whole(view, &mut sink);
    sink.findings.sort_by_key(|finding| {
        let place = finding.place.as_ref();
        place.map_or(u8::MAX, |place| match place.part {
            PartName::Header | PartName::Key => 0,
            PartName::UnprotectedHeader => 1,
            PartName::Payload => 2,
            PartName::Token => u8::MAX,
            _ => 3,
        })
    });
    sink.findings
}

impl<'v> View<'v> {
    /// The pieces that are JSON objects.
    fn objects(&self) -> impl Iterator<Item = (&'v Piece, Object<'v>)> {
        let (pieces, documents) = (self.pieces, self.documents);
        pieces
            .iter()
            .zip(documents)
            .filter_map(|(piece, document)| Some((piece, document.as_ref()?.root().as_object()?)))
    }

    /// The headers, protected and not.
    fn headers(&self) -> impl Iterator<Item = (&'v Piece, Object<'v>)> {
        self.objects().filter(|(piece, _)| piece.is_header())
    }

    /// The payload, if it is an object.
    pub(super) fn claims(&self) -> Option<(&'v Piece, Object<'v>)> {
        self.objects()
            .find(|(piece, _)| piece.name == PartName::Payload)
    }

    /// The first header parameter of that name.
    pub(super) fn parameter(&self, name: &str) -> Option<Value<'v>> {
        self.headers().find_map(|(_, header)| header.get(name))
    }

    fn typ(&self) -> Option<&'v str> {
        self.parameter("typ")?.as_str()
    }

    fn is_type(&self, wanted: &[&str]) -> bool {
        self.typ()
            .is_some_and(|typ| wanted.iter().any(|wanted| names::is_type(typ, wanted)))
    }

    fn is_jwe(&self) -> bool {
        matches!(
            self.kind,
            Kind::CompactJwe | Kind::FlattenedJwe | Kind::GeneralJwe
        ) || self
            .pieces
            .iter()
            .any(|piece| piece.name == PartName::EncryptedKey)
    }

    fn is_key(&self) -> bool {
        matches!(self.kind, Kind::Jwk | Kind::JwkSet)
    }
}

/// Where findings go, up to [`MAX_FINDINGS`].
#[derive(Default)]
struct Sink {
    findings: Vec<Finding>,
}

impl Sink {
    fn add(&mut self, finding: Finding) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        }
    }

    fn at(&mut self, code: FindingCode, place: Place, message: impl Into<String>) {
        self.add(Finding::new(code, message).at(place));
    }

    fn weighed(
        &mut self,
        code: FindingCode,
        severity: Severity,
        place: Place,
        message: impl Into<String>,
    ) {
        let mut finding = Finding::new(code, message).at(place);
        finding.severity = severity;
        self.add(finding);
    }
}

/// A value in a piece.
fn place(piece: &Piece, pointer: &str, value: Value<'_>) -> Place {
    Place {
        part: piece.name,
        bytes: Some(value.span()),
        pointer: Some(pointer.to_owned()),
    }
}

/// An outermost member of a piece.
fn member(piece: &Piece, name: &str, value: Value<'_>) -> Place {
    let mut pointer = String::new();
    crate::find::push_pointer(&mut pointer, name);
    place(piece, &pointer, value)
}

/// A part as a whole, or bytes of it.
fn part(name: PartName, bytes: Option<Range<usize>>) -> Place {
    Place {
        part: name,
        bytes,
        pointer: None,
    }
}

/// A name for a message: what does not show is written out, and it is cut to a bearable length.
fn shown(name: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = name
        .chars()
        .take(LONGEST)
        .flat_map(char::escape_debug)
        .collect();
    if name.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
