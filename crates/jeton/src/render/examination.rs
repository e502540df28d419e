//! How a verdict came about: the checks in their order, and what the doctor says.

use jeton_inspect::doctor::CauseCode;
use jeton_inspect::openid::{Answer, CrossCheck};
use jeton_inspect::verdict::{Check, Outcome, Seen, Verdict};
use jeton_inspect::workbench::tokens::Doctor;
use jeton_inspect::workbench::tokens::verify::Examined;

use super::cause::{Found, heading};
use crate::terminal::{Page, Text, shortened, style};

/// The checks that failed, or all; what the verdict rests on; what would make it verify.
pub(super) fn show(page: &mut Page, examined: &Examined, every_check: bool) {
    if let (Some(provenance), Some(checks)) = (examined.provenance, &examined.checks) {
        if examined.report.verdict != Verdict::Invalid {
            label(page, "provenance:", provenance);
        }
        let mut checks = checks
            .iter()
            .filter(|check| every_check || check.outcome == Outcome::Failed)
            .peekable();
        if checks.peek().is_some() {
            let title = if every_check {
                "checks:"
            } else {
                "failed checks:"
            };
            label(page, title, "");
            checks.for_each(|check| line(page, check));
        }
    }
    if let Some(checks) = &examined.cross_checks {
        belongs_together(page, checks);
    }
    if let Some(doctor) = &examined.doctor {
        diagnosed(page, doctor);
    }
}

/// What was held against the token, and what else of it has to fit.
fn belongs_together(page: &mut Page, checks: &[CrossCheck]) {
    label(page, "belongs together:", "");
    for check in checks {
        let (sign, colour) = match check.answer {
            Answer::Match => ("✔", style::GOOD),
            Answer::Mismatch { .. } => ("✘", style::BAD),
            Answer::CannotTell => ("?", style::DIM),
            Answer::NotPresent => continue,
        };
        let line = Text::new(colour.bold(), &format!("    {sign} {}", check.check.name()));
        page.line(&line.with(style::PLAIN, &format!(": {}", check.words)), 8);
    }
    if checks
        .iter()
        .all(|check| check.answer == Answer::NotPresent)
    {
        let nothing = "    – the token says nothing of what was given";
        page.line(&Text::new(style::DIM, nothing), 8);
    }
}

fn label(page: &mut Page, label: &str, text: &str) {
    let line = Text::new(style::DIM.bold(), &format!("  {label}"));
    page.line(
        &match text {
            "" => line,
            text => line.with(style::PLAIN, " ").with(style::PLAIN, text),
        },
        4,
    );
}

fn line(page: &mut Page, check: &Check) {
    let (sign, colour) = match check.outcome {
        Outcome::Passed => ("✔", style::GOOD),
        Outcome::Failed => ("✘", style::BAD),
        Outcome::NotChecked => ("–", style::DIM),
    };
    let subject = match &check.subject {
        Some(subject) if subject != check.rule => format!(" {subject}"),
        _ => String::new(),
    };
    let which = check
        .signature
        .map_or_else(String::new, |index| format!(" of signature {}", index + 1));
    let seen = match &check.seen {
        Some(Seen::Json(json)) => shortened(json.text()),
        Some(Seen::Text(text)) => text.clone(),
        None => "nothing".to_owned(),
    };
    let mut text = Text::new(
        colour.bold(),
        &format!("    {sign} {}{subject}{which}", check.rule),
    )
    .with(style::PLAIN, &format!(": wanted {}; seen ", check.wanted))
    .with(style::BOLD, &seen);
    if check.outcome == Outcome::NotChecked {
        text = text.with(style::DIM, "  not checked");
    } else if !check.proven && check.signature.is_some() {
        text = text.with(style::DIM, "  (another signature is good)");
    } else if !check.proven {
        text = text.with(style::DIM, "  (no good signature covers it)");
    }
    page.line(&text, 8);
}

fn diagnosed(page: &mut Page, doctor: &Doctor) {
    let diagnosis = &doctor.diagnosis;
    let which = doctor
        .signature
        .map_or_else(String::new, |index| format!(" of signature {}", index + 1));
    let heading = heading(&which);
    let Some(cause) = &diagnosis.cause else {
        let tried: Vec<_> = diagnosis
            .tried
            .iter()
            .filter_map(|tried| tried.code)
            .map(CauseCode::as_str)
            .collect();
        let tried = match tried.as_slice() {
            [] => "the key as given".to_owned(),
            tried => format!("the key as given, {}", tried.join(", ")),
        };
        let bound = if diagnosis.exhausted {
            "; the bound on attempts kept it from trying everything"
        } else {
            ""
        };
        let line = heading.with(style::BOLD, "no likely cause fits").with(
            style::PLAIN,
            &format!(
                "; tried, in {} attempts: {tried}{bound}",
                diagnosis.attempts
            ),
        );
        return page.line(&line, 10);
    };
    let also: Vec<_> = cause.also.iter().map(|also| also.fix()).collect();
    let found = Found {
        explanation: cause.explanation,
        detail: cause.detail.as_deref(),
        code: cause.code.as_str(),
        fix: cause.fix,
        also: &also,
        certainty: if cause.confirmed {
            "confirmed by trial; the token as it is stays invalid"
        } else {
            "not confirmed, the form alone says so; the token stays invalid"
        },
    };
    found.show(page, heading);
}
