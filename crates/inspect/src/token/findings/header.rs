//! Header parameters: the algorithm, the type, keys and where they are to be fetched, extensions.

use jeton_jose::Algorithm;
use jeton_jose::alg::Family;
use jeton_jose::json::{Object, Value};
use jeton_jose::key::Certificate;

use super::{Sink, View, member, part, shown};
use crate::finding::{FindingCode, PartName, Severity};
use crate::moment::relative;
use crate::names::{self, Standing};
use crate::token::read::Piece;

/// Types whose header carries the key on purpose.
const CARRIES_KEY: &[&str] = &["dpop+jwt", "openid4vci-proof+jwt"];

pub(super) fn findings(view: &View<'_>, sink: &mut Sink) {
    if view.is_key() {
        return;
    }
    let mut any = false;
    for (piece, header) in view.headers() {
        any = true;
        for entry in header {
            parameter(view, piece, entry.name, entry.value, sink);
        }
    }
    if any && view.parameter("alg").is_none() {
        sink.at(
            FindingCode::AlgorithmMissing,
            part(PartName::Header, None),
            "the header has no `alg`",
        );
    }
    signature(view, sink);
    repeated(view, sink);
}

fn parameter(view: &View<'_>, piece: &Piece, name: &str, value: Value<'_>, sink: &mut Sink) {
    let place = || member(piece, name, value);
    match names::header_parameter(name) {
        Some(row) if !row.kind.admits(value) => {
            let message = format!(
                "`{name}` is {}, expected {}",
                value.kind(),
                row.kind.as_str()
            );
            sink.at(FindingCode::HeaderTypeWrong, place(), message);
        }
        None => {
            if let Some(meant) = names::header_parameter_resembled(name) {
                let message = format!("`{}` looks like `{meant}`", shown(name));
                sink.at(FindingCode::HeaderNameOdd, place(), message);
            }
        }
        _ => {}
    }
    match (name, value.as_str()) {
        ("alg", Some(text)) => algorithm(view, piece, text, value, sink),
        ("typ", Some(text)) if names::token_type(text).is_none() => {
            sink.at(
                FindingCode::TypUnusual,
                place(),
                format!("`typ` is `{}`", shown(text)),
            );
        }
        ("kid", Some(text)) => {
            if let Some(look) = look_of_kid(text) {
                sink.at(
                    FindingCode::KidSuspicious,
                    place(),
                    format!("the `kid` looks like {look}"),
                );
            }
        }
        ("jku" | "x5u", Some(text)) => {
            let message = format!("`{name}` points to {}", shown(text));
            sink.at(FindingCode::KeyUrl, place(), message);
        }
        ("jwk", _) if !view.is_type(CARRIES_KEY) => embedded_key(piece, value, sink),
        ("x5c", _) => {
            sink.weighed(
                FindingCode::EmbeddedKey,
                Severity::Note,
                place(),
                "the header carries a certificate chain; it counts only as far as it leads to an authority that is trusted",
            );
            certificates(view, piece, value, sink);
        }
        ("crit", _) => {
            let names = value
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            let list: Vec<_> = names
                .take(8)
                .map(|name| format!("`{}`", shown(name)))
                .collect();
            sink.at(
                FindingCode::CriticalExtension,
                place(),
                format!("`crit` lists {}", list.join(", ")),
            );
        }
        _ => {}
    }
}

fn algorithm(view: &View<'_>, piece: &Piece, name: &str, value: Value<'_>, sink: &mut Sink) {
    let place = member(piece, "alg", value);
    let shown = shown(name);
    if name.eq_ignore_ascii_case("none") {
        let message = format!("`alg` is `{shown}`: the token is not signed");
        return sink.at(FindingCode::AlgorithmNone, place, message);
    }
    if let Some(note) = names::algorithm(name) {
        let (code, severity) = match note.standing {
            Standing::Discouraged => (FindingCode::AlgorithmDiscouraged, Severity::Warning),
            Standing::NotImplemented => (FindingCode::AlgorithmUnknown, Severity::Warning),
            Standing::KeyManagement if view.is_jwe() => return,
            _ => (FindingCode::AlgorithmUnknown, Severity::Problem),
        };
        let message = match note.standing {
            Standing::NotImplemented => format!(
                "`{shown}` is registered but not implemented here: {}",
                note.note
            ),
            Standing::Discouraged => format!("`{shown}`: {}", note.note),
            _ => format!("`{shown}` does not belong here: {}", note.note),
        };
        return sink.weighed(code, severity, place, message);
    }
    match Algorithm::from_name(name) {
        Some(Algorithm::EdDSA) => {
            sink.at(
                FindingCode::AlgorithmDeprecatedName,
                place,
                "`alg` is `EdDSA`, now called `Ed25519`",
            );
        }
        Some(algorithm) if algorithm.row().family == Family::Hmac => {
            let message =
                format!("`{shown}` uses a shared secret: whoever can verify can also sign");
            sink.at(FindingCode::AlgorithmSymmetric, place, message);
        }
        Some(_) => {}
        None => {
            let meant = Algorithm::ALL
                .iter()
                .find(|known| known.name().eq_ignore_ascii_case(name.trim()));
            let hint = meant.map_or(String::new(), |meant| {
                format!("; perhaps `{meant}` is meant")
            });
            let message = format!("`alg` is `{shown}`, which is not known{hint}");
            sink.at(FindingCode::AlgorithmUnknown, place, message);
        }
    }
}

