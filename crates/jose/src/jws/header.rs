use core::fmt;
use std::collections::BTreeSet;

use super::{Error, Malformed, Part};
use crate::alg::Algorithm;
use crate::critical::{self, Critical};
use crate::json::{Document, NodeId, Value};
use crate::limits::Limits;
use crate::malformed::read_json;

/// A JOSE header (RFC 7515 §4): the protected parameters and, in the JSON forms, the others.
///
/// Every accessor but [`Header::unprotected`] and [`Header::key_id`] reads protected parameters
/// only.
#[derive(Clone)]
pub struct Header {
    protected: Document<'static>,
    unprotected: Option<Document<'static>>,
    algorithm: HeaderAlgorithm,
    key_id: Option<NodeId>,
    typ: Option<NodeId>,
    content_type: Option<NodeId>,
    critical: Option<NodeId>,
    base64_payload: bool,
}

/// What the `alg` parameter says (RFC 7515 §4.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderAlgorithm {
    /// An algorithm of the table.
    Known(Algorithm),
    /// `none`: unsigned. Never verifies.
    None,
    /// A name that is not in the table, or no string.
    Unknown,
    /// There is no protected `alg`.
    Absent,
}

impl Header {
    /// Reads the JSON text of a protected header.
    ///
    /// The types of the parameters of RFC 7515 §4.1 that are present are checked; what they mean is
    /// checked when the token is verified.
    pub(crate) fn parse(protected: Vec<u8>, limits: &Limits) -> Result<Self, Malformed> {
        Self::from_document(read_json(Part::Header, protected, limits)?)
    }

    /// The header of a JSON form that has no protected part.
    pub(crate) fn without_protected() -> Result<Self, Malformed> {
        Self::parse(b"{}".to_vec(), &Limits::default())
    }

    fn from_document(document: Document<'static>) -> Result<Self, Malformed> {
        let mut header = Self {
            algorithm: HeaderAlgorithm::Absent,
            key_id: None,
            typ: None,
            content_type: None,
            critical: None,
            base64_payload: true,
            unprotected: None,
            protected: document,
        };
        let object = header
            .protected
            .root()
            .as_object()
            .ok_or(Malformed::Header {
                parameter: "header",
                problem: "is not a JSON object",
            })?;
        for member in object {
            let value = member.value;
            match member.name {
                "alg" => header.algorithm = read_algorithm(value),
                "kid" => header.key_id = Some(string(value, "kid")?),
                "typ" => header.typ = Some(string(value, "typ")?),
                "cty" => header.content_type = Some(string(value, "cty")?),
                "crit" => header.critical = Some(value.id()),
                "b64" => {
                    header.base64_payload = value.as_bool().ok_or(Malformed::Header {
                        parameter: "b64",
                        problem: "is not a boolean",
                    })?;
                }
                _ => {}
            }
        }
        Ok(header)
    }

    /// Adds the unprotected parameters of a JSON form. Names must be disjoint (RFC 7515 §7.2.1).
    pub(crate) fn with_unprotected(
        mut self,
        unprotected: Document<'static>,
    ) -> Result<Self, Malformed> {
        let problem = |problem| Malformed::Header {
            parameter: "header",
            problem,
        };
        let object = unprotected
            .root()
            .as_object()
            .ok_or_else(|| problem("is not a JSON object"))?;
        let protected: BTreeSet<_> = self.names().collect();
        for member in object {
            if protected.contains(member.name) {
                return Err(problem("repeats a protected parameter"));
            }
            match member.name {
                "crit" => {
                    return Err(Malformed::Crit {
                        problem: "must be in the protected header",
                    });
                }
                "b64" => return Err(problem("must not hold `b64`")),
                "kid" | "typ" | "cty" => {
                    member
                        .value
                        .as_str()
                        .ok_or_else(|| problem("has a parameter that is not a string"))?;
                }
                _ => {}
            }
        }
        self.unprotected = Some(unprotected);
        Ok(self)
    }

