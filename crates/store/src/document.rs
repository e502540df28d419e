use jeton_jose::json::{self, Document, Options};

use crate::error::StoreError;

/// A record as JSON text, as a backend may keep it.
pub fn to_text<T: serde::Serialize>(record: &T) -> Result<String, StoreError> {
    json::to_string(record).map_err(|error| StoreError::Backend {
        message: error.to_string(),
    })
}

/// A record from its JSON text; `name` says in errors what it is.
pub fn from_text<T: serde::de::DeserializeOwned>(
    text: &str,
    name: &'static str,
) -> Result<T, StoreError> {
    let corrupt = StoreError::Corrupt { record: name };
    let document = Document::parse(text.as_bytes(), &Options::strict());
    let document = document.map_err(|_| corrupt.clone())?;
    json::from_value(document.root()).map_err(|_| corrupt)
}
