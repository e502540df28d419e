//! Encodings as people meet them: lenient, where the core is strict.

use jeton_jose::base64url;

/// Base64 in either alphabet, with or without padding, trailing bits and white space.
pub(super) fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut symbols: Vec<u8> = text
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| match byte {
            b'+' => b'-',
            b'/' => b'_',
            byte => *byte,
        })
        .collect();
    while symbols.last() == Some(&b'=') {
        symbols.pop();
    }
    if symbols.is_empty() {
        return None;
    }
    clear_trailing_bits(&mut symbols);
    base64url::decode(&symbols).ok()
}

/// Sets the bits of the last character that stand for no byte to zero.
fn clear_trailing_bits(symbols: &mut [u8]) {
    let mask = match symbols.len() % 4 {
        2 => 0x30,
        3 => 0x3c,
        _ => return,
    };
    if let Some(last) = symbols.last_mut() {
        let value = (0..64).find(|value| symbol(*value) == *last);
        if let Some(value) = value {
            *last = symbol(value & mask);
        }
    }
}

/// The base64url character of six bits.
pub(super) fn symbol(value: u8) -> u8 {
    match value {
        0..26 => b'A' + value,
        26..52 => b'a' + (value - 26),
        52..62 => b'0' + (value - 52),
        62 => b'-',
        _ => b'_',
    }
}

/// Base64 in the chosen alphabet.
pub(super) fn encode_base64(bytes: &[u8], standard: bool, padded: bool) -> String {
    let mut text = base64url::encode(bytes);
    if standard {
        text = text.replace('-', "+").replace('_', "/");
    }
    while padded && !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Hexadecimal in either case, with `0x` or colons.
pub(super) fn decode_hex(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"0x").unwrap_or(text);
    let digits: Vec<u8> = text
        .iter()
        .filter(|byte| **byte != b':')
        .map(|byte| {
            char::from(*byte)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        })
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    (rest.is_empty() && !pairs.is_empty())
        .then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// Hexadecimal in lower case.
pub(super) fn encode_hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

/// Resolves `%XX`; `None` if there is none.
pub(super) fn decode_percent(text: &str) -> Option<String> {
    text.contains('%').then_some(())?;
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let (byte, after) = match (byte, after.split_at_checked(2)) {
            (b'%', Some((digits, after))) if digits.iter().all(u8::is_ascii_hexdigit) => {
                (decode_hex(digits)?, after)
            }
            _ => (vec![*byte], after),
        };
        out.extend(byte);
        rest = after;
    }
    String::from_utf8(out).ok().filter(|out| out != text)
}

/// Resolves numeric character references and `&amp;`; `None` if there is none.
pub(super) fn decode_html(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (character, after) = character_reference(after).unwrap_or(('&', after));
        out.push(character);
        rest = after;
    }
    out.push_str(rest);
    (out != text).then_some(out)
}

fn character_reference(text: &str) -> Option<(char, &str)> {
    let (name, after) = text.split_once(';')?;
    let code = match name {
        "amp" => u32::from('&'),
        "period" => u32::from('.'),
        "lowbar" => u32::from('_'),
        "equals" => u32::from('='),
        "plus" => u32::from('+'),
        "sol" => u32::from('/'),
        _ => match name.strip_prefix("#x").or(name.strip_prefix("#X")) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => name.strip_prefix('#')?.parse().ok()?,
        },
    };
    Some((char::from_u32(code)?, after))
}
