//! The doctor of published keys: what is wrong or odd with a JWK Set (RFC 7517), or with one JWK.
//!
//! It reads losslessly, so that a set that a strict reader refuses is still explained, and reports
//! no key bytes. To add a check, add it where its subject is: one key (`key`), its declared use
//! (`usage`), the numbers (`roca`), or the set as a whole (here).

mod key;
mod roca;
#[cfg(test)]
mod tests;
mod usage;

use jeton_jose::backend::Backend;
use jeton_jose::json::{self, Document, Object, Options, Value};
use serde::Serialize;

use crate::finding::{Finding, FindingCode, PartName, Place};

pub use roca::has_fingerprint as has_roca_fingerprint;

/// Longest text in bytes.
const LONGEST_TEXT: usize = 1 << 20;
/// Most keys that are examined.
const MOST_KEYS: usize = 500;
/// Most duplicate member names that are reported.
const MOST_DUPLICATES: usize = 50;

/// Examines a JWK Set or a single JWK of up to 1 MiB; of a set, the first 500 keys.
///
/// # Errors
/// The text is not JSON, even read losslessly. Whatever is wrong with JSON that is no key is a
/// finding.
pub fn examine(json: &[u8], backend: &dyn Backend) -> Result<KeySetReport, json::Error> {
    let options = Options {
        max_len: LONGEST_TEXT,
        ..Options::lossless()
    };
    let document = Document::parse(json, &options)?;
    let root = document.root();
    let list = root.as_object().and_then(|object| object.get("keys"));
    let mut findings = Vec::new();
    duplicate_names(root, &mut String::new(), &mut findings);
    let (form, members) = match list.map(Value::as_array) {
        None => (Form::Key, vec![root]),
        Some(Some(list)) => (Form::Set, list.iter().take(MOST_KEYS).collect()),
        Some(None) => (Form::Set, Vec::new()),
    };
    if list.is_some_and(|list| list.as_array().is_none()) {
        let message = "`keys` is not an array";
        findings.push(Finding::new(FindingCode::KeyUnusable, message).at(at(root, "/keys")));
    }
    let keys: Vec<KeyReport> = members
        .into_iter()
        .enumerate()
        .map(|(index, member)| {
            let pointer = match form {
                Form::Key => String::new(),
                Form::Set => format!("/keys/{index}"),
            };
            key::examine(index, member, &pointer, backend)
        })
        .collect();
    let total = list
        .and_then(Value::as_array)
        .map_or(keys.len(), json::Array::len);
    if form == Form::Set {
        judge_set(&keys, &mut findings);
    }
    Ok(KeySetReport {
        form,
        left_out: total.saturating_sub(keys.len()),
        keys,
        findings,
    })
}

/// What is to be said of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeySetReport {
    /// Whether it is a set.
    pub form: Form,
    /// Each member, unreadable ones included.
    pub keys: Vec<KeyReport>,
    /// How many members were not examined because there are too many.
    pub left_out: usize,
    /// What concerns the set as a whole.
    pub findings: Vec<Finding>,
}

/// What was examined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A single JWK.
    Key,
    /// A JWK Set.
    Set,
}

/// What is to be said of one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyReport {
    /// Its position in the set, from 0.
    pub index: usize,
    /// Its `kid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// Its `kty`, known or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kty: Option<String>,
    /// Its `crv`, known or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// Size of the modulus, the curve or the secret, if the key can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bits: Option<usize>,
    /// Its `alg`, known or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// Its `use`.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub key_use: Option<String>,
    /// Its `key_ops`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_ops: Option<Vec<String>>,
    /// The signature algorithms it serves by its form, `alg`, `use` and `key_ops`.
    pub algorithms: Vec<&'static str>,
    /// Its RFC 7638 thumbprint with SHA-256. Not that of a secret, which would let anyone confirm
    /// a guess of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbprint: Option<String>,
    /// Whether it holds private or secret members.
    pub private: bool,
    /// What is wrong or odd.
    pub findings: Vec<Finding>,
}

