//! Proof key for code exchange (RFC 7636): S256 only; `plain` proves nothing to who can read the
//! request.

use jeton_jose::alg::Hash;
use jeton_jose::backend::Backend;
use jeton_jose::{Secret, base64url};
use serde::de::Error as _;

use crate::error::{ErrorCode, OAuthError, invalid_request};
use crate::form::Parameters;

/// A `code_challenge` of the method S256.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Challenge(String);

impl Challenge {
    /// The challenge of an authorization request; `None` if it has none.
    pub fn read(parameters: &Parameters) -> Result<Option<Self>, OAuthError> {
        let method = parameters.get("code_challenge_method");
        let Some(challenge) = parameters.get("code_challenge") else {
            return match method {
                Some(_) => Err(invalid_request("`code_challenge` is missing")),
                None => Ok(None),
            };
        };
        // Absence means `plain` (RFC 7636 §4.3).
        if method != Some("S256") {
            return Err(invalid_request("`code_challenge_method` has to be S256"));
        }
        Self::parse(challenge).map(Some)
    }

    fn parse(text: &str) -> Result<Self, OAuthError> {
        match base64url::decode(text) {
            Ok(hash) if hash.len() == 32 => Ok(Self(text.to_owned())),
            _ => Err(invalid_request(
                "`code_challenge` has to be the base64url of a SHA-256",
            )),
        }
    }

    /// Whether the verifier of a token request is the one of this challenge.
    pub fn check(&self, verifier: &Verifier, backend: &dyn Backend) -> Result<(), OAuthError> {
        let computed = verifier.challenge(backend).0.into_bytes();
        if Secret::new(computed) == Secret::new(self.0.clone().into_bytes()) {
            return Ok(());
        }
        Err(OAuthError::new(
            ErrorCode::InvalidGrant,
            "`code_verifier` does not belong to the challenge",
        ))
    }
}

impl<'de> serde::Deserialize<'de> for Challenge {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| D::Error::custom(error.description()))
    }
}

/// A `code_verifier` (RFC 7636 §4.1): 43 to 128 unreserved characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier(Secret);

impl Verifier {
    /// Takes a text if it can be a verifier.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let unreserved =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        if !(43..=128).contains(&text.len()) || !text.bytes().all(unreserved) {
            return Err(OAuthError::new(
                ErrorCode::InvalidGrant,
                "`code_verifier` has to be 43 to 128 unreserved characters",
            ));
        }
        Ok(Self(Secret::new(text.as_bytes().to_vec())))
    }

    /// Its challenge.
    pub fn challenge(&self, backend: &dyn Backend) -> Challenge {
        let hash = backend.digest(Hash::Sha256, self.0.expose());
        Challenge(base64url::encode(hash.as_ref()))
    }
}

/// Both halves together, at the token endpoint. A verifier without a challenge is refused too: a
/// challenge was stripped on the way (RFC 9700 §4.8.2).
pub fn check(
    challenge: Option<&Challenge>,
    verifier: Option<&Verifier>,
    backend: &dyn Backend,
) -> Result<(), OAuthError> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (Some(challenge), Some(verifier)) => challenge.check(verifier, backend),
        (Some(_), None) => Err(OAuthError::new(
            ErrorCode::InvalidGrant,
            "`code_verifier` is missing",
        )),
        (None, Some(_)) => Err(OAuthError::new(
            ErrorCode::InvalidGrant,
            "`code_verifier` was sent, but the authorization request had no challenge",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn read(pairs: &[(&str, &str)]) -> Result<Option<Challenge>, OAuthError> {
        Challenge::read(&pairs.iter().copied().collect())
    }

    #[test]
    fn the_example_of_the_rfc_holds() {
        for backend in jeton_testkit::backends() {
            let verifier = Verifier::parse(VERIFIER).unwrap();
            assert_eq!(verifier.challenge(backend).0, CHALLENGE);
            let challenge = read(&[
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "S256"),
            ])
            .unwrap()
            .unwrap();
            check(Some(&challenge), Some(&verifier), backend).unwrap();
            let other = Verifier::parse(&VERIFIER.replace('d', "e")).unwrap();
            assert!(check(Some(&challenge), Some(&other), backend).is_err());
            assert!(check(Some(&challenge), None, backend).is_err());
            assert!(check(None, Some(&verifier), backend).is_err());
            check(None, None, backend).unwrap();
        }
    }

    #[test]
    fn plain_and_malformed_challenges_are_refused() {
        assert_eq!(read(&[]).unwrap(), None);
        for pairs in [
            &[("code_challenge", CHALLENGE)][..],
            &[
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "plain"),
            ],
            &[
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "s256"),
            ],
            &[("code_challenge", "abc"), ("code_challenge_method", "S256")],
            &[("code_challenge_method", "S256")],
        ] {
            let refusal = read(pairs).unwrap_err();
            assert_eq!(refusal.code(), ErrorCode::InvalidRequest, "{pairs:?}");
        }
    }

    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        assert!(Verifier::parse(&"a".repeat(43)).is_ok());
        assert!(Verifier::parse(&"~".repeat(128)).is_ok());
        for text in [
            "a".repeat(42),
            "a".repeat(129),
            "+".repeat(43),
            "é".repeat(43),
        ] {
            assert!(Verifier::parse(&text).is_err(), "{text}");
        }
    }
}
