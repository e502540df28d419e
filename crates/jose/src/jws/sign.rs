use core::fmt;

use crate::code::Code;
use crate::json;
use crate::key::{SigningError, SigningKey};

/// The protected header of a JWS to be signed. `alg` always comes from the key.
#[derive(Clone, Default)]
pub struct HeaderBuilder {
    typ: Option<String>,
    key_id: Option<String>,
    /// Further parameters with the JSON text of their values.
    parameters: Vec<(String, String)>,
    unencoded_payload: bool,
    verbatim: Option<String>,
}

impl HeaderBuilder {
    /// A header of `alg` and, where the key has one, `kid`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `typ` (RFC 7515 §4.1.9).
    #[must_use]
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.typ = Some(typ.into());
        self
    }

    /// Sets `kid` (RFC 7515 §4.1.4); by default it is the key's own.
    #[must_use]
    pub fn key_id(mut self, key_id: impl Into<String>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    /// Sets any other parameter; a second value for a name replaces the first.
    ///
    /// `alg`, `crit` and `b64` are refused: the key and the options set them.
    pub fn parameter(
        self,
        name: &str,
        value: &(impl serde::Serialize + ?Sized),
    ) -> Result<Self, SignError> {
        let text = json::to_string(value)?;
        match name {
            "alg" | "crit" | "b64" => {
                return Err(SignError::Header {
                    problem: "`alg`, `crit` and `b64` cannot be set by hand",
                });
            }
            "typ" | "kid" => {
                return Err(SignError::Header {
                    problem: "`typ` and `kid` have setters of their own",
                });
            }
            _ => {}
        }
        Ok(self.json_parameter(name, text))
    }

    /// Sets a parameter to JSON text that is known to be sound.
    pub(crate) fn json_parameter(mut self, name: &str, json: String) -> Self {
        self.parameters.retain(|(known, _)| known != name);
        self.parameters.push((name.to_owned(), json));
        self
    }

    /// Signs the payload as it is instead of its base64url form (`b64` false, RFC 7797).
    #[must_use]
    pub fn unencoded_payload(mut self) -> Self {
        self.unencoded_payload = true;
        self
    }

    /// Signs this text as the header, byte for byte: nothing is added and nothing checked, so that
    /// `alg` may contradict the key and `b64` the payload. For tools that make broken tokens on
    /// purpose, and for those that have put a sound header together themselves.
    #[must_use]
    pub fn dangerous_verbatim(mut self, text: impl Into<String>) -> Self {
        self.verbatim = Some(text.into());
        self
    }

    pub(crate) fn has_unencoded_payload(&self) -> bool {
        self.unencoded_payload
    }

    /// The base64url text of the protected header.
    pub(crate) fn encode(&self, key: &SigningKey) -> String {
        if let Some(text) = &self.verbatim {
            return encoded(text);
        }
        let mut text = String::with_capacity(128);
        text.push_str("{\"alg\":\"");
        text.push_str(key.algorithm().name());
        text.push('"');
        let key_id = self.key_id.as_deref().or(key.key_id());
        for (name, value) in [("typ", self.typ.as_deref()), ("kid", key_id)] {
            if let Some(value) = value {
                push_name(&mut text, name);
                json::write_string(&mut text, value);
            }
        }
        for (name, value) in &self.parameters {
            push_name(&mut text, name);
            text.push_str(value);
        }
        if self.unencoded_payload {
            text.push_str(",\"b64\":false,\"crit\":[\"b64\"]");
        }
        text.push('}');
        encoded(&text)
    }
}

/// With room for the payload and the signature, so that a usual token grows once at most.
fn encoded(header: &str) -> String {
    let mut encoded = String::with_capacity(header.len() * 2 + 512);
    crate::base64url::encode_to(header.as_bytes(), &mut encoded);
    encoded
}

/// Shows the names of the further parameters only: a nonce may be among them.
impl fmt::Debug for HeaderBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.parameters.iter().map(|(name, _)| name).collect();
        f.debug_struct("HeaderBuilder")
            .field("parameters", &names)
            .finish_non_exhaustive()
    }
}

fn push_name(text: &mut String, name: &str) {
    text.push(',');
    json::write_string(text, name);
    text.push(':');
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The header cannot be made.
    #[error("header: {problem}")]
    Header {
        /// What is wrong.
        problem: &'static str,
    },
    /// A value cannot be JSON.
    #[error(transparent)]
    Json(#[from] json::SerializeError),
    /// An unencoded payload in the compact form must be printable ASCII without a dot
    /// (RFC 7797 §5.2).
    #[error("an unencoded payload must be printable ASCII without a dot, or detached")]
    PayloadEncoding,
    /// The claims are no JSON object.
    #[error("claims: {problem}")]
    Claims {
        /// What is wrong.
        problem: &'static str,
    },
    /// The backend failed.
    #[error(transparent)]
    Signing(#[from] SigningError),
}

impl SignError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Header { .. } => Code::HeaderInvalid,
            Self::Json(_) => Code::JsonInvalid,
            Self::PayloadEncoding => Code::PayloadEncoding,
            Self::Claims { .. } => Code::ClaimsInvalid,
            Self::Signing(error) => error.code(),
        }
    }
}
