//! What a decryption says beside the content.

use jeton_inspect::doctor::decryption::Cause;
use jeton_inspect::workbench::tokens::decrypt::{Answer, Verdict};

use super::cause::{Found, heading};
use super::verdict;
use crate::terminal::{self, Page, Text, style};

/// For the standard error, since the content has the standard output. `praised` says so where the
/// token inside is valid.
pub(crate) fn beside_content(answer: &Answer, praised: bool) -> String {
    let mut page = Page::new(terminal::width());
    if praised && answer.verdict == Verdict::Valid {
        let line = Text::new(style::badge(style::GOOD), " ✔ VALID ")
            .with(style::BOLD, &format!("  {}", answer.message));
        page.line(&line, 2);
    }
    match (answer.verdict, &answer.hint) {
        (Verdict::Invalid, _) => refusal(&mut page, answer),
        (_, Some(hint)) => {
            let line = Text::new(style::DIM, "note:").with(style::PLAIN, " ");
            page.line(&line.with(style::PLAIN, hint), 6);
        }
        _ => {}
    }
    page.into_string()
}

fn refusal(page: &mut Page, answer: &Answer) {
    let word = match answer.content {
        Some(_) => " ✘ INVALID ",
        None => " ✘ NOT DECRYPTED ",
    };
    let line = Text::new(style::badge(style::BAD), word)
        .with(
            style::BAD.bold(),
            &format!("  {}", answer.code.unwrap_or_default()),
        )
        .with(style::PLAIN, &format!(": {}", answer.message));
    page.line(&line, 2);
    let doctor = answer.doctor.as_ref();
    match doctor.and_then(|diagnosis| diagnosis.cause.as_ref()) {
        Some(cause) => diagnosed(page, cause),
        None => verdict::hint(page, answer.hint.as_deref()),
    }
}

fn diagnosed(page: &mut Page, cause: &Cause) {
    let found = Found {
        explanation: cause.explanation,
        detail: cause.detail.as_deref(),
        code: cause.code.as_str(),
        fix: cause.fix,
        also: &[],
        certainty: if cause.confirmed {
            "confirmed by trial"
        } else {
            "not confirmed, the form alone says so"
        },
    };
    found.show(page, heading(""));
}
