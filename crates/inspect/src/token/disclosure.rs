//! SD-JWTs (RFC 9901): each disclosure with the digest that stands for it, and the claims as they
//! read once everything disclosed is in its place.
//!
//! The core puts the claims together, strictly; here is told what each part is, also where the
//! core refuses.

use std::collections::BTreeMap;

use jeton_jose::Limits;
use jeton_jose::alg::Hash;
use jeton_jose::backend::{Backend, RustCrypto};
use jeton_jose::base64url;
use jeton_jose::json::{Document, RawJson, Value};
use jeton_jose::sd_jwt;
use serde::Serialize;

use super::describe::describe;
use super::nested::walk;
use super::read::{MAX_DISCLOSURES, Piece};
use super::{Described, Options};
use crate::find::{Found, MAX_TEXT};
use crate::finding::PartName;

/// More repeated digests are not told.
const MAX_REPEATED: usize = 16;

/// What an SD-JWT discloses, and what it keeps back. Nothing of it is verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Disclosing {
    /// The hash of the digests by its registered name, `sha-256` where the token does not say.
    pub hash: String,
    /// The disclosures in their order.
    pub disclosures: Vec<Disclosed>,
    /// How many digests no disclosure here belongs to: of claims kept back, or decoys.
    pub undisclosed: usize,
    /// Digests that stand more than once.
    pub repeated: Vec<Spot>,
    /// What proves that the holder presents it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_binding: Option<KeyBinding>,
    /// The claims with what is disclosed in its place and no digests, explained.
    pub claims: Vec<Described>,
    /// The same as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json: Option<RawJson>,
    /// Why the claims cannot be put together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// One disclosure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Disclosed {
    /// Its salt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// The claim's name; none for an element of an array.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The value; none if the disclosure cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<RawJson>,
    /// Its digest; none if the hash is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Where its digest stands; none if nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest_at: Option<Spot>,
    /// Where it goes: JSON pointer in the claims as put together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

/// Where a digest stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Spot {
    /// In which disclosure, counted from 0; in the payload, if none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disclosure: Option<usize>,
    /// JSON pointer in it.
    pub pointer: String,
}

/// The key-binding JWT, as far as it shows without a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyBinding {
    /// Its `sd_hash`, if it is a string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sd_hash: Option<String>,
    /// Whether that is the hash of this presentation.
    pub fits: bool,
}

/// Tells what the pieces of an SD-JWT are to each other.
pub(super) fn read(
    found: &Found,
    pieces: &[Piece],
    documents: &[Option<&Document<'_>>],
    options: &Options,
) -> Disclosing {
    let of = |name| {
        let pairs = pieces.iter().zip(documents);
        pairs.filter(move |(piece, _)| piece.name == name)
    };
    let payload = of(PartName::Payload).find_map(|(_, document)| *document);
    let stated = payload.and_then(|payload| payload.root().as_object()?.get("_sd_alg"));
    let name = stated.map_or(Some("sha-256"), Value::as_str);
    let hash = name.and_then(known);
    let mut spots = Spots::default();
    if let Some(payload) = payload {
        spots.collect(None, payload.root());
    }
    let parts: Vec<_> = of(PartName::Disclosure).collect();
    for (index, (_, document)) in parts.iter().enumerate() {
        if let Some(value) = document.and_then(|document| fields(document).map(|(.., value)| value))
        {
            spots.collect(Some(index), value);
        }
    }
    let mut disclosures: Vec<_> = parts
        .iter()
        .map(|(piece, document)| spots.disclosed(piece, **document, hash))
        .collect();
    let placed = disclosures.iter().filter(|one| one.digest_at.is_some());
    let undisclosed = spots.first.len().saturating_sub(placed.count());
    let (json, fault) = match rebuild(&found.text) {
        Ok((json, pointers)) => {
            for (disclosed, pointer) in disclosures.iter_mut().zip(pointers) {
                disclosed.pointer = Some(pointer);
            }
            (Some(json), None)
        }
        Err(error) => (None, Some(error.to_string())),
    };
    let claims = json.as_ref().map(|json| {
        let piece = Piece::plain(PartName::Payload, None, 0..0, "");
        describe(&piece, json, options)
    });
    let proof = of(PartName::KeyBinding).next();
    Disclosing {
        hash: name.unwrap_or_default().to_owned(),
        disclosures,
        undisclosed,
        repeated: spots.repeated,
        key_binding: proof.map(|(piece, _)| key_binding(&piece.text, &found.text, hash)),
        claims: claims.unwrap_or_default(),
        json: json.as_ref().map(|json| json.root().into()),
        fault,
    }
}

/// The hash of a registered name, as far as the core has it.
fn known(name: &str) -> Option<Hash> {
    [Hash::Sha256, Hash::Sha384, Hash::Sha512]
        .into_iter()
        .find(|hash| hash.registry_name() == name)
}

/// Salt, name and value.
fn fields<'d>(document: &'d Document<'_>) -> Option<(Value<'d>, Option<Value<'d>>, Value<'d>)> {
    let items: Vec<_> = document.root().as_array()?.iter().take(4).collect();
    match items[..] {
        [salt, value] => Some((salt, None, value)),
        [salt, name, value] => Some((salt, Some(name), value)),
        _ => None,
    }
}

