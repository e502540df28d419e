//! Claims: their names and types, what is missing, times.

use core::time::Duration;

use jeton_jose::json::{Array, Object, Value};

use super::{Sink, View, member, part, shown};
use crate::finding::{FindingCode, PartName, Severity};
use crate::moment::{relative, span, utc};
use crate::names::{self, ValueKind};
use crate::token::State;
use crate::token::nested::is_token;
use crate::token::read::Piece;
use crate::token::validity::{Time, seconds, state};

/// Types that are new by `iat` and their `jti` or `nonce`, or are meant to stay (RFC 9449 §4.2,
/// RFC 8417 §2.2, RFC 9901 §4.3, RFC 8225 §5).
const WITHOUT_EXPIRY: &[&str] = &[
    "dpop+jwt",
    "secevent+jwt",
    "kb+jwt",
    "openid4vci-proof+jwt",
    "passport",
    "statuslist+jwt",
    "dc+sd-jwt",
    "vc+sd-jwt",
    "vc+jwt",
    "vp+jwt",
    "sd+jwt",
    "trust-mark+jwt",
    "token-introspection+jwt",
    "svt+jwt",
    "eat+jwt",
];
/// Types that their holder makes, so that they need not name an issuer; the key tells.
const WITHOUT_ISSUER: &[&str] = &[
    "dpop+jwt",
    "kb+jwt",
    "openid4vci-proof+jwt",
    "passport",
    "statuslist+jwt",
];
/// Types that are for everybody, or whose recipient `htu` names.
const WITHOUT_AUDIENCE: &[&str] = &[
    "dpop+jwt",
    "passport",
    "statuslist+jwt",
    "dc+sd-jwt",
    "vc+sd-jwt",
    "vc+jwt",
    "sd+jwt",
    "entity-statement+jwt",
    "trust-mark+jwt",
    "trust-mark-delegation+jwt",
    "jwk-set+jwt",
    "svt+jwt",
    "eat+jwt",
];

const DAY: i64 = 86_400;

pub(super) fn findings(view: &View<'_>, sink: &mut Sink) {
    let Some((piece, claims)) = view.claims() else {
        return no_claims(view, sink);
    };
    for entry in claims {
        claim(piece, entry.name, entry.value, sink);
    }
    if !is_jwt(view, claims) {
        return;
    }
    missing(view, claims, sink);
    times(view, piece, claims, sink);
    lifetime(view, piece, claims, sink);
}

/// A JWT's payload that is neither an object nor another token (RFC 7519 §7.2).
fn no_claims(view: &View<'_>, sink: &mut Sink) {
    let Some(payload) = view
        .pieces
        .iter()
        .find(|piece| piece.name == PartName::Payload)
    else {
        return;
    };
    let nested = || core::str::from_utf8(&payload.bytes).is_ok_and(|text| is_token(text.trim()));
    // One that begins as an object has its break told already.
    let told = payload.is_json() && view.parts.iter().any(|part| part.broken.is_some());
    if view.is_type(&["JWT", "at+jwt"]) && !payload.bytes.is_empty() && !told && !nested() {
        sink.at(
            FindingCode::PartBroken,
            part(PartName::Payload, Some(0..0)),
            "the payload of a JWT must be a JSON object",
        );
    }
}

/// Whether an array has elements that stand for hidden ones (RFC 9901 §4.2.4.2).
fn hides_elements(value: Value<'_>) -> bool {
    let hides = |element: Value<'_>| {
        let object = element.as_object();
        object.is_some_and(|object| object.len() == 1 && object.get("...").is_some())
    };
    value.as_array().is_some_and(|list| list.iter().any(hides))
}

fn claim(piece: &Piece, name: &str, value: Value<'_>, sink: &mut Sink) {
    let Some(row) = names::claim(name) else {
        if let Some(meant) = names::claim_resembled(name) {
            let message = format!("`{}` looks like `{meant}`", shown(name));
            sink.at(
                FindingCode::ClaimNameOdd,
                member(piece, name, value),
                message,
            );
        }
        return;
    };
    if !row.kind.admits(value) && !hides_elements(value) {
        let message = format!(
            "`{name}` is {}, expected {}",
            value.kind(),
            row.kind.as_str()
        );
        return sink.at(
            FindingCode::ClaimTypeWrong,
            member(piece, name, value),
            message,
        );
    }
    if name == "aud" && value.as_array().is_some_and(Array::is_empty) {
        return sink.at(
            FindingCode::ClaimTypeWrong,
            member(piece, name, value),
            "`aud` is an empty list",
        );
    }
    if row.kind != ValueKind::Time {
        return;
    }
    match Time::read(value) {
        Some(Time::Finer(time, unit)) => {
            let message = format!(
                "`{name}` looks like {unit}; it would be {}",
                utc(time).unwrap_or_default()
            );
            sink.at(
                FindingCode::TimeInMilliseconds,
                member(piece, name, value),
                message,
            );
        }
        Some(Time::OutOfRange) => {
            let message = format!("`{name}` is no time between 1970 and 9999");
            sink.at(
                FindingCode::TimeOutOfRange,
                member(piece, name, value),
                message,
            );
        }
        _ => {}
    }
}

