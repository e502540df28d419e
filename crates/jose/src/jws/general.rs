//! The general JSON serialization (RFC 7515 §7.2.1): one payload, several signatures.

use super::{
    Error, Header, HeaderBuilder, Malformed, Part, SignError, SignatureRules, Verified, check_size,
    decode, detached_message, verify_signature,
};
use crate::json::{self, Document, Object, Value};
use crate::key::{SigningKey, VerifyingKey, VerifyingKeySet};
use crate::limits::Limits;
use crate::malformed::{read_json, read_token};

/// A JSON JWS that nobody has verified.
#[derive(Clone)]
pub struct Unverified {
    payload: Payload,
    signatures: Vec<Signature>,
}

/// How the payload stands in the JSON text.
#[derive(Clone)]
enum Payload {
    /// The string of the `payload` member.
    Attached(String),
    /// There is no `payload` member (RFC 7515 Appendix F).
    Detached,
}

/// One entry of `signatures`.
#[derive(Clone)]
pub struct Signature {
    header: Header,
    protected_text: String,
    bytes: Vec<u8>,
}

impl Signature {
    /// This entry's header as it was sent, protected and unprotected.
    pub fn unverified_header(&self) -> &Header {
        &self.header
    }
}

impl Unverified {
    /// Reads the JSON text; the size is checked first. Unknown members are ignored, as
    /// RFC 7515 §7.2.1 asks, duplicate ones refused at every depth.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, Malformed> {
        let document = read_form(text, limits)?;
        let object = document.root().as_object().ok_or(NOT_GENERAL)?;
        let signatures = object
            .get("signatures")
            .and_then(Value::as_array)
            .ok_or(NOT_GENERAL)?;
        if object.get("signature").is_some() {
            return Err(Malformed::Format {
                expected: "`signatures` or `signature`, not both",
            });
        }
        if signatures.is_empty() || signatures.len() > limits.signatures {
            return Err(Malformed::Format {
                expected: "at least one signature and no more than the limit",
            });
        }
        let entries = signatures
            .iter()
            .map(|entry| read_signature(entry.as_object().ok_or(NOT_GENERAL)?, limits))
            .collect::<Result<Vec<_>, _>>()?;
        Self::new(object, entries)
    }

    pub(super) fn new(object: Object<'_>, signatures: Vec<Signature>) -> Result<Self, Malformed> {
        let payload = match object.get("payload") {
            Some(payload) => {
                Payload::Attached(text_member(payload, "a string as `payload`")?.to_owned())
            }
            None => Payload::Detached,
        };
        let encoded = |signature: &Signature| signature.header.base64_payload();
        // RFC 7797 §3: all signatures must read the payload the same way.
        if let [first, rest @ ..] = signatures.as_slice()
            && rest.iter().any(|other| encoded(other) != encoded(first))
        {
            return Err(Malformed::Header {
                parameter: "b64",
                problem: "differs between the signatures",
            });
        }
        if let Payload::Attached(text) = &payload
            && signatures.first().is_some_and(encoded)
        {
            decode(Part::Payload, text)?;
        }
        Ok(Self {
            payload,
            signatures,
        })
    }

    /// The entries as they were sent.
    pub fn unverified_signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// The payload as it was sent; `None` if it is detached.
    pub fn unverified_payload(&self) -> Option<Vec<u8>> {
        self.attached_payload().ok()
    }

    /// Accepts if at least one signature verifies; answers the first that does.
    pub fn verify_any(
        &self,
        keys: &VerifyingKeySet,
        rules: &SignatureRules,
    ) -> Result<Verified, Error> {
        self.any(self.attached_payload()?, keys, rules)
    }

    /// Accepts only if every signature verifies.
    pub fn verify_all(
        &self,
        keys: &VerifyingKeySet,
        rules: &SignatureRules,
    ) -> Result<Vec<Verified>, Error> {
        self.all(&self.attached_payload()?, keys, rules)
    }

    /// Like [`Unverified::verify_any`] with a payload that travelled apart.
    pub fn verify_any_detached(
        &self,
        payload: Vec<u8>,
        keys: &VerifyingKeySet,
        rules: &SignatureRules,
    ) -> Result<Verified, Error> {
        self.check_detached(&payload, rules)?;
        self.any(payload, keys, rules)
    }

    /// Like [`Unverified::verify_all`] with a payload that travelled apart.
    pub fn verify_all_detached(
        &self,
        payload: &[u8],
        keys: &VerifyingKeySet,
        rules: &SignatureRules,
    ) -> Result<Vec<Verified>, Error> {
        self.check_detached(payload, rules)?;
        self.all(payload, keys, rules)
    }

    /// What each signature says by itself, in their order: to explain what
    /// [`Unverified::verify_any`] and [`Unverified::verify_all`] decide. `detached` is the payload,
    /// if it travelled apart.
    pub fn verify_each(
        &self,
        detached: Option<&[u8]>,
        keys: &VerifyingKeySet,
        rules: &SignatureRules,
    ) -> Result<Vec<Result<VerifyingKey, Error>>, Error> {
        let own;
        let payload = if let Some(payload) = detached {
            self.check_detached(payload, rules)?;
            payload
        } else {
            own = self.attached_payload()?;
            &own
        };
        let verify = |entry: &Signature| entry.verify(payload, keys, rules);
        Ok(self.signatures.iter().map(verify).collect())
    }

    /// Several failures give the first entry's reason.
    fn any(
        &self,
        payload: Vec<u8>,
        keys: &VerifyingKeySet,
        rules: &SignatureRules,
    ) -> Result<Verified, Error> {
        let mut first_failure = None;
        for entry in &self.signatures {
            match entry.verify(&payload, keys, rules) {
                Ok(key) => {
                    return Ok(Verified {
                        header: entry.header.clone(),
                        payload,
                        key,
                    });
                }
                Err(error) => first_failure = first_failure.or(Some(error)),
            }
        }
        Err(first_failure.unwrap_or(Error::SignatureMissing))
    }

    fn all(
        &self,
        payload: &[u8],
        keys: &VerifyingKeySet,
        rules: &SignatureRules,
    ) -> Result<Vec<Verified>, Error> {
        self.signatures
            .iter()
            .map(|entry| {
                Ok(Verified {
                    key: entry.verify(payload, keys, rules)?,
                    header: entry.header.clone(),
                    payload: payload.to_vec(),
                })
            })
            .collect()
    }

    fn attached_payload(&self) -> Result<Vec<u8>, Error> {
        match &self.payload {
            Payload::Attached(text) if self.base64_payload() => Ok(decode(Part::Payload, text)?),
            Payload::Attached(text) => Ok(text.clone().into_bytes()),
            Payload::Detached => Err(Error::PayloadEncoding {
                problem: "it is detached, so it must be given",
            }),
        }
    }

    fn check_detached(&self, payload: &[u8], rules: &SignatureRules) -> Result<(), Error> {
        check_size(payload.len(), &rules.limits)?;
        match &self.payload {
            Payload::Detached => Ok(()),
            // Some write an empty payload instead of none, as the compact form does.
            Payload::Attached(text) if text.is_empty() => Ok(()),
            Payload::Attached(_) => Err(Error::PayloadEncoding {
                problem: "the token carries its own, so a detached one cannot be checked",
            }),
        }
    }

    fn base64_payload(&self) -> bool {
        self.signatures
            .first()
            .is_none_or(|entry| entry.header.base64_payload())
    }
}

