//! Explains the members of headers, claims and keys.

use jeton_jose::Algorithm;
use jeton_jose::base64url::decoded_len;
use jeton_jose::json::{Document, RawJson, Value};
use jeton_jose::key::Certificate;

use super::read::Piece;
use super::validity::Time;
use super::{Described, Options};
use crate::find::push_pointer;
use crate::finding::PartName;
use crate::moment::{counted, relative, span, utc};
use crate::names::{self, ClaimKind, Name, ValueKind};

/// More members of one object are not described.
const MAX_MEMBERS: usize = 1024;

/// The outermost members of a piece's JSON.
pub(super) fn describe(
    piece: &Piece,
    document: &Document<'_>,
    options: &Options,
) -> Vec<Described> {
    let members = document.root().as_object().into_iter().flatten();
    let mut described: Vec<Described> = Vec::with_capacity(members.size_hint().0.min(MAX_MEMBERS));
    for member in members.take(MAX_MEMBERS) {
        let row = look_up(piece.name, member.name);
        let mut pointer = String::with_capacity(member.name.len() + 1);
        push_pointer(&mut pointer, member.name);
        let duplicate = described.iter().any(|earlier| earlier.name == member.name);
        described.push(Described {
            part: piece.name,
            index: piece.index,
            name: member.name.to_owned(),
            pointer,
            span: member.name_span.start..member.value.span().end,
            value: RawJson::from(member.value),
            label: row.map_or("", |row| row.label),
            meaning: row.map_or("", |row| row.meaning),
            reference: row.map_or("", |row| row.reference),
            value_kind: row.map_or(ValueKind::Any, |row| row.kind),
            kind: row.map_or_else(
                || ClaimKind::of_unregistered(member.name),
                |_| ClaimKind::Registered,
            ),
            explained: explain(piece.name, member.name, member.value, row, options),
            duplicate,
        });
    }
    described
}

/// The row of a name in its part's table.
pub(super) fn look_up(part: PartName, name: &str) -> Option<&'static Name> {
    match part {
        PartName::Header | PartName::UnprotectedHeader => names::header_parameter(name),
        PartName::Key => names::key_member(name),
        _ => names::claim(name),
    }
}

/// A value in words, where words add something.
fn explain(
    part: PartName,
    name: &str,
    value: Value<'_>,
    row: Option<&Name>,
    options: &Options,
) -> Option<String> {
    let by_name = match part {
        PartName::Payload => claim(name, value),
        _ if name == "x5c" => chain(value, options),
        _ => parameter(name, value),
    };
    if by_name.is_some() {
        return by_name;
    }
    match row.map(|row| row.kind) {
        Some(ValueKind::Time) => return Time::read(value).map(|time| time.explain(options.now)),
        Some(ValueKind::Key) => return key(value),
        Some(ValueKind::Binary) if part == PartName::Key => return bits(name, value),
        Some(ValueKind::Words) => {
            let words = value.as_str()?.split_ascii_whitespace().count();
            return Some(counted(words as u64, "word"));
        }
        Some(ValueKind::Strings | ValueKind::StringOrStrings | ValueKind::List) => {
            let list = value.as_array()?;
            return Some(counted(list.len() as u64, "element"));
        }
        None if is_time_name(name) => {
            return match Time::read(value)? {
                Time::OutOfRange => None,
                time => Some(time.explain(options.now)),
            };
        }
        _ => {}
    }
    large(value)
}

fn claim(name: &str, value: Value<'_>) -> Option<String> {
    match name {
        "cnf" => {
            let confirmation = value.as_object()?;
            let words = [
                ("jkt", "bound to the key of DPoP proofs, by its thumbprint"),
                (
                    "x5t#S256",
                    "bound to a client certificate, by its thumbprint",
                ),
                ("jwk", "bound to the key it holds"),
                ("kid", "bound to a key by its name"),
                ("jwe", "bound to an encrypted key"),
                ("jku", "bound to a key at a URL"),
            ];
            let (_, words) = words
                .into_iter()
                .find(|(name, _)| confirmation.get(name).is_some())?;
            Some(words.to_owned())
        }
        "act" | "may_act" => {
            let actor = value.as_object()?.get("sub")?.as_str()?;
            Some(format!("acting: {actor}"))
        }
        "ttl" | "expires_in" | "max_age" | "uptime" => {
            let seconds = value.as_number()?.to_u64()?;
            Some(span(core::time::Duration::from_secs(seconds)))
        }
        _ => None,
    }
}

