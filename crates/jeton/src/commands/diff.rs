use jeton_inspect::diff::{
    Change, ChangeKind, Diff, KeyNames, KeySameness, PartDiff, Sameness, Step,
};
use jeton_inspect::workbench::tokens::diff::compare;

use crate::failure::Failure;
use crate::input::{self, Source, read_token};
use crate::report::written;
use crate::session::{Answer, Session, print_json, print_page};
use crate::terminal::{Page, Text, shortened, style};

/// Compare two tokens by what they say; verifies nothing
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The first token: itself, - for the standard input, or @file
    left: Source,
    /// The second token: itself, - for the standard input, or @file
    right: Source,
}

const EXAMPLES: &str = "\
Examples:
  jeton diff @yesterday.jwt @today.jwt
  jeton diff @accepted.jwt @refused.jwt --json | jq .payload.changes

Order, white space and the spelling of numbers are no difference; scopes and
lists of names are compared as sets. The signatures are compared, not verified.

Exit codes: 0 they say the same, 1 they differ, 2 one cannot be read.";

pub(crate) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    input::one_stdin(&[args.left.is_stdin(), args.right.is_stdin()])?;
    let left = read_token(Some(&args.left))?;
    let right = read_token(Some(&args.right))?;
    let diff = compare(&left, &right)?;
    if session.json {
        print_json(&written(&diff))?;
    } else {
        let mut page = session.page();
        show(&mut page, &diff);
        print_page(page)?;
    }
    Ok(match diff.content {
        Sameness::Different => Answer::No,
        _ => Answer::Yes,
    })
}

fn show(page: &mut Page, diff: &Diff) {
    part(page, style::HEADER, "Header", &diff.header);
    if let Some(unprotected) = &diff.unprotected_header {
        part(page, style::HEADER, "Unprotected header", unprotected);
    }
    let payload = match diff.payload.opaque {
        None => "Claims",
        Some(_) => "Payload",
    };
    part(page, style::CLAIMS, payload, &diff.payload);
    let key = match diff.key.sameness {
        KeySameness::Same => "the same, by `kid` and `alg`",
        KeySameness::OtherAlgorithm => "the same `kid`, another `alg`",
        KeySameness::Other => "another `kid`",
        KeySameness::NotNamed => "not named by both",
    };
    let sides = match diff.key.sameness {
        KeySameness::Same => String::new(),
        _ => format!("  {} | {}", names(&diff.key.left), names(&diff.key.right)),
    };
    line(page, style::KEY, "Key", key, &sides);
    if let Some(lifetime) = &diff.lifetime {
        line(page, style::CLAIMS, "Lifetime", &lifetime.words, "");
    }
    line(
        page,
        style::SIGNATURE,
        "Signature",
        diff.signature.words,
        "",
    );
    page.blank();
    let (sign, word, colour, words) = match (diff.content, diff.same_text) {
        (_, true) => ("✔", "SAME", style::GOOD, "the same text"),
        (Sameness::Identical, _) => ("✔", "SAME", style::GOOD, "header and payload are the same"),
        (Sameness::Formatting, _) => (
            "✔",
            "SAME",
            style::GOOD,
            "the same values, written differently",
        ),
        (Sameness::Order, _) => ("✔", "SAME", style::GOOD, "the same values in another order"),
        (Sameness::Different, _) => ("✘", "DIFFERENT", style::BAD, "they say different things"),
    };
    let verdict = Text::new(style::badge(colour), &format!(" {sign} {word} "));
    page.line(
        &verdict
            .with(style::BOLD, &format!("  {words}"))
            .with(style::PLAIN, "; nothing was verified"),
        2,
    );
}

fn line(page: &mut Page, colour: anstyle::Style, name: &str, words: &str, more: &str) {
    let line = Text::new(colour.bold(), name).with(style::PLAIN, &format!("  {words}"));
    page.line(&line.with(style::DIM, more), 2);
}

fn names(names: &KeyNames) -> String {
    let kid = names.kid.as_deref().unwrap_or("no kid");
    let alg = names.alg.as_deref().unwrap_or("no alg");
    format!("{kid}, {alg}")
}

fn part(page: &mut Page, colour: anstyle::Style, name: &str, part: &PartDiff) {
    let words = match part.sameness {
        Sameness::Identical => "identical",
        Sameness::Formatting => "the same, written differently",
        Sameness::Order => "the same in another order",
        Sameness::Different => "different",
    };
    line(page, colour, name, words, "");
    for change in &part.changes {
        show_change(page, change);
    }
    if part.left_out > 0 {
        let more = format!("  … {} more", part.left_out);
        page.line(&Text::new(style::DIM, &more), 2);
    }
    if let Some(opaque) = &part.opaque {
        let at = opaque.first_difference.map_or_else(String::new, |at| {
            format!(", the first difference at byte {at}")
        });
        let line = format!(
            "  {} and {} bytes{at}",
            opaque.left_bytes, opaque.right_bytes
        );
        page.line(&Text::new(style::PLAIN, &line), 2);
    }
    page.blank();
}

fn show_change(page: &mut Page, change: &Change) {
    let path = path(&change.path);
    let name = |sign: &str, colour: anstyle::Style| {
        Text::new(colour.bold(), &format!("  {sign} {path}")).with(style::PLAIN, "  ")
    };
    let text = match &change.kind {
        ChangeKind::Added { right } => {
            name("+", style::GOOD).with(style::GOOD, &shortened(right.text()))
        }
        ChangeKind::Removed { left } => {
            name("-", style::BAD).with(style::BAD, &shortened(left.text()))
        }
        ChangeKind::Changed { left, right } => name("~", style::WARNING)
            .with(style::BAD, &shortened(left.text()))
            .with(style::PLAIN, " → ")
            .with(style::GOOD, &shortened(right.text())),
        ChangeKind::Set {
            added,
            removed,
            kept,
        } => {
            let line = name("~", style::WARNING);
            let line = removed
                .iter()
                .fold(line, |line, one| line.with(style::BAD, &format!("-{one} ")));
            let line = added.iter().fold(line, |line, one| {
                line.with(style::GOOD, &format!("+{one} "))
            });
            line.with(style::DIM, &format!("({kept} kept)"))
        }
        ChangeKind::Time {
            left, right, words, ..
        } => name("~", style::WARNING)
            .with(style::BAD, left.text())
            .with(style::PLAIN, " → ")
            .with(style::GOOD, right.text())
            .with(style::DIM, &format!("  {words}")),
    };
    page.line(&text, 6);
}

/// `realm_access.roles[0]`
fn path(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Name(name) if path.is_empty() => path.push_str(name),
            Step::Name(name) => {
                path.push('.');
                path.push_str(name);
            }
            Step::Index(index) => {
                path.push('[');
                path.push_str(&index.to_string());
                path.push(']');
            }
        }
    }
    path
}
