//! JSON in a text: the JSON forms of tokens, keys, and whatever its strings hold.

use core::ops::Range;

use jeton_jose::json::{Document, Kind as JsonKind, Object, Options, Value};

use super::{Found, Kind, MAX_FOUND, Source, scan};

/// Levels of JSON in strings of JSON.
const MAX_DEPTH: usize = 3;
/// A shorter string is no token.
const SHORTEST: usize = 8;

/// The end of the array or object that `bytes` begin with, and how many bytes were read to know.
pub(super) fn end(bytes: &[u8], budget: usize) -> (Option<usize>, usize) {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate().take(budget) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return (Some(at + 1), at + 1);
                }
            }
            _ => {}
        }
    }
    (None, bytes.len().min(budget))
}

/// Adds what is in the JSON at `span`; `None` if it is no JSON.
pub(super) fn find(
    text: &str,
    span: Range<usize>,
    depth: usize,
    found: &mut Vec<Found>,
) -> Option<()> {
    let source = text.get(span.clone())?;
    let document = Document::parse(source.as_bytes(), &Options::lossless()).ok()?;
    let whole = depth == 0 && text.trim().len() == source.len();
    let mut walk = Walk {
        start: span.start,
        depth,
        whole,
        pointer: String::new(),
        found,
    };
    walk.value(document.root());
    Some(())
}

/// The form of an object; `None` if it is neither token nor key.
fn kind_of(object: Object<'_>) -> Option<Kind> {
    let has = |name, kind| object.get(name).is_some_and(|value| value.kind() == kind);
    if has("ciphertext", JsonKind::String) {
        return Some(if has("recipients", JsonKind::Array) {
            Kind::GeneralJwe
        } else {
            Kind::FlattenedJwe
        });
    }
    if has("signatures", JsonKind::Array) {
        return Some(Kind::GeneralJws);
    }
    if has("signature", JsonKind::String)
        && (has("payload", JsonKind::String) || has("protected", JsonKind::String))
    {
        return Some(Kind::FlattenedJws);
    }
    if has("kty", JsonKind::String) {
        return Some(Kind::Jwk);
    }
    let keys = object.get("keys")?.as_array()?;
    let is_key = |value: Value<'_>| {
        value
            .as_object()
            .is_some_and(|key| key.get("kty").is_some())
    };
    (keys.iter().any(is_key) || (keys.is_empty() && object.len() == 1)).then_some(Kind::JwkSet)
}

struct Walk<'f> {
    /// Where the JSON starts in the text.
    start: usize,
    depth: usize,
    /// The JSON is all there is.
    whole: bool,
    pointer: String,
    found: &'f mut Vec<Found>,
}

impl Walk<'_> {
    /// Recursion is bounded by the depth that the reader admits.
    fn value(&mut self, value: Value<'_>) {
        if self.found.len() >= MAX_FOUND {
            return;
        }
        if let Some(object) = value.as_object() {
            match kind_of(object) {
                Some(kind) => self.object(value, kind),
                None => self.members(object),
            }
        } else if let Some(array) = value.as_array() {
            for (index, element) in array.iter().enumerate() {
                self.inside(&index.to_string(), |walk| walk.value(element));
            }
        } else if let Some(contents) = value.as_str() {
            self.string(value, contents, None);
        }
    }

    fn object(&mut self, value: Value<'_>, kind: Kind) {
        let source = if self.pointer.is_empty() && self.whole {
            Source::Whole
        } else if self.pointer.is_empty() {
            Source::Bare
        } else {
            self.member()
        };
        self.found.push(Found {
            span: self.start + value.span().start..self.start + value.span().end,
            kind,
            source,
            text: value.source().to_owned(),
            repairs: Vec::new(),
        });
    }

    fn members(&mut self, object: Object<'_>) {
        let archived = archived(object, &self.pointer);
        for member in object {
            let contents = member.value.as_str().filter(|_| member.name == "value");
            self.inside(member.name, |walk| match (&archived, contents) {
                (Some(source), Some(contents)) => {
                    walk.string(member.value, contents, Some(source));
                }
                _ => walk.value(member.value),
            });
        }
    }

    /// Looks into a string; `archived` is where it stood, if the JSON says so.
    fn string(&mut self, value: Value<'_>, contents: &str, archived: Option<&Source>) {
        if contents.len() < SHORTEST || self.depth >= MAX_DEPTH {
            return;
        }
        let span = value.span();
        let verbatim = span.len() == contents.len() + 2;
        for mut found in scan::scan_string(contents, self.depth + 1) {
            let start = self.start + span.start + 1;
            found.span = if verbatim {
                start + found.span.start..start + found.span.end
            } else {
                self.start + span.start..self.start + span.end
            };
            if matches!(found.source, Source::Whole | Source::Bare) {
                found.source = archived.cloned().unwrap_or_else(|| self.member());
            } else if let Source::JsonMember { pointer } = &mut found.source {
                pointer.insert_str(0, &self.pointer);
            }
            self.found.push(found);
        }
        self.found.truncate(MAX_FOUND);
    }

    fn member(&self) -> Source {
        Source::JsonMember {
            pointer: self.pointer.clone(),
        }
    }

    fn inside(&mut self, name: &str, look: impl FnOnce(&mut Self)) {
        let len = self.pointer.len();
        push_pointer(&mut self.pointer, name);
        look(self);
        self.pointer.truncate(len);
    }
}

/// Appends a reference token to a JSON pointer (RFC 6901 §3).
pub(crate) fn push_pointer(pointer: &mut String, name: &str) {
    pointer.push('/');
    for character in name.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            _ => pointer.push(character),
        }
    }
}

/// Where the value of an entry of an HTTP archive stood: `{"name": .., "value": ..}` in a list that
/// says of what.
fn archived(object: Object<'_>, pointer: &str) -> Option<Source> {
    let name = object.get("name")?.as_str()?.to_owned();
    let (list, _) = pointer.rsplit_once('/')?;
    match list.rsplit('/').next()? {
        "headers" => Some(Source::Header { name }),
        "cookies" => Some(Source::Cookie { name }),
        "queryString" => Some(Source::QueryParameter { name }),
        "params" => Some(Source::Parameter { name }),
        _ => None,
    }
}
