//! What people sign in with, in the one form that the store keeps: names are told apart neither by
//! case nor by how a letter is composed.

use icu_normalizer::ComposingNormalizerBorrowed;

/// Longest username in characters.
const MOST_NAME: usize = 128;
/// Longest address in bytes (RFC 5321 §4.5.3.1.3, without its brackets).
const MOST_ADDRESS: usize = 254;

/// The form in which whatever somebody signs in with is looked up.
pub(crate) fn login(text: &str) -> String {
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(text.trim());
    composed.chars().flat_map(char::to_lowercase).collect()
}

/// A username. It has no `@`, so that nobody takes another's address for a name.
pub(crate) fn username(text: &str) -> Option<String> {
    let name = login(text);
    let is_name = (1..=MOST_NAME).contains(&name.chars().count())
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'));
    is_name.then_some(name)
}

/// Something that mail can be sent to; whether it arrives, only a mail tells.
pub(crate) fn email(text: &str) -> Option<String> {
    let address = login(text);
    let (local, domain) = address.rsplit_once('@')?;
    let sound = |part: &str| {
        !part.is_empty()
            && !part
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "<>,;:\"()[]\\@".contains(c))
    };
    let is_address = address.len() <= MOST_ADDRESS && sound(local) && sound(domain);
    is_address.then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_composition_and_space_around_do_not_count() {
        assert_eq!(username(" Ada "), Some("ada".into()));
        assert_eq!(login("E\u{301}va"), login("\u{c9}VA"));
        assert_eq!(email(" Ada@Example.COM "), Some("ada@example.com".into()));
        for text in ["", " ", "a b", "a\u{7}", "a@b", &"a".repeat(129)] {
            assert_eq!(username(text), None, "{text:?}");
        }
        for text in [
            "",
            "ada",
            "@b",
            "a@",
            "a b@c",
            "a@b@c",
            "<a@b>",
            "a@b\r\nBcc: x@y",
        ] {
            assert_eq!(email(text), None, "{text:?}");
        }
    }
}
