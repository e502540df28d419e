//! What belongs together in a sign-in, checked against each other.
//!
//! An ID token names the access token, the code, the state and the nonce it was issued with, the
//! client it is for and perhaps the key of its holder. Each check answers on its own; none checks
//! a signature or a time. To add one, add a row to [`Check`] and a function that answers it.

mod bound;
#[cfg(test)]
mod tests;

pub(crate) use bound::looks_like_thumbprint;

use jeton_jose::Algorithm;
use jeton_jose::alg::Hash;
use jeton_jose::backend::Backend;
use jeton_jose::base64url;
use jeton_jose::jwk::Jwk;
use serde::Serialize;

use crate::finding::{Finding, FindingCode, PartName, Place};
use crate::parts::{Parts, Unreadable};

/// Checks a token against what came or was sent with it. Of a token or proof over 1 MiB nothing is
/// read; the rest is hashed or compared as it is.
///
/// # Errors
/// The token is not a JWS that can be decoded.
pub fn cross_check(
    token: &str,
    beside: &Beside<'_>,
    backend: &dyn Backend,
) -> Result<Vec<CrossCheck>, Unreadable> {
    let parts = Parts::read(token)?;
    let token = Token {
        text: token.trim(),
        parts: &parts,
        backend,
    };
    let mut checks = vec![
        token.hash_claim(Check::AtHash, beside.access_token),
        token.hash_claim(Check::CHash, beside.code),
        token.hash_claim(Check::SHash, beside.state),
        token.nonce(beside.nonce),
        token.authorized_party(beside.client_id),
    ];
    checks.extend(bound::confirmation(&token, beside));
    checks.extend(bound::certificate(&token));
    checks.push(bound::key_id(&token, beside.key));
    Ok(checks)
}

/// What the caller has beside the token; leave out what is not at hand.
#[derive(Clone, Copy, Default)]
pub struct Beside<'a> {
    /// The access token that came with it.
    pub access_token: Option<&'a str>,
    /// The authorization code that came with it.
    pub code: Option<&'a str>,
    /// The `state` that was sent.
    pub state: Option<&'a str>,
    /// The `nonce` that was sent.
    pub nonce: Option<&'a str>,
    /// The client's own identifier.
    pub client_id: Option<&'a str>,
    /// A proof of possession (`DPoP`, RFC 9449 §4) of the token's holder.
    pub dpop_proof: Option<&'a str>,
    /// The certificate, in DER, that the holder used for mutual TLS (RFC 8705).
    pub certificate: Option<&'a [u8]>,
    /// The key that the token is said to be signed with.
    pub key: Option<&'a Jwk>,
}

/// One check and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CrossCheck {
    /// What was checked.
    pub check: Check,
    /// How it went.
    #[serde(flatten)]
    pub answer: Answer,
    /// Why, in words.
    pub words: String,
}

/// How a check went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// The two belong together.
    Match,
    /// They do not, or what has to be there is missing.
    Mismatch {
        /// What that means.
        finding: Finding,
    },
    /// The token says nothing of it.
    NotPresent,
    /// It says something, but what it would be held against is missing or cannot be read.
    CannotTell,
}

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub enum Check {
    /// `at_hash` with the access token (OpenID Connect Core 1.0 §3.1.3.6).
    #[serde(rename = "at_hash")]
    AtHash,
    /// `c_hash` with the code (OpenID Connect Core 1.0 §3.3.2.11).
    #[serde(rename = "c_hash")]
    CHash,
    /// `s_hash` with the state (FAPI 1.0 Part 2 §5.1).
    #[serde(rename = "s_hash")]
    SHash,
    /// `nonce` with the one sent (OpenID Connect Core 1.0 §3.1.3.7).
    #[serde(rename = "nonce")]
    Nonce,
    /// `azp` with the client (OpenID Connect Core 1.0 §3.1.3.7).
    #[serde(rename = "azp")]
    AuthorizedParty,
    /// `cnf.jkt` with the proof's key (RFC 9449 §6.1).
    #[serde(rename = "cnf.jkt")]
    ConfirmationThumbprint,
    /// `cnf.jwk` with the proof's key (RFC 7800 §3.2).
    #[serde(rename = "cnf.jwk")]
    ConfirmationKey,
    /// `cnf.x5t#S256` with the holder's certificate (RFC 8705 §3.1).
    #[serde(rename = "cnf.x5t#S256")]
    ConfirmationCertificate,
    /// `ath` of the proof with the access token (RFC 9449 §4.3).
    #[serde(rename = "ath")]
    ProofHash,
    /// `x5t` of the header with its `x5c` (RFC 7515 §4.1.7).
    #[serde(rename = "x5t")]
    CertificateSha1,
    /// `x5t#S256` of the header with its `x5c` (RFC 7515 §4.1.8).
    #[serde(rename = "x5t#S256")]
    CertificateSha256,
    /// `kid` with the thumbprint of the key (RFC 7638).
    #[serde(rename = "kid")]
    KeyId,
}

