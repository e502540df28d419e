use anstyle::Style;
use jeton_inspect::finding::Severity;
use jeton_inspect::openid::{Answer, CrossCheck};
use jeton_inspect::verdict::Verdict;
use jeton_inspect::workbench::tokens::Report;
use jeton_inspect::workbench::tokens::verify::Examined;
use jeton_jose::jwk::Jwk;

use super::findings;
use super::value::{Row, rows};
use crate::terminal::{Page, Text, style};

/// The keys that verified.
pub(super) fn keys(page: &mut Page, report: &Report) {
    for key in report.keys_used() {
        page.line(
            &Text::new(style::KEY.bold(), "Key")
                .with(style::DIM, "  the signature was found good under it"),
            2,
        );
        let row = |name: &str, text: &str| Row::new(name, "", vec![Text::new(style::PLAIN, text)]);
        let mut all = vec![row("for", key.alg)];
        all.extend(key.bits.map(|bits| match key.crv {
            Some(curve) => row("type", &format!("{}, {curve}", key.kty)),
            None => row("type", &format!("{}, {bits} bits", key.kty)),
        }));
        all.extend(key.kid.as_deref().map(|kid| row("kid", kid)));
        all.extend(
            key.thumbprint
                .as_deref()
                .map(|text| row("thumbprint", text)),
        );
        all.extend(key.weakness.as_deref().map(|weakness| {
            let text = Text::new(style::WARNING.bold(), weakness);
            Row::new("WEAK", "", vec![text])
        }));
        rows(page, &all, style::KEY);
        page.blank();
    }
}

/// Type and size of a key: `RSA, 2048 bits`.
pub(crate) fn key_type(jwk: &Jwk) -> String {
    let material = jwk.material();
    match material.curve() {
        Some(curve) => format!("{}, {}", material.key_type().name(), curve.name()),
        None => format!("{}, {} bits", material.key_type().name(), material.bits()),
    }
}

/// The verdict on its line.
pub(super) fn verdict(page: &mut Page, report: &Report) {
    let (sign, word, colour) = match report.verdict {
        Verdict::Valid => ("✔", "VALID", style::GOOD),
        Verdict::Invalid => ("✘", "INVALID", style::BAD),
        Verdict::Unverified => ("⚠", "UNVERIFIED", style::WARNING),
    };
    let mut line = Text::new(style::badge(colour), &format!(" {sign} {word} "));
    if let Some(addition) = addition(report) {
        line = line
            .with(style::PLAIN, " ")
            .with(style::badge(addition.1), &format!(" ⚠ {} ", addition.0));
    }
    line = line.with(style::PLAIN, "  ");
    if let Some(code) = report.code {
        line = line.with(colour.bold(), &format!("{code}: "));
    }
    page.line(&line.with(style::BOLD, &report.message), 2);
}

/// What to do.
pub(super) fn hint(page: &mut Page, hint: Option<&str>) {
    if let Some(hint) = hint {
        let line = Text::new(style::GOOD.bold(), "  hint:").with(style::PLAIN, " ");
        page.line(&line.with(style::PLAIN, hint), 8);
    }
}

/// What must not be overlooked beside the verdict itself.
fn addition(report: &Report) -> Option<(&'static str, Style)> {
    let has = |code: &str| report.findings.iter().any(|finding| finding.code == code);
    match report.verdict {
        Verdict::Valid if has("key_weak") => Some(("WEAK KEY", style::WARNING)),
        Verdict::Unverified if has("alg_none") => Some(("UNSIGNED", style::BAD)),
        Verdict::Unverified if has("expired") => Some(("EXPIRED", style::BAD)),
        _ => None,
    }
}

/// The findings that matter for a verdict, but for those that its line or a failed check tells
/// already.
pub(super) fn remarks(page: &mut Page, examined: &Examined) {
    let report = &examined.report;
    let listed = |code: &str| {
        let mut checks = examined.checks.iter().flatten();
        let mut beside = examined.cross_checks.iter().flatten();
        checks.any(|check| check.code.is_some_and(|one| one.as_str() == code))
            || beside.any(|check| mismatch(check) == Some(code))
    };
    for finding in &report.findings {
        let told = finding.severity == Severity::Problem
            && (report.code == Some(finding.code) && finding.message == report.message
                || listed(finding.code));
        let of_verifying = finding.place.is_none() && finding.reference.is_empty();
        if !told && (finding.severity > Severity::Note || of_verifying) {
            findings::one(page, finding);
        }
    }
}

fn mismatch(check: &CrossCheck) -> Option<&'static str> {
    match &check.answer {
        Answer::Mismatch { finding } => Some(finding.code.as_str()),
        _ => None,
    }
}