/// Whether the payload is meant to be claims: its type says so, or it has one of RFC 7519.
fn is_jwt(view: &View<'_>, claims: Object<'_>) -> bool {
    let says = view.typ().is_some_and(|typ| {
        let lower = typ.to_ascii_lowercase();
        lower.ends_with("jwt") || lower == "passport"
    });
    let has = || {
        ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"]
            .iter()
            .any(|name| claims.get(name).is_some())
    };
    says || (view.typ().is_none() && has())
}

fn missing(view: &View<'_>, claims: Object<'_>, sink: &mut Sink) {
    let absent = |name| claims.get(name).is_none();
    // Claims whose end was cut off may be among those that are missing.
    let whole = view
        .parts
        .iter()
        .all(|part| part.name != PartName::Payload || part.broken.is_none());
    if !whole {
        return;
    }
    let payload = || part(PartName::Payload, None);
    if absent("exp") && !view.is_type(WITHOUT_EXPIRY) && absent("events") {
        sink.at(FindingCode::NoExpiry, payload(), "there is no `exp`");
    }
    if absent("iss") && !view.is_type(WITHOUT_ISSUER) {
        sink.at(FindingCode::NoIssuer, payload(), "there is no `iss`");
    }
    if absent("aud") && !view.is_type(WITHOUT_AUDIENCE) {
        sink.at(FindingCode::NoAudience, payload(), "there is no `aud`");
    }
}

fn times(view: &View<'_>, piece: &Piece, claims: Object<'_>, sink: &mut Sink) {
    let (now, leeway) = (view.options.now, view.options.leeway);
    let [issued, from, until] = ["iat", "nbf", "exp"].map(|name| seconds(claims, name));
    let within = format!("within the leeway of {}", span(leeway));
    let mut tell = |code: FindingCode, name: &str, time, tolerated: bool, what: &str| {
        let Some(value) = claims.get(name) else {
            return;
        };
        let told = format!(
            "{} ({})",
            utc(time).unwrap_or_default(),
            relative(time, now)
        );
        let (severity, message) = if tolerated {
            (Severity::Note, format!("{what} {told}, {within}"))
        } else {
            (code.severity(), format!("{what} {told}"))
        };
        sink.weighed(code, severity, member(piece, name, value), message);
    };
    if let Some(time) = until.filter(|time| now >= *time) {
        let tolerated = state(None, Some(time.saturating_add(leeway)), now) == State::Accepted;
        tell(FindingCode::Expired, "exp", time, tolerated, "expired");
    }
    if let Some(time) = from.filter(|time| now < *time) {
        let tolerated = state(Some(time.saturating_sub(leeway)), None, now) == State::Accepted;
        tell(
            FindingCode::NotYetValid,
            "nbf",
            time,
            tolerated,
            "not valid before",
        );
    }
    if let Some(time) = issued.filter(|time| now < *time) {
        let tolerated = time.saturating_sub(leeway) <= now;
        tell(
            FindingCode::IssuedInFuture,
            "iat",
            time,
            tolerated,
            "issued",
        );
    }
}

fn lifetime(view: &View<'_>, piece: &Piece, claims: Object<'_>, sink: &mut Sink) {
    let (Some(until), Some(value)) = (seconds(claims, "exp"), claims.get("exp")) else {
        return;
    };
    for name in ["nbf", "iat"] {
        if seconds(claims, name).is_some_and(|from| until <= from) {
            let message = format!("`exp` is not after `{name}`");
            return sink.at(
                FindingCode::LifetimeNegative,
                member(piece, "exp", value),
                message,
            );
        }
    }
    let Some(from) = seconds(claims, "iat").or_else(|| seconds(claims, "nbf")) else {
        return;
    };
    let lives = until.seconds().saturating_sub(from.seconds());
    let (kind, usual) = kind_and_usual(view, claims);
    if lives > usual {
        let words = |seconds: i64| span(Duration::from_secs(seconds.unsigned_abs()));
        let message = format!(
            "lives {}; {kind} should not live longer than {}",
            words(lives),
            words(usual)
        );
        sink.at(
            FindingCode::LifetimeLong,
            member(piece, "exp", value),
            message,
        );
    }
}

/// What the token is, and how many seconds such a token may live without a remark.
fn kind_and_usual(view: &View<'_>, claims: Object<'_>) -> (&'static str, i64) {
    let has = |name| claims.get(name).is_some();
    let is = |wanted| {
        claims
            .get("typ")
            .and_then(Value::as_str)
            .is_some_and(|typ| wanted == typ)
    };
    if view.is_type(&["at+jwt"]) || is("Bearer") {
        return ("an access token", DAY);
    }
    if has("at_hash") || has("c_hash") || (has("nonce") && has("sub")) || is("ID") {
        return ("an ID token", DAY);
    }
    if view.is_type(&[
        "logout+jwt",
        "dpop+jwt",
        "kb+jwt",
        "oauth-authz-req+jwt",
        "client-authentication+jwt",
    ]) {
        return ("a token for one use", 3_600);
    }
    if view.is_type(WITHOUT_EXPIRY)
        || view.is_type(WITHOUT_AUDIENCE)
        || is("Refresh")
        || is("Offline")
    {
        return ("such a token", 10 * 366 * DAY);
    }
    ("a token", 30 * DAY)
}
