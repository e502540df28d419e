//! The compact serialization (RFC 7515 §7.1), attached or detached (Appendix F), and RFC 7797.

use super::{
    Error, Header, HeaderBuilder, Malformed, Part, SignError, SignatureRules, Verified, check_size,
    decode, detached_message, verify_signature,
};
use crate::key::{SigningKey, VerifyingKeySet};
use crate::limits::Limits;

/// A compact JWS that nobody has verified.
///
/// Each part is base64url without padding in its one canonical form; anything else, white space
/// included, is refused.
#[derive(Clone)]
pub struct Unverified<'t> {
    header: Header,
    payload: Vec<u8>,
    signature: Vec<u8>,
    protected_text: &'t str,
    payload_text: &'t str,
    signing_input: &'t str,
}

impl<'t> Unverified<'t> {
    /// Splits and decodes; the size is checked first.
    pub fn parse(text: &'t str, limits: &Limits) -> Result<Self, Malformed> {
        check_size(text.len(), limits)?;
        let (protected_text, rest) = text.split_once('.').ok_or(NOT_COMPACT)?;
        let (payload_text, signature_text) = rest.split_once('.').ok_or(NOT_COMPACT)?;
        if signature_text.contains('.') {
            return Err(match text.bytes().filter(|byte| *byte == b'.').count() {
                4 if signature_text.contains('~') => DISCLOSING,
                4 => Malformed::Encrypted,
                _ => NOT_COMPACT,
            });
        }
        let signing_input = text
            .get(..protected_text.len() + 1 + payload_text.len())
            .unwrap_or_default();
        let header = Header::parse(decode(Part::Header, protected_text)?, limits)?;
        let payload = if header.base64_payload() {
            decode(Part::Payload, payload_text)?
        } else {
            unencoded(payload_text)?
        };
        Ok(Self {
            signature: decode(Part::Signature, signature_text)?,
            header,
            payload,
            protected_text,
            payload_text,
            signing_input,
        })
    }

    /// The header as it was sent.
    pub fn unverified_header(&self) -> &Header {
        &self.header
    }

    /// The payload as it was sent; empty if it is detached.
    pub fn unverified_payload(&self) -> &[u8] {
        &self.payload
    }

    /// The signature as it was sent.
    pub fn unverified_signature(&self) -> &[u8] {
        &self.signature
    }

    /// Verifies the signature over the payload in the token.
    pub fn verify(self, keys: &VerifyingKeySet, rules: &SignatureRules) -> Result<Verified, Error> {
        let key = verify_signature(
            &self.header,
            self.signing_input.as_bytes(),
            &self.signature,
            keys,
            rules,
        )?;
        Ok(Verified {
            header: self.header,
            payload: self.payload,
            key,
        })
    }

    /// Verifies the signature over a payload that travelled apart from the token
    /// (RFC 7515 Appendix F). The token's own payload part must be empty.
    pub fn verify_detached(
        self,
        payload: Vec<u8>,
        keys: &VerifyingKeySet,
        rules: &SignatureRules,
    ) -> Result<Verified, Error> {
        check_size(payload.len(), &rules.limits)?;
        if !self.payload_text.is_empty() {
            return Err(Error::PayloadEncoding {
                problem: "the token carries its own, so a detached one cannot be checked",
            });
        }
        let message = detached_message(self.header.base64_payload(), self.protected_text, &payload);
        let key = verify_signature(&self.header, &message, &self.signature, keys, rules)?;
        Ok(Verified {
            header: self.header,
            payload,
            key,
        })
    }
}

impl core::fmt::Debug for Unverified<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Unverified")
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

/// Signs a payload, byte for byte.
pub fn sign(key: &SigningKey, header: &HeaderBuilder, payload: &[u8]) -> Result<String, SignError> {
    let mut token = header.encode(key);
    token.push('.');
    if header.has_unencoded_payload() {
        let text = core::str::from_utf8(payload)
            .ok()
            .filter(|text| unencoded(text).is_ok())
            .ok_or(SignError::PayloadEncoding)?;
        token.push_str(text);
    } else {
        crate::base64url::encode_to(payload, &mut token);
    }
    append_signature(key, token)
}

/// Signs a payload that will travel apart: the token's payload part is empty
/// (RFC 7515 Appendix F).
pub fn sign_detached(
    key: &SigningKey,
    header: &HeaderBuilder,
    payload: &[u8],
) -> Result<String, SignError> {
    let mut token = header.encode(key);
    let message = detached_message(!header.has_unencoded_payload(), &token, payload);
    let mut signature = Vec::new();
    key.sign(&message, &mut signature)?;
    token.push_str("..");
    crate::base64url::encode_to(&signature, &mut token);
    Ok(token)
}

fn append_signature(key: &SigningKey, mut token: String) -> Result<String, SignError> {
    let mut signature = Vec::new();
    key.sign(token.as_bytes(), &mut signature)?;
    token.push('.');
    crate::base64url::encode_to(&signature, &mut token);
    Ok(token)
}

/// An SD-JWT with key binding has as many dots as an encrypted token.
const DISCLOSING: Malformed = Malformed::Format {
    expected: "a signed token alone, without the disclosures of an SD-JWT",
};
const NOT_COMPACT: Malformed = Malformed::Format {
    expected: "three parts joined by two dots",
};

/// An unencoded payload in a compact JWS is printable ASCII without a dot (RFC 7797 §5.2).
fn unencoded(text: &str) -> Result<Vec<u8>, Malformed> {
    if text
        .bytes()
        .all(|byte| matches!(byte, 0x20..=0x7e) && byte != b'.')
    {
        Ok(text.as_bytes().to_vec())
    } else {
        Err(Malformed::Format {
            expected: "printable ASCII without a dot as the unencoded payload",
        })
    }
}
