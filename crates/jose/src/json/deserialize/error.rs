//! The adapter's error: what and where, never a value.

use core::fmt::{self, Write as _};

use serde::de::{self, Unexpected};

use super::Value;

/// Why a value does not fit a type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", self.place())]
pub struct DeserializeError {
    message: String,
    pointer: String,
    offset: Option<usize>,
}

impl DeserializeError {
    /// The JSON pointer (RFC 6901) of the value; empty for the outermost one.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Byte offset of the value in the JSON text.
    pub fn offset(&self) -> usize {
        self.offset.unwrap_or_default()
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    fn place(&self) -> String {
        let at = if self.pointer.is_empty() {
            String::new()
        } else {
            format!(" at {}", self.pointer)
        };
        format!("{at} (byte {})", self.offset())
    }

    /// Sets the place, if a value further inside has not.
    #[cold]
    pub(super) fn at(mut self, value: Value<'_>) -> Self {
        self.offset.get_or_insert_with(|| value.span().start);
        self
    }

    /// Names the step that leads to where the error was.
    #[cold]
    #[inline(never)]
    pub(super) fn within(mut self, step: &dyn fmt::Display) -> Self {
        let step = step.to_string().replace('~', "~0").replace('/', "~1");
        self.pointer = format!("/{step}{}", self.pointer);
        self
    }
}

impl de::Error for DeserializeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            message: message.to_string(),
            pointer: String::new(),
            offset: None,
        }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::custom(format_args!(
            "{}, expected {expected}",
            without_value(found)
        ))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::custom(format_args!(
            "{} that does not fit, expected {expected}",
            without_value(found)
        ))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        let mut message = String::from("unknown variant, expected one of");
        for (index, name) in expected.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            // Writing to a String cannot fail.
            let _ = write!(message, "{separator} `{name}`");
        }
        Self::custom(message)
    }
}

/// serde's own wording would quote the value, which may be confidential.
fn without_value(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer",
        Unexpected::Float(_) => "a number",
        Unexpected::Char(_) | Unexpected::Str(_) => "a string",
        Unexpected::Unit => "null",
        Unexpected::Seq => "an array",
        Unexpected::Map => "an object",
        _ => "a value of another type",
    }
}
