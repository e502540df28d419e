use http::HeaderMap;
use http::HeaderValue;
use jeton_jose::{Secret, base64url};
use jeton_oauth::Credential;

use crate::answer::Failure;
use crate::cookies::Cookie;
use crate::issuer::Issuer;

/// A browser that looks at pages. Its forms carry a token that only this browser was given, and
/// only for the page that has it.
#[derive(Debug)]
pub(crate) struct Visit {
    secret: Credential,
    is_new: bool,
}

impl Visit {
    /// The visit that a request belongs to, or a new one.
    pub(crate) fn of(issuer: &Issuer, headers: &HeaderMap) -> Result<Self, Failure> {
        Ok(match Cookie::Visit.read(headers) {
            Some(secret) => Self {
                secret,
                is_new: false,
            },
            None => Self {
                secret: issuer.random.secret()?,
                is_new: true,
            },
        })
    }

    /// Whether the browser has no cookie of it yet.
    pub(crate) fn is_new(&self) -> bool {
        self.is_new
    }

    /// The cookie that has to be set for a new one.
    pub(crate) fn cookie(&self) -> Result<Option<HeaderValue>, Failure> {
        self.is_new
            .then(|| Cookie::Visit.set(&self.secret, None))
            .transpose()
    }

    /// The token of a form: `page` is what it is for, `context` what it concerns.
    pub(crate) fn form_token(
        &self,
        issuer: &Issuer,
        page: &str,
        context: &str,
    ) -> Result<String, Failure> {
        let message = format!("form\n{page}\n{}\n{context}", self.secret.expose());
        issuer.mac(&message)
    }

    /// Whether a form that was sent is one that this browser was given.
    pub(crate) fn admits(&self, issuer: &Issuer, form: &Form<'_>) -> Result<bool, Failure> {
        if self.is_new {
            return Ok(false);
        }
        let expected = self.form_token(issuer, form.page, form.context)?;
        Ok(same(&expected, form.token))
    }
}

/// A form that was sent.
#[derive(Clone, Copy)]
pub(crate) struct Form<'a> {
    /// What it is for.
    pub(crate) page: &'a str,
    /// What it concerns.
    pub(crate) context: &'a str,
    /// The token in it.
    pub(crate) token: &'a str,
}

impl Issuer {
    /// A proof that this service wrote something.
    pub(crate) fn mac(&self, message: &str) -> Result<String, Failure> {
        let mut mac = Vec::with_capacity(32);
        let signed = self
            .secrets
            .forms
            .signing
            .sign(message.as_bytes(), &mut mac);
        signed.map_err(|_| Failure::Internal)?;
        Ok(base64url::encode(&mac))
    }
}

/// Compares in constant time.
pub(crate) fn same(one: &str, other: &str) -> bool {
    Secret::new(one.as_bytes().to_vec()) == Secret::new(other.as_bytes().to_vec())
}
