//! What the inspector found, as a page: each token with its parts, and the tokens inside it.

use jeton_inspect::find::{Found, Kind, Repair, Source};
use jeton_inspect::finding::PartName;
use jeton_inspect::names::ValueKind;
use jeton_inspect::token::{Described, Encryption, Inspection, Layer, Part, State, Validity};
use jeton_inspect::workbench::Finding;
use jeton_jose::UnixTime;
use jeton_jose::json::{Document, Options};

use super::value::{self, Row, rows};
use super::{disclosing, findings, payload_lines, room, title};
use crate::moment;
use crate::session::Session;
use crate::terminal::{Page, Text, style};

/// How much of an inspection is shown, and what is known of it from elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'v> {
    pub(super) session: &'v Session,
    /// Meanings, times of validity, findings and tokens inside too.
    pub(super) whole: bool,
    /// Whether the signature was found good.
    pub(super) verified: bool,
    /// The payload, where it travelled apart.
    pub(super) detached: Option<&'v [u8]>,
}

/// Every token of a text, with a line on each where one was not all there is.
pub(super) fn all(page: &mut Page, inspections: &[Inspection], view: View<'_>) {
    for (position, inspection) in inspections.iter().enumerate() {
        let number = (inspections.len() > 1).then_some(position + 1);
        one(page, inspection, number, view);
    }
}

fn one(page: &mut Page, inspection: &Inspection, number: Option<usize>, view: View<'_>) {
    let plain = inspection.found.source == Source::Whole
        && inspection.found.repairs.is_empty()
        && matches!(
            inspection.kind,
            Kind::CompactJws | Kind::FlattenedJws | Kind::GeneralJws
        );
    if view.whole && (number.is_some() || !plain) {
        let number = number.map_or_else(String::new, |number| format!("{number}  "));
        let head = Text::new(
            style::BOLD,
            &format!("{number}Found {}", inspection.kind.as_str()),
        )
        .with(style::DIM, &whereabouts(&inspection.found, inspection.size));
        page.line(&head, 2);
        page.blank();
    }
    parts(page, inspection, view);
    if let Some(disclosing) = &inspection.disclosing {
        disclosing::show(page, disclosing, view);
    }
    if !view.whole {
        return;
    }
    if let Some(encryption) = &inspection.encryption {
        encrypted(page, encryption);
    }
    if let Some(times) = &inspection.validity
        && (times.accepted_from.is_some() || times.accepted_until.is_some())
    {
        validity(page, times);
    }
    let remarks: Vec<Finding> = inspection.findings.iter().map(Finding::from).collect();
    if !remarks.is_empty() {
        findings::all(page, &remarks);
        page.blank();
    }
    for inner in &inspection.nested {
        let mut inside = page.inside();
        // What is verified is the token that the encryption was taken off, and nothing in it.
        let verified = view.verified
            && inspection.encryption.is_some()
            && inner.found.source == Source::Payload;
        one(&mut inside, inner, None, View { verified, ..view });
        page.nest(&inside);
    }
}

/// Where it stood, what was mended, how long it is.
fn whereabouts(found: &Found, size: usize) -> String {
    let place = match &found.source {
        Source::Whole => String::new(),
        Source::Authorization { scheme } => format!(" after `{scheme}`"),
        Source::Header { name } => format!(" in the header field `{name}`"),
        Source::Cookie { name } => format!(" in the cookie `{name}`"),
        Source::QueryParameter { name } => format!(" in the URL's parameter `{name}`"),
        Source::FragmentParameter { name } => format!(" in the URL's fragment, as `{name}`"),
        Source::Parameter { name } => format!(" as `{name}`"),
        Source::JsonMember { pointer } => format!(" at `{pointer}` of the JSON"),
        Source::Payload => " as the payload".to_owned(),
        Source::Claim { pointer } => format!(" in the claim `{pointer}`"),
        Source::HeaderParameter { pointer } => format!(" in the header parameter `{pointer}`"),
        Source::KeyBinding => " as the key-binding JWT".to_owned(),
        Source::Bare => " in the text".to_owned(),
    };
    let range = match found.source {
        Source::Whole => String::new(),
        _ => format!(", bytes {} to {}", found.span.start, found.span.end),
    };
    let repairs: Vec<_> = found.repairs.iter().copied().map(repair).collect();
    let mended = if repairs.is_empty() {
        String::new()
    } else {
        format!("; mended: {}", repairs.join(", "))
    };
    format!("{place}{range}, {size} bytes long{mended}")
}

