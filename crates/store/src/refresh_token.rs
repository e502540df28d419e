//! The refresh token as clients hold it: `family.generation.mac`.
//!
//! The MAC proves that a token is one of ours before the store is asked, so an old one can be told
//! from a guessed one without keeping a history, and guessing never kills a family.

use jeton_jose::base64url;
use jeton_jose::key::{SigningKey, VerifyingKey};
use jeton_oauth::Credential;

use crate::error::StoreError;
use crate::id::FamilyId;

/// Longer texts are not ours.
const MAX_LEN: usize = 256;
/// Keeps the MAC apart from whatever else the key may be used for.
const CONTEXT: &str = "jeton refresh token 1";

/// A token whose MAC was found good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    family: FamilyId,
    generation: u64,
}

impl RefreshToken {
    /// The token of a generation that the store answered.
    pub fn new(family: FamilyId, generation: u64) -> Self {
        Self { family, generation }
    }

    /// The family.
    pub fn family(&self) -> &FamilyId {
        &self.family
    }

    /// The generation.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Its text, with a MAC under `key`, which is an HMAC key.
    pub fn issue(&self, key: &SigningKey) -> Result<Credential, StoreError> {
        let mut mac = Vec::new();
        key.sign(
            message(self.family.as_str(), self.generation).as_bytes(),
            &mut mac,
        )
        .map_err(|error| StoreError::Backend {
            message: error.to_string(),
        })?;
        let mac = base64url::encode(&mac);
        Ok(Credential::new(format!(
            "{}.{}.{mac}",
            self.family, self.generation
        )))
    }

    /// Reads a text; `None` unless its MAC is good under one of the keys. Several keys are for the
    /// time in which one replaces another.
    pub fn authentic(text: &Credential, keys: &[VerifyingKey]) -> Option<Self> {
        let text = text.expose();
        if text.len() > MAX_LEN {
            return None;
        }
        let mut parts = text.split('.');
        let (family, number, mac) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let generation: u64 = number.parse().ok()?;
        let mac = base64url::decode(mac).ok()?;
        // The MAC is over the parsed number, so that it has one spelling.
        let message = message(family, generation);
        let is_canonical = generation.to_string() == number;
        let is_ours = keys.iter().any(|key| key.verify(message.as_bytes(), &mac));
        (is_canonical && is_ours).then(|| Self::new(FamilyId::new(family), generation))
    }
}

fn message(family: &str, generation: u64) -> String {
    format!("{CONTEXT}\n{family}\n{generation}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeton_jose::Algorithm;
    use jeton_testkit::{any_signing_key, backends, jwk};

    fn authentic(text: &str) -> Option<RefreshToken> {
        let key = VerifyingKey::new(&jwk(Algorithm::HS256), Algorithm::HS256, backends()[0]);
        RefreshToken::authentic(&Credential::new(text), &[key.unwrap()])
    }

    #[test]
    fn only_what_was_issued_is_authentic() {
        let token = RefreshToken::new(FamilyId::new("f"), 12);
        let key = any_signing_key(Algorithm::HS256);
        let text = token.issue(&key).unwrap().expose().to_owned();
        assert_eq!(authentic(&text), Some(token));
        let other_key = any_signing_key(Algorithm::HS512);
        let other = RefreshToken::new(FamilyId::new("f"), 12).issue(&other_key);
        for forged in [
            text.replace("f.12.", "f.13."),
            text.replace("f.12.", "g.12."),
            text.replace("f.12.", "f.012."),
            text.replace("f.12.", "f.+12."),
            text.replace("f.12.", "f.1.2."),
            format!("{text}.x"),
            format!("{text}A"),
            text[..text.len() - 1].to_owned(),
            "f.12.".to_owned(),
            String::new(),
            "x".repeat(MAX_LEN + 1),
            other.unwrap().expose().to_owned(),
        ] {
            assert_eq!(authentic(&forged), None, "{forged}");
        }
    }
}
