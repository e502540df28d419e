//! Why a question could not be answered. A token that is not valid is an answer, not a failure.

use std::io;

use jeton_jose::Code;
use jeton_jose::json;
use jeton_jose::key::KeyError;
use serde::Serialize;

/// What went wrong, why, and what to do about it. It carries no key and no token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    code: &'static str,
    message: String,
    causes: Vec<String>,
    hint: Option<String>,
}

impl Failure {
    /// The request asks for what cannot be: `usage`.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new("usage", message)
    }

    /// What was given is something else than was expected: `content`.
    pub fn content(message: impl Into<String>) -> Self {
        Self::new("content", message)
    }

    /// A file or a stream of the face could not be used: `io`.
    pub fn io(message: impl Into<String>, error: &io::Error) -> Self {
        Self::new("io", message).cause(error.to_string())
    }

    /// The core refuses what it was given; its remedy becomes the hint.
    pub fn coded(code: Code, message: impl Into<String>) -> Self {
        Self::new(code.as_str(), message).hint(remedy(code))
    }

    /// A key is refused; `what` names it: "the key".
    pub fn key(what: &str, error: &KeyError) -> Self {
        Self::coded(error.code(), format!("{what} cannot be used")).cause(error.to_string())
    }

    /// Another program refuses, with a code of its own; its remedy becomes the hint.
    pub fn refused(code: &'static str, remedy: &str, message: impl Into<String>) -> Self {
        Self::new(code, message).hint(as_hint(remedy))
    }

    /// With a further reason.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// With what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The stable code: one of the core's, `usage`, `content` or `io`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Whether it is this refusal of the core.
    pub fn is(&self, code: Code) -> bool {
        self.code == code.as_str()
    }

    /// What went wrong, in words.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Why, from the outside in.
    pub fn causes(&self) -> &[String] {
        &self.causes
    }

    /// What to do about it.
    pub fn to_do(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// `{"error":{...}}`, as every face writes it.
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Wrapped<'f> {
            error: &'f Failure,
        }
        // Strings and lists of strings can always be written.
        json::to_string(&Wrapped { error: self }).unwrap_or_default()
    }

    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            causes: Vec::new(),
            hint: None,
        }
    }
}

/// What to do about a code, as a hint: lower case and without a full stop.
pub fn remedy(code: Code) -> String {
    as_hint(code.remedy())
}

/// A sentence as a hint: lower case and without a full stop.
pub(super) fn as_hint(sentence: &str) -> String {
    let text = sentence.trim_end_matches('.');
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        // "RSA", "RS/PS" and "JWK" keep their capitals.
        (Some(first), Some(second)) if !second.is_ascii_uppercase() => {
            let rest = text.get(first.len_utf8()..).unwrap_or_default();
            format!("{}{rest}", first.to_ascii_lowercase())
        }
        _ => text.to_owned(),
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
    fn json_carries_code_message_causes_and_hint() {
        let failure = Failure::coded(Code::KeyFormat, "no key").cause("\"quoted\"");
        let json = failure.to_json();
        assert!(json.starts_with(r#"{"error":{"code":"key_format","message":"no key","causes":["\"quoted\""],"hint":"give"#), "{json}");
        let json = Failure::usage("nothing").to_json();
        assert!(json.ends_with(r#""causes":[],"hint":null}}"#), "{json}");
    }
}