/// The token under examination.
struct Token<'a> {
    text: &'a str,
    parts: &'a Parts,
    backend: &'a dyn Backend,
}

impl Check {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConfirmationThumbprint => "cnf.jkt",
            Self::ConfirmationKey => "cnf.jwk",
            Self::ConfirmationCertificate => "cnf.x5t#S256",
            other => other.claim(),
        }
    }

    const fn claim(self) -> &'static str {
        match self {
            Self::AtHash => "at_hash",
            Self::CHash => "c_hash",
            Self::SHash => "s_hash",
            Self::Nonce => "nonce",
            Self::AuthorizedParty => "azp",
            Self::ConfirmationThumbprint => "jkt",
            Self::ConfirmationKey => "jwk",
            Self::ConfirmationCertificate | Self::CertificateSha256 => "x5t#S256",
            Self::ProofHash => "ath",
            Self::CertificateSha1 => "x5t",
            Self::KeyId => "kid",
        }
    }

    fn matches(self, words: impl Into<String>) -> CrossCheck {
        self.answer(Answer::Match, words)
    }

    fn not_present(self, words: impl Into<String>) -> CrossCheck {
        self.answer(Answer::NotPresent, words)
    }

    fn cannot_tell(self, words: impl Into<String>) -> CrossCheck {
        self.answer(Answer::CannotTell, words)
    }

    /// `place` is in the token under examination.
    fn mismatch(
        self,
        code: FindingCode,
        place: impl Into<Option<Place>>,
        words: impl Into<String>,
    ) -> CrossCheck {
        let words = words.into();
        let finding = Finding {
            place: place.into(),
            ..Finding::new(code, words.clone())
        };
        self.answer(Answer::Mismatch { finding }, words)
    }

    fn answer(self, answer: Answer, words: impl Into<String>) -> CrossCheck {
        CrossCheck {
            check: self,
            answer,
            words: words.into(),
        }
    }
}

