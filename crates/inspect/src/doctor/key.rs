//! Causes that lie in the key: what is said about it, and what it is used for.

use jeton_jose::alg::{Algorithm, Family};
use jeton_jose::key::{self, KeyForm, Structure, VerifyingKey, check_strength};
use jeton_jose::{Jwk, Secret};

use super::case::{Case, GivenKey};
use super::trial::{Hypothesis, Key};
use super::{CauseCode, Fixed};

/// Each given key with the algorithm of the header. If it matches, what was said about the key or
/// done to the token is the cause.
pub(super) fn as_given(case: &Case<'_>) -> Vec<Hypothesis> {
    let pairs = case.pairs().into_iter();
    pairs
        .filter_map(|(at, algorithm)| {
            let key = case.keys.get(at)?;
            let (code, detail) = objection(case, key, algorithm).unzip();
            let mut hypothesis = Hypothesis::new(code, Key::Given(at), algorithm);
            hypothesis.detail = detail.filter(|detail| !detail.is_empty());
            hypothesis.as_given = true;
            Some(hypothesis.fixed(if case.specimen.damages.is_empty() {
                Some(Fixed::Key(Box::new(key.jwk.clone())))
            } else {
                case.specimen.cleaned()
            }))
        })
        .collect()
}

/// Each given key with the other algorithms it could serve.
pub(super) fn other_algorithms(case: &Case<'_>) -> Vec<Hypothesis> {
    let named = case.specimen.algorithm_name.as_deref();
    let other = |algorithm: &Algorithm| Some(*algorithm) != case.specimen.algorithm;
    let mut hypotheses = Vec::new();
    for (at, key) in case.keys.iter().enumerate() {
        for algorithm in key.jwk.material().algorithms().iter().filter(other) {
            let detail = match named {
                Some(name) => format!("the header says `{name}`, the signature is {algorithm}"),
                None => format!("the header says nothing, the signature is {algorithm}"),
            };
            hypotheses.push(
                Hypothesis::new(CauseCode::AnotherAlgorithm, Key::Given(at), algorithm)
                    .detail(detail)
                    .fixed(Fixed::Algorithm(algorithm)),
            );
        }
    }
    hypotheses
}

/// The public keys as text or bytes in the place of an HMAC secret.
pub(super) fn confused(case: &Case<'_>) -> Vec<Hypothesis> {
    let Some(algorithm) = case.hmac() else {
        return Vec::new();
    };
    let mut secrets: Vec<Vec<u8>> = Vec::new();
    let mut add = |bytes: &[u8]| {
        let bare = bytes.trim_ascii();
        let line = [bare, b"\n"].concat();
        for variant in [bytes.to_vec(), bare.to_vec(), line] {
            if !variant.is_empty() && !secrets.contains(&variant) {
                secrets.push(variant);
            }
        }
    };
    let public: Vec<Jwk> = case.public_keys().take(8).collect();
    if !public.is_empty() {
        case.bytes.into_iter().for_each(&mut add);
    }
    for jwk in &public {
        for structure in [Structure::Spki, Structure::Pkcs1Public] {
            for form in [KeyForm::Pem(structure), KeyForm::Der(structure)] {
                if let Ok(file) = key::write(jwk, form) {
                    add(file.expose());
                }
            }
        }
        add(jwk.to_json().as_str().as_bytes());
    }
    secrets
        .into_iter()
        .map(|secret| {
            let key = Key::Secret(Secret::new(secret));
            Hypothesis::new(CauseCode::AlgorithmConfusion, key, algorithm)
        })
        .collect()
}

/// Why the core refuses a key that matches.
fn objection(case: &Case<'_>, key: &GivenKey, algorithm: Algorithm) -> Option<(CauseCode, String)> {
    if let Some(damage) = case.specimen.damages.first() {
        return Some((*damage, String::new()));
    }
    if let Some(repaired) = key.repaired {
        return Some((repaired, String::new()));
    }
    let own = key.jwk.algorithm_name();
    if let Some(own) = own.filter(|own| *own != algorithm.name()) {
        let detail = format!("the key says `{own}`, the token {algorithm}");
        return Some((CauseCode::KeyAlgorithm, detail));
    }
    let (wanted, found) = (case.specimen.key_id.as_deref(), key.jwk.key_id());
    if let (Some(wanted), Some(found)) = (wanted, found)
        && wanted != found
    {
        let elsewhere = |other: &GivenKey| other.jwk.key_id() == Some(wanted);
        let code = if case.keys.iter().any(elsewhere) {
            CauseCode::AnotherKey
        } else {
            CauseCode::KidMismatch
        };
        return Some((
            code,
            format!("the token names `{wanted}`, the key is `{found}`"),
        ));
    }
    if let Err(weakness) = check_strength(algorithm, key.jwk.material()) {
        return Some((CauseCode::KeyWeak, weakness.to_string()));
    }
    let refused = VerifyingKey::new(&key.jwk, algorithm, case.backend).err()?;
    Some((CauseCode::KeyUsage, refused.to_string()))
}

/// Whether a key of the algorithm is a public one.
pub(super) fn is_public(algorithm: Algorithm) -> bool {
    algorithm.row().family != Family::Hmac
}