/// Certificates that cannot be read, or are not valid at the chosen time.
fn certificates(view: &View<'_>, piece: &Piece, value: Value<'_>, sink: &mut Sink) {
    let chain = match Certificate::read_chain(value) {
        Ok(chain) => chain,
        Err(error) => {
            let place = member(piece, "x5c", value);
            return sink.at(FindingCode::CertificateUnreadable, place, error.to_string());
        }
    };
    let now = view.options.now;
    for (index, certificate) in chain.iter().enumerate() {
        if certificate.is_valid_at(now) {
            continue;
        }
        let (what, time) = if now < certificate.not_before() {
            ("becomes valid", certificate.not_before())
        } else {
            ("expired", certificate.not_after())
        };
        let message = format!(
            "certificate {} of `x5c` {what} {}",
            index + 1,
            relative(time, now)
        );
        let mut place = member(piece, "x5c", value);
        place.pointer = Some(format!("/x5c/{index}"));
        sink.at(FindingCode::CertificateNotCurrent, place, message);
    }
}

fn embedded_key(piece: &Piece, value: Value<'_>, sink: &mut Sink) {
    let private = value.as_object().is_some_and(|key| {
        ["d", "k", "p", "q"]
            .iter()
            .any(|name| key.get(name).is_some())
    });
    let place = member(piece, "jwk", value);
    if private {
        let message =
            "the header carries a private or secret key: everybody who reads the token has it";
        sink.weighed(FindingCode::EmbeddedKey, Severity::Problem, place, message);
    } else {
        sink.at(
            FindingCode::EmbeddedKey,
            place,
            "the header carries the key that it asks to be verified with",
        );
    }
}

/// What else a `kid` could be taken for by a careless reader.
fn look_of_kid(kid: &str) -> Option<&'static str> {
    let lower = kid.to_ascii_lowercase();
    let contains = |any: &[&str]| any.iter().any(|part| lower.contains(part));
    let path = contains(&["../", "..\\", "%2e%2e", "%2f"])
        || (lower.starts_with('/')
            && contains(&[
                "/dev/", "/etc/", "/proc/", "/var/", "/tmp", "/usr/", "/keys/",
            ]))
        || (lower.starts_with("c:") || lower.starts_with("\\\\"));
    if path {
        return Some("a path");
    }
    if contains(&["://"]) {
        return Some("a URL");
    }
    let query = contains(&[
        "' or",
        "'or",
        "\" or",
        "union select",
        "union all",
        "';",
        "--",
        "/*",
        "' and",
        "select ",
    ]) && contains(&["'", "\"", " ", ";"]);
    if query || kid.contains('\'') {
        return Some("a piece of SQL");
    }
    (contains(&["$(", "`", "|", "&&", "; ", "\0", "\n"])).then_some("a command")
}

/// An empty signature under an algorithm.
fn signature(view: &View<'_>, sink: &mut Sink) {
    let unsigned = view
        .parameter("alg")
        .and_then(Value::as_str)
        .is_none_or(|alg| alg.eq_ignore_ascii_case("none"));
    let empty = view
        .pieces
        .iter()
        .any(|piece| piece.name == PartName::Signature && piece.text.is_empty());
    if empty && !unsigned {
        sink.at(
            FindingCode::SignatureMissing,
            part(PartName::Signature, None),
            "the signature is empty",
        );
    }
}

/// A parameter both protected and not (RFC 7515 §7.2.1).
fn repeated(view: &View<'_>, sink: &mut Sink) {
    let protected: Vec<(Option<usize>, Object<'_>)> = view
        .headers()
        .filter(|(piece, _)| piece.name == PartName::Header)
        .map(|(piece, header)| (piece.index, header))
        .collect();
    for (piece, header) in view
        .headers()
        .filter(|(piece, _)| piece.name == PartName::UnprotectedHeader)
    {
        let same = protected
            .iter()
            .filter(|(index, _)| index.is_none() || piece.index.is_none() || *index == piece.index);
        for (_, other) in same {
            for entry in header
                .iter()
                .take(64)
                .filter(|entry| other.get(entry.name).is_some())
            {
                sink.at(
                    FindingCode::DuplicateName,
                    member(piece, entry.name, entry.value),
                    format!("`{}` is both protected and unprotected", shown(entry.name)),
                );
            }
        }
    }
}