const fn repair(repair: Repair) -> &'static str {
    match repair {
        Repair::WhiteSpaceRemoved => "white space taken out",
        Repair::LinesJoined => "lines joined",
        Repair::EscapesRemoved => "written-out escapes taken out",
        Repair::PercentDecoded => "percent-encoding undone",
        Repair::QuotesRemoved => "quotes taken off",
        Repair::InvisibleRemoved => "invisible characters taken out",
    }
}

fn parts(page: &mut Page, inspection: &Inspection, view: View<'_>) {
    let mut short = false;
    // The token in it is shown in full further down.
    let nested = view.whole
        && inspection
            .nested
            .iter()
            .any(|inner| inner.found.source == Source::Payload);
    let apart = |part: &&Part| {
        let apart = matches!(part.name, PartName::Disclosure | PartName::KeyBinding);
        !apart || part.broken.is_some()
    };
    for part in inspection.parts.iter().filter(apart) {
        let described = match part.name {
            PartName::Payload => &inspection.claims,
            _ => &inspection.header,
        };
        let members: Vec<_> = described
            .iter()
            .filter(|one| one.part == part.name && one.index == part.index)
            .collect();
        let brief = members.is_empty() && part.broken.is_none() && !shows_text(part);
        if short && !brief {
            page.blank();
        }
        let nested = nested && part.name == PartName::Payload;
        heading(page, part, (!members.is_empty(), nested), view);
        if !members.is_empty() {
            describe(page, &members, view);
        } else if shows_text(part) && !nested {
            text(page, part, view);
        }
        if let Some(broken) = &part.broken {
            let layer = match broken.layer {
                Layer::Base64url => "the text",
                Layer::Utf8 | Layer::Json => "the decoded part",
            };
            let line = Text::new(style::BAD.bold(), "  ✘ ")
                .with(style::BAD, &broken.message)
                .with(
                    style::PLAIN,
                    &format!(
                        " of {layer} (byte {} of the token); expected {}",
                        broken.text_at, broken.expected
                    ),
                );
            page.line(&line, 4);
        }
        if !brief {
            page.blank();
        }
        short = brief;
    }
    if short {
        page.blank();
    }
}

fn shows_text(part: &Part) -> bool {
    matches!(part.name, PartName::Payload) || (part.broken.is_some() && part.utf8.is_some())
}

fn heading(page: &mut Page, part: &Part, (has_members, nested): (bool, bool), view: View<'_>) {
    let colour = match part.name {
        PartName::Header | PartName::UnprotectedHeader => style::HEADER,
        PartName::Payload => style::CLAIMS,
        PartName::Key => style::KEY,
        _ => style::SIGNATURE,
    };
    let mut name = match part.name {
        PartName::Payload if has_members => "Claims".to_owned(),
        name => capitalized(name.words()),
    };
    if let Some(index) = part.index {
        name = format!("{name} {}", index + 1);
    }
    let detached = view.detached.filter(|_| part.name == PartName::Payload);
    let remark = match (part.name, part.size) {
        _ if part.broken.is_some() => format!("broken, {} bytes can be read", part.size),
        (PartName::Header, _) if !has_members => "empty".to_owned(),
        (PartName::UnprotectedHeader, _) => "no signature covers it".to_owned(),
        (PartName::Header | PartName::Key, _) => String::new(),
        (PartName::Payload, _) if has_members && view.verified => String::new(),
        (PartName::Payload, _) if has_members => "not verified".to_owned(),
        (PartName::Payload, size) => match detached {
            Some(bytes) => format!("{} bytes, detached", bytes.len()),
            None if nested => format!("{size} bytes, a token; see below"),
            None if size == 0 => "empty or detached".to_owned(),
            None => format!("{size} bytes, not a JSON object"),
        },
        (PartName::Signature, 0) => "missing".to_owned(),
        (_, 0) => "empty".to_owned(),
        (_, size) => format!("{size} bytes"),
    };
    title(page, colour, &name, &remark);
}

