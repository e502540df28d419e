//! Key files whose text was damaged on its way.

use core::str;

use jeton_jose::Jwk;
use jeton_jose::backend::Backend;
use jeton_jose::key;

use super::CauseCode;
use super::encoding::{decode_base64, decode_percent};

/// The keys in a file, and what had to be put right to read them; the first reading that works.
pub(super) fn read(
    bytes: &[u8],
    backend: &dyn Backend,
) -> impl Iterator<Item = (Jwk, Option<CauseCode>)> + use<> {
    let plain = key::read(bytes, backend).map(|read| (read.keys, None));
    let found = plain.ok().or_else(|| {
        REPAIRS.iter().find_map(|(code, repair)| {
            let read = key::read(&repair(bytes)?, backend).ok()?;
            Some((read.keys, Some(*code)))
        })
    });
    let (keys, code) = found.unwrap_or_default();
    keys.into_iter().map(move |key| (key, code))
}

type Repair = fn(&[u8]) -> Option<Vec<u8>>;

/// The least intrusive first.
const REPAIRS: [(CauseCode, Repair); 6] = [
    (CauseCode::KeyTextQuoted, unquoted),
    (CauseCode::KeyTextEscaped, unescaped),
    (CauseCode::KeyTextEncoded, decoded_base64),
    (CauseCode::KeyTextEncoded, decoded_percent),
    (CauseCode::PemArmourMissing, bare_body),
    (CauseCode::PemArmourDamaged, body),
];

fn unquoted(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = str::from_utf8(bytes).ok()?;
    let around = |c: char| c.is_whitespace() || "\"'`\u{feff};,".contains(c);
    let bare = text.trim_matches(around);
    (bare != text.trim_ascii() && !bare.contains("\\n")).then(|| bare.as_bytes().to_vec())
}

fn unescaped(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = str::from_utf8(bytes).ok()?;
    text.contains("\\n").then_some(())?;
    let lines = text
        .replace("\\r", "")
        .replace("\\\\n", "\n")
        .replace("\\n", "\n")
        .replace("\\\"", "\"");
    Some(lines.trim_matches(['"', '\'']).as_bytes().to_vec())
}

/// Armour or JSON inside base64; plain DER inside it is PEM that lost its armour.
fn decoded_base64(bytes: &[u8]) -> Option<Vec<u8>> {
    let decoded = decode_base64(bytes)?;
    str::from_utf8(&decoded).is_ok().then_some(decoded)
}

fn decoded_percent(bytes: &[u8]) -> Option<Vec<u8>> {
    decode_percent(str::from_utf8(bytes).ok()?).map(String::into_bytes)
}

fn bare_body(bytes: &[u8]) -> Option<Vec<u8>> {
    decode_base64(bytes)
}

/// What is left without dashes and the words between them.
fn body(bytes: &[u8]) -> Option<Vec<u8>> {
    const WORDS: [&str; 9] = [
        "BEGIN",
        "END",
        "RSA",
        "EC",
        "PUBLIC",
        "PRIVATE",
        "KEY",
        "CERTIFICATE",
        "X509",
    ];
    let text = str::from_utf8(bytes).ok()?.replace("\\n", "\n");
    let words = text
        .split(|c: char| c == '-' || c.is_whitespace())
        .filter(|word| !word.is_empty() && !WORDS.contains(word));
    decode_base64(words.collect::<String>().as_bytes())
}
