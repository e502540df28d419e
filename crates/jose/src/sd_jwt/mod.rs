//! Selective disclosure of claims, with key binding (SD-JWT, RFC 9901).
//!
//! The issuer signs digests in place of claims ([`Builder`]); the holder passes on the disclosures
//! of those that a verifier shall see ([`Unverified::present`]) and may prove to hold a key
//! ([`bind`]); the verifier puts the claims together again and holds them against a policy
//! ([`verify`]). Salts, nonces and the time are arguments.

mod binding;
mod disclosure;
mod error;
mod issue;
mod rebuild;
#[cfg(test)]
mod tests;

pub use binding::{Challenge, KeyBindingRules, bind};
pub use disclosure::Disclosure;
pub use error::Error;
pub use issue::{Builder, Salts};

use rebuild::{Rebuilt, rebuild};

use crate::backend::Backend;
use crate::json::{Document, Options};
use crate::jws::{self, Header, Malformed, compact};
use crate::jwt::{self, Claims, Policy};
use crate::key::{VerifyingKey, VerifyingKeySet};
use crate::limits::Limits;
use crate::time::UnixTime;

/// What an SD-JWT must satisfy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// The rules of the issuer's token. Its claims are judged as they are after disclosure.
    pub policy: Policy,
    /// What the holder must prove. `None` asks for no proof: one that is there is not looked at.
    pub key_binding: Option<KeyBindingRules>,
}

/// Parses and verifies an SD-JWT (RFC 9901 §7): the issuer's signature under `keys`, then the
/// disclosures, every rule of the policy over the claims they complete, and the key binding.
///
/// # Errors
/// In this order. No claim is handed out on any of them.
pub fn verify(
    text: &str,
    keys: &VerifyingKeySet,
    rules: &Rules,
    now: UnixTime,
    backend: &dyn Backend,
) -> Result<Verified, Error> {
    let token = Unverified::parse(text, &rules.policy.signature.limits)?;
    let signed = token.jws.clone();
    // RFC 7797 §7: a JWT's payload is always encoded.
    if !signed.unverified_header().base64_payload() {
        return Err(Error::Token(jwt::Error::Signature(
            jws::Error::PayloadEncoding {
                problem: "a JWT cannot have an unencoded one",
            },
        )));
    }
    let mut signed = signed.verify(keys, &rules.policy.signature)?;
    let rebuilt = token.rebuild(&signed.payload, backend)?;
    signed.payload = rebuilt.json.into_bytes();
    let verified = jwt::Verified::check(signed, &rules.policy, now)?;
    let key_binding = rules
        .key_binding
        .as_ref()
        .map(|rules| {
            let expected = binding::Expected {
                claims: verified.claims(),
                hash: rebuilt.hash,
                rules,
            };
            binding::check(&token, &expected, now, backend)
        })
        .transpose()?;
    Ok(Verified {
        token: verified,
        disclosed: rebuilt.pointers.into_iter().flatten().collect(),
        key_binding,
    })
}

/// An SD-JWT that nobody has verified.
#[derive(Clone, Debug)]
pub struct Unverified<'t> {
    jws: compact::Unverified<'t>,
    disclosures: Vec<Disclosure<'t>>,
    key_binding: Option<&'t str>,
    /// The issuer's token with its tilde.
    issued: &'t str,
    /// All up to the last tilde, which the key binding covers.
    presented: &'t str,
    limits: Limits,
}

