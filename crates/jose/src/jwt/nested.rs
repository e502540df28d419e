//! Nested tokens (RFC 7519 §11.2): signed first, then encrypted.
//!
//! Encryption hides a token and proves nothing: anybody who has the recipient's public key can
//! encrypt. So [`decrypt`] yields a token that is still unverified, and its claims come out only
//! through the signature inside and the same policy as ever.

use core::fmt;

use super::check::bare_type;
use super::{ClaimError, Error, Policy, Unverified, Verified};
use crate::backend::Randomness;
use crate::json;
use crate::jwe::{self, EncryptError, EncryptionRules, HeaderBuilder};
use crate::jws::{self, HeaderAlgorithm};
use crate::key::{DecryptingKeySet, EncryptingKey, VerifyingKeySet};
use crate::limits::Limits;
use crate::malformed::{Malformed, Part};
use crate::time::UnixTime;

/// Encrypts a signed compact token; `cty` becomes `JWT` (RFC 7519 §5.2).
///
/// # Errors
/// `signed` is no signed compact token; else as for [`jwe::compact::encrypt`].
pub fn encrypt(
    signed: &str,
    key: &EncryptingKey,
    header: &HeaderBuilder,
    random: &dyn Randomness,
) -> Result<String, EncryptError> {
    check_signed(signed)?;
    let header = header.clone().content_type("JWT");
    jwe::compact::encrypt(key, &header, signed.as_bytes(), random)
}

/// Whether a text is a signed compact token, which is all that may be nested. The serializations of
/// [`jwe`] other than the compact one nest it with `cty` set to `JWT`.
///
/// # Errors
/// It is none; its `alg` is no signature algorithm.
pub fn check_signed(signed: &str) -> Result<(), EncryptError> {
    let limits = Limits {
        token_bytes: signed.len(),
        ..Limits::default()
    };
    let token =
        jws::compact::Unverified::parse(signed, &limits).map_err(EncryptError::NotSigned)?;
    if !matches!(
        token.unverified_header().algorithm(),
        HeaderAlgorithm::Known(_)
    ) {
        return Err(EncryptError::NotSigned(Malformed::Header {
            parameter: "alg",
            problem: "is no signature algorithm",
        }));
    }
    Ok(())
}

/// Parses and decrypts a nested compact token.
///
/// # Errors
/// As for [`jwe::compact::Encrypted::decrypt`]; the protected `cty` is not `JWT`; what is inside
/// is no signed token, encrypted once more included.
pub fn decrypt(
    token: &str,
    keys: &DecryptingKeySet,
    rules: &EncryptionRules,
) -> Result<Decrypted, Error> {
    let encrypted =
        jwe::compact::Encrypted::parse(token, &rules.limits).map_err(jwe::Error::from)?;
    let decrypted = encrypted.decrypt(keys, rules)?;
    Decrypted::inside(decrypted, &rules.limits)
}

/// A nested token that is decrypted, but whose signature nobody has verified.
#[derive(Clone)]
pub struct Decrypted(jwe::Decrypted);

impl Decrypted {
    /// The nested token in what was decrypted, in whatever serialization it came.
    ///
    /// # Errors
    /// The protected `cty` is not `JWT`; what is inside is no signed token.
    pub fn inside(decrypted: jwe::Decrypted, limits: &Limits) -> Result<Self, Error> {
        let content_type = decrypted.header().content_type().map(bare_type);
        if !content_type.is_some_and(|typ| typ.eq_ignore_ascii_case("JWT")) {
            return Err(Error::Decryption(jwe::Error::Malformed(
                Malformed::Header {
                    parameter: "cty",
                    problem: "is not `JWT`, so there is no token inside",
                },
            )));
        }
        let inner =
            core::str::from_utf8(decrypted.plaintext()).map_err(|error| Malformed::Json {
                part: Part::Token,
                error: json::Error {
                    kind: json::ErrorKind::Utf8,
                    offset: error.valid_up_to(),
                },
            })?;
        Unverified::parse(inner, limits)?;
        Ok(Self(decrypted))
    }

    /// The header of the encryption.
    pub fn header(&self) -> &jwe::Header {
        self.0.header()
    }

    /// The token inside, for those who must look before they can choose keys.
    pub fn unverified_inner(&self) -> &str {
        core::str::from_utf8(self.0.plaintext()).unwrap_or_default()
    }

    /// Verifies the signature inside, then every rule of `policy` at the time `now`, as
    /// [`super::verify`] does. `iss`, `sub` and `aud` in the header of the encryption must be
    /// those of the claims (RFC 7519 §5.3).
    pub fn verify(
        &self,
        keys: &VerifyingKeySet,
        policy: &Policy,
        now: UnixTime,
    ) -> Result<Verified, Error> {
        let inner = Unverified::parse(self.unverified_inner(), &policy.signature.limits)?;
        let verified = inner.verify(keys, policy, now)?;
        let differing = ["iss", "sub", "aud"].into_iter().filter(|name| {
            let copy = self.header().get(name);
            let claim = verified.claims().get(name);
            copy.is_some_and(|copy| !claim.is_some_and(|claim| claim.equals(copy)))
        });
        let failures: Vec<_> = differing
            .map(|name| ClaimError::Rule {
                claim: name.to_owned(),
                rule: "differs from its copy in the header of the encrypted token",
            })
            .collect();
        if failures.is_empty() {
            Ok(verified)
        } else {
            Err(Error::Claims(failures))
        }
    }
}

impl fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