fn parameter(name: &str, value: Value<'_>) -> Option<String> {
    let text = value.as_str();
    match name {
        "alg" | "enc" => algorithm(text?),
        "typ" => names::token_type(text?).map(str::to_owned),
        "cty" => names::token_type(text?).map(|meaning| format!("the payload is {meaning}")),
        "zip" => (text? == "DEF").then(|| "compressed with DEFLATE".to_owned()),
        "use" => match text? {
            "sig" => Some("for signatures".to_owned()),
            "enc" => Some("for encryption".to_owned()),
            _ => None,
        },
        "b64" => Some(
            if value.as_bool()? {
                "the payload is encoded, as usual"
            } else {
                "the payload stands as it is"
            }
            .to_owned(),
        ),
        _ => None,
    }
}

/// Whose certificate it is, by its own account, and when it is valid.
fn chain(value: Value<'_>, options: &Options) -> Option<String> {
    let chain = Certificate::read_chain(value).ok()?;
    let first = chain.first()?;
    let words = |time| utc(time).unwrap_or_default();
    let (from, until) = (first.not_before(), first.not_after());
    let state = if first.is_valid_at(options.now) {
        format!("expires {}", relative(until, options.now))
    } else if options.now < from {
        format!("NOT YET VALID, {}", relative(from, options.now))
    } else {
        format!("EXPIRED {}", relative(until, options.now))
    };
    Some(format!(
        "{}: {} by {}, valid from {} to {}, {state}",
        counted(chain.len() as u64, "certificate"),
        first.unverified_subject(),
        first.unverified_issuer(),
        words(from),
        words(until),
    ))
}

fn algorithm(name: &str) -> Option<String> {
    if name == "none" {
        return Some("no signature at all".to_owned());
    }
    if let Some(algorithm) = Algorithm::from_name(name) {
        return Some(algorithm.row().note.to_owned());
    }
    names::algorithm(name).map(|row| row.note.to_owned())
}

fn key(value: Value<'_>) -> Option<String> {
    let key = value.as_object()?;
    let text = |name| key.get(name).and_then(Value::as_str);
    let kty = text("kty")?;
    let half = match kty {
        "oct" => "secret",
        _ if key.get("d").is_some() => "private",
        _ => "public",
    };
    let size = match (text("crv"), text("n").or(text("k"))) {
        (Some(curve), _) => format!(" on {curve}"),
        (None, Some(number)) => format!(" of {} bits", decoded_len(number.len())? * 8),
        _ => String::new(),
    };
    Some(format!("{half} {kty} key{size}"))
}

fn bits(name: &str, value: Value<'_>) -> Option<String> {
    let bytes = decoded_len(value.as_str()?.len())?;
    match name {
        "e" if value.as_str()? == "AQAB" => Some("65537, the usual one".to_owned()),
        _ => Some(format!("{} bits", bytes * 8)),
    }
}

/// Names that people give to times of their own.
fn is_time_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [
        "_at",
        "_time",
        "_on",
        "expires",
        "expiry",
        "timestamp",
        "_until",
        "expiration",
    ]
    .iter()
    .any(|end| lower.ends_with(end))
}

/// A number that readers who use floating point would change.
fn large(value: Value<'_>) -> Option<String> {
    const EXACT: u128 = 1 << 53;
    let number = value.as_number()?;
    let magnitude = number
        .to_i128()
        .map(i128::unsigned_abs)
        .or_else(|| number.to_u128());
    let exact = match magnitude {
        Some(magnitude) => magnitude <= EXACT,
        None => number.text().len() <= 17,
    };
    (!exact).then(|| "more digits than floating point keeps; some readers change it".to_owned())
}
