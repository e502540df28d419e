//! What `--json` prints.

use jeton_jose::json::{self, Document, Options};

/// An answer as JSON.
pub(crate) fn written<T: serde::Serialize + ?Sized>(answer: &T) -> String {
    json::to_string(answer).unwrap_or_else(|_| "null".to_owned())
}

/// An answer as JSON on one line, whatever the layout of what it quotes.
pub(crate) fn on_one_line<T: serde::Serialize + ?Sized>(answer: &T) -> String {
    let text = written(answer);
    match Document::parse(text.as_bytes(), &Options::lossless()) {
        Ok(document) => json::compact(document.root()),
        Err(_) => text,
    }
}
