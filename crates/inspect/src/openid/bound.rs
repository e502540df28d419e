//! What binds a token to keys: `cnf` with the holder's proof, certificates, `kid`.

use jeton_jose::alg::Hash;
use jeton_jose::base64url;
use jeton_jose::json::Object;
use jeton_jose::jwk::Jwk;

use super::{Beside, Check, CrossCheck, Token, in_payload, place};
use crate::certificate;
use crate::finding::{FindingCode, PartName};
use crate::parts::Parts;

/// `cnf` of the token, or of the access token if that is a JWT and the token itself has none.
pub(super) fn confirmation(token: &Token<'_>, beside: &Beside<'_>) -> Vec<CrossCheck> {
    let access = beside.access_token.and_then(|text| Parts::read(text).ok());
    // What an opaque access token is bound to, only its issuer knows.
    let opaque = beside.access_token.is_some() && access.is_none();
    let cnf = cnf(token.parts).or_else(|| cnf(access.as_ref()?));
    let proof = beside.dpop_proof.map(Proof::read);
    vec![
        thumbprint(token, cnf, proof.as_ref(), opaque),
        key(token, cnf, proof.as_ref()),
        holder_certificate(token, cnf, beside.certificate, opaque),
        proof_hash(token, beside.access_token, proof.as_ref()),
    ]
}

/// `x5t` and `x5t#S256` of the header with its `x5c`.
pub(super) fn certificate(token: &Token<'_>) -> Vec<CrossCheck> {
    let header = token.parts.header();
    let der = header.and_then(certificate::first);
    let computed = match (header, &der) {
        (Some(header), Some(Ok(der))) => certificate::thumbprints(header, der, token.backend),
        _ => Vec::new(),
    };
    [Check::CertificateSha1, Check::CertificateSha256]
        .into_iter()
        .map(|check| {
            let name = check.claim();
            if header.is_none_or(|header| header.get(name).is_none()) {
                return check.not_present(format!("the header has no `{name}`"));
            }
            let found = computed.iter().find(|(stated, ..)| *stated == name);
            match (&der, found) {
                (None, _) => check.cannot_tell("the header has no `x5c` to compare with"),
                (Some(Err(problem)), _) => check.cannot_tell(*problem),
                (Some(Ok(_)), Some((_, stated, computed))) if stated == computed => {
                    check.matches(format!("`{name}` names the first certificate of `x5c`"))
                }
                (Some(Ok(_)), _) => check.mismatch(
                    FindingCode::CertificateMismatch,
                    place(PartName::Header, &[name]),
                    format!("`{name}` does not name the first certificate of `x5c`"),
                ),
            }
        })
        .collect()
}

/// `kid` of the header with the key's thumbprint, or else its `kid`.
pub(super) fn key_id(token: &Token<'_>, key: Option<&Jwk>) -> CrossCheck {
    let check = Check::KeyId;
    let Some(kid) = token.parts.parameter("kid") else {
        return check.not_present("the header has no `kid`");
    };
    let Some(key) = key else {
        return check.cannot_tell("no key was given");
    };
    let hashes = [Hash::Sha256, Hash::Sha384, Hash::Sha512];
    let is = |hash| {
        kid == key.thumbprint(hash, token.backend) || kid == key.thumbprint_uri(hash, token.backend)
    };
    if let Some(hash) = hashes.into_iter().find(|hash| is(*hash)) {
        let hash = hash.registry_name();
        return check.matches(format!("`kid` is the key's {hash} thumbprint"));
    }
    if key.key_id() == Some(kid) {
        return check.matches("`kid` is the key's, though not its thumbprint");
    }
    if looks_like_thumbprint(kid) {
        return check.mismatch(
            FindingCode::KidNotThumbprint,
            place(PartName::Header, &["kid"]),
            "`kid` has the form of a thumbprint, and is not that of the key",
        );
    }
    check.cannot_tell("`kid` is no thumbprint, and the key does not say that it is its name")
}

/// Whether a `kid` has the form of a SHA-256 thumbprint: 32 bytes in base64url.
pub(crate) fn looks_like_thumbprint(kid: &str) -> bool {
    kid.len() == 43 && base64url::decode(kid).is_ok()
}

/// A proof of possession (RFC 9449 §4), as far as it can be read.
struct Proof {
    parts: Option<Parts>,
    key: Result<Jwk, String>,
}

impl Proof {
    fn read(text: &str) -> Self {
        let parts = match Parts::read(text) {
            Ok(parts) => parts,
            Err(error) => {
                return Self {
                    parts: None,
                    key: Err(format!("the proof cannot be read: {error}")),
                };
            }
        };
        let key = match parts.header().and_then(|header| header.get("jwk")) {
            Some(jwk) => Jwk::from_value(jwk)
                .map_err(|error| format!("the key of the proof cannot be read: {error}")),
            None => Err("the proof's header has no `jwk`".to_owned()),
        };
        Self {
            parts: Some(parts),
            key,
        }
    }
}

/// RFC 7800 §3.1.
fn cnf(parts: &Parts) -> Option<Object<'_>> {
    parts.claim("cnf")?.as_object()
}

/// The proof's key; the token must be compared with nothing else.
fn proof_key(proof: Option<&Proof>) -> Result<&Jwk, String> {
    match proof {
        None => Err("no DPoP proof was given".to_owned()),
        Some(proof) => proof.key.as_ref().map_err(Clone::clone),
    }
}

