//! Parameters of a query or a form (RFC 6749 appendix B).

use core::fmt;
use std::borrow::Cow;

use crate::error::{OAuthError, invalid_request};

const MAX_BYTES: usize = 64 * 1024;
const MAX_PARAMETERS: usize = 64;

/// May stand several times (RFC 8707 §2, RFC 8693 §2.1).
const REPEATABLE: [&str; 2] = ["resource", "audience"];

/// The parameters of a request: no name twice, empty ones left out (RFC 6749 §3.1).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads a query string (without `?`) or the body of a form.
    pub fn parse(text: &[u8]) -> Result<Self, OAuthError> {
        if text.len() > MAX_BYTES {
            return Err(invalid_request("the parameters are too long"));
        }
        let mut parameters: Vec<(String, String)> = Vec::new();
        for pair in text
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
        {
            if parameters.len() == MAX_PARAMETERS {
                return Err(invalid_request("there are too many parameters"));
            }
            let at = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = match at {
                Some(at) => (pair.get(..at), pair.get(at + 1..)),
                None => (Some(pair), None),
            };
            let name = decode(name.unwrap_or_default())?;
            let value = decode(value.unwrap_or_default())?;
            let known = parameters.iter().any(|(known, _)| *known == name);
            if known && !REPEATABLE.contains(&name.as_str()) {
                return Err(invalid_request("a parameter is there twice"));
            }
            parameters.push((name, value));
        }
        parameters.retain(|(_, value)| !value.is_empty());
        Ok(Self(parameters))
    }

    /// The value of a parameter; an empty one counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// All values of a parameter that may be repeated.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let found = self.0.iter().filter(move |(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that has to be there.
    pub fn require(&self, name: &'static str) -> Result<&str, OAuthError> {
        self.get(name)
            .ok_or_else(|| invalid_request(format!("`{name}` is missing")))
    }

    /// A space-separated list.
    pub(crate) fn words<'a>(&'a self, name: &str) -> Vec<&'a str> {
        let value = self.get(name).unwrap_or_default();
        value.split(' ').filter(|word| !word.is_empty()).collect()
    }

    pub(crate) fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        Self(
            pairs
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }
}

/// Shows names only: values are codes, secrets and tokens.
impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

/// Undoes form encoding; what is not UTF-8, or an escape that is cut off, is refused.
pub(crate) fn decode(text: &[u8]) -> Result<String, OAuthError> {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| *byte == b'%') {
        let digits = rest.get(at + 1..at + 3).unwrap_or_default();
        if digits.len() != 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(invalid_request("a percent escape is cut off"));
        }
        rest = rest.get(at + 3..).unwrap_or_default();
    }
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    percent_encoding::percent_decode(&spaced)
        .decode_utf8()
        .map(Cow::into_owned)
        .map_err(|_| invalid_request("a parameter is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    #[test]
    fn a_form_is_read() {
        let read = Parameters::parse(b"a=1&b=x+y%20z&c=&d&e=%C3%A9%3d").unwrap();
        assert_eq!(read.get("a"), Some("1"));
        assert_eq!(read.get("b"), Some("x y z"));
        assert_eq!(read.get("c"), None);
        assert_eq!(read.get("d"), None);
        assert_eq!(read.get("e"), Some("é="));
        assert_eq!(
            read.require("c").unwrap_err().description(),
            "`c` is missing"
        );
    }

    #[test]
    fn a_name_stands_once() {
        for text in ["a=1&a=1", "a=1&%61=2", "a=&a=1", "x=1&y=2&x"] {
            let refusal = Parameters::parse(text.as_bytes()).unwrap_err();
            assert_eq!(refusal.code(), ErrorCode::InvalidRequest, "{text}");
        }
        let both = Parameters::parse(b"resource=a&resource=b").unwrap();
        assert_eq!(both.all("resource").collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn what_is_no_form_is_refused() {
        let long = format!("a={}", "x".repeat(MAX_BYTES));
        let many: Vec<_> = (0..=MAX_PARAMETERS).map(|i| format!("p{i}=1")).collect();
        let many = many.join("&");
        for text in ["a=%", "a=%4", "a=%zz", "a=%ff", "%c3=1", &long, &many] {
            assert!(Parameters::parse(text.as_bytes()).is_err(), "{text:.20}");
        }
    }

    #[test]
    fn debug_shows_no_value() {
        let read = Parameters::parse(b"client_secret=hunter2").unwrap();
        assert_eq!(format!("{read:?}"), r#"{"client_secret"}"#);
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read(value in "\\PC{1,40}") {
            let text: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            let read = Parameters::parse(format!("v={text}").as_bytes()).unwrap();
            proptest::prop_assert_eq!(read.get("v"), Some(value.as_str()));
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = Parameters::parse(&bytes);
        }
    }
}
