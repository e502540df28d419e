use core::fmt;

use super::Error;
use crate::json::{self, Array, Document, Duplicates, Elements, NodeId, Value};
use crate::limits::Limits;
use crate::time::UnixTime;

/// A JWT Claims Set (RFC 7519 §4): a JSON object without duplicate names at its top level.
///
/// The accessors of registered claims answer `None` where the claim is absent or of the wrong
/// type; verified claims never are of the wrong type.
#[derive(Clone)]
pub struct Claims {
    document: Document<'static>,
    registered: Registered,
}

/// Where the registered claims are.
#[derive(Clone, Copy, Default)]
pub(super) struct Registered {
    pub(super) issuer: Option<NodeId>,
    pub(super) subject: Option<NodeId>,
    pub(super) audience: Option<NodeId>,
    pub(super) expires_at: Option<NodeId>,
    pub(super) not_before: Option<NodeId>,
    pub(super) issued_at: Option<NodeId>,
    pub(super) jwt_id: Option<NodeId>,
}

impl Claims {
    /// Reads the JSON text of a payload.
    pub(crate) fn parse(payload: Vec<u8>, limits: &Limits) -> Result<Self, Error> {
        let options = json::Options {
            duplicates: Duplicates::RefuseTop,
            max_depth: limits.json_depth,
            max_len: limits.token_bytes,
            ..json::Options::strict()
        };
        let document = Document::from_vec(payload, &options)?;
        let object = document.root().as_object().ok_or(Error::NotAnObject)?;
        let mut registered = Registered::default();
        for member in object {
            let slot = match member.name {
                "iss" => &mut registered.issuer,
                "sub" => &mut registered.subject,
                "aud" => &mut registered.audience,
                "exp" => &mut registered.expires_at,
                "nbf" => &mut registered.not_before,
                "iat" => &mut registered.issued_at,
                "jti" => &mut registered.jwt_id,
                _ => continue,
            };
            *slot = Some(member.value.id());
        }
        Ok(Self {
            document,
            registered,
        })
    }

    /// `iss` (RFC 7519 §4.1.1).
    pub fn issuer(&self) -> Option<&str> {
        self.at(self.registered.issuer)?.as_str()
    }

    /// `sub` (RFC 7519 §4.1.2).
    pub fn subject(&self) -> Option<&str> {
        self.at(self.registered.subject)?.as_str()
    }

    /// `aud` (RFC 7519 §4.1.3): a string counts as a list of one.
    pub fn audiences(&self) -> Audiences<'_> {
        let audience = self.at(self.registered.audience);
        Audiences {
            one: audience.and_then(Value::as_str),
            list: audience.and_then(Value::as_array).map(Array::iter),
        }
    }

    /// `exp` (RFC 7519 §4.1.4).
    pub fn expires_at(&self) -> Option<UnixTime> {
        self.time(self.registered.expires_at)
    }

    /// `nbf` (RFC 7519 §4.1.5).
    pub fn not_before(&self) -> Option<UnixTime> {
        self.time(self.registered.not_before)
    }

    /// `iat` (RFC 7519 §4.1.6).
    pub fn issued_at(&self) -> Option<UnixTime> {
        self.time(self.registered.issued_at)
    }

    /// `jti` (RFC 7519 §4.1.7).
    pub fn jwt_id(&self) -> Option<&str> {
        self.at(self.registered.jwt_id)?.as_str()
    }

    /// Any claim by name.
    pub fn get(&self, name: &str) -> Option<Value<'_>> {
        self.value().as_object()?.get(name)
    }

    /// A claim inside claims: `["realm_access", "roles"]`. Paths are lists, since names may hold
    /// dots and slashes.
    pub fn nested<S: AsRef<str>>(&self, path: &[S]) -> Option<Value<'_>> {
        path.iter().try_fold(self.value(), |value, name| {
            value.as_object()?.get(name.as_ref())
        })
    }

    /// Whether a name on the path stands twice in its object, so that readers could disagree.
    pub(super) fn repeats(&self, path: &[String]) -> bool {
        let mut value = Some(self.value());
        for name in path {
            let Some(object) = value.and_then(Value::as_object) else {
                return false;
            };
            let mut hits = object.iter().filter(|member| member.name == name);
            value = hits.next().map(|member| member.value);
            if hits.next().is_some() {
                return true;
            }
        }
        false
    }

    /// The whole object.
    pub fn value(&self) -> Value<'_> {
        self.document.root()
    }

    /// The JSON text, byte for byte as it was signed.
    pub fn text(&self) -> &str {
        self.document.text()
    }

    /// The claims as a type of the caller's.
    pub fn deserialize<'d, T: serde::Deserialize<'d>>(
        &'d self,
    ) -> Result<T, json::DeserializeError> {
        json::from_value(self.value())
    }

    pub(super) fn registered(&self) -> &Registered {
        &self.registered
    }

    pub(super) fn at(&self, id: Option<NodeId>) -> Option<Value<'_>> {
        self.document.value_at(id?)
    }

    pub(super) fn time(&self, id: Option<NodeId>) -> Option<UnixTime> {
        UnixTime::from_numeric_date(self.at(id)?.as_number()?.text())
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Claims({} bytes)", self.text().len())
    }
}

/// The audiences of a token.
#[derive(Clone)]
pub struct Audiences<'c> {
    one: Option<&'c str>,
    list: Option<Elements<'c>>,
}

impl<'c> Iterator for Audiences<'c> {
    type Item = &'c str;

    fn next(&mut self) -> Option<&'c str> {
        match &mut self.list {
            Some(list) => list.next()?.as_str(),
            None => self.one.take(),
        }
    }
}

impl fmt::Debug for Audiences<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Audiences").finish_non_exhaustive()
    }
}
