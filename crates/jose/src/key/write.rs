//! Keys as files.
use crate::jwk::Jwk;
use crate::key::{KeyError, KeyForm};
use crate::secret::Secret;

/// The key in another form. Private forms need the private half; public forms leave it out.
///
/// # Errors
/// The form cannot carry such a key.
pub fn write(_key: &Jwk, _form: KeyForm) -> Result<Secret, KeyError> {
    Err(KeyError::Format {
        expected: "to come",
    })
}
