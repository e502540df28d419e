//! Whether a name is a typing mistake of one in a table.
//!
//! With restraint: singular and plural, a number at the end and short names of other meaning
//! (`uid`, `tid`) are not mistakes.

use super::Name;

/// From this length on, one edit of any sort counts as a mistake.
const LONG: usize = 5;
/// A longer name is not looked at.
const LONGEST: usize = 64;

/// The row that `name`, which is in no row, seems to be meant for.
pub(super) fn resembled(table: &'static [Name], name: &str) -> Option<&'static str> {
    if name.len() > LONGEST {
        return None;
    }
    let mut buffer = [0; LONGEST];
    let name = plain(name, &mut buffer)?;
    let near = table
        .iter()
        .filter(|row| row.name.len().abs_diff(name.len()) <= 1)
        .find(|row| is_mistake(row.name.as_bytes(), name))?;
    Some(near.name)
}

/// The name with a letter of another script in place of each that looks like it, and with the mark
/// 0 for any other character that is not ASCII.
fn plain<'b>(name: &str, buffer: &'b mut [u8; LONGEST]) -> Option<&'b [u8]> {
    let mut len = 0;
    for character in name.chars() {
        *buffer.get_mut(len)? = match character {
            'а' | 'α' => b'a',
            'с' => b'c',
            'е' | 'ε' => b'e',
            'і' | 'ι' | 'ı' => b'i',
            'ј' => b'j',
            'о' | 'ο' => b'o',
            'р' | 'ρ' => b'p',
            'ѕ' => b's',
            'υ' => b'u',
            'х' | 'χ' => b'x',
            'у' => b'y',
            _ => u8::try_from(character)
                .ok()
                .filter(u8::is_ascii)
                .unwrap_or(0),
        };
        len += 1;
    }
    buffer.get(..len)
}

/// Equal to a name of the table here means a look-alike, since the name itself is in no row.
fn is_mistake(right: &[u8], name: &[u8]) -> bool {
    if name.eq_ignore_ascii_case(right) {
        return true;
    }
    let prefix = name
        .iter()
        .zip(right)
        .take_while(|(one, two)| one == two)
        .count();
    let (name_rest, right_rest) = (rest(name, prefix), rest(right, prefix));
    match (name_rest, right_rest) {
        // A character too many.
        ([extra, after @ ..], before) if after == before => {
            let doubled = prefix.checked_sub(1).and_then(|last| name.get(last)) == Some(extra);
            is_stray(*extra)
                || doubled
                || (right.len() >= LONG && !(after.is_empty() && is_ending(*extra)))
        }
        // A character too few.
        (before, [missing, after @ ..]) if after == before => {
            right.len() >= LONG && !(after.is_empty() && is_ending(*missing))
        }
        // Another character in its place.
        ([wrong, after @ ..], [missing, before @ ..]) if after == before => {
            is_stray(*wrong) || (right.len() >= LONG && !(after.is_empty() && is_ending(*missing)))
        }
        // Two characters exchanged.
        ([one, two, after @ ..], [three, four, before @ ..]) => {
            after == before
                && one == four
                && two == three
                && (right.len() >= LONG || is_core(right))
        }
        _ => false,
    }
}

fn rest(name: &[u8], from: usize) -> &[u8] {
    name.get(from..).unwrap_or_default()
}

/// What no name is made of.
fn is_stray(byte: u8) -> bool {
    !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-' | b'.' | b'/' | b':' | b'#')
}

/// What makes a plural or a numbered name.
fn is_ending(byte: u8) -> bool {
    byte == b's' || byte.is_ascii_digit()
}

/// The claims of RFC 7519 itself.
fn is_core(name: &[u8]) -> bool {
    [b"iss", b"sub", b"aud", b"exp", b"nbf", b"iat", b"jti"]
        .iter()
        .any(|core| core.as_slice() == name)
}
