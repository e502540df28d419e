//! Locates tokens and keys in whatever a person pastes: a header line, a cookie, a URL, a curl
//! command, a JSON response, a HAR file, a log.
//!
//! It knows the look of a token, not its meaning: [`crate::token`] decodes what is found. `scan`
//! goes through text, `json` through what is JSON in it, `join` mends what copying did,
//! `context` tells from the surroundings where a token stood. To know one more place, teach
//! `context`.

mod context;
mod join;
mod json;
mod scan;
#[cfg(test)]
mod tests;

use core::fmt;
use core::ops::Range;

use jeton_jose::Limits;
use jeton_jose::jws::compact;
use serde::Serialize;

pub(crate) use json::push_pointer;
pub(crate) use scan::{kind_of as kind_of_compact, opens_object};

/// Longest text that is looked at, in bytes; what follows is not.
pub const MAX_TEXT: usize = 1 << 20;
/// Most tokens and keys that are found in one text.
pub const MAX_FOUND: usize = 64;

/// Finds the tokens and keys in a text, in their order, none inside another.
///
/// Takes time in proportion to the text: at most [`MAX_TEXT`] bytes of it, and ends at
/// [`MAX_FOUND`]. A text that is one word is answered as a broken token rather than by nothing.
pub fn find(text: &str) -> Vec<Found> {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    unencoded(text).map_or_else(|| scan::scan(text), |found| vec![found])
}

/// A sound token whose payload stands as it is, spaces included (RFC 7797 §5.2), if it is all.
fn unencoded(text: &str) -> Option<Found> {
    let token = text.trim_ascii();
    let limits = Limits {
        token_bytes: MAX_TEXT,
        ..Limits::default()
    };
    let opens = opens_object(token.as_bytes());
    let parsed = opens.then(|| compact::Unverified::parse(token, &limits).ok())??;
    let start = text.len() - text.trim_ascii_start().len();
    (!parsed.unverified_header().base64_payload()).then(|| Found {
        span: start..start + token.len(),
        kind: Kind::CompactJws,
        source: Source::Whole,
        text: token.to_owned(),
        repairs: Vec::new(),
    })
}

/// One token or key in a text.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Its bytes in the text, damage included; of a token in a token, in the decoded part.
    pub span: Range<usize>,
    /// What it looks like.
    pub kind: Kind,
    /// Where it stood.
    pub source: Source,
    /// The token itself, mended.
    pub text: String,
    /// What was mended.
    pub repairs: Vec<Repair>,
}

/// Shows no token bytes.
impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found")
            .field("span", &self.span)
            .field("kind", &self.kind)
            .field("source", &self.source)
            .field("repairs", &self.repairs)
            .finish_non_exhaustive()
    }
}

/// The forms of tokens and keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Three parts (RFC 7515 §7.1).
    CompactJws,
    /// A compact JWS, disclosures and perhaps a key-binding JWT, with tildes between (RFC 9901 §4).
    SdJwt,
    /// Five parts (RFC 7516 §7.1).
    CompactJwe,
    /// JSON with one signature (RFC 7515 §7.2.2).
    FlattenedJws,
    /// JSON with a list of signatures (RFC 7515 §7.2.1).
    GeneralJws,
    /// JSON for one recipient (RFC 7516 §7.2.2).
    FlattenedJwe,
    /// JSON for a list of recipients (RFC 7516 §7.2.1).
    GeneralJwe,
    /// A key (RFC 7517 §4).
    Jwk,
    /// A set of keys (RFC 7517 §5).
    JwkSet,
    /// None of these, but it might have been a compact token.
    Broken,
}

impl Kind {
    /// In words, with an article.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CompactJws => "a signed token (compact JWS)",
            Self::SdJwt => "a signed token with selective disclosure (SD-JWT)",
            Self::CompactJwe => "an encrypted token (compact JWE)",
            Self::FlattenedJws => "a signed token (flattened JSON JWS)",
            Self::GeneralJws => "a signed token (general JSON JWS)",
            Self::FlattenedJwe => "an encrypted token (flattened JSON JWE)",
            Self::GeneralJwe => "an encrypted token (general JSON JWE)",
            Self::Jwk => "a key (JWK)",
            Self::JwkSet => "a key set (JWK Set)",
            Self::Broken => "a broken or partial token",
        }
    }
}

/// Where something stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "where")]
pub enum Source {
    /// It is all there is.
    Whole,
    /// After an authentication scheme: `Bearer`, `DPoP`.
    Authorization {
        /// The scheme as written.
        scheme: String,
    },
    /// In another header field.
    Header {
        /// The field's name as written.
        name: String,
    },
    /// In a cookie.
    Cookie {
        /// The cookie's name.
        name: String,
    },
    /// In the query of a URL.
    QueryParameter {
        /// The parameter's name.
        name: String,
    },
    /// In the fragment of a URL.
    FragmentParameter {
        /// The parameter's name.
        name: String,
    },
    /// In `name=value` or `name: value`, as forms, logs and settings have it.
    Parameter {
        /// The name.
        name: String,
    },
    /// A member or element of JSON.
    JsonMember {
        /// JSON pointer (RFC 6901) in the outermost JSON.
        pointer: String,
    },
    /// In the payload of another token.
    Payload,
    /// In a claim of another token.
    Claim {
        /// JSON pointer in the payload.
        pointer: String,
    },
    /// In a header parameter of another token.
    HeaderParameter {
        /// JSON pointer in the header.
        pointer: String,
    },
    /// After the disclosures of an SD-JWT (RFC 9901 §4.3).
    KeyBinding,
    /// Between other text.
    Bare,
}

/// What was mended to get at a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// Spaces or tabs were taken out or off.
    WhiteSpaceRemoved,
    /// Lines were joined.
    LinesJoined,
    /// `\n` and the like, written out, were taken out.
    EscapesRemoved,
    /// Percent-encoding was undone.
    PercentDecoded,
    /// Quotes or brackets around it were taken off.
    QuotesRemoved,
    /// Characters that do not show were taken out.
    InvisibleRemoved,
}