impl core::fmt::Debug for Unverified {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Unverified")
            .field("signatures", &self.signatures)
            .finish_non_exhaustive()
    }
}

impl core::fmt::Debug for Signature {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.header.fmt(f)
    }
}

impl Signature {
    fn verify(
        &self,
        payload: &[u8],
        keys: &VerifyingKeySet,
        rules: &SignatureRules,
    ) -> Result<VerifyingKey, Error> {
        let message = detached_message(self.header.base64_payload(), &self.protected_text, payload);
        verify_signature(&self.header, &message, &self.bytes, keys, rules)
    }
}

/// Signs a payload under several keys. Encoded or not, all headers must agree (RFC 7797 §3).
pub fn sign(
    signers: &[(&SigningKey, &HeaderBuilder)],
    payload: &[u8],
) -> Result<String, SignError> {
    let Some((_, first)) = signers.first() else {
        return Err(SignError::Header {
            problem: "there is none, since there is no key to sign with",
        });
    };
    let unencoded = first.has_unencoded_payload();
    let mut text = String::from("{\"payload\":");
    write_payload(&mut text, payload, unencoded)?;
    text.push_str(",\"signatures\":[");
    for (position, (key, header)) in signers.iter().enumerate() {
        if header.has_unencoded_payload() != unencoded {
            return Err(SignError::Header {
                problem: "all signatures must encode the payload the same way",
            });
        }
        text.push_str(if position == 0 { "{" } else { ",{" });
        write_signature(&mut text, key, header, payload)?;
        text.push('}');
    }
    text.push_str("]}");
    Ok(text)
}

