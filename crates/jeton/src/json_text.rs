//! JSON objects from text, so that numbers, order and duplicates of a token pass through unchanged.

use jeton_jose::json::{self, Document, Options};

/// An object in the making.
#[derive(Debug)]
pub(crate) struct Object(String);

impl Object {
    pub(crate) fn new() -> Self {
        Self(String::from("{"))
    }

    /// A member whose value is JSON text already.
    pub(crate) fn raw(&mut self, name: &str, json: &str) -> &mut Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        json::write_string(&mut self.0, name);
        self.0.push(':');
        self.0.push_str(json);
        self
    }

    pub(crate) fn string(&mut self, name: &str, value: &str) -> &mut Self {
        self.raw(name, &string(value))
    }

    /// A string or `null`.
    pub(crate) fn optional(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        self.raw(name, &value.map_or_else(|| "null".to_owned(), string))
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// An array of JSON texts.
pub(crate) fn array(items: impl IntoIterator<Item = String>) -> String {
    let mut text = String::from("[");
    for item in items {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&item);
    }
    text.push(']');
    text
}

pub(crate) fn string(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    json::write_string(&mut text, value);
    text
}

/// The text on indented lines.
pub(crate) fn pretty(text: &str) -> String {
    match Document::parse(text.as_bytes(), &Options::lossless()) {
        Ok(document) => json::pretty(document.root()),
        Err(_) => text.to_owned(),
    }
}
