use std::fmt::Write as _;

use http::{HeaderValue, StatusCode};

use crate::Coded;

/// What a protected resource answers in `WWW-Authenticate` (RFC 6750 §3).
///
/// Without an error it only asks for a token, as is due where none was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    parameters: String,
    status: StatusCode,
}

impl Challenge {
    /// Asks for a token of this realm.
    pub fn new(realm: &str) -> Self {
        let mut challenge = Self {
            parameters: String::new(),
            status: StatusCode::UNAUTHORIZED,
        };
        challenge.push("realm", realm);
        challenge
    }

    /// The request has no token in the one right place: 400.
    #[must_use]
    pub fn invalid_request(self, coded: &dyn Coded) -> Self {
        self.error("invalid_request", StatusCode::BAD_REQUEST, coded)
    }

    /// The token is expired, revoked, malformed or not valid for another reason: 401.
    #[must_use]
    pub fn invalid_token(self, coded: &dyn Coded) -> Self {
        self.error("invalid_token", StatusCode::UNAUTHORIZED, coded)
    }

    /// The token is valid and not enough: 403. `scope` is what would be.
    #[must_use]
    pub fn insufficient_scope(self, coded: &dyn Coded, scope: &str) -> Self {
        let mut challenge = self.error("insufficient_scope", StatusCode::FORBIDDEN, coded);
        challenge.push("scope", scope);
        challenge
    }

    /// The status of an answer with this challenge.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The value of `WWW-Authenticate`.
    pub fn header(&self) -> HeaderValue {
        // `push` leaves printable ASCII only.
        HeaderValue::from_str(&format!("Bearer {}", self.parameters))
            .unwrap_or_else(|_| HeaderValue::from_static("Bearer"))
    }

    fn error(mut self, error: &str, status: StatusCode, coded: &dyn Coded) -> Self {
        self.status = status;
        self.push("error", error);
        self.push("error_description", coded.cause());
        self.push("code", coded.code());
        self
    }

    /// Appends a quoted parameter, in the characters that RFC 6750 §3 leaves to it.
    fn push(&mut self, name: &str, value: &str) {
        let separator = if self.parameters.is_empty() { "" } else { ", " };
        let value: String = value
            .chars()
            .map(|c| match c {
                '"' | '\\' => '\'',
                ' '..='~' => c,
                _ => '?',
            })
            .collect();
        // Writing to a string does not fail.
        write!(self.parameters, "{separator}{name}=\"{value}\"").ok();
    }
}

#[cfg(test)]
mod tests {
    use jeton_jose::Code;

    use super::*;

    #[test]
    fn without_a_token_there_is_no_error() {
        let challenge = Challenge::new("api");
        assert_eq!(challenge.status(), 401);
        assert_eq!(challenge.header(), "Bearer realm=\"api\"");
    }

    #[test]
    fn each_error_has_its_status() {
        let challenge = Challenge::new("api").invalid_token(&Code::TokenExpired);
        assert_eq!(challenge.status(), 401);
        let header = challenge.header();
        let header = header.to_str().unwrap();
        assert!(
            header.starts_with(r#"Bearer realm="api", error="invalid_token", error_description=""#)
        );
        assert!(header.ends_with(r#", code="token_expired""#), "{header}");

        let challenge = Challenge::new("api").insufficient_scope(&Code::ClaimMissing, "read write");
        assert_eq!(challenge.status(), 403);
        assert!(
            challenge
                .header()
                .to_str()
                .unwrap()
                .ends_with(r#", scope="read write""#)
        );

        let challenge = Challenge::new("api").invalid_request(&Code::TokenFormat);
        assert_eq!(challenge.status(), 400);
    }

    #[test]
    fn no_value_escapes_its_quotes() {
        let header = Challenge::new("a\", error=\"none\\\r\nX: é").header();
        assert_eq!(header, "Bearer realm=\"a', error='none'??X: ?\"");
    }
}
