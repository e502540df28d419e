//! Causes that lie in the bytes of an HMAC secret.

use core::str;

use jeton_jose::Secret;
use jeton_jose::alg::{Algorithm, Family};

use super::encoding::{decode_base64, decode_hex, decode_percent, encode_base64, encode_hex};
use super::trial::{Hypothesis, Key};
use super::{Case, CauseCode, Fixed};

/// Longest secret that is varied: longer ones are keys of another kind.
const LONGEST: usize = 4096;

/// Each secret changed in one way.
pub(super) fn variants(case: &Case<'_>) -> Vec<Hypothesis> {
    let Some(algorithm) = case.hmac() else {
        return Vec::new();
    };
    let each = case
        .secrets()
        .take(8)
        .flat_map(|secret| vary(secret.expose()));
    each.map(|variant| variant.hypothesis(algorithm)).collect()
}

/// Each secret changed in two ways.
pub(super) fn variants_of_variants(case: &Case<'_>) -> Vec<Hypothesis> {
    let Some(algorithm) = case.hmac() else {
        return Vec::new();
    };
    let mut seen: Vec<Vec<u8>> = case
        .secrets()
        .map(|secret| secret.expose().to_vec())
        .collect();
    let mut hypotheses = Vec::new();
    for secret in case.secrets().take(2) {
        let once = vary(secret.expose());
        seen.extend(once.iter().map(|variant| variant.bytes.clone()));
        for first in &once {
            for second in vary(&first.bytes) {
                if !first.undone_by(&second) && !seen.contains(&second.bytes) {
                    seen.push(second.bytes.clone());
                    hypotheses.push(first.then(second).hypothesis(algorithm));
                }
            }
        }
    }
    hypotheses
}

/// Each secret changed in one way, with the algorithms that the header does not name.
pub(super) fn variants_with_other_algorithms(case: &Case<'_>) -> Vec<Hypothesis> {
    let other = |algorithm: &&Algorithm| {
        algorithm.row().family == Family::Hmac && Some(**algorithm) != case.specimen.algorithm
    };
    let mut hypotheses = Vec::new();
    for secret in case.secrets().take(1) {
        for variant in vary(secret.expose()) {
            for algorithm in Algorithm::ALL.iter().filter(other) {
                let mut both = variant.hypothesis(*algorithm);
                both.detail = Some(format!("{}; it signed with {algorithm}", variant.words));
                hypotheses.push(both);
            }
        }
    }
    hypotheses
}

/// A secret as it may have been meant.
#[derive(Clone)]
struct Variant {
    code: CauseCode,
    words: String,
    bytes: Vec<u8>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Trim,
    Decode,
    Encode,
}

impl Variant {
    fn undone_by(&self, second: &Self) -> bool {
        matches!(
            (self.kind, second.kind),
            (Kind::Decode, Kind::Encode) | (Kind::Encode, Kind::Decode)
        )
    }

    fn then(&self, second: Self) -> Self {
        let code = match (self.kind, second.kind) {
            (Kind::Decode, Kind::Decode) | (Kind::Encode, Kind::Encode) => {
                CauseCode::SecretEncodedTwice
            }
            (Kind::Trim, _) => second.code,
            _ => self.code,
        };
        Self {
            code,
            words: format!("{}, then {}", self.words, second.words),
            ..second
        }
    }

    fn hypothesis(&self, algorithm: Algorithm) -> Hypothesis {
        let secret = Secret::new(self.bytes.clone());
        Hypothesis::new(self.code, Key::Secret(secret.clone()), algorithm)
            .detail(self.words.clone())
            .fixed(Fixed::Secret(secret))
    }
}

/// The ways to change a secret, the likeliest first.
fn vary(secret: &[u8]) -> Vec<Variant> {
    if secret.is_empty() || secret.len() > LONGEST {
        return Vec::new();
    }
    let mut variants = Vec::with_capacity(24);
    trimmed(secret, &mut variants);
    prefixed(secret, &mut variants);
    decoded(secret, &mut variants);
    reinterpreted(secret, &mut variants);
    encoded(secret, &mut variants);
    wrapped(secret, &mut variants);
    let mut seen = vec![secret.to_vec()];
    variants.retain(|variant| {
        let new = !variant.bytes.is_empty() && !seen.contains(&variant.bytes);
        if new {
            seen.push(variant.bytes.clone());
        }
        new
    });
    variants
}

fn push(
    variants: &mut Vec<Variant>,
    (code, kind): (CauseCode, Kind),
    words: &str,
    bytes: impl Into<Vec<u8>>,
) {
    variants.push(Variant {
        code,
        words: words.to_owned(),
        bytes: bytes.into(),
        kind,
    });
}

fn trimmed(secret: &[u8], variants: &mut Vec<Variant>) {
    let line = (CauseCode::SecretLineBreak, Kind::Trim);
    if let Some(bare) = secret.strip_suffix(b"\r\n") {
        push(variants, line, "without the CR LF at its end", bare);
    }
    if let Some(bare) = secret.strip_suffix(b"\n") {
        push(variants, line, "without the line break at its end", bare);
    }
    let bare = secret.trim_ascii();
    let spaces = (CauseCode::SecretSpaces, Kind::Trim);
    push(variants, spaces, "without the white space around it", bare);
    push(
        variants,
        spaces,
        "without the white space before it",
        secret.trim_ascii_start(),
    );
    push(
        variants,
        spaces,
        "without the white space after it",
        secret.trim_ascii_end(),
    );
    if let [first @ (b'"' | b'\'' | b'`'), inner @ .., last] = bare
        && first == last
    {
        push(
            variants,
            (CauseCode::SecretQuotes, Kind::Trim),
            "without its quotes",
            inner,
        );
    }
    if let Some(bare) = secret.strip_prefix(b"\xef\xbb\xbf") {
        let charset = (CauseCode::SecretCharset, Kind::Trim);
        push(variants, charset, "without its byte order mark", bare);
    }
    if let Some(plain) = unescaped(secret) {
        let escapes = (CauseCode::SecretEscapes, Kind::Trim);
        push(variants, escapes, "with its escapes resolved", plain);
    }
}

