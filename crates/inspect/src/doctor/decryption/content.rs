//! Causes that lie in the token: cut, altered, or made in another way than it says.

use jeton_jose::alg::{ContentFamily, KeyManagementFamily};
use jeton_jose::base64url;
use jeton_jose::json::{Document, Options};
use jeton_jose::key::{DecryptingKey, KeyMaterial};
use jeton_jose::{ContentEncryption, Secret};

use super::case::{Case, Recipient};
use super::{Cause, DecryptionCause as Code};

/// A compact token of too few parts, whose header shows that it is encrypted.
pub(super) fn cut(token: &str) -> Option<Cause> {
    let parts = token.split('.').count();
    let header = base64url::decode(token.split('.').next()?).ok()?;
    let document = Document::parse(&header, &Options::lossless()).ok()?;
    let encrypted = document.root().as_object()?.get("enc").is_some();
    (encrypted && parts < 5)
        .then(|| Cause::seen(Code::TokenCut, format!("{parts} of 5 parts are there")))
}

/// The encrypted key was opened, and there is no key for `enc` in it.
pub(super) fn other_key(
    case: &Case<'_>,
    recipient: &Recipient,
    opened: (&DecryptingKey, &Secret),
) -> Option<Cause> {
    // A shared key is what it is: its length is the person's mistake, not the sender's.
    if recipient.algorithm.row().family == KeyManagementFamily::Direct {
        return other_encryption(case, recipient, opened);
    }
    other_encryption(case, recipient, opened).or_else(|| {
        let (wanted, found) = (recipient.encryption.row().key_len, opened.1.len());
        let detail = format!("{wanted} bytes are wanted, {found} are there");
        Some(Cause::confirmed(Code::ContentKeyLength, detail))
    })
}

/// There is a content key of the right length, but the tag does not match.
pub(super) fn altered(
    case: &Case<'_>,
    recipient: &Recipient,
    opened: (&DecryptingKey, &Secret),
) -> Option<Cause> {
    let (key, content_key) = opened;
    if let Some(cause) = other_encryption(case, recipient, opened) {
        return Some(cause);
    }
    // Wrapped keys authenticate themselves; of the others, sense in the content tells the right one.
    let surely = !recipient.algorithm.is_direct();
    let encryption = recipient.encryption;
    let [_, vector, ciphertext, tag] = case.stages.lengths(recipient.position);
    let Some(content) = case.content(key, content_key, encryption, None) else {
        return surely.then(|| vector_length(encryption, vector)).flatten();
    };
    if tag < content.tag.len()
        && !case.stages.tag().is_empty()
        && content.tag.starts_with(case.stages.tag())
    {
        let detail = format!(
            "{} bytes are wanted, the first {tag} are there",
            content.tag.len()
        );
        return Some(Cause::confirmed(Code::TagCut, detail));
    }
    for (words, aad) in other_data(case) {
        let other = case.content(key, content_key, encryption, Some(&aad));
        if other.is_some_and(|other| other.matches) {
            return Some(Cause::confirmed(Code::AuthenticatedOtherwise, words));
        }
    }
    let block = encryption.row().family == ContentFamily::CbcHmac;
    let reading = content
        .plaintext
        .as_ref()
        .map_or(Reading::Noise, |text| read(text.expose()));
    match reading {
        Reading::Whole if tag == content.tag.len() => {
            Some(Cause::confirmed(Code::HeaderAltered, ""))
        }
        Reading::Begun if !block => Some(Cause::confirmed(Code::CiphertextCut, "")),
        _ if block && surely && !ciphertext.is_multiple_of(16) => Some(Cause::confirmed(
            Code::CiphertextCut,
            format!("{ciphertext} bytes are no whole blocks of 16"),
        )),
        _ if surely && tag < content.tag.len() => tag_length(encryption, tag),
        _ => surely.then(|| Cause::confirmed(Code::ContentAltered, "")),
    }
}

/// What can be told from the lengths alone.
pub(super) fn lengths(case: &mut Case<'_>) -> Option<Cause> {
    let recipients = case.recipients.clone();
    let fitting = |recipient: &&Recipient| {
        let fits = |jwk: &&jeton_jose::Jwk| {
            jwk.material()
                .key_managements()
                .contains(recipient.algorithm)
        };
        case.keys.iter().any(|jwk| fits(&jwk))
    };
    recipients.iter().find(fitting).and_then(|recipient| {
        let [encrypted, vector, _, tag] = case.stages.lengths(recipient.position);
        encrypted_key_length(case, recipient, encrypted)
            .or_else(|| vector_length(recipient.encryption, vector))
            .or_else(|| tag_length(recipient.encryption, tag))
    })
}

