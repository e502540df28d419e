//! Every name and value of the JSON: duplicates, characters that do not show, secrets, personal
//! data.

use jeton_jose::json::{Object, Value};

use super::{Sink, View, place, sensitive, shown};
use crate::finding::{FindingCode, PartName, Place, Severity};
use crate::token::nested::walk;
use crate::token::read::Piece;

pub(super) fn findings(view: &View<'_>, sink: &mut Sink) {
    for (piece, document) in view.pieces.iter().zip(view.documents) {
        let Some(document) = document else { continue };
        let mut pointer = String::new();
        walk(document.root(), &mut pointer, &mut |pointer, value| {
            if let Some(object) = value.as_object() {
                members(piece, pointer, object, sink);
            } else if let Some(text) = value.as_str() {
                string(piece, pointer, value, text, sink);
            }
        });
    }
}

fn members(piece: &Piece, pointer: &str, object: Object<'_>, sink: &mut Sink) {
    for entry in repeated(object) {
        let mut place = below(piece, pointer, entry.name, entry.value);
        place.bytes = Some(entry.name_span.start..entry.value.span().end);
        let message = format!("`{}` stands here a second time", shown(entry.name));
        sink.at(FindingCode::DuplicateName, place, message);
    }
    for entry in object {
        if let Some(character) = entry.name.chars().find(|c| hides_in_name(*c)) {
            let mut place = below(piece, pointer, entry.name, entry.value);
            place.bytes = Some(entry.name_span.clone());
            let message = format!(
                "the name `{}` holds U+{:04X}",
                shown(entry.name),
                u32::from(character)
            );
            sink.at(FindingCode::InvisibleCharacter, place, message);
        }
        if piece.name == PartName::Payload {
            sensitive::member(entry.name, entry.value, |code, message| {
                sink.at(
                    code,
                    below(piece, pointer, entry.name, entry.value),
                    message,
                );
            });
        }
    }
}

/// The members whose name an earlier one has.
fn repeated(object: Object<'_>) -> Vec<jeton_jose::json::Member<'_>> {
    const FEW: usize = 16;
    if object.len() <= FEW {
        let earlier =
            |name: &str, at: usize| object.iter().take(at).any(|member| member.name == name);
        return object
            .iter()
            .enumerate()
            .filter_map(|(at, member)| earlier(member.name, at).then_some(member))
            .collect();
    }
    let mut members: Vec<_> = object.iter().collect();
    // Stable, so that of equal names the first stays first.
    members.sort_by_key(|member| member.name);
    let mut repeated: Vec<_> = members
        .windows(2)
        .filter_map(|pair| match pair {
            [one, two] if one.name == two.name => Some(two.clone()),
            _ => None,
        })
        .collect();
    repeated.sort_by_key(|member| member.name_span.start);
    repeated
}

fn string(piece: &Piece, pointer: &str, value: Value<'_>, text: &str, sink: &mut Sink) {
    if let Some(character) = text.chars().find(|c| hides_in_text(*c)) {
        let message = format!("a string holds U+{:04X}", u32::from(character));
        let severity = if is_control(character) && !piece.is_header() {
            Severity::Note
        } else {
            Severity::Warning
        };
        sink.weighed(
            FindingCode::InvisibleCharacter,
            severity,
            place(piece, pointer, value),
            message,
        );
    }
    if piece.name == PartName::Payload {
        sensitive::text(text, |code, message| {
            sink.at(code, place(piece, pointer, value), message);
        });
    }
}

fn below(piece: &Piece, pointer: &str, name: &str, value: Value<'_>) -> Place {
    let mut pointer = pointer.to_owned();
    crate::find::push_pointer(&mut pointer, name);
    place(piece, &pointer, value)
}

/// Characters that do not show or turn the direction of text around. In running text the joiners of
/// scripts and emoji (U+200C, U+200D) and the marks of direction are at home.
fn hides_in_text(character: char) -> bool {
    is_control(character)
        || matches!(
            character,
            '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
                | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}'
        )
}

fn hides_in_name(character: char) -> bool {
    hides_in_text(character)
        || matches!(
            character,
            '\n' | '\r' | '\t' | '\u{200C}'..='\u{200F}' | '\u{61C}' | '\u{3164}' | '\u{A0}'
        )
}

fn is_control(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\r' | '\t')
}