type Decode = fn(&[u8]) -> Option<Vec<u8>>;

/// `b64:` and its kin, with what follows decoded as they say, and as it is.
fn prefixed(secret: &[u8], variants: &mut Vec<Variant>) {
    const PREFIXES: [(&[u8], Decode); 9] = [
        (b"b64:", decode_base64),
        (b"base64:", decode_base64),
        (b"base64url:", decode_base64),
        (b"b64u:", decode_base64),
        (b"hex:", decode_hex),
        (b"0x", decode_hex),
        (b"text:", |_| None),
        (b"utf8:", |_| None),
        (b"raw:", |_| None),
    ];
    for (prefix, decode) in PREFIXES {
        let Some(rest) = secret.strip_prefix(prefix) else {
            continue;
        };
        let code = (CauseCode::SecretPrefix, Kind::Trim);
        if let Some(bytes) = decode(rest) {
            push(variants, code, "without its prefix and decoded", bytes);
        }
        push(variants, code, "without its prefix", rest);
    }
}

fn decoded(secret: &[u8], variants: &mut Vec<Variant>) {
    if let Some(bytes) = decode_hex(secret) {
        push(
            variants,
            (CauseCode::SecretHex, Kind::Decode),
            "decoded from hexadecimal",
            bytes,
        );
    }
    if let Some(bytes) = decode_base64(secret) {
        let url = secret.iter().any(|byte| matches!(byte, b'-' | b'_'));
        let (code, words) = if url {
            (CauseCode::SecretBase64url, "decoded from base64url")
        } else {
            (CauseCode::SecretBase64, "decoded from base64")
        };
        push(variants, (code, Kind::Decode), words, bytes);
    }
    if let Some(plain) = str::from_utf8(secret).ok().and_then(decode_percent) {
        push(
            variants,
            (CauseCode::SecretEscapes, Kind::Decode),
            "percent-decoded",
            plain,
        );
    }
}

/// The same characters in another encoding.
fn reinterpreted(secret: &[u8], variants: &mut Vec<Variant>) {
    let code = (CauseCode::SecretCharset, Kind::Trim);
    let Ok(text) = str::from_utf8(secret) else {
        let latin: String = secret.iter().copied().map(char::from).collect();
        return push(variants, code, "from Latin-1 to UTF-8", latin);
    };
    if !text.is_ascii() {
        let latin: Option<Vec<u8>> = text
            .chars()
            .map(|c| u8::try_from(u32::from(c)).ok())
            .collect();
        if let Some(latin) = latin {
            push(variants, code, "in Latin-1 instead of UTF-8", latin);
        }
        let mangled: String = secret.iter().copied().map(char::from).collect();
        push(
            variants,
            code,
            "read as Latin-1 and encoded in UTF-8 again",
            mangled,
        );
        let marks: String = text
            .chars()
            .map(|c| if c.is_ascii() { c } else { '?' })
            .collect();
        push(
            variants,
            code,
            "with question marks for what is not ASCII",
            marks,
        );
    }
    let units = text.encode_utf16();
    let little: Vec<u8> = units.clone().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units.flat_map(u16::to_be_bytes).collect();
    push(variants, code, "in UTF-16, little end first", little);
    push(variants, code, "in UTF-16, big end first", big);
}

fn encoded(secret: &[u8], variants: &mut Vec<Variant>) {
    let code = (CauseCode::SecretNotDecoded, Kind::Encode);
    let texts = [
        ("as base64 text", encode_base64(secret, true, true)),
        ("as base64url text", encode_base64(secret, false, false)),
        (
            "as base64 text without padding",
            encode_base64(secret, true, false),
        ),
        (
            "as base64url text with padding",
            encode_base64(secret, false, true),
        ),
        ("as hexadecimal text", encode_hex(secret)),
        (
            "as hexadecimal text in capitals",
            encode_hex(secret).to_ascii_uppercase(),
        ),
    ];
    for (words, text) in texts {
        push(variants, code, words, text);
    }
}

/// What the signer's copy may have around it.
fn wrapped(secret: &[u8], variants: &mut Vec<Variant>) {
    let line = (CauseCode::SecretLineBreak, Kind::Trim);
    push(
        variants,
        line,
        "with a line break at its end",
        [secret, b"\n"].concat(),
    );
    push(
        variants,
        line,
        "with CR LF at its end",
        [secret, b"\r\n"].concat(),
    );
    let quotes = (CauseCode::SecretQuotes, Kind::Trim);
    push(
        variants,
        quotes,
        "with double quotes around it",
        [b"\"", secret, b"\""].concat(),
    );
    push(
        variants,
        quotes,
        "with single quotes around it",
        [b"'", secret, b"'"].concat(),
    );
}

/// Backslash escapes, as shells and programming languages have them.
fn unescaped(secret: &[u8]) -> Option<String> {
    let text = str::from_utf8(secret).ok()?;
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('0') => out.push('\0'),
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    (out != text).then_some(out)
}
