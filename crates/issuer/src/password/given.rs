use core::fmt;

use icu_normalizer::ComposingNormalizerBorrowed;
use zeroize::Zeroizing;

/// Longest password, in bytes of UTF-8. A longer one is refused and never cut.
pub const MOST_BYTES: usize = 256;

/// A password as somebody gave it, in its normal form.
///
/// The same password is other bytes on another keyboard: `é` is one code point or two, and a space
/// typed with Option held down is U+00A0. RFC 8265 §4.2 (`OpaqueString`) settles it without losing a
/// distinction that a person sees: spaces beyond ASCII become a space, then NFC. NFKC, which NIST SP
/// 800-63B names beside it, would also make `²` and `2` the same.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

/// A password is longer than [`MOST_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the password is longer than {MOST_BYTES} bytes")]
pub struct TooLong;

impl Password {
    /// Reads a password.
    ///
    /// # Errors
    /// It is too long, as it was given or in its normal form.
    pub fn new(text: &str) -> Result<Self, TooLong> {
        if text.len() > MOST_BYTES {
            return Err(TooLong);
        }
        // NFC makes of a code point at most three times its bytes, so nothing is moved and left
        // behind.
        let mut normal = Zeroizing::new(String::with_capacity(3 * text.len()));
        let spaced = text.chars().map(|c| if is_space(c) { ' ' } else { c });
        normal.extend(ComposingNormalizerBorrowed::new_nfc().normalize_iter(spaced));
        if normal.len() > MOST_BYTES {
            return Err(TooLong);
        }
        Ok(Self(normal))
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

/// The space separators of Unicode (general category Zs) beyond ASCII.
fn is_space(c: char) -> bool {
    matches!(
        c,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_password_is_the_same_bytes() {
        for (given, normal) in [
            ("cafe\u{301} noir", "café noir"),
            ("café\u{a0}noir", "café noir"),
            ("\u{3000}\u{1100}\u{1161}", " 가"),
            ("x²", "x²"),
            ("A b", "A b"),
        ] {
            assert_eq!(Password::new(given).unwrap().expose(), normal);
        }
    }

    #[test]
    fn long_ones_are_refused_and_not_cut() {
        assert!(Password::new(&"a".repeat(256)).is_ok());
        assert_eq!(Password::new(&"a".repeat(257)).unwrap_err(), TooLong);
        // U+1D160 has 4 bytes, and 12 in its normal form.
        let growing = "\u{1d160}".repeat(64);
        assert_eq!(growing.len(), 256);
        assert_eq!(Password::new(&growing).unwrap_err(), TooLong);
    }

    #[test]
    fn debug_shows_nothing() {
        let password = Password::new("hunter2").unwrap();
        assert_eq!(format!("{password:?}"), "Password(..)");
    }
}
