use core::time::Duration;

use crate::json;
use crate::jws::{HeaderBuilder, SignError};
use crate::key::SigningKey;
use crate::time::UnixTime;

/// Claims to be signed. Setting a claim again replaces it; order is kept.
///
/// The time and the `jti` are arguments: the library draws neither.
#[derive(Clone, Default)]
pub struct Builder {
    header: HeaderBuilder,
    /// Names with the JSON text of their values.
    claims: Vec<(String, String)>,
}

impl Builder {
    /// No claims, and a header with `typ` `JWT`.
    pub fn new() -> Self {
        Self {
            header: HeaderBuilder::new().typ("JWT"),
            claims: Vec::with_capacity(8),
        }
    }

    /// Replaces the header.
    #[must_use]
    pub fn header(mut self, header: HeaderBuilder) -> Self {
        self.header = header;
        self
    }

    /// Sets `typ` (RFC 8725 §3.11), for example `at+jwt`.
    #[must_use]
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.header = self.header.typ(typ);
        self
    }

    /// Sets `iss`.
    #[must_use]
    pub fn issuer(self, issuer: &str) -> Self {
        self.string("iss", issuer)
    }

    /// Sets `sub`.
    #[must_use]
    pub fn subject(self, subject: &str) -> Self {
        self.string("sub", subject)
    }

    /// Sets `aud` to one audience as a string, to several as an array.
    #[must_use]
    pub fn audiences(self, audiences: &[&str]) -> Self {
        if let [one] = audiences {
            return self.string("aud", one);
        }
        let mut text = String::from("[");
        for (position, audience) in audiences.iter().enumerate() {
            if position > 0 {
                text.push(',');
            }
            json::write_string(&mut text, audience);
        }
        text.push(']');
        self.text("aud", text)
    }

    /// Sets `iat` to `now` and `exp` to `now + lifetime`, in whole seconds.
    #[must_use]
    pub fn lifetime(self, now: UnixTime, lifetime: Duration) -> Self {
        self.time("iat", now)
            .time("exp", now.saturating_add(lifetime))
    }

    /// Sets `exp`.
    #[must_use]
    pub fn expires_at(self, time: UnixTime) -> Self {
        self.time("exp", time)
    }

    /// Sets `nbf`.
    #[must_use]
    pub fn not_before(self, time: UnixTime) -> Self {
        self.time("nbf", time)
    }

    /// Sets `iat`.
    #[must_use]
    pub fn issued_at(self, time: UnixTime) -> Self {
        self.time("iat", time)
    }

    /// Sets `jti`.
    #[must_use]
    pub fn jwt_id(self, jwt_id: &str) -> Self {
        self.string("jti", jwt_id)
    }

    /// Sets any claim.
    pub fn claim(
        self,
        name: &str,
        value: &(impl serde::Serialize + ?Sized),
    ) -> Result<Self, SignError> {
        let text = json::to_string(value)?;
        Ok(self.text(name, text))
    }

    /// Signs, in the compact form.
    ///
    /// # Errors
    /// The header leaves the payload unencoded, which a JWT cannot (RFC 7797 §7), or the backend
    /// fails.
    pub fn sign(&self, key: &SigningKey) -> Result<String, SignError> {
        super::sign_text(key, &self.header, &self.to_json())
    }

    /// The claims as they will be signed.
    pub fn to_json(&self) -> String {
        let len: usize = self
            .claims
            .iter()
            .map(|(name, value)| name.len() + value.len() + 4)
            .sum();
        let mut text = String::with_capacity(len + 2);
        text.push('{');
        for (position, (name, value)) in self.claims.iter().enumerate() {
            if position > 0 {
                text.push(',');
            }
            json::write_string(&mut text, name);
            text.push(':');
            text.push_str(value);
        }
        text.push('}');
        text
    }

    fn string(self, name: &str, value: &str) -> Self {
        let mut text = String::with_capacity(value.len() + 2);
        json::write_string(&mut text, value);
        self.text(name, text)
    }

    fn time(self, name: &str, time: UnixTime) -> Self {
        self.text(name, time.seconds().to_string())
    }

    fn text(mut self, name: &str, text: String) -> Self {
        match self.claims.iter_mut().find(|(known, _)| known == name) {
            Some((_, value)) => *value = text,
            None => self.claims.push((name.to_owned(), text)),
        }
        self
    }
}

impl core::fmt::Debug for Builder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Builder")
            .field("claims", &self.claims.len())
            .finish_non_exhaustive()
    }
}
