//! Base64url without padding (RFC 4648 §5, RFC 7515 §2), in its one canonical form.
//!
//! A text that any other encoder could have written differently for the same bytes is refused:
//! padding, white space, the standard alphabet, trailing bits that are not zero. Table-driven, so
//! its timing may depend on the bytes through the caches.

use crate::code::Code;

/// Encodes bytes.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    encode_to(bytes, &mut text);
    text
}

/// Encodes bytes at the end of `text`.
pub fn encode_to(bytes: &[u8], text: &mut String) {
    let mut symbols = core::mem::take(text).into_bytes();
    let before = symbols.len();
    let (groups, tail) = bytes.as_chunks::<6>();
    let tail_len = (tail.len() * 4).div_ceil(3);
    symbols.resize(before + groups.len() * 8 + tail_len, 0);
    let (words, end) = symbols
        .get_mut(before..)
        .unwrap_or_default()
        .as_chunks_mut::<8>();
    for (group, word) in groups.iter().zip(words) {
        *word = encode_group(*group);
    }
    let mut group = [0; 6];
    group
        .iter_mut()
        .zip(tail)
        .for_each(|(to, from)| *to = *from);
    end.iter_mut()
        .zip(encode_group(group))
        .for_each(|(to, from)| *to = from);
    // The alphabet is ASCII.
    *text = String::from_utf8(symbols).unwrap_or_default();
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

/// Decodes a text into the front of `out`; yields how many bytes it took. What `out` holds after
/// an error is unspecified.
///
/// # Errors
/// As [`decode`], or `out` is shorter than [`decoded_len`].
pub fn decode_slice(text: &[u8], out: &mut [u8]) -> Result<usize, Error> {
    let len = decoded_len(text.len()).ok_or_else(|| diagnose(text))?;
    let too_short = Error {
        kind: ErrorKind::OutputTooShort,
        offset: 0,
    };
    let out = out.get_mut(..len).ok_or(too_short)?;
    let (words, tail) = text.as_chunks::<8>();
    let (groups, end) = out.as_chunks_mut::<6>();
    let mut marks = 0;
    for (word, group) in words.iter().zip(groups) {
        let (bytes, mark) = decode_word(*word);
        *group = bytes;
        marks |= mark;
    }
    let mut word = [b'A'; 8];
    word.iter_mut().zip(tail).for_each(|(to, from)| *to = *from);
    let (bytes, mark) = decode_word(word);
    end.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    let trailing_bits = bytes.iter().skip(end.len()).any(|byte| *byte != 0);
    if (marks | mark) & INVALID != 0 || trailing_bits {
        return Err(diagnose(text));
    }
    Ok(len)
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

/// What is wrong with a text that was refused.
fn diagnose(text: &[u8]) -> Error {
    let stranger = text.iter().enumerate().find_map(|(at, symbol)| {
        let kind = match symbol {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => return None,
            b'=' => ErrorKind::Padding,
            b'+' | b'/' => ErrorKind::StandardAlphabet,
            b' ' | b'\t'..=b'\r' => ErrorKind::WhiteSpace,
            0x80.. => ErrorKind::NonAscii,
            _ => ErrorKind::Character,
        };
        Some(Error { kind, offset: at })
    });
    stranger.unwrap_or(match decoded_len(text.len()) {
        None => Error {
            kind: ErrorKind::Length,
            offset: text.len(),
        },
        Some(_) => Error {
            kind: ErrorKind::TrailingBits,
            offset: text.len().saturating_sub(1),
        },
    })
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Marks what is not in the alphabet; no sextet reaches this bit.
const INVALID: u32 = 1 << 31;

/// For each place in a group of four, the sextet of a symbol shifted to where it belongs.
static SEXTETS: [[u32; 256]; 4] = [sextets(18), sextets(12), sextets(6), sextets(0)];

/// The two symbols of twelve bits, the first one in the upper byte.
static SYMBOLS: [u16; 4096] = symbols();

/// The six bytes that eight symbols stand for, and a word that has `INVALID` if one is foreign.
fn decode_word(word: [u8; 8]) -> ([u8; 6], u32) {
    let [high @ .., _, _, _, _] = word;
    let [_, _, _, _, low @ ..] = word;
    let (high, low) = (decode_quad(high), decode_quad(low));
    let [_, _, group @ ..] = (u64::from(high) << 24 | u64::from(low)).to_be_bytes();
    (group, high | low)
}

fn decode_quad(quad: [u8; 4]) -> u32 {
    let mut bits = 0;
    for (table, symbol) in SEXTETS.iter().zip(quad) {
        bits |= table.get(usize::from(symbol)).copied().unwrap_or(INVALID);
    }
    bits
}

fn encode_group(group: [u8; 6]) -> [u8; 8] {
    let bits = group
        .into_iter()
        .fold(0, |bits, byte| bits << 8 | u64::from(byte));
    let pair = |shift: u32| {
        let index = bits >> shift & 0xFFF;
        SYMBOLS.get(index as usize).copied().map_or(0, u64::from)
    };
    (pair(36) << 48 | pair(24) << 32 | pair(12) << 16 | pair(0)).to_be_bytes()
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn sextets(shift: u32) -> [u32; 256] {
    let mut table = [INVALID; 256];
    let mut sextet = 0;
    while sextet < 64 {
        table[ALPHABET[sextet as usize] as usize] = sextet << shift;
        sextet += 1;
    }
    table
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn symbols() -> [u16; 4096] {
    let mut table = [0; 4096];
    let mut bits = 0;
    while bits < 4096 {
        table[bits] = u16::from_be_bytes([ALPHABET[bits >> 6], ALPHABET[bits & 63]]);
        bits += 1;
    }
    table
}

#[cfg(test)]
mod tests;
