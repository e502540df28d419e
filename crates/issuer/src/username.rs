use crate::people::login_key;

/// Longest username or address.
const MOST: usize = 128;

/// The normal form of what somebody signs in with: lower case, without the space around it. `None`
/// if it cannot be one. Whoever looks an account up by it asks for this form.
pub(crate) fn username(text: &str) -> Option<String> {
    let name = login_key(text);
    let is_name = !name.is_empty()
        && name.chars().count() <= MOST
        && !name.chars().any(|c| c.is_control() || c.is_whitespace());
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_space_around_do_not_count() {
        assert_eq!(
            username(" Ada@Example.COM "),
            Some("ada@example.com".into())
        );
        for text in ["", " ", "a b", "a\tb", "a\u{7}", &"a".repeat(129)] {
            assert_eq!(username(text), None, "{text:?}");
        }
    }
}
