//! How a failure is told. A token that is not valid is an answer, not a failure.

use anstyle::Style;
pub(crate) use jeton_inspect::workbench::Failure;
use jeton_keys::TrustError;

use crate::terminal::{self, Page, Text, escape_json, style};

/// The certificate authorities of a file cannot be used.
pub(crate) fn trust(error: &TrustError) -> Failure {
    let failure = Failure::content(error.to_string());
    match std::error::Error::source(error) {
        Some(cause) => failure.cause(cause.to_string()),
        None => failure,
    }
}

/// Tells it: as JSON on the standard output, or as text on the standard error.
pub(crate) fn report(failure: &Failure, as_json: bool) {
    if as_json {
        let json = format!("{}\n", escape_json(&failure.to_json()));
        terminal::print_bytes(json.as_bytes()).ok();
    } else {
        terminal::print_error(&to_text(failure));
    }
}

fn to_text(failure: &Failure) -> String {
    let mut page = Page::new(usize::MAX);
    let mut line = |label: &str, style: Style, text: &str| {
        page.line(
            &Text::new(style.bold(), label)
                .with(Style::new(), " ")
                .with(Style::new(), text),
            0,
        );
    };
    line("error:", style::BAD, failure.message());
    for cause in failure.causes() {
        let labels = core::iter::once("  cause:").chain(core::iter::repeat("        "));
        for (label, part) in labels.zip(cause.lines()) {
            line(label, style::DIM, part);
        }
    }
    if let Some(hint) = failure.to_do() {
        line("hint:", style::GOOD, hint);
    }
    page.into_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_names_error_cause_and_hint() {
        let failure = Failure::usage("nothing to read")
            .cause("it is empty\nfrom the start")
            .hint("give a token");
        let text = anstream::adapter::strip_str(&to_text(&failure)).to_string();
        assert_eq!(
            text,
            "error: nothing to read\n  cause: it is empty\n         from the start\nhint: give a token\n"
        );
    }
}
