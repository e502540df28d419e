//! Why a command could not answer: usage, configuration, I/O. A token that is not valid is an
//! answer, not a failure.

use std::io;

use anstyle::Style;
use jeton_inspect::workbench::{self, remedy};
use jeton_jose::Code;
use jeton_jose::key::KeyError;
use jeton_keys::TrustError;

use crate::json_text::Object;
use crate::terminal::{self, Page, Text, escape_json, style};

/// What went wrong, why, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    code: &'static str,
    message: String,
    causes: Vec<String>,
    hint: Option<String>,
}

impl Failure {
    /// The command line asks for what cannot be.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new("usage", message)
    }

    /// A file or a stream could not be used.
    pub(crate) fn io(message: impl Into<String>, error: &io::Error) -> Self {
        Self::new("io", message).cause(error.to_string())
    }

    /// A file holds something else than was expected.
    pub(crate) fn content(message: impl Into<String>) -> Self {
        Self::new("content", message)
    }

    /// The library refuses what it was given; its remedy becomes the hint.
    pub(crate) fn coded(code: Code, message: impl Into<String>) -> Self {
        Self::new(code.as_str(), message).hint(remedy(code))
    }

    /// A key is refused; `what` names it: "the key from ...".
    pub(crate) fn key(what: &str, error: &KeyError) -> Self {
        Self::coded(error.code(), format!("{what} cannot be used")).cause(error.to_string())
    }

    /// The certificate authorities of a file cannot be used.
    pub(crate) fn trust(error: &TrustError) -> Self {
        let failure = Self::content(error.to_string());
        match std::error::Error::source(error) {
            Some(cause) => failure.cause(cause.to_string()),
            None => failure,
        }
    }

    #[must_use]
    pub(crate) fn cause(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Whether it is this refusal of the library.
    pub(crate) fn is(&self, code: Code) -> bool {
        self.code == code.as_str()
    }

    /// Tells it: as JSON on the standard output, or as text on the standard error.
    pub(crate) fn report(&self, as_json: bool) {
        if as_json {
            let json = format!("{}\n", escape_json(&self.to_json()));
            terminal::print_bytes(json.as_bytes()).ok();
        } else {
            terminal::print_error(&self.to_text());
        }
    }

    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            causes: Vec::new(),
            hint: None,
        }
    }

    fn to_text(&self) -> String {
        let mut page = Page::new(usize::MAX);
        let mut line = |label: &str, style: Style, text: &str| {
            page.line(
                &Text::new(style.bold(), label)
                    .with(Style::new(), " ")
                    .with(Style::new(), text),
                0,
            );
        };
        line("error:", style::BAD, &self.message);
        for cause in &self.causes {
            for (position, part) in cause.lines().enumerate() {
                line(
                    if position == 0 {
                        "  cause:"
                    } else {
                        "        "
                    },
                    style::DIM,
                    part,
                );
            }
        }
        if let Some(hint) = &self.hint {
            line("hint:", style::GOOD, hint);
        }
        page.into_string()
    }

    pub(crate) fn to_json(&self) -> String {
        let mut error = Object::new();
        error.string("code", self.code);
        error.string("message", &self.message);
        error.strings("causes", &self.causes);
        error.optional("hint", self.hint.as_deref());
        let mut object = Object::new();
        object.raw("error", &error.finish());
        object.finish()
    }
}

impl From<workbench::Failure> for Failure {
    fn from(failure: workbench::Failure) -> Self {
        Self {
            code: failure.code(),
            message: failure.message().to_owned(),
            causes: failure.causes().to_vec(),
            hint: failure.to_do().map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remedies_read_as_hints() {
        for code in Code::ALL {
            let hint = remedy(*code);
            assert!(!hint.ends_with('.'), "{hint}");
            let second = hint.chars().nth(1);
            assert!(
                !hint.starts_with(char::is_uppercase) || second.is_some_and(char::is_uppercase),
                "{hint}"
            );
        }
    }

    #[test]
    fn text_names_error_cause_and_hint() {
        let failure = Failure::usage("nothing to read")
            .cause("it is empty")
            .hint("give a token");
        let text = anstream::adapter::strip_str(&failure.to_text()).to_string();
        assert_eq!(
            text,
            "error: nothing to read\n  cause: it is empty\nhint: give a token\n"
        );
    }

    #[test]
    fn json_carries_the_same() {
        let failure = Failure::coded(Code::KeyFormat, "no key").cause("\"quoted\"");
        let json = failure.to_json();
        assert!(json.starts_with(r#"{"error":{"code":"key_format","message":"no key","causes":["\"quoted\""],"hint":"give"#), "{json}");
    }
}