    /// The protected `alg`.
    pub fn algorithm(&self) -> HeaderAlgorithm {
        self.algorithm
    }

    /// The `kid` (RFC 7515 §4.1.4): a hint to be compared, never a path or a query.
    ///
    /// An unprotected `kid` counts, since all it can do is choose among keys that are trusted.
    pub fn key_id(&self) -> Option<&str> {
        match self.key_id {
            Some(id) => self.protected.value_at(id)?.as_str(),
            None => self.unprotected_parameter("kid")?.as_str(),
        }
    }

    /// The `typ` (RFC 7515 §4.1.9) as written.
    pub fn typ(&self) -> Option<&str> {
        self.protected.value_at(self.typ?)?.as_str()
    }

    /// The `cty` (RFC 7515 §4.1.10) as written.
    pub fn content_type(&self) -> Option<&str> {
        self.protected.value_at(self.content_type?)?.as_str()
    }

    /// Whether the payload is base64url-encoded: `b64`, by default `true` (RFC 7797 §3).
    pub fn base64_payload(&self) -> bool {
        self.base64_payload
    }

    /// A protected parameter by name.
    pub fn get(&self, name: &str) -> Option<Value<'_>> {
        self.protected.root().as_object()?.get(name)
    }

    /// The JSON text of the protected header.
    pub fn text(&self) -> &str {
        self.protected.text()
    }

    /// The protected header as JSON.
    pub fn value(&self) -> Value<'_> {
        self.protected.root()
    }

    /// The unprotected parameters of a JSON form. No signature covers them.
    pub fn unprotected(&self) -> Option<Value<'_>> {
        self.unprotected.as_ref().map(Document::root)
    }

    /// The algorithm to verify with: protected, or unprotected where that door was opened.
    pub(crate) fn signing_algorithm(&self, allow_unprotected: bool) -> HeaderAlgorithm {
        match self.algorithm {
            HeaderAlgorithm::Absent if allow_unprotected => self
                .unprotected_parameter("alg")
                .map_or(HeaderAlgorithm::Absent, read_algorithm),
            algorithm => algorithm,
        }
    }

    /// Enforces `crit` (RFC 7515 §4.1.11) and `b64` (RFC 7797 §6). `understood` are extensions the
    /// caller implements.
    pub(crate) fn check_critical(&self, understood: &[String]) -> Result<(), Error> {
        let Some(critical) = self.critical else {
            // RFC 7797 §6: `b64` false without `crit` would be read differently by others.
            return if self.get("b64").is_some() {
                Err(crit("must list `b64`"))
            } else {
                Ok(())
            };
        };
        let critical = self
            .protected
            .value_at(critical)
            .ok_or_else(|| crit("is not an array"))?;
        match critical::check(self.value(), critical, &["b64"], understood)? {
            Critical::Unsupported => Err(Error::CritUnsupported),
            Critical::Understood if self.get("b64").is_none() => Ok(()),
            Critical::Understood if critical::lists(critical, "b64") => Ok(()),
            Critical::Understood => Err(crit("must list `b64`")),
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let object = self.protected.root().as_object();
        object.into_iter().flatten().map(|member| member.name)
    }

    fn unprotected_parameter(&self, name: &str) -> Option<Value<'_>> {
        self.unprotected()?.as_object()?.get(name)
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

fn crit(problem: &'static str) -> Error {
    Error::Malformed(Malformed::Crit { problem })
}

fn read_algorithm(value: Value<'_>) -> HeaderAlgorithm {
    match value.as_str() {
        Some("none") => HeaderAlgorithm::None,
        Some(name) => {
            Algorithm::from_name(name).map_or(HeaderAlgorithm::Unknown, HeaderAlgorithm::Known)
        }
        None => HeaderAlgorithm::Unknown,
    }
}

fn string(value: Value<'_>, parameter: &'static str) -> Result<NodeId, Malformed> {
    match value.as_str() {
        Some(_) => Ok(value.id()),
        None => Err(Malformed::Header {
            parameter,
            problem: "is not a string",
        }),
    }
}