/// Where the digests stand.
#[derive(Default)]
struct Spots {
    first: BTreeMap<String, Spot>,
    repeated: Vec<Spot>,
}

impl Spots {
    fn collect(&mut self, disclosure: Option<usize>, root: Value<'_>) {
        let mut pointer = String::new();
        walk(root, &mut pointer, &mut |pointer, value| {
            let Some(object) = value.as_object() else {
                return;
            };
            let hidden = object.get("_sd").and_then(Value::as_array);
            for (index, digest) in hidden.into_iter().flatten().enumerate() {
                let pointer = format!("{pointer}/_sd/{index}");
                self.add(
                    digest,
                    Spot {
                        disclosure,
                        pointer,
                    },
                );
            }
            if let Some(digest) = object.get("...") {
                let pointer = format!("{pointer}/...");
                self.add(
                    digest,
                    Spot {
                        disclosure,
                        pointer,
                    },
                );
            }
        });
    }

    fn add(&mut self, digest: Value<'_>, spot: Spot) {
        let Some(digest) = digest.as_str() else {
            return;
        };
        if self.first.contains_key(digest) {
            if self.repeated.len() < MAX_REPEATED {
                self.repeated.push(spot);
            }
        } else {
            self.first.insert(digest.to_owned(), spot);
        }
    }

    fn disclosed(
        &self,
        piece: &Piece,
        document: Option<&Document<'_>>,
        hash: Option<Hash>,
    ) -> Disclosed {
        let fields = document.and_then(fields);
        let digest = hash.map(|hash| digest(hash, &piece.text));
        Disclosed {
            salt: fields.and_then(|(salt, ..)| Some(salt.as_str()?.to_owned())),
            name: fields.and_then(|(_, name, _)| Some(name?.as_str()?.to_owned())),
            value: fields.map(|(.., value)| value.into()),
            digest_at: digest
                .as_ref()
                .and_then(|digest| self.first.get(digest).cloned()),
            digest,
            pointer: None,
        }
    }
}

fn digest(hash: Hash, text: &str) -> String {
    base64url::encode(RustCrypto.digest(hash, text.as_bytes()).as_ref())
}

/// The claims as the core puts them together, and where each disclosure went.
fn rebuild(text: &str) -> Result<(Document<'static>, Vec<String>), sd_jwt::Error> {
    let limits = Limits {
        token_bytes: MAX_TEXT,
        disclosures: MAX_DISCLOSURES,
        ..Limits::default()
    };
    let token = sd_jwt::Unverified::parse(text, &limits)?;
    let (claims, pointers) = token.unverified_claims(&RustCrypto)?;
    let json = claims.text().as_bytes().to_vec();
    let options = jeton_jose::json::Options::lossless();
    let json = Document::from_vec(json, &options).map_err(jeton_jose::jwt::Error::Json)?;
    Ok((json, pointers))
}

/// Over everything up to the last tilde (RFC 9901 §4.3.1).
fn key_binding(proof: &str, text: &str, hash: Option<Hash>) -> KeyBinding {
    let payload = proof.split('.').nth(1).unwrap_or_default();
    let payload = super::decode::base64(payload).bytes;
    let document = super::decode::json(&payload).document;
    let sd_hash = document
        .as_ref()
        .and_then(|claims| claims.root().as_object()?.get("sd_hash")?.as_str());
    let presented = text.get(..text.len() - proof.len()).unwrap_or_default();
    let computed = hash.map(|hash| digest(hash, presented));
    KeyBinding {
        sd_hash: sd_hash.map(str::to_owned),
        fits: sd_hash.is_some() && sd_hash == computed.as_deref(),
    }
}

impl Spot {
    /// In words.
    pub fn words(&self) -> String {
        match self.disclosure {
            None => format!("`{}` of the payload", self.pointer),
            Some(index) => format!("`{}` of disclosure {}", self.pointer, index + 1),
        }
    }
}

#[cfg(test)]
mod tests;