fn encrypted_key_length(case: &Case<'_>, recipient: &Recipient, found: usize) -> Option<Cause> {
    let content_key = recipient.encryption.row().key_len;
    let row = recipient.algorithm.row();
    let wanted: Vec<usize> = match row.family {
        KeyManagementFamily::RsaOaep => {
            let moduli = case.keys.iter().filter_map(|jwk| match jwk.material() {
                KeyMaterial::Rsa(rsa) => Some(rsa.n.len()),
                _ => None,
            });
            moduli.collect()
        }
        _ if recipient.algorithm.is_direct() => vec![0],
        KeyManagementFamily::AesGcmKw => vec![content_key],
        _ => vec![content_key + 8],
    };
    let all: Vec<_> = wanted.iter().map(ToString::to_string).collect();
    (!wanted.contains(&found)).then(|| {
        let detail = format!("{} bytes are wanted, {found} are there", all.join(" or "));
        Cause::seen(Code::EncryptedKeyLength, detail)
    })
}

fn vector_length(encryption: ContentEncryption, found: usize) -> Option<Cause> {
    let wanted = encryption.row().iv_len;
    (found != wanted).then(|| {
        let detail = format!("{encryption} wants {wanted} bytes, {found} are there");
        Cause::seen(Code::VectorLength, detail)
    })
}

fn tag_length(encryption: ContentEncryption, found: usize) -> Option<Cause> {
    let wanted = encryption.row().tag_len;
    (found < wanted).then(|| {
        let detail = format!("{encryption} wants {wanted} bytes, {found} are there");
        Cause::seen(Code::TagCut, detail)
    })
}

/// The content key opens the content with another `enc`.
fn other_encryption(
    case: &Case<'_>,
    recipient: &Recipient,
    (key, content_key): (&DecryptingKey, &Secret),
) -> Option<Cause> {
    let named = recipient.encryption;
    let mut others = ContentEncryption::ALL
        .iter()
        .copied()
        .filter(|other| *other != named);
    let opens = |other: &ContentEncryption| {
        case.content(key, content_key, *other, None)
            .is_some_and(|content| content.matches)
    };
    let other = others.find(opens)?;
    let detail = format!("the header says {named}, the content is {other}");
    Some(Cause::confirmed(Code::AnotherEncryption, detail))
}

/// What senders authenticate by mistake in the place of the encoded header.
fn other_data(case: &Case<'_>) -> Vec<(&'static str, Vec<u8>)> {
    let own = case.stages.authenticated_data();
    let protected = own.split(|byte| *byte == b'.').next().unwrap_or_default();
    let text = core::str::from_utf8(protected).unwrap_or_default();
    let padding = (4 - text.len() % 4) % 4;
    let mut others = vec![
        ("nothing", Vec::new()),
        (
            "the header in padded base64url",
            [protected, &vec![b'='; padding]].concat(),
        ),
        (
            "the header alone, without the additional data",
            protected.to_vec(),
        ),
    ];
    if let Ok(json) = base64url::decode(text) {
        others.push(("the header's JSON, not its base64url text", json));
    }
    others.retain(|(_, other)| other != own);
    others
}

/// What a content looks like that nobody has authenticated.
enum Reading {
    /// JSON or a token, complete.
    Whole,
    /// JSON or a token that breaks off.
    Begun,
    Noise,
}

fn read(content: &[u8]) -> Reading {
    let Ok(text) = core::str::from_utf8(content) else {
        return Reading::Noise;
    };
    let is_object = text.trim_ascii_start().starts_with("{\"");
    if is_object {
        return match Document::parse(content, &Options::lossless()) {
            Ok(_) => Reading::Whole,
            Err(error) if error.offset >= content.len() => Reading::Begun,
            Err(_) => Reading::Noise,
        };
    }
    let in_token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if text.starts_with("eyJ") && text.bytes().all(in_token) {
        return if text.split('.').count() >= 3 {
            Reading::Whole
        } else {
            Reading::Begun
        };
    }
    Reading::Noise
}
