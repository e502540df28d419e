use anstyle::Style;
use jeton_inspect::finding::Severity;
use jeton_jose::jwk::Jwk;

use super::value::{Row, rows};
use super::{examination, findings};
use crate::findings::Finding;
use crate::report::{Purpose, Report, Verdict, thumbprint};
use crate::terminal::{Page, Text, style};

/// The keys that verified.
pub(super) fn keys(page: &mut Page, report: &Report<'_>) {
    for signed in report.signed {
        page.line(
            &Text::new(style::KEY.bold(), "Key")
                .with(style::DIM, "  the signature was found good under it"),
            2,
        );
        let row = |name: &str, text: &str| Row::new(name, "", vec![Text::new(style::PLAIN, text)]);
        let mut all = vec![row("for", signed.algorithm.name())];
        let jwk = signed.jwk.as_ref();
        if let Some(jwk) = jwk {
            all.push(row("type", &key_type(jwk)));
        }
        if let Some(key_id) = jwk.and_then(Jwk::key_id) {
            all.push(row("kid", key_id));
        }
        if let Some(thumbprint) = jwk.and_then(thumbprint) {
            all.push(row("thumbprint", &thumbprint));
        }
        if let Some(weakness) = signed.weakness {
            all.push(Row::new(
                "WEAK",
                "",
                vec![Text::new(style::WARNING.bold(), &weakness.to_string())],
            ));
        }
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

/// The verdict, what led to it, and what to do.
pub(super) fn verdict(page: &mut Page, report: &Report<'_>) {
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
    if let Purpose::Verifying(examined) = &report.purpose {
        for finding in shown(report) {
            findings::one(page, finding);
        }
        examination::show(page, report, examined);
    }
    if let Some(hint) = &report.hint {
        page.line(
            &Text::new(style::GOOD.bold(), "  hint:")
                .with(style::PLAIN, " ")
                .with(style::PLAIN, hint),
            8,
        );
    }
}

/// What must not be overlooked beside the verdict itself.
fn addition(report: &Report<'_>) -> Option<(&'static str, Style)> {
    let has = |code: &str| report.findings.iter().any(|finding| finding.code == code);
    match report.verdict {
        Verdict::Valid if has("key_weak") => Some(("WEAK KEY", style::WARNING)),
        Verdict::Unverified if has("alg_none") => Some(("UNSIGNED", style::BAD)),
        Verdict::Unverified if has("expired") => Some(("EXPIRED", style::BAD)),
        _ => None,
    }
}

/// The findings that matter for a verdict, but for the one that its line tells already.
fn shown<'r>(report: &'r Report<'_>) -> impl Iterator<Item = &'r Finding> {
    let told = |finding: &Finding| {
        finding.severity == Severity::Problem
            && (report.code == Some(finding.code) && finding.message == report.message
                || listed(report, finding.code))
    };
    let of_verifying = |finding: &Finding| finding.place.is_none() && finding.reference.is_empty();
    report.findings.iter().filter(move |finding| {
        !told(finding) && (finding.severity > Severity::Note || of_verifying(finding))
    })
}

/// Whether a failed check says it, with the value wanted and the value seen.
fn listed(report: &Report<'_>, code: &str) -> bool {
    let Purpose::Verifying(examined) = &report.purpose else {
        return false;
    };
    let mut checks = examined.judgement.iter().flat_map(|one| &one.checks);
    checks.any(|check| check.code.is_some_and(|one| one.as_str() == code))
}
