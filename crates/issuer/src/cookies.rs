//! Cookies: all of them `__Host-`, `Secure` and `HttpOnly`, so that no other host and no script has
//! a hand in them. Browsers keep such cookies on `http://localhost` too.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};
use jeton_oauth::Credential;

use crate::answer::Failure;

/// A cookie of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Who is signed in in this browser.
    Session,
    /// The refresh token of an application's own sign-in.
    Refresh,
    /// What this browser's forms are bound to.
    Visit,
    /// A browser in which somebody signed in before.
    Device,
}

impl Cookie {
    const fn name(self) -> &'static str {
        match self {
            Self::Session => "__Host-jeton-session",
            Self::Refresh => "__Host-jeton-refresh",
            Self::Visit => "__Host-jeton-visit",
            Self::Device => "__Host-jeton-device",
        }
    }

    /// Whether it comes along when another site sends the browser here: the first two pages of an
    /// authorization need that, and nothing else does.
    const fn same_site(self) -> &'static str {
        match self {
            Self::Session | Self::Visit => "Lax",
            Self::Refresh | Self::Device => "Strict",
        }
    }

    /// Its value in a request; a request with two of the same name is not believed.
    pub(crate) fn read(self, headers: &HeaderMap) -> Option<Credential> {
        let lines = headers.get_all(header::COOKIE).iter();
        let pairs = lines.flat_map(|line| line.to_str().unwrap_or_default().split(';'));
        let mut values = pairs
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.name())
            .map(|(_, value)| value);
        match (values.next(), values.next()) {
            (Some(value), None) if !value.is_empty() => Some(Credential::new(value)),
            _ => None,
        }
    }

    /// Sets it; without an age it ends with the browser.
    pub(crate) fn set(
        self,
        value: &Credential,
        max_age: Option<Duration>,
    ) -> Result<HeaderValue, Failure> {
        let age = max_age.map_or(String::new(), |age| format!("; Max-Age={}", age.as_secs()));
        let text = format!(
            "{}={}; Path=/; Secure; HttpOnly; SameSite={}{age}",
            self.name(),
            value.expose(),
            self.same_site()
        );
        let mut header = HeaderValue::from_str(&text).map_err(|_| Failure::Internal)?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// Takes it away.
    pub(crate) fn clear(self) -> Result<HeaderValue, Failure> {
        self.set(&Credential::new(""), Some(Duration::ZERO))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_of_a_name_are_none() {
        let mut headers = HeaderMap::new();
        let mut add = |line: &'static str| {
            headers.append(header::COOKIE, HeaderValue::from_static(line));
            Cookie::Session.read(&headers)
        };
        assert_eq!(add("a=b; __Host-jeton-sessio=x"), None);
        let found = add("__Host-jeton-session=s; c=d").unwrap();
        assert_eq!(found.expose(), "s");
        assert_eq!(add("__Host-jeton-session=t"), None);
    }

    #[test]
    fn every_cookie_is_for_this_host_alone() {
        let all = [
            Cookie::Session,
            Cookie::Refresh,
            Cookie::Visit,
            Cookie::Device,
        ];
        for cookie in all {
            let header = cookie.set(&Credential::new("v"), None).unwrap();
            let text = header.to_str().unwrap();
            assert!(text.starts_with("__Host-"), "{text}");
            for part in ["; Path=/;", "; Secure;", "; HttpOnly;", "; SameSite="] {
                assert!(text.contains(part), "{text}");
            }
            assert!(header.is_sensitive() && !text.contains("Domain"));
            let cleared = cookie.clear().unwrap();
            assert!(cleared.to_str().unwrap().ends_with("; Max-Age=0"));
        }
    }
}
