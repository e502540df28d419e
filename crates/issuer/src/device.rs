//! What a `User-Agent` says of a device, in the few words that a person recognises.
//!
//! It is a claim of whoever sent it: shown, never decided by.

use core::fmt;

/// How much of a header is looked at, and worth keeping.
pub const MOST: usize = 512;

/// A device as a person would name it: `Firefox on Linux`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    program: Option<String>,
    system: Option<&'static str>,
    kind: Kind,
}

/// What one would draw for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A browser on a desk or a lap.
    Computer,
    /// A browser or an application in a hand.
    Handheld,
    /// No browser.
    Program,
    /// Nothing is known.
    Unknown,
}

/// The mark in the header and the name. Whoever builds on another browser names it as well, so the
/// more particular come first.
const BROWSERS: &[(&str, &str)] = &[
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Ddg/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"),
    ("Focus/", "Firefox Focus"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Headless Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];

/// The same for systems: iOS says `like Mac OS X`, and Android says `Linux`.
const SYSTEMS: &[(&str, &str, Kind)] = &[
    ("iPhone", "iPhone", Kind::Handheld),
    ("iPad", "iPad", Kind::Handheld),
    ("Android", "Android", Kind::Handheld),
    ("Windows NT", "Windows", Kind::Computer),
    ("CrOS", "ChromeOS", Kind::Computer),
    ("Mac OS X", "macOS", Kind::Computer),
    ("Macintosh", "macOS", Kind::Computer),
    ("FreeBSD", "FreeBSD", Kind::Computer),
    ("OpenBSD", "OpenBSD", Kind::Computer),
    ("Linux", "Linux", Kind::Computer),
];

/// How long the name of a program may be.
const MOST_OF_A_NAME: usize = 40;

impl Device {
    /// Reads a header's value.
    pub fn read(user_agent: &str) -> Self {
        let text = clip(user_agent).trim();
        let system = SYSTEMS.iter().find(|(mark, ..)| text.contains(mark));
        let kind = system.map(|(.., kind)| *kind);
        let system = system.map(|(_, name, _)| *name);
        if text.starts_with("Mozilla/") {
            let known = BROWSERS.iter().find(|(mark, _)| text.contains(mark));
            return Self {
                program: known.map(|(_, name)| (*name).to_owned()),
                system,
                kind: kind.unwrap_or(Kind::Unknown),
            };
        }
        let program = product(text);
        let kind = match (kind, &program) {
            (Some(Kind::Handheld), _) => Kind::Handheld,
            (_, Some(_)) => Kind::Program,
            _ => Kind::Unknown,
        };
        Self {
            program,
            system,
            kind,
        }
    }

    /// What one would draw for it.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The browser or program, if it says which.
    pub fn program(&self) -> Option<&str> {
        self.program.as_deref()
    }

    /// What it runs on, if it says so.
    pub fn system(&self) -> Option<&str> {
        self.system
    }
}

/// `Firefox on Linux`, or as much of it as is known; nothing if nothing is.
impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.program, self.system) {
            (Some(program), Some(system)) => write!(f, "{program} on {system}"),
            (Some(program), None) => f.write_str(program),
            (None, Some(system)) => f.write_str(system),
            (None, None) => Ok(()),
        }
    }
}

/// The part of a header's value that is looked at, and that is enough to keep.
pub fn clip(user_agent: &str) -> &str {
    let mut end = MOST.min(user_agent.len());
    while !user_agent.is_char_boundary(end) {
        end -= 1;
    }
    user_agent.get(..end).unwrap_or_default()
}

/// The first product's name (RFC 9110 §10.1.5), of the characters that names are made of.
fn product(text: &str) -> Option<String> {
    let name: String = text
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        .take(MOST_OF_A_NAME)
        .collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_call_themselves() {
        for (header, name, kind) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Linux",
                Kind::Computer,
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/140.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
                Kind::Handheld,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "Edge on Windows",
                Kind::Computer,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, \
                 like Gecko) Version/18.5 Safari/605.1.15",
                "Safari on macOS",
                Kind::Computer,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1",
                "Chrome on iPhone",
                Kind::Handheld,
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/140.0.0.0 Safari/537.36",
                "Chrome on ChromeOS",
                Kind::Computer,
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) \
                 SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                "Samsung Internet on Android",
                Kind::Handheld,
            ),
            ("curl/8.5.0", "curl", Kind::Program),
            ("python-requests/2.32", "python-requests", Kind::Program),
            ("Shop/3.1 (Android 14)", "Shop on Android", Kind::Handheld),
        ] {
            let device = Device::read(header);
            assert_eq!(device.to_string(), name, "{header}");
            assert_eq!(device.kind(), kind, "{header}");
        }
    }

    #[test]
    fn what_is_unknown_is_not_guessed() {
        for header in [
            "",
            "   ",
            "\u{202e}",
            "<script>",
            "Mozilla/5.0 (Nothing; Known)",
        ] {
            let device = Device::read(header);
            assert_eq!(device.to_string(), "", "{header:?}");
            assert_eq!(device.kind(), Kind::Unknown);
        }
    }

    #[test]
    fn length_and_foreign_characters_are_bounded() {
        assert_eq!(
            Device::read(&"x".repeat(10_000)).to_string().len(),
            MOST_OF_A_NAME
        );
        assert_eq!(clip(&"é".repeat(600)).len(), MOST);
        assert_eq!(clip(&format!("x{}", "é".repeat(600))).len(), MOST - 1);
        let late = format!("Mozilla/5.0 {}Firefox/1.0 Linux", " ".repeat(MOST));
        assert_eq!(Device::read(&late).to_string(), "");
        assert_eq!(Device::read("evil<b>/1.0").to_string(), "evil");
    }
}