/// A proof says nothing of a token that is bound to no key: whoever stole it can make one too.
fn thumbprint(
    token: &Token<'_>,
    cnf: Option<Object<'_>>,
    proof: Option<&Proof>,
    opaque: bool,
) -> CrossCheck {
    let check = Check::ConfirmationThumbprint;
    let Some(stated) = cnf.and_then(|cnf| cnf.get("jkt")) else {
        let by_key = cnf.is_some_and(|cnf| cnf.get("jwk").is_some());
        if proof.is_none() || by_key || opaque {
            return check.not_present("the token is not bound to a key by `cnf.jkt`");
        }
        return check.mismatch(
            FindingCode::ConfirmationMismatch,
            None,
            "a DPoP proof was given, and the token is bound to no key (`cnf.jkt`)",
        );
    };
    let key = match proof_key(proof) {
        Ok(key) => key,
        Err(words) if proof.is_none() => return check.cannot_tell(words),
        Err(words) => {
            let place = in_payload(&["cnf", "jkt"]);
            return check.mismatch(FindingCode::ConfirmationMismatch, place, words);
        }
    };
    let computed = key.thumbprint(Hash::Sha256, token.backend);
    if stated.as_str() == Some(computed.as_str()) {
        return check.matches(
            "the token is bound to the proof's key (the proof's own signature is not checked here)",
        );
    }
    check.mismatch(
        FindingCode::ConfirmationMismatch,
        in_payload(&["cnf", "jkt"]),
        format!(
            "the proof's key has the thumbprint `{computed}`, and the token is bound to another"
        ),
    )
}

fn key(token: &Token<'_>, cnf: Option<Object<'_>>, proof: Option<&Proof>) -> CrossCheck {
    let check = Check::ConfirmationKey;
    let Some(stated) = cnf.and_then(|cnf| cnf.get("jwk")) else {
        return check.not_present("the token is not bound to a key by `cnf.jwk`");
    };
    let stated = match Jwk::from_value(stated) {
        Ok(stated) => stated,
        Err(error) => return check.cannot_tell(format!("`cnf.jwk` cannot be read: {error}")),
    };
    let key = match proof_key(proof) {
        Ok(key) => key,
        Err(words) if proof.is_none() => return check.cannot_tell(words),
        Err(words) => {
            let place = in_payload(&["cnf", "jwk"]);
            return check.mismatch(FindingCode::ConfirmationMismatch, place, words);
        }
    };
    let thumbprint = |key: &Jwk| key.thumbprint(Hash::Sha256, token.backend);
    if thumbprint(&stated) == thumbprint(key) {
        return check.matches(
            "the token is bound to the proof's key (the proof's own signature is not checked here)",
        );
    }
    check.mismatch(
        FindingCode::ConfirmationMismatch,
        in_payload(&["cnf", "jwk"]),
        "the proof's key is not the one in `cnf.jwk`",
    )
}

fn holder_certificate(
    token: &Token<'_>,
    cnf: Option<Object<'_>>,
    der: Option<&[u8]>,
    opaque: bool,
) -> CrossCheck {
    let check = Check::ConfirmationCertificate;
    let Some(stated) = cnf.and_then(|cnf| cnf.get("x5t#S256")) else {
        if der.is_none() || opaque {
            return check.not_present("the token is not bound to a certificate by `cnf.x5t#S256`");
        }
        return check.mismatch(
            FindingCode::ConfirmationMismatch,
            None,
            "a certificate was given, and the token is bound to none (`cnf.x5t#S256`)",
        );
    };
    let Some(der) = der else {
        return check.cannot_tell("the holder's certificate was not given");
    };
    if stated.as_str() == Some(certificate::thumbprint_sha256(der, token.backend).as_str()) {
        return check.matches("the token is bound to the holder's certificate");
    }
    check.mismatch(
        FindingCode::ConfirmationMismatch,
        in_payload(&["cnf", "x5t#S256"]),
        "the holder's certificate is not the one the token is bound to",
    )
}

/// Without an access token given, the token itself may be it.
fn proof_hash(token: &Token<'_>, access: Option<&str>, proof: Option<&Proof>) -> CrossCheck {
    let check = Check::ProofHash;
    let Some(proof) = proof else {
        return check.not_present("no DPoP proof was given");
    };
    let Some(parts) = &proof.parts else {
        return check.cannot_tell("the proof cannot be read");
    };
    let Some(stated) = parts.claim("ath") else {
        return check.not_present("the proof has no `ath`, which it needs beside an access token");
    };
    let belongs = |access: &str| {
        let digest = token.backend.digest(Hash::Sha256, access.as_bytes());
        stated.as_str() == Some(base64url::encode(digest.as_ref()).as_str())
    };
    match access {
        Some(access) if belongs(access) => {
            check.matches("`ath` of the proof belongs to the access token")
        }
        Some(_) => check.mismatch(
            FindingCode::HashMismatch,
            None,
            "`ath` of the proof does not belong to the access token",
        ),
        None if belongs(token.text) => check.matches("`ath` of the proof belongs to this token"),
        None => check.cannot_tell("the access token was not given, and it is not this token"),
    }
}
