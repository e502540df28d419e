//! Scopes as sets (RFC 6749 §3.3): order and repetition mean nothing.

use core::fmt;
use std::collections::BTreeSet;

use serde::de::Error as _;

use crate::error::{ErrorCode, OAuthError};

/// One word of a scope: printable ASCII without space, quote and backslash.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeToken(String);

impl ScopeToken {
    /// Takes a word if it can be one of a scope.
    pub fn parse(word: &str) -> Result<Self, OAuthError> {
        let sound = |byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if word.is_empty() || !word.bytes().all(sound) {
            return Err(OAuthError::new(
                ErrorCode::InvalidScope,
                "a word of the scope has a character that none may have",
            ));
        }
        Ok(Self(word.to_owned()))
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl core::borrow::Borrow<str> for ScopeToken {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ScopeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// A set of scope words, written with spaces in between.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scope(BTreeSet<ScopeToken>);

impl Scope {
    /// The words of a text that are separated by single spaces.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        text.split(' ')
            .map(ScopeToken::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether the word is in it.
    pub fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    /// Whether `other` has all of it.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// What both have.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).cloned().collect())
    }

    /// What either has.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).cloned().collect())
    }

    /// What it has and `other` has not.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self(self.0.difference(&other.0).cloned().collect())
    }

    /// Those of its words that may stay.
    #[must_use]
    pub fn filter(&self, mut may_stay: impl FnMut(&str) -> bool) -> Self {
        let words = self.0.iter().filter(|word| may_stay(word.as_str()));
        Self(words.cloned().collect())
    }

    /// The words, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(ScopeToken::as_str)
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a request for `asked` gets from a holder of it (RFC 6749 §6): all where nothing was
    /// asked for, and never more than is held.
    pub fn narrow(&self, asked: Option<&Self>) -> Result<Self, OAuthError> {
        match asked {
            None => Ok(self.clone()),
            Some(asked) if asked.is_subset(self) => Ok(asked.clone()),
            Some(_) => Err(OAuthError::new(
                ErrorCode::InvalidScope,
                "the scope is more than was granted",
            )),
        }
    }
}

impl FromIterator<ScopeToken> for Scope {
    fn from_iter<I: IntoIterator<Item = ScopeToken>>(words: I) -> Self {
        Self(words.into_iter().collect())
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, word) in self.iter().enumerate() {
            if position > 0 {
                f.write_str(" ")?;
            }
            f.write_str(word)?;
        }
        Ok(())
    }
}

impl serde::Serialize for Scope {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Scope {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| D::Error::custom(error.description()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(text: &str) -> Scope {
        Scope::parse(text).unwrap()
    }

    #[test]
    fn order_and_repetition_mean_nothing() {
        assert_eq!(scope("b a b"), scope("a b"));
        assert_eq!(scope("b a b").to_string(), "a b");
        assert!(scope("").is_empty());
    }

    #[test]
    fn what_is_no_scope_is_refused() {
        for text in [" ", "a  b", " a", "a ", "a\tb", "a\"b", "a\\b", "é", "a\nb"] {
            assert!(Scope::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn nobody_gets_more_than_is_held() {
        let held = scope("orders:read orders:write");
        assert_eq!(held.narrow(None).unwrap(), held);
        assert_eq!(
            held.narrow(Some(&scope("orders:read"))).unwrap(),
            scope("orders:read")
        );
        let refusal = held.narrow(Some(&scope("orders:read admin"))).unwrap_err();
        assert_eq!(refusal.code(), ErrorCode::InvalidScope);
    }
}
