//! What an SD-JWT discloses, and the claims put together.

use jeton_inspect::token::{Described, Disclosed, Disclosing, KeyBinding};
use jeton_jose::json::{Document, Options};

use super::inspection::{View, describe};
use super::value::{self, Row, rows};
use super::{room, title};
use crate::terminal::{Page, Text, style};

pub(super) fn show(page: &mut Page, disclosing: &Disclosing, view: View<'_>) {
    let count = |count: usize, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    let remark = format!(
        "{}; {} kept back, or decoys; {}",
        count(disclosing.disclosures.len(), "disclosure", "disclosures"),
        count(disclosing.undisclosed, "digest", "digests"),
        disclosing.hash
    );
    title(page, style::CLAIMS, "Disclosed", &remark);
    let room = room(page);
    let mut all: Vec<_> = disclosing
        .disclosures
        .iter()
        .enumerate()
        .map(|(index, disclosed)| {
            Row::new(&name(index, disclosed), "", lines(disclosed, room, view))
        })
        .collect();
    all.extend(disclosing.key_binding.as_ref().map(key_binding));
    rows(page, &all, style::CLAIMS);
    page.blank();
    title(
        page,
        style::CLAIMS,
        "Claims as disclosed",
        if view.verified { "" } else { "not verified" },
    );
    if let Some(fault) = &disclosing.fault {
        let line = Text::new(style::BAD.bold(), "  ✘ ").with(style::BAD, fault);
        page.line(&line, 4);
    }
    let members: Vec<&Described> = disclosing.claims.iter().collect();
    describe(
        page,
        &members,
        View {
            whole: false,
            ..view
        },
    );
    page.blank();
}

/// Where it goes, or else what it says it is.
fn name(index: usize, disclosed: &Disclosed) -> String {
    let name = disclosed.pointer.as_deref().or(disclosed.name.as_deref());
    name.map_or_else(|| format!("disclosure {}", index + 1), str::to_owned)
}

fn lines(disclosed: &Disclosed, room: usize, view: View<'_>) -> Vec<Text> {
    let value = disclosed.value.as_ref();
    let document =
        value.map(|value| Document::parse(value.text().as_bytes(), &Options::lossless()));
    let mut lines = match document {
        Some(Ok(document)) => value::lines(document.root(), room),
        _ => vec![Text::new(style::BAD, "cannot be read")],
    };
    if !view.whole {
        return lines;
    }
    if let Some(salt) = &disclosed.salt {
        lines.push(Text::new(style::DIM, &format!("salt   {salt}")));
    }
    if let Some(digest) = &disclosed.digest {
        lines.push(Text::new(style::DIM, &format!("digest {digest}")));
    }
    lines.push(match &disclosed.digest_at {
        Some(spot) => Text::new(style::DIM, &format!("at {}", spot.words())),
        None => Text::new(style::BAD, "no digest in the token belongs to it"),
    });
    lines
}

fn key_binding(proof: &KeyBinding) -> Row {
    let line = if proof.fits {
        Text::new(
            style::PLAIN,
            "a key-binding JWT whose `sd_hash` is of this presentation",
        )
    } else {
        Text::new(
            style::BAD,
            "a key-binding JWT whose `sd_hash` is not of this presentation",
        )
    };
    Row::new("key binding", "", vec![line])
}