pub(super) fn write_payload(
    text: &mut String,
    payload: &[u8],
    unencoded: bool,
) -> Result<(), SignError> {
    if unencoded {
        let payload = core::str::from_utf8(payload).map_err(|_| SignError::PayloadEncoding)?;
        json::write_string(text, payload);
    } else {
        text.push('"');
        crate::base64url::encode_to(payload, text);
        text.push('"');
    }
    Ok(())
}

pub(super) fn write_signature(
    text: &mut String,
    key: &SigningKey,
    header: &HeaderBuilder,
    payload: &[u8],
) -> Result<(), SignError> {
    let protected = header.encode(key);
    let mut signature = Vec::new();
    let message = detached_message(!header.has_unencoded_payload(), &protected, payload);
    key.sign(&message, &mut signature)?;
    text.push_str("\"protected\":\"");
    text.push_str(&protected);
    text.push_str("\",\"signature\":\"");
    crate::base64url::encode_to(&signature, text);
    text.push('"');
    Ok(())
}

pub(super) fn read_form<'t>(text: &'t str, limits: &Limits) -> Result<Document<'t>, Malformed> {
    let document = read_token(text, limits)?;
    // RFC 7516 §9 tells a JWE by this member; what has the members of both is neither.
    match document.root().as_object() {
        Some(object) if object.get("ciphertext").is_some() => Err(Malformed::Encrypted),
        _ => Ok(document),
    }
}

pub(super) fn read_signature(entry: Object<'_>, limits: &Limits) -> Result<Signature, Malformed> {
    let signature = entry.get("signature").ok_or(Malformed::Format {
        expected: "a `signature` member",
    })?;
    let protected_text = match entry.get("protected") {
        Some(value) => text_member(value, "a string as `protected`")?,
        None => "",
    };
    let mut header = if protected_text.is_empty() {
        Header::without_protected()?
    } else {
        Header::parse(decode(Part::Header, protected_text)?, limits)?
    };
    if let Some(unprotected) = entry.get("header") {
        let text = unprotected.source().as_bytes().to_vec();
        let document = read_json(Part::Header, text, limits)?;
        header = header.with_unprotected(document)?;
    }
    Ok(Signature {
        header,
        protected_text: protected_text.to_owned(),
        bytes: decode(
            Part::Signature,
            text_member(signature, "a string as `signature`")?,
        )?,
    })
}

fn text_member<'d>(value: Value<'d>, expected: &'static str) -> Result<&'d str, Malformed> {
    value.as_str().ok_or(Malformed::Format { expected })
}

const NOT_GENERAL: Malformed = Malformed::Format {
    expected: "a JSON object with `signatures`, an array of objects",
};