impl Token<'_> {
    /// The left half of a hash, chosen by the `alg` of the token (OpenID Connect Core 1.0
    /// §3.1.3.6).
    fn hash_claim(&self, check: Check, value: Option<&str>) -> CrossCheck {
        let name = check.claim();
        let subject = match check {
            Check::AtHash => "the access token",
            Check::CHash => "the code",
            _ => "the state",
        };
        let Some(claim) = self.parts.claim(name) else {
            return check.not_present(format!("the token has no `{name}`"));
        };
        let Some(value) = value else {
            return check.cannot_tell(format!("{subject} was not given"));
        };
        let (hash, why) = match self.hash() {
            Ok(hash) => hash,
            Err(words) => return check.cannot_tell(words),
        };
        let digest = self.backend.digest(hash, value.as_bytes());
        let left_half = digest.as_ref().get(..hash.output_len() / 2);
        let computed = base64url::encode(left_half.unwrap_or_default());
        if claim.as_str() == Some(computed.as_str()) {
            return check.matches(format!("`{name}` belongs to {subject} ({why})"));
        }
        let seen = claim
            .as_str()
            .map_or(claim.kind().as_str(), |_| "another value");
        check.mismatch(
            FindingCode::HashMismatch,
            in_payload(&[name]),
            format!("`{name}` should be `{computed}` for {subject} ({why}); it is {seen}"),
        )
    }

    /// The hash of the token's own algorithm, and why it is that one.
    fn hash(&self) -> Result<(Hash, String), String> {
        let Some(name) = self.parts.parameter("alg") else {
            return Err("the header has no `alg` to choose the hash".to_owned());
        };
        let algorithm = Algorithm::from_name(name)
            .ok_or("the `alg` of the header is none whose hash is known here".to_owned())?;
        Ok(match algorithm.row().hash {
            Some(hash) => (
                hash,
                format!("{}, as {algorithm} uses", hash.registry_name()),
            ),
            // OpenID Connect says nothing of Ed25519; issuers take the hash inside of it.
            None => (
                Hash::Sha512,
                format!("sha-512, by custom for {algorithm}, whose own hash it is"),
            ),
        })
    }

    fn nonce(&self, sent: Option<&str>) -> CrossCheck {
        let check = Check::Nonce;
        let code = FindingCode::NonceMismatch;
        match (self.parts.claim("nonce"), sent) {
            (None, None) => check.not_present("the token has no `nonce`"),
            (Some(_), None) => check.cannot_tell("the nonce that was sent was not given"),
            (None, Some(_)) => check.mismatch(
                code,
                in_payload(&[]),
                "a nonce was sent, and the token has no `nonce`",
            ),
            (Some(claim), Some(sent)) if claim.as_str() == Some(sent) => {
                check.matches("`nonce` is the one that was sent")
            }
            (Some(_), Some(_)) => check.mismatch(
                code,
                in_payload(&["nonce"]),
                "`nonce` is not the one that was sent",
            ),
        }
    }

    fn authorized_party(&self, client_id: Option<&str>) -> CrossCheck {
        let check = Check::AuthorizedParty;
        let audiences = self
            .parts
            .claim("aud")
            .and_then(|aud| Some(aud.as_array()?.len()))
            .unwrap_or(1);
        match (self.parts.claim("azp"), client_id) {
            (None, _) if audiences > 1 => check.mismatch(
                FindingCode::AuthorizedPartyMissing,
                in_payload(&["aud"]),
                format!("the token has {audiences} audiences and no `azp`"),
            ),
            (None, _) => check.not_present("the token has no `azp`, and needs none"),
            (Some(_), None) => check.cannot_tell("the client identifier was not given"),
            (Some(azp), Some(client)) if azp.as_str() == Some(client) => {
                check.matches("`azp` is the client")
            }
            (Some(_), Some(_)) => check.mismatch(
                FindingCode::AuthorizedPartyMismatch,
                in_payload(&["azp"]),
                "`azp` is not the client",
            ),
        }
    }
}

/// A place in the payload; names go from the outermost object on.
fn in_payload(names: &[&str]) -> Place {
    place(PartName::Payload, names)
}

fn place(part: PartName, names: &[&str]) -> Place {
    let pointer = (!names.is_empty()).then(|| {
        let escaped = names
            .iter()
            .map(|name| name.replace('~', "~0").replace('/', "~1"));
        escaped.fold(String::new(), |pointer, name| pointer + "/" + &name)
    });
    Place {
        part,
        bytes: None,
        pointer,
    }
}

/// Says what is there; what it holds is confidential.
impl core::fmt::Debug for Beside<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let given = [
            ("access_token", self.access_token.is_some()),
            ("code", self.code.is_some()),
            ("state", self.state.is_some()),
            ("nonce", self.nonce.is_some()),
            ("client_id", self.client_id.is_some()),
            ("dpop_proof", self.dpop_proof.is_some()),
            ("certificate", self.certificate.is_some()),
            ("key", self.key.is_some()),
        ];
        let given = given
            .into_iter()
            .filter_map(|(name, given)| given.then_some(name));
        f.debug_set().entries(given).finish()
    }
}
