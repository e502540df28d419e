//! Texts that somebody else chose: a client's name, a person's, a device's.

use core::fmt;

/// A text that somebody else chose, as it is shown: no longer than a line or two, and without the
/// characters that would change how the text around it reads. Escaping is the template's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign<'a>(&'a str);

impl<'a> Foreign<'a> {
    /// The most characters that are shown.
    const MOST: usize = 120;

    /// The letter that stands for it in a picture.
    pub fn letter(self) -> char {
        let mut letters = self.0.chars().filter(|c| c.is_alphanumeric());
        let first = letters.next().unwrap_or('?');
        first.to_uppercase().next().unwrap_or(first)
    }

    /// The text as it came.
    pub fn as_str(self) -> &'a str {
        self.0
    }
}

impl<'a> From<&'a str> for Foreign<'a> {
    fn from(text: &'a str) -> Self {
        Self(text)
    }
}

impl<'a> From<&'a String> for Foreign<'a> {
    fn from(text: &'a String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Foreign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        let mut characters = self.0.chars();
        for c in characters.by_ref().take(Self::MOST) {
            f.write_char(if is_deceptive(c) { '\u{fffd}' } else { c })?;
        }
        if characters.next().is_some() {
            f.write_char('…')?;
        }
        Ok(())
    }
}

/// Whether a character cannot be seen and changes what is: controls, directions, joins of nothing.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{061c}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A page on the web that may be linked: nothing but `https` and `http`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site<'a> {
    uri: &'a str,
    host: &'a str,
}

impl<'a> Site<'a> {
    /// Takes a URI if it is one of the web, in printable ASCII and without user information.
    pub fn parse(uri: &'a str) -> Option<Self> {
        let rest = uri
            .strip_prefix("https://")
            .or_else(|| uri.strip_prefix("http://"))?;
        let host = rest.split(['/', '?', '#']).next()?;
        let sound = |byte: u8| matches!(byte, 0x21..=0x7e) && !matches!(byte, b'\\' | b'"');
        let is_host = !host.is_empty() && !host.contains('@');
        (is_host && uri.len() <= 2048 && uri.bytes().all(sound)).then_some(Self { uri, host })
    }

    /// Where it leads.
    pub fn uri(self) -> &'a str {
        self.uri
    }

    /// Whose it is.
    pub fn host(self) -> Foreign<'a> {
        Foreign(self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_is_shown_as_such() {
        let name = Foreign::from("bank\u{202e}moc.live\u{0}\n");
        assert_eq!(name.to_string(), "bank\u{fffd}moc.live\u{fffd}\u{fffd}");
    }

    #[test]
    fn long_texts_are_clipped_by_characters() {
        let long = "é".repeat(10_000);
        assert_eq!(Foreign::from(&long).to_string().chars().count(), 121);
        let fits = "é".repeat(120);
        assert_eq!(Foreign::from(&fits).to_string(), fits);
    }

    #[test]
    fn a_letter_is_found_or_made_up() {
        assert_eq!(Foreign::from("«orders»").letter(), 'O');
        assert_eq!(Foreign::from("ßeta").letter(), 'S');
        assert_eq!(Foreign::from("<>").letter(), '?');
    }

    #[test]
    fn only_the_web_is_linked() {
        let site = Site::parse("https://app.example:8443/home?x").unwrap();
        assert_eq!(site.host().to_string(), "app.example:8443");
        for uri in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//app.example",
            "https://",
            "https:///path",
            "https://bank.example@evil.example/",
            "https://evil.example\\@bank.example",
            "https://app.example/\u{202e}",
            "https://app.example/ x",
        ] {
            assert_eq!(Site::parse(uri), None, "{uri}");
        }
    }
}
