//! Which requests carry a secret, or ask for one. A server that is not on a loopback address
//! refuses those: the way to it is not known to be private. And which ask for what only the holder
//! of the key may know.

use jeton_inspect::workbench::MAX_REQUEST;
use jeton_jose::backend::AwsLc;
use jeton_jose::json::{Document, Options, Value};
use jeton_jose::key;
use jeton_jose::{Secret, base64url};

/// The questions that are without a secret unless a key in them is one. Every other is secret by
/// its nature, and so is one that is not known yet.
const OPEN: &[&str] = &[
    // Their keys are published with them.
    "examples",
    "jwks/inspect",
    "keys/convert",
    "keys/inspect",
    "names",
    "policies/show",
    "tokens/diff",
    "tokens/inspect",
    "tokens/sd-verify",
    "tokens/verify",
];

/// The members that hold a secret wherever they stand.
const SECRET_MEMBERS: [&str; 2] = ["secret", "passphrase"];

/// The members that make a JWK private or symmetric (RFC 7518 §6, RFC 8037 §2, RFC 9964).
const PRIVATE_MEMBERS: [&str; 4] = ["d", "k", "p", "priv"];

/// Whether this request carries a secret or asks for one.
pub(crate) fn carries_secret(name: &str, request: &str) -> bool {
    if !OPEN.contains(&name) {
        return true;
    }
    // What cannot be read is refused as such, and not looked at any further.
    parse(request).is_some_and(|document| holds_secret(document.root()))
}

/// Whether this request asks why a token does not decrypt. No configuration makes that safe to tell
/// others: it is what the one error for every failure is to keep (RFC 7516 §11.5).
pub(crate) fn asks_why(request: &str) -> bool {
    let document = parse(request);
    let object = document
        .as_ref()
        .and_then(|document| document.root().as_object());
    object
        .and_then(|object| object.get("diagnose"))
        .is_some_and(|value| value.as_bool() != Some(false))
}

fn parse(text: &str) -> Option<Document<'_>> {
    let options = Options {
        max_len: MAX_REQUEST,
        ..Options::strict()
    };
    Document::parse(text.as_bytes(), &options).ok()
}

/// The reader bounds the depth.
fn holds_secret(value: Value<'_>) -> bool {
    if let Some(text) = value.as_str() {
        return is_private_key(text);
    }
    if let Some(array) = value.as_array() {
        return array.iter().any(holds_secret);
    }
    let Some(object) = value.as_object() else {
        return false;
    };
    let has = |name: &&str| object.get(name).is_some_and(|value| !value.is_null());
    SECRET_MEMBERS.iter().any(has)
        || (has(&"kty") && PRIVATE_MEMBERS.iter().any(has))
        || object.iter().any(|member| holds_secret(member.value))
}

/// Whether a text is a key that is not public: PEM, JSON, or DER in base64url.
fn is_private_key(text: &str) -> bool {
    let text = text.trim();
    if text.contains("PRIVATE KEY") {
        return true;
    }
    if text.starts_with(['{', '[']) {
        return parse(text).is_some_and(|document| holds_secret(document.root()));
    }
    let Ok(der) = base64url::decode(text.trim_end_matches('=')) else {
        return false;
    };
    let der = Secret::new(der);
    key::read(der.expose(), &AwsLc)
        .is_ok_and(|read| read.keys.iter().any(|key| key.material().is_private()))
}
