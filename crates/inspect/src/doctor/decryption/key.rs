//! Causes that lie in the key: which it is, what is said about it, what it is used for.

use jeton_jose::alg::{Curve, KeyManagementFamily};
use jeton_jose::jwk::Jwk;
use jeton_jose::key::KeyMaterial;

use super::case::{Case, Outcome, Recipient};
use super::{Cause, DecryptionCause as Code, content};

/// Each given key with the algorithm of the header, whatever is said about the key.
pub(super) fn as_given(case: &mut Case<'_>) -> Option<Cause> {
    let mut damaged = None;
    for recipient in case.recipients.clone() {
        for jwk in case.keys {
            match case.attempt(&recipient, jwk.material(), recipient.algorithm) {
                Outcome::Unusable | Outcome::Shut => {}
                Outcome::Opens => {
                    case.opens = true;
                    return objection(case, jwk, &recipient);
                }
                Outcome::OtherContentKey(key, content_key) => {
                    let opened = (&key, &content_key);
                    damaged = damaged.or_else(|| content::other_key(case, &recipient, opened));
                }
                Outcome::NotAuthentic(key, content_key) => {
                    let opened = (&key, &content_key);
                    damaged = damaged.or_else(|| content::altered(case, &recipient, opened));
                }
            }
        }
    }
    damaged
}

/// The keys are of another kind than the algorithm takes. Only where that is so of all of them.
pub(super) fn other_kind(case: &mut Case<'_>) -> Option<Cause> {
    let mut first = None;
    for recipient in &case.recipients {
        for jwk in case.keys {
            let cause = mismatch(recipient, jwk.material())?;
            first = first.or(Some(cause));
        }
    }
    first
}

/// Each key with the other algorithms that it could serve.
pub(super) fn other_algorithms(case: &mut Case<'_>) -> Option<Cause> {
    for recipient in case.recipients.clone() {
        for jwk in case.keys {
            for algorithm in jwk.material().key_managements().iter() {
                if algorithm != recipient.algorithm
                    && let Outcome::Opens = case.attempt(&recipient, jwk.material(), algorithm)
                {
                    let named = recipient.algorithm;
                    return Some(Cause::confirmed(
                        Code::AnotherAlgorithm,
                        format!("the header says {named}, the key is protected with {algorithm}"),
                    ));
                }
            }
        }
    }
    None
}

/// Nothing else was found, and there was something to try.
pub(super) fn wrong(case: &mut Case<'_>) -> Option<Cause> {
    let detail = match (case.keys, case.recipients.as_slice()) {
        ([], _) => return None,
        (_, [only]) => only
            .key_id
            .as_ref()
            .map(|kid| format!("the token names `{kid}`")),
        _ => None,
    };
    let password =
        |recipient: &Recipient| recipient.algorithm.row().family == KeyManagementFamily::Pbes2;
    let code = if case.recipients.iter().all(password) {
        Code::WrongPassword
    } else {
        Code::WrongKey
    };
    (case.attempts > 0).then(|| Cause::seen(code, detail.unwrap_or_default()))
}

/// Why the core refuses a key that opens the token.
fn objection(case: &Case<'_>, jwk: &Jwk, recipient: &Recipient) -> Option<Cause> {
    let (wanted, found) = (recipient.key_id.as_deref(), jwk.key_id());
    if let (Some(wanted), Some(found)) = (wanted, found)
        && wanted != found
        && case.keys.len() > 1
    {
        let elsewhere = case.keys.iter().any(|other| other.key_id() == Some(wanted));
        let code = if elsewhere {
            Code::AnotherKey
        } else {
            Code::KidMismatch
        };
        let detail = format!("the token names `{wanted}`, the key is `{found}`");
        return Some(Cause::confirmed(code, detail));
    }
    let algorithm = recipient.algorithm;
    let refused = case.refusal(jwk, algorithm);
    let own = jwk.algorithm_name();
    if let (Some(own), Some(_)) = (own.filter(|own| *own != algorithm.name()), &refused) {
        let detail = format!("the key says `{own}`, the token {algorithm}");
        return Some(Cause::confirmed(Code::KeyAlgorithm, detail));
    }
    if let Some(refused) = refused {
        return Some(Cause::confirmed(Code::KeyUsage, refused));
    }
    if let (Some(wanted), Some(found)) = (wanted, found)
        && wanted != found
    {
        let detail = format!("the token names `{wanted}`, the key is `{found}`");
        return Some(Cause::confirmed(Code::KidMismatch, detail));
    }
    None
}

/// How a key does not go with an algorithm; `None` if it does.
fn mismatch(recipient: &Recipient, material: &KeyMaterial) -> Option<Cause> {
    let algorithm = recipient.algorithm;
    let row = algorithm.row();
    let name = material
        .curve()
        .map_or(material.key_type().name(), Curve::name);
    let seen = |code, detail: String| Some(Cause::seen(code, detail));
    let wants = format!("{algorithm}, and the key is {name}");
    match (row.family, material) {
        (KeyManagementFamily::Pbes2, KeyMaterial::Oct(_)) => None,
        (KeyManagementFamily::Pbes2, _) => seen(Code::PasswordWanted, wants),
        (KeyManagementFamily::RsaOaep | KeyManagementFamily::EcdhEs, KeyMaterial::Oct(_)) => {
            seen(Code::PrivateKeyWanted, wants)
        }
        (KeyManagementFamily::RsaOaep, KeyMaterial::Rsa(_)) => public(material),
        (KeyManagementFamily::EcdhEs, KeyMaterial::Ec(_) | KeyMaterial::Okp(_)) => {
            let curve = recipient.curve.as_deref();
            match curve.filter(|curve| *curve != name) {
                Some(curve) => seen(
                    Code::KeyCurve,
                    format!("the token is encrypted on {curve}, the key is on {name}"),
                ),
                None => public(material),
            }
        }
        (KeyManagementFamily::RsaOaep | KeyManagementFamily::EcdhEs, _) => {
            seen(Code::KeyType, wants)
        }
        (_, KeyMaterial::Oct(secret)) => {
            let len = match row.wrapping_key_len {
                Some(len) => len,
                None => recipient.encryption.row().key_len,
            };
            (secret.len() != len).then(|| {
                Cause::seen(
                    Code::SecretLength,
                    format!("{len} bytes are wanted, {} were given", secret.len()),
                )
            })
        }
        (_, _) => seen(Code::SecretWanted, wants),
    }
}

fn public(material: &KeyMaterial) -> Option<Cause> {
    (!material.is_private()).then(|| Cause::seen(Code::PublicKeyGiven, ""))
}
