//! Puts disclosed claims back where their digests stand (RFC 9901 §7.1, steps 3 to 5).

use std::collections::{BTreeMap, BTreeSet};

use super::{Disclosure, Error};
use crate::alg::Hash;
use crate::backend::Backend;
use crate::json::{Array, Object, Value, write_string};
use crate::jwt;

/// A payload with its disclosures in place.
pub(super) struct Rebuilt {
    /// The claims, without digests.
    pub(super) json: String,
    /// Where each disclosure went, as a JSON Pointer; all are there.
    pub(super) pointers: Vec<Option<String>>,
    /// The hash of the digests.
    pub(super) hash: Hash,
}

/// Rebuilds a payload; nothing may nest deeper than `max_depth`, disclosures included.
pub(super) fn rebuild(
    payload: Value<'_>,
    disclosures: &[Disclosure<'_>],
    max_depth: usize,
    backend: &dyn Backend,
) -> Result<Rebuilt, Error> {
    let object = payload.as_object().ok_or(jwt::Error::NotAnObject)?;
    let hash = hash(object)?;
    let mut digests = BTreeMap::new();
    for (index, disclosure) in disclosures.iter().enumerate() {
        if digests
            .insert(disclosure.digest(hash, backend), index)
            .is_some()
        {
            let problem = "is given twice";
            return Err(Error::Disclosure { index, problem });
        }
    }
    let mut work = Work {
        disclosures,
        digests,
        seen: BTreeSet::new(),
        pointers: vec![None; disclosures.len()],
        pointer: String::new(),
        max_depth,
        out: String::with_capacity(payload.source().len()),
    };
    work.object(object, 1)?;
    if let Some(index) = work.pointers.iter().position(Option::is_none) {
        let problem = "is not referenced by the token";
        return Err(Error::Disclosure { index, problem });
    }
    Ok(Rebuilt {
        json: work.out,
        pointers: work.pointers,
        hash,
    })
}

/// The hash of `_sd_alg` (RFC 9901 §4.1.1).
pub(super) fn hash(payload: Object<'_>) -> Result<Hash, Error> {
    let Some(name) = payload.get("_sd_alg") else {
        return Ok(Hash::Sha256);
    };
    [Hash::Sha256, Hash::Sha384, Hash::Sha512]
        .into_iter()
        .find(|hash| name.as_str() == Some(hash.registry_name()))
        .ok_or(digests("`_sd_alg` is not sha-256, sha-384 or sha-512"))
}

struct Work<'w> {
    disclosures: &'w [Disclosure<'w>],
    digests: BTreeMap<String, usize>,
    /// Every digest so far: none may stand twice.
    seen: BTreeSet<String>,
    pointers: Vec<Option<String>>,
    /// Where the work is.
    pointer: String,
    max_depth: usize,
    out: String,
}

impl<'w> Work<'w> {
    fn value(&mut self, value: Value<'_>, depth: usize) -> Result<(), Error> {
        if let Some(object) = value.as_object() {
            return self.object(object, depth + 1);
        }
        if let Some(array) = value.as_array() {
            return self.array(array, depth + 1);
        }
        self.out.push_str(value.source());
        Ok(())
    }

    fn object(&mut self, object: Object<'_>, depth: usize) -> Result<(), Error> {
        self.check_depth(depth)?;
        self.out.push('{');
        let mut names = BTreeSet::new();
        for member in object {
            match member.name {
                "..." => return Err(digests("`...` is not in an element of an array")),
                "_sd" => {}
                "_sd_alg" if depth == 1 => {}
                name => self.member(name, member.value, &mut names, depth)?,
            }
        }
        let hidden = object
            .get("_sd")
            .map(|list| list.as_array().ok_or(digests(NOT_A_LIST)))
            .transpose()?;
        for digest in hidden.into_iter().flatten() {
            let Some(index) = self.take(digest)? else {
                continue;
            };
            let refused = |problem| Error::Disclosure { index, problem };
            let disclosure = self.disclosure(index)?;
            let name = disclosure
                .name()
                .ok_or_else(|| refused("is of an array element, but stands for a claim"))?;
            if object.get(name).is_some() || names.contains(name) {
                return Err(refused("repeats a claim that is there already"));
            }
            let value = disclosure.value().ok_or_else(|| refused("has no value"))?;
            self.pointers_at(index, name);
            self.member(name, value, &mut names, depth)?;
        }
        self.out.push('}');
        Ok(())
    }

    fn member(
        &mut self,
        name: &str,
        value: Value<'_>,
        names: &mut BTreeSet<String>,
        depth: usize,
    ) -> Result<(), Error> {
        if !names.is_empty() {
            self.out.push(',');
        }
        names.insert(name.to_owned());
        write_string(&mut self.out, name);
        self.out.push(':');
        let parent = self.pointer.len();
        push_token(&mut self.pointer, name);
        self.value(value, depth)?;
        self.pointer.truncate(parent);
        Ok(())
    }

    fn array(&mut self, array: Array<'_>, depth: usize) -> Result<(), Error> {
        self.check_depth(depth)?;
        self.out.push('[');
        let mut position = 0_usize;
        for element in array {
            let digest = element.as_object().and_then(|object| object.get("..."));
            let (value, index) = match digest {
                None => (element, None),
                Some(digest) => {
                    if element.as_object().is_some_and(|object| object.len() != 1) {
                        return Err(digests("`...` stands beside other members"));
                    }
                    let Some(index) = self.take(digest)? else {
                        continue;
                    };
                    let refused = |problem| Error::Disclosure { index, problem };
                    let disclosure = self.disclosure(index)?;
                    if disclosure.name().is_some() {
                        return Err(refused("is of a claim, but stands for an array element"));
                    }
                    let value = disclosure.value().ok_or_else(|| refused("has no value"))?;
                    (value, Some(index))
                }
            };
            let token = position.to_string();
            if let Some(index) = index {
                self.pointers_at(index, &token);
            }
            if position > 0 {
                self.out.push(',');
            }
            position += 1;
            let parent = self.pointer.len();
            push_token(&mut self.pointer, &token);
            self.value(value, depth)?;
            self.pointer.truncate(parent);
        }
        self.out.push(']');
        Ok(())
    }

    /// The disclosure that a digest stands for; `None` for one that was kept back, or a decoy.
    fn take(&mut self, digest: Value<'_>) -> Result<Option<usize>, Error> {
        let digest = digest.as_str().ok_or(digests(NOT_A_LIST))?;
        if !self.seen.insert(digest.to_owned()) {
            return Err(digests("a digest stands twice"));
        }
        Ok(self.digests.get(digest).copied())
    }

    fn disclosure(&self, index: usize) -> Result<&'w Disclosure<'w>, Error> {
        self.disclosures.get(index).ok_or(digests(NOT_A_LIST))
    }

    fn pointers_at(&mut self, index: usize, token: &str) {
        let mut pointer = self.pointer.clone();
        push_token(&mut pointer, token);
        if let Some(slot) = self.pointers.get_mut(index) {
            *slot = Some(pointer);
        }
    }

    fn check_depth(&self, depth: usize) -> Result<(), Error> {
        if depth > self.max_depth {
            return Err(digests("disclosures nest deeper than the limit"));
        }
        Ok(())
    }
}

const NOT_A_LIST: &str = "`_sd` and `...` hold digests, which are strings";

fn digests(problem: &'static str) -> Error {
    Error::Digests { problem }
}

/// Appends a reference token (RFC 6901 §3).
pub(super) fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}