fn judge_set(keys: &[KeyReport], findings: &mut Vec<Finding>) {
    if keys.is_empty() {
        findings.push(Finding::new(FindingCode::SetEmpty, "the set has no key"));
        return;
    }
    duplicate_kids(keys, findings);
    let (secret, public): (Vec<_>, Vec<_>) = keys
        .iter()
        .filter(|key| key.kty.is_some())
        .partition(|key| key.kty.as_deref() == Some("oct"));
    if let (Some(secret), Some(public)) = (secret.first(), public.first()) {
        let message = format!(
            "key {} is a secret and key {} is not, in one set",
            secret.index, public.index
        );
        findings.push(Finding::new(FindingCode::SetMixed, message));
    }
    let signing: Vec<_> = keys
        .iter()
        .filter(|key| !key.algorithms.is_empty())
        .collect();
    if let [only] = signing[..] {
        let message = format!(
            "key {} is the only one that signs: there is no next key yet",
            only.index
        );
        findings.push(Finding::new(FindingCode::RotationNotReady, message));
    }
}

/// The same `kid` on keys for other algorithms is tolerable, and still a trap (RFC 7517 §4.5).
fn duplicate_kids(keys: &[KeyReport], findings: &mut Vec<Finding>) {
    let mut named: Vec<(&str, usize)> = keys
        .iter()
        .filter_map(|key| Some((key.kid.as_deref()?, key.index)))
        .collect();
    named.sort_unstable();
    for group in named.chunk_by(|one, two| one.0 == two.0) {
        if let [_, (_, second), ..] = group {
            let indices: Vec<_> = group.iter().map(|(_, index)| index.to_string()).collect();
            let message = format!("keys {} share a `kid`", indices.join(", "));
            let place = Place {
                part: PartName::Key,
                bytes: None,
                pointer: Some(format!("/keys/{second}/kid")),
            };
            findings.push(Finding::new(FindingCode::KidDuplicate, message).at(place));
        }
    }
}

/// Members whose name stands earlier in the same object. Recursion is bounded by the reader.
fn duplicate_names(value: Value<'_>, pointer: &mut String, findings: &mut Vec<Finding>) {
    if findings.len() >= MOST_DUPLICATES {
        return;
    }
    let depth = pointer.len();
    if let Some(list) = value.as_array() {
        for (index, element) in list.iter().enumerate() {
            pointer.push('/');
            pointer.push_str(&index.to_string());
            duplicate_names(element, pointer, findings);
            pointer.truncate(depth);
        }
    }
    let Some(object) = value.as_object() else {
        return;
    };
    let mut second: Vec<_> = second_names(object);
    second.truncate(MOST_DUPLICATES - findings.len());
    for (name, bytes) in second {
        let place = Place {
            part: PartName::Key,
            bytes: Some(bytes),
            pointer: Some(format!("{pointer}/{}", escaped(name))),
        };
        let message = "a member name occurs twice; a strict reader refuses the whole text";
        findings.push(Finding::new(FindingCode::DuplicateName, message).at(place));
    }
    for member in object {
        if matches!(member.value.kind(), json::Kind::Array | json::Kind::Object) {
            pointer.push('/');
            pointer.push_str(&escaped(member.name));
            duplicate_names(member.value, pointer, findings);
            pointer.truncate(depth);
        }
    }
}

fn second_names(object: Object<'_>) -> Vec<(&str, json::Span)> {
    let mut names: Vec<_> = object
        .iter()
        .map(|member| (member.name, member.name_span))
        .collect();
    names.sort_by_key(|(name, _)| *name);
    names
        .chunk_by(|one, two| one.0 == two.0)
        .flat_map(|same| same.iter().skip(1).cloned())
        .collect()
}

/// A name as RFC 6901 writes it.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The place of a value.
fn at(value: Value<'_>, pointer: impl Into<String>) -> Place {
    Place {
        part: PartName::Key,
        bytes: Some(value.span()),
        pointer: Some(pointer.into()),
    }
}
