//! Base64url without padding (RFC 4648 §5, RFC 7515 §2), in its one canonical form.
//!
//! A text that any other encoder could have written differently for the same bytes is refused:
//! padding, white space, the standard alphabet, trailing bits that are not zero.

use crate::code::Code;

/// Encodes bytes.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    encode_to(bytes, &mut text);
    text
}

/// Encodes bytes at the end of `text`.
pub fn encode_to(bytes: &[u8], text: &mut String) {
    text.reserve(bytes.len().div_ceil(3) * 4);
    let mut chunks = bytes.chunks_exact(3);
    for chunk in &mut chunks {
        for c in sextets(chunk) {
            text.push(symbol(c));
        }
    }
    let rest = chunks.remainder();
    text.extend(
        sextets(rest)
            .into_iter()
            .take((rest.len() * 4).div_ceil(3))
            .map(symbol),
    );
}

/// Decodes a text.
///
/// # Errors
/// A text that is not canonical, with the place.
pub fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    decode_to(text, &mut bytes)?;
    Ok(bytes)
}

/// Decodes a text at the end of `bytes`, which stays as it was if the text is refused.
///
/// # Errors
/// As [`decode`].
pub fn decode_to(text: impl AsRef<[u8]>, bytes: &mut Vec<u8>) -> Result<(), Error> {
    let (text, before) = (text.as_ref(), bytes.len());
    let len = decoded_len(text.len()).ok_or_else(|| diagnose(text))?;
    bytes.resize(before + len, 0);
    let result = decode_slice(text, bytes.get_mut(before..).unwrap_or_default());
    if result.is_err() {
        bytes.truncate(before);
    }
    result.map(|_| ())
}

/// Decodes a text into the front of `out`; yields how many bytes it took.
///
/// # Errors
/// As [`decode`], or `out` is shorter than [`decoded_len`].
pub fn decode_slice(text: &[u8], out: &mut [u8]) -> Result<usize, Error> {
    let _ = (text, out);
    Err(Error {
        kind: ErrorKind::Length,
        offset: 0,
    })
}

/// How many bytes a text of `len` characters stands for; `None` if there is no such text.
pub const fn decoded_len(len: usize) -> Option<usize> {
    match len % 4 {
        0 => Some(len / 4 * 3),
        1 => None,
        tail => Some(len / 4 * 3 + tail - 1),
    }
}

/// Where and why a text is not canonical base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {offset}")]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Byte offset in the text.
    pub offset: usize,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// `=`
    #[error("padding")]
    Padding,
    /// `+` or `/`
    #[error("character of the standard base64 alphabet")]
    StandardAlphabet,
    /// A space, tab, line break or the like.
    #[error("white space")]
    WhiteSpace,
    /// Another ASCII character.
    #[error("character outside the base64url alphabet")]
    Character,
    /// Not ASCII.
    #[error("character that is not ASCII")]
    NonAscii,
    /// A lone last character; `offset` is the length.
    #[error("impossible length")]
    Length,
    /// The bits of the last character that stand for no byte are not zero.
    #[error("non-zero trailing bits")]
    TrailingBits,
    /// The output has no room; `offset` is 0.
    #[error("output too short")]
    OutputTooShort,
}

impl Error {
    /// The stable code.
    pub const fn code(&self) -> Code {
        Code::Base64Invalid
    }
}
fn diagnose(_: &[u8]) -> Error {
    Error {
        kind: ErrorKind::Length,
        offset: 0,
    }
}
fn sextets(_: &[u8]) -> [u8; 4] {
    [0; 4]
}
fn symbol(_: u8) -> char {
    'A'
}
