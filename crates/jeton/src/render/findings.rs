//! Findings, each on a line, with what to do about it where there is room.

use jeton_inspect::finding::Severity;
use jeton_inspect::workbench::Finding;

use super::title;
use crate::terminal::{Page, Text, style};

/// Findings with what to do, the gravest first.
pub(super) fn all(page: &mut Page, findings: &[Finding]) {
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    title(page, style::WARNING, "Findings", "");
    for finding in sorted {
        explained(page, finding);
    }
}

/// A finding on a line.
pub(super) fn one(page: &mut Page, finding: &Finding) {
    let (label, colour) = match finding.severity {
        Severity::Problem => ("✘", style::BAD),
        Severity::Warning => ("⚠", style::WARNING),
        Severity::Note => ("·", style::DIM),
    };
    let line = Text::new(colour.bold(), &format!("  {label} {}", finding.code))
        .with(style::PLAIN, ": ")
        .with(style::PLAIN, &finding.message)
        .with(style::DIM, &place(finding));
    page.line(&line, 4);
}

/// A finding, and what to do.
fn explained(page: &mut Page, remark: &Finding) {
    one(page, remark);
    let line = Text::new(style::PLAIN, "    ").with(style::DIM, remark.remedy);
    page.line(
        &match remark.reference {
            "" => line,
            reference => line.with(style::DIM, &format!(" ({reference})")),
        },
        4,
    );
}

fn place(finding: &Finding) -> String {
    let Some(place) = &finding.place else {
        return String::new();
    };
    let pointer = place.pointer.as_deref().unwrap_or_default();
    let space = if pointer.is_empty() { "" } else { " " };
    let bytes = place.bytes.as_ref().map_or_else(String::new, |bytes| {
        format!(", bytes {} to {}", bytes.start, bytes.end)
    });
    format!("  [{}{space}{pointer}{bytes}]", place.part.words())
}
