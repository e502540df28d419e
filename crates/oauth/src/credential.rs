//! Text that opens something: codes, tokens, assertions, secrets.

use core::fmt;

use jeton_jose::Secret;

/// A code, token or secret as it came: never shown, zeroized, compared in constant time.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential(Secret);

impl Credential {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text.into().into_bytes()))
    }

    /// The text itself. Call it where it is used, and nowhere near a log.
    pub fn expose(&self) -> &str {
        core::str::from_utf8(self.0.expose()).unwrap_or_default()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(..)")
    }
}

/// Written out: answers carry tokens.
impl serde::Serialize for Credential {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

/// Read back: an answer that is given again was sealed as it was written.
impl<'de> serde::Deserialize<'de> for Credential {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}
