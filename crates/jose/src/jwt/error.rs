use core::fmt;

use crate::code::Code;
use crate::{json, jwe, jws};

/// Why a token was refused, in the order of the checks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Its form, algorithm, key or signature. Never masked by what the claims say.
    #[error(transparent)]
    Signature(#[from] jws::Error),
    /// The decryption of a nested token.
    #[error(transparent)]
    Decryption(#[from] jwe::Error),
    /// The payload is not acceptable JSON.
    #[error("the claims are not acceptable JSON: {0}")]
    Json(#[from] json::Error),
    /// The payload is JSON, but no object.
    #[error("the claims are not a JSON object")]
    NotAnObject,
    /// The signature is good; these claims are not. At least one, in the order of
    /// [`ClaimError`]'s variants.
    #[error("{}", Listed(.0))]
    Claims(Vec<ClaimError>),
}

impl From<jws::Malformed> for Error {
    fn from(error: jws::Malformed) -> Self {
        Self::Signature(error.into())
    }
}

impl Error {
    /// The stable code; that of the first failing claim where several fail.
    pub fn code(&self) -> Code {
        match self {
            Self::Signature(error) => error.code(),
            Self::Decryption(error) => error.code(),
            Self::Json(error) => error.code(),
            Self::NotAnObject => Code::ClaimsInvalid,
            Self::Claims(failures) => failures
                .first()
                .map_or(Code::ClaimsInvalid, ClaimError::code),
        }
    }

    /// Every code: one, unless several claims fail.
    pub fn codes(&self) -> Vec<Code> {
        match self {
            Self::Claims(failures) => failures.iter().map(ClaimError::code).collect(),
            _ => vec![self.code()],
        }
    }
}

/// One failing rule. Names claims, never carries their values.
///
/// The order of the variants is the order in which failures are reported; rules come last, also
/// where the claim that a rule is about is missing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimError {
    /// A registered claim has the wrong type, or a time that cannot be one (RFC 7519 §4.1).
    #[error("claim `{claim}` is not {expected}")]
    Type {
        /// The claim.
        claim: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// `typ` is not the expected kind of token (RFC 8725 §3.11).
    #[error("header parameter `typ` is not the expected type")]
    TokenType,
    /// `iss` is absent or another (RFC 7519 §4.1.1).
    #[error("claim `iss` is not the expected issuer")]
    Issuer,
    /// `sub` is absent or another (RFC 7519 §4.1.2).
    #[error("claim `sub` is not the expected subject")]
    Subject,
    /// `aud` is absent or names none of the expected (RFC 7519 §4.1.3).
    #[error("claim `aud` names no expected audience")]
    Audience,
    /// `exp` has passed (RFC 7519 §4.1.4).
    #[error("the token has expired")]
    Expired,
    /// `nbf` is in the future (RFC 7519 §4.1.5).
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `iat` is longer ago than the maximum age.
    #[error("the token is older than the maximum age")]
    TooOld,
    /// `iat` is in the future, although a maximum age is asked for.
    #[error("the token was issued in the future")]
    IssuedInFuture,
    /// A required claim is absent.
    #[error("claim `{claim}` is missing")]
    Missing {
        /// The claim, as the policy names it.
        claim: String,
    },
    /// A forbidden claim is present.
    #[error("claim `{claim}` must not be there")]
    Forbidden {
        /// The claim, as the policy names it.
        claim: String,
    },
    /// A rule of the policy fails.
    #[error("claim `{claim}` {rule}")]
    Rule {
        /// The claim's path, as the policy names it.
        claim: String,
        /// What was asked: "is not the value that the policy asks for", ...
        rule: &'static str,
    },
}

impl ClaimError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Type { .. } => Code::ClaimType,
            Self::TokenType => Code::TypeMismatch,
            Self::Issuer => Code::IssuerMismatch,
            Self::Subject => Code::SubjectMismatch,
            Self::Audience => Code::AudienceMismatch,
            Self::Expired => Code::TokenExpired,
            Self::NotYetValid => Code::TokenNotYetValid,
            Self::TooOld => Code::TokenTooOld,
            Self::IssuedInFuture => Code::IssuedInFuture,
            Self::Missing { .. } => Code::ClaimMissing,
            Self::Forbidden { .. } => Code::ClaimForbidden,
            Self::Rule { .. } => Code::ClaimMismatch,
        }
    }
}

struct Listed<'e>(&'e [ClaimError]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, failure) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("; ")?;
            }
            failure.fmt(f)?;
        }
        Ok(())
    }
}
