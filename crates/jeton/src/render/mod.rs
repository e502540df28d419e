//! A report as a page for people: each part of the token, then the verdict.

mod cause;
mod decryption;
mod disclosing;
mod examination;
mod findings;
mod inspection;
mod table;
mod value;
mod verdict;

use jeton_inspect::token::Inspection;
use jeton_inspect::workbench::Finding;
use jeton_inspect::workbench::tokens::inspect::Decoded;
use jeton_inspect::workbench::tokens::verify::Examined;

use crate::session::Session;
use crate::terminal::{Page, Text, style};
use jeton_inspect::workbench::tokens::sd::verify::SdVerdict;

pub(crate) use decryption::beside_content;
use inspection::View;
pub(crate) use table::table;
pub(crate) use value::{Row, rows};
pub(crate) use verdict::key_type;

/// All that a text holds, and that nothing of it is verified.
pub(crate) fn decoded(decoded: &Decoded, session: &Session) -> Page {
    let mut page = session.page();
    let view = View {
        session,
        whole: true,
        verified: false,
        detached: None,
    };
    inspection::all(&mut page, &decoded.tokens, view);
    verdict::verdict(&mut page, &decoded.report);
    verdict::hint(&mut page, decoded.report.hint.as_deref());
    page
}

/// One token as a tree, with those inside it.
pub(crate) fn inspection(inspection: &Inspection, verified: bool, session: &Session) -> Page {
    let mut page = session.page();
    let view = View {
        session,
        whole: true,
        verified,
        detached: None,
    };
    inspection::all(&mut page, core::slice::from_ref(inspection), view);
    page
}

/// A token, its verdict, and what led to it. `every_check` shows those that passed too.
pub(crate) fn examined(examined: &Examined, every_check: bool, session: &Session) -> Page {
    let mut page = session.page();
    let report = &examined.report;
    let view = View {
        session,
        whole: false,
        verified: report.key.is_some(),
        detached: examined.detached.as_deref(),
    };
    inspection::all(&mut page, core::slice::from_ref(&examined.inspection), view);
    verdict::keys(&mut page, report);
    verdict::verdict(&mut page, report);
    verdict::remarks(&mut page, examined);
    examination::show(&mut page, examined, every_check);
    verdict::hint(&mut page, report.hint.as_deref());
    page
}

/// What an SD-JWT discloses, and the verdict on it.
pub(crate) fn sd_verdict(verdict: &SdVerdict, session: &Session) -> Page {
    let mut page = session.page();
    let is_valid = verdict.code.is_none();
    if let Some(disclosing) = &verdict.inspection.disclosing {
        let view = View {
            session,
            whole: false,
            verified: is_valid,
            detached: None,
        };
        disclosing::show(&mut page, disclosing, view);
    }
    let (sign, word, colour) = if is_valid {
        ("✔", "VALID", style::GOOD)
    } else {
        ("✘", "INVALID", style::BAD)
    };
    let mut line =
        Text::new(style::badge(colour), &format!(" {sign} {word} ")).with(style::PLAIN, "  ");
    if let Some(code) = verdict.code {
        line = line.with(colour.bold(), &format!("{code}: "));
    }
    page.line(&line.with(style::BOLD, &verdict.message), 2);
    verdict::hint(&mut page, verdict.hint.as_deref());
    page
}

/// Findings beside a table.
pub(crate) fn findings(page: &mut Page, findings: &[Finding]) {
    if !findings.is_empty() {
        page.blank();
        findings::all(page, findings);
    }
}

fn title(page: &mut Page, style: anstyle::Style, title: &str, remark: &str) {
    let line = Text::new(style.bold(), title);
    let line = if remark.is_empty() {
        line
    } else {
        line.with(style::DIM, &format!("  {remark}"))
    };
    page.line(&line, 2);
}

/// The first lines of a payload that is no JSON object.
fn payload_lines(payload: &[u8]) -> Vec<String> {
    const MOST_LINES: usize = 40;
    const MOST_BYTES: usize = 16;
    let Ok(text) = core::str::from_utf8(payload) else {
        let start: Vec<_> = payload
            .iter()
            .take(MOST_BYTES)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let more = if payload.len() > MOST_BYTES {
            " …"
        } else {
            ""
        };
        return vec![format!("not text, begins with {}{more}", start.join(" "))];
    };
    let mut lines: Vec<_> = text.lines().take(MOST_LINES).map(str::to_owned).collect();
    let left = text.lines().count() - lines.len();
    if left > 0 {
        lines.push(format!("… {left} more lines"));
    }
    lines
}

/// Columns that a value has on one line.
fn room(page: &Page) -> usize {
    page.width().min(100).saturating_sub(24).max(16)
}
