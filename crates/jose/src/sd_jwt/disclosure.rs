use core::fmt;

use super::Error;
use crate::alg::Hash;
use crate::backend::Backend;
use crate::base64url;
use crate::json::{Document, NodeId, Options, Value};
use crate::limits::Limits;

/// Names that no disclosure may bring in (RFC 9901 §4.2.1), the name of the hash among them.
pub(super) const RESERVED: [&str; 3] = ["_sd", "...", "_sd_alg"];

/// A disclosed claim or array element: `[salt, name, value]` or `[salt, value]`
/// (RFC 9901 §4.2.1, §4.2.2).
#[derive(Clone)]
pub struct Disclosure<'t> {
    text: &'t str,
    document: Document<'static>,
    salt: NodeId,
    name: Option<NodeId>,
    value: NodeId,
}

impl<'t> Disclosure<'t> {
    pub(super) fn parse(text: &'t str, index: usize, limits: &Limits) -> Result<Self, Error> {
        let refused = |problem| Error::Disclosure { index, problem };
        let json = base64url::decode(text).map_err(|_| refused("is not base64url"))?;
        let options = Options {
            max_depth: limits.json_depth,
            max_len: limits.token_bytes,
            ..Options::strict()
        };
        let document =
            Document::from_vec(json, &options).map_err(|_| refused("is not acceptable JSON"))?;
        let unlike = || refused("is not an array of a salt, perhaps a name, and a value");
        let mut items = document.root().as_array().ok_or_else(unlike)?.into_iter();
        let (Some(salt), Some(second), third, None) =
            (items.next(), items.next(), items.next(), items.next())
        else {
            return Err(unlike());
        };
        let (name, value) = match third {
            Some(value) => (Some(second), value),
            None => (None, second),
        };
        if salt.as_str().is_none() || name.is_some_and(|name| name.as_str().is_none()) {
            return Err(unlike());
        }
        if name
            .and_then(Value::as_str)
            .is_some_and(|name| RESERVED.contains(&name))
        {
            return Err(refused("has a reserved name"));
        }
        let (salt, name, value) = (salt.id(), name.map(Value::id), value.id());
        Ok(Self {
            text,
            document,
            salt,
            name,
            value,
        })
    }

    /// The text as it was sent.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The salt.
    pub fn salt(&self) -> &str {
        self.document
            .value_at(self.salt)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The name of the claim; `None` for an array element.
    pub fn name(&self) -> Option<&str> {
        self.document.value_at(self.name?)?.as_str()
    }

    /// The value. It may hold digests of further disclosures.
    pub fn value(&self) -> Option<Value<'_>> {
        self.document.value_at(self.value)
    }

    /// The digest that stands for it (RFC 9901 §4.2.3).
    pub fn digest(&self, hash: Hash, backend: &dyn Backend) -> String {
        digest(self.text, hash, backend)
    }
}

/// Over the base64url text, so that nobody has to write JSON in the same way twice.
pub(super) fn digest(text: &str, hash: Hash, backend: &dyn Backend) -> String {
    base64url::encode(backend.digest(hash, text.as_bytes()).as_ref())
}

/// Leaves what is disclosed out.
impl fmt::Debug for Disclosure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Disclosure({} bytes)", self.text.len())
    }
}
