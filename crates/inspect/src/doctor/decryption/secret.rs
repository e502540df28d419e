//! Causes that lie in the bytes of a shared key or a password.

use jeton_jose::Secret;
use jeton_jose::alg::KeyType;
use jeton_jose::key::KeyMaterial;

use super::super::encoding::{decode_base64, decode_hex, encode_base64, encode_hex};
use super::case::{Case, Outcome};
use super::{Cause, DecryptionCause as Code};

/// Longest secret that is varied: longer ones are keys of another kind.
const LONGEST: usize = 4096;

/// Each secret written in another way, with the algorithm of the header.
pub(super) fn variants(case: &mut Case<'_>) -> Option<Cause> {
    let secrets: Vec<_> = case
        .keys
        .iter()
        .filter_map(|jwk| match jwk.material() {
            KeyMaterial::Oct(secret) if secret.len() <= LONGEST => Some(secret.clone()),
            _ => None,
        })
        .take(4)
        .collect();
    let recipients = case.recipients.clone();
    let takes_secret = |key_type| key_type == Some(KeyType::Oct);
    for recipient in &recipients {
        let algorithm = recipient.algorithm;
        if !takes_secret(algorithm.row().key_type) {
            continue;
        }
        for secret in &secrets {
            for (code, words, bytes) in vary(secret.expose()) {
                let material = KeyMaterial::Oct(Secret::new(bytes));
                if let Outcome::Opens = case.attempt(recipient, &material, algorithm) {
                    return Some(Cause::confirmed(code, words));
                }
            }
        }
    }
    None
}

/// The likeliest first.
fn vary(given: &[u8]) -> Vec<(Code, &'static str, Vec<u8>)> {
    let mut variants: Vec<(Code, &'static str, Vec<u8>)> = Vec::new();
    let mut add = |code, words, bytes: Vec<u8>| {
        let known = variants.iter().any(|(_, _, known)| *known == bytes);
        if bytes != given && !bytes.is_empty() && !known {
            variants.push((code, words, bytes));
        }
    };
    let bare = given.trim_ascii();
    let line = given.strip_suffix(b"\n").unwrap_or(given);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    add(
        Code::SecretLineBreak,
        "without its line break",
        line.to_vec(),
    );
    add(
        Code::SecretLineBreak,
        "with a line break behind it",
        [given, b"\n"].concat(),
    );
    add(
        Code::SecretSpaces,
        "without the space around it",
        bare.to_vec(),
    );
    if let Ok(text) = core::str::from_utf8(bare) {
        let url_safe = text.contains(['-', '_']);
        let code = if url_safe {
            Code::SecretBase64url
        } else {
            Code::SecretBase64
        };
        if let Some(bytes) = decode_base64(bare) {
            add(code, "decoded", bytes);
        }
        if let Some(bytes) = decode_hex(bare) {
            add(Code::SecretHex, "decoded", bytes);
        }
    }
    let texts = [
        ("its base64 text", encode_base64(given, true, true)),
        ("its base64url text", encode_base64(given, false, false)),
        ("its hexadecimal text", encode_hex(given)),
    ];
    for (words, text) in texts {
        add(Code::SecretNotDecoded, words, text.into_bytes());
    }
    variants
}