impl<'t> Unverified<'t> {
    /// Splits and decodes (RFC 9901 §4); size and number of disclosures are checked first.
    ///
    /// # Errors
    /// It is no SD-JWT: the issuer's token and each disclosure end in a tilde.
    pub fn parse(text: &'t str, limits: &Limits) -> Result<Self, Error> {
        if text.len() > limits.token_bytes {
            return Err(Malformed::TooLarge {
                limit: limits.token_bytes,
            }
            .into());
        }
        let (body, last) = text.rsplit_once('~').ok_or(NOT_SD_JWT)?;
        let mut parts = body.split('~');
        let token = parts.next().ok_or(NOT_SD_JWT)?;
        if parts.clone().count() > limits.disclosures {
            return Err(Malformed::Format {
                expected: "no more disclosures than the limit",
            }
            .into());
        }
        let jws = compact::Unverified::parse(token, limits)?;
        let disclosures = parts
            .enumerate()
            .map(|(index, part)| Disclosure::parse(part, index, limits))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            jws,
            disclosures,
            key_binding: (!last.is_empty()).then_some(last),
            issued: text.get(..=token.len()).ok_or(NOT_SD_JWT)?,
            presented: text.get(..=body.len()).ok_or(NOT_SD_JWT)?,
            limits: *limits,
        })
    }

    /// The header of the issuer's token as it was sent.
    pub fn unverified_header(&self) -> &Header {
        self.jws.unverified_header()
    }

    /// The payload of the issuer's token as it was sent, digests in place of claims.
    pub fn unverified_payload(&self) -> &[u8] {
        self.jws.unverified_payload()
    }

    /// The disclosures in their order.
    pub fn unverified_disclosures(&self) -> &[Disclosure<'t>] {
        &self.disclosures
    }

    /// The key-binding JWT, if there is one.
    pub fn unverified_key_binding(&self) -> Option<&'t str> {
        self.key_binding
    }

    /// The claims as the disclosures complete them, and for each disclosure the JSON Pointer
    /// (RFC 6901) of what it discloses.
    ///
    /// # Errors
    /// The payload is no acceptable JSON object, or the disclosures do not belong to it.
    pub fn unverified_claims(&self, backend: &dyn Backend) -> Result<(Claims, Vec<String>), Error> {
        let rebuilt = self.rebuild(self.unverified_payload(), backend)?;
        let claims = Claims::parse(rebuilt.json.into_bytes(), &self.limits)?;
        Ok((claims, rebuilt.pointers.into_iter().flatten().collect()))
    }

    /// The SD-JWT with only those disclosures that reveal the claims at `pointers` (RFC 6901), and
    /// the ones those are contained in. A key-binding JWT is left out: see [`bind`].
    ///
    /// # Errors
    /// A pointer leads to nothing that can be disclosed; as for
    /// [`Self::unverified_claims`] otherwise.
    pub fn present(&self, pointers: &[&str], backend: &dyn Backend) -> Result<String, Error> {
        let rebuilt = self.rebuild(self.unverified_payload(), backend)?;
        let reveals = |pointer: &str, wanted: &str| {
            wanted
                .strip_prefix(pointer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        for wanted in pointers {
            if !rebuilt.pointers.iter().flatten().any(|own| own == wanted) {
                return Err(Error::NotDisclosable);
            }
        }
        let mut text = self.issued.to_owned();
        for (disclosure, own) in self.disclosures.iter().zip(&rebuilt.pointers) {
            let own = own.as_deref();
            if own.is_some_and(|own| pointers.iter().any(|wanted| reveals(own, wanted))) {
                text.push_str(disclosure.text());
                text.push('~');
            }
        }
        Ok(text)
    }

    fn rebuild(&self, payload: &[u8], backend: &dyn Backend) -> Result<Rebuilt, Error> {
        let options = Options {
            max_depth: self.limits.json_depth,
            max_len: self.limits.token_bytes,
            ..Options::strict()
        };
        let document = Document::parse(payload, &options).map_err(jwt::Error::Json)?;
        let max_depth = options.max_depth.min(Options::DEPTH_CAP);
        rebuild(document.root(), &self.disclosures, max_depth, backend)
    }
}

/// An SD-JWT that was found good.
#[derive(Clone, Debug)]
pub struct Verified {
    token: jwt::Verified,
    disclosed: Vec<String>,
    key_binding: Option<jwt::Verified>,
}

impl Verified {
    /// The header of the issuer's token.
    pub fn header(&self) -> &Header {
        self.token.header()
    }

    /// The claims, those always visible and those disclosed.
    pub fn claims(&self) -> &Claims {
        self.token.claims()
    }

    /// The JSON Pointers (RFC 6901) of the claims that were disclosed.
    pub fn disclosed(&self) -> &[String] {
        &self.disclosed
    }

    /// The issuer's key that verified the signature.
    pub fn key(&self) -> &VerifyingKey {
        self.token.key()
    }

    /// The key-binding JWT, if the rules asked for one.
    pub fn key_binding(&self) -> Option<&jwt::Verified> {
        self.key_binding.as_ref()
    }

    /// The issuer's token, with the claims as disclosed.
    pub fn into_token(self) -> jwt::Verified {
        self.token
    }
}

const NOT_SD_JWT: Error = Error::Token(jwt::Error::Signature(jws::Error::Malformed(
    Malformed::Format {
        expected: "an SD-JWT: a token and disclosures, each followed by a tilde",
    },
)));
