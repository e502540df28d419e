//! What stands between the quotes: finding the end, and undoing escapes.

use super::{Error, ErrorKind, Span};

/// The first quote, backslash or control character from `from` on, or the end of the text.
pub(super) fn plain(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let (words, tail) = rest.as_chunks::<8>();
    let mut at = from;
    for word in words {
        let special = special(u64::from_le_bytes(*word));
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + tail
        .iter()
        .take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20))
        .count()
}

/// Marks each byte that is not plain with its high bit. Exact up to the first mark; beyond it, a
/// borrow may mark a plain byte.
fn special(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 0xFF;
    let below = |limit: u64, word: u64| word.wrapping_sub(ONES * limit) & !word;
    let quote = below(1, word ^ (ONES * u64::from(b'"')));
    let backslash = below(1, word ^ (ONES * u64::from(b'\\')));
    (quote | backslash | below(0x20, word)) & (ONES * 0x80)
}

/// Appends the contents of a string to `out`, given its first plain stretch; yields where the
/// closing quote stands.
pub(super) fn unescape(
    text: &str,
    mut stretch: Span,
    lenient: bool,
    out: &mut String,
) -> Result<usize, Error> {
    let bytes = text.as_bytes();
    loop {
        let end = stretch.end;
        out.push_str(text.get(stretch).unwrap_or_default());
        let next = match bytes.get(end) {
            Some(b'"') => return Ok(end),
            Some(b'\\') => {
                let (character, next) = escape(bytes, end, lenient)?;
                out.push(character);
                next
            }
            Some(_) => return expected("an escape in place of a control character", end),
            None => return expected("a closing quote", end),
        };
        stretch = next..plain(bytes, next);
    }
}

/// The character that the escape at `at` stands for, and what follows the escape.
fn escape(bytes: &[u8], at: usize, lenient: bool) -> Result<(char, usize), Error> {
    let character = match bytes.get(at + 1) {
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{C}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode_escape(bytes, at, lenient),
        _ => return expected("one of `\"\\/bfnrtu` after `\\`", at + 1),
    };
    Ok((character, at + 2))
}

fn unicode_escape(bytes: &[u8], at: usize, lenient: bool) -> Result<(char, usize), Error> {
    let unit = code_unit(bytes, at + 2)?;
    let next = at + 6;
    if let Some(character) = char::from_u32(unit) {
        return Ok((character, next));
    }
    let high = unit < 0xDC00;
    if high && bytes.get(next..next + 2) == Some(b"\\u") {
        let low = code_unit(bytes, next + 2)?;
        if (0xDC00..0xE000).contains(&low) {
            let scalar = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            let character = char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER);
            return Ok((character, next + 6));
        }
    }
    match (lenient, high) {
        (true, _) => Ok((char::REPLACEMENT_CHARACTER, next)),
        (false, true) => expected("the escape of a low surrogate after a high one", next),
        (false, false) => expected("the escape of a high surrogate before a low one", at),
    }
}

/// The four hexadecimal digits at `at`.
fn code_unit(bytes: &[u8], at: usize) -> Result<u32, Error> {
    let mut unit = 0;
    for place in at..at + 4 {
        let digit = bytes
            .get(place)
            .and_then(|byte| char::from(*byte).to_digit(16));
        match digit {
            Some(digit) => unit = unit << 4 | digit,
            None => return expected("four hexadecimal digits after `\\u`", place),
        }
    }
    Ok(unit)
}

fn expected<T>(what: &'static str, offset: usize) -> Result<T, Error> {
    Err(Error {
        kind: ErrorKind::Expected(what),
        offset,
    })
}