fn capitalized(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

pub(super) fn describe(page: &mut Page, members: &[&Described], view: View<'_>) {
    let room = room(page);
    let all: Vec<Row> = members
        .iter()
        .map(|one| Row::new(&one.name, one.label, value(one, room, view)))
        .collect();
    let colour = match members.first().map(|one| one.part) {
        Some(PartName::Payload) => style::CLAIMS,
        Some(PartName::Key) => style::KEY,
        _ => style::HEADER,
    };
    rows(page, &all, colour);
}

/// The value as it is, what it says, and what its name means.
fn value(one: &Described, room: usize, view: View<'_>) -> Vec<Text> {
    let mut lines = match time(one, view) {
        Some(lines) => lines,
        None => value_lines(one, room),
    };
    match (one.part, one.name.as_str()) {
        (PartName::Header, "jku" | "x5u") => {
            lines.push(Text::new(style::DIM, "never fetched"));
        }
        (PartName::Header, "jwk") => {
            lines.push(Text::new(style::DIM, "never trusted"));
        }
        (PartName::Header, "x5c") => {
            let words = "trusted only as far as it leads to an anchor that you give";
            lines.push(Text::new(style::DIM, words));
        }
        _ => {}
    }
    if view.whole && !one.meaning.is_empty() {
        let line = Text::new(style::DIM, one.meaning);
        lines.push(match one.reference {
            "" => line,
            reference => line.with(style::DIM, &format!(" ({reference})")),
        });
    }
    if one.duplicate {
        lines.push(Text::new(style::BAD, "the name was there before"));
    }
    lines
}

fn value_lines(one: &Described, room: usize) -> Vec<Text> {
    const SECRET: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
    if let ("x5c", PartName::Header, Some(words)) = (one.name.as_str(), one.part, &one.explained) {
        // What it says, rather than pages of base64; --json has it.
        return vec![Text::new(style::PLAIN, words)];
    }
    let mut lines = if one.part == PartName::Key && SECRET.contains(&one.name.as_str()) {
        vec![Text::new(style::DIM, "secret, not shown")]
    } else if one.part == PartName::Key && one.name == "keys" {
        // Some may be private.
        vec![Text::new(style::DIM, "listed by `jeton jwks inspect`")]
    } else {
        match Document::parse(one.value.text().as_bytes(), &Options::lossless()) {
            Ok(document) => value::lines(document.root(), room),
            Err(_) => vec![Text::new(style::PLAIN, one.value.text())],
        }
    };
    let Some(words) = one.explained.as_deref() else {
        return lines;
    };
    let bad = one.name == "alg" && one.value.text() == "\"none\"";
    let words = if bad {
        Text::new(style::BAD, "unsigned: anybody could have written it")
    } else {
        Text::new(style::DIM, words)
    };
    match lines.as_mut_slice() {
        [only] if only.width() + words.width() + 2 <= room => {
            *only = std::mem::take(only).with(style::PLAIN, "  ").and(&words);
        }
        _ => lines.push(words),
    }
    lines
}

/// A time: UTC and how far away, then where the reader is and the number itself.
fn time(one: &Described, view: View<'_>) -> Option<Vec<Text>> {
    let words = one.explained.as_deref();
    let words = words.filter(|_| one.value_kind == ValueKind::Time)?;
    let number = one.value.text();
    let seconds = UnixTime::from_numeric_date(number);
    let now = view.session.now;
    let remark = match (one.name.as_str(), seconds) {
        ("exp", Some(time)) if time <= now => "  EXPIRED",
        ("nbf", Some(time)) if time > now => "  NOT YET VALID",
        ("iat", Some(time)) if time > now => "  IN THE FUTURE",
        _ => "",
    };
    let local = seconds.and_then(|time| moment::local(time, &view.session.zone));
    let second = match local {
        Some(local) => format!("{local}  {number}"),
        None => number.to_owned(),
    };
    Some(vec![
        Text::new(style::PLAIN, words).with(style::BAD.bold(), remark),
        Text::new(style::DIM, &second),
    ])
}

/// A payload that is no object, and what can be read of a part that breaks.
fn text(page: &mut Page, part: &Part, view: View<'_>) {
    let detached = view.detached.filter(|_| part.name == PartName::Payload);
    let readable = part.utf8.as_ref().map(String::as_bytes);
    let lines = match detached.or(readable) {
        Some([]) | None => return,
        Some(bytes) => payload_lines(bytes),
    };
    for line in lines {
        page.line(&Text::new(style::PLAIN, "  ").with(style::PLAIN, &line), 2);
    }
}

/// For whom it is encrypted, and what opens it.
fn encrypted(page: &mut Page, encryption: &Encryption) {
    let word = if encryption.decrypted {
        "and decrypted"
    } else {
        "not decrypted"
    };
    title(page, style::SIGNATURE, "Encrypted", word);
    let mut all = Vec::new();
    for (position, recipient) in encryption.recipients.iter().enumerate() {
        let name = match encryption.recipients.len() {
            1 => "opens with".to_owned(),
            _ => format!("recipient {}", position + 1),
        };
        let algorithm = recipient.algorithm.as_deref().unwrap_or("no algorithm");
        let opens = recipient
            .opens_with
            .as_deref()
            .unwrap_or("nothing that is known here");
        let line = Text::new(style::PLAIN, opens).with(style::DIM, &format!("  {algorithm}"));
        all.push(Row::new(&name, "", vec![line]));
    }
    rows(page, &all, style::SIGNATURE);
    page.blank();
}

fn validity(page: &mut Page, times: &Validity) {
    let (word, colour) = state(times.state);
    let head = Text::new(style::CLAIMS.bold(), "Accepted").with(style::PLAIN, "  ");
    page.line(&head.with(colour.bold(), word), 2);
    let row = |name: &str, text: &str| Row::new(name, "", vec![Text::new(style::PLAIN, text)]);
    let mut all = Vec::new();
    let from = times.accepted_from.as_ref();
    let until = times.accepted_until.as_ref();
    let words =
        |moment: &jeton_inspect::moment::Moment| format!("{}, {}", moment.utc, moment.relative);
    all.push(row(
        "from",
        &from.map_or_else(|| "any time on".to_owned(), words),
    ));
    all.push(row(
        "until",
        &until.map_or_else(|| "for ever".to_owned(), words),
    ));
    if let Some(lifetime) = times.lifetime.as_ref().filter(|one| !one.words.is_empty()) {
        all.push(row("lifetime", &lifetime.words));
    }
    if let Some(lenient) = &times.with_leeway {
        let from = lenient
            .accepted_from
            .as_ref()
            .map_or("any time on", |from| &from.utc);
        let until = lenient
            .accepted_until
            .as_ref()
            .map_or("for ever", |until| &until.utc);
        all.push(row(
            "leeway",
            &format!(
                "with {}: {from} to {until}, {}",
                lenient.leeway,
                state(lenient.state).0
            ),
        ));
    }
    rows(page, &all, style::CLAIMS);
    page.blank();
}

const fn state(state: State) -> (&'static str, anstyle::Style) {
    match state {
        State::NotYet => ("not yet, by its own times", style::BAD),
        State::Accepted => ("now, by its own times", style::GOOD),
        State::Expired => ("no more, by its own times", style::BAD),
    }
}
