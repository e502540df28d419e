//! What an SD-JWT hides and discloses (RFC 9901).

use jeton_jose::json::Value;

use super::{Sink, View, member, part, shown};
use crate::find::Kind;
use crate::finding::{Finding, FindingCode, PartName, Place};
use crate::token::{Disclosed, Disclosing};

/// Claims that a holder must not be able to keep back (RFC 9901 §9.7).
const DECIDES: [&str; 6] = ["iss", "aud", "exp", "nbf", "cnf", "status"];
/// Fewer characters of base64url cannot hold 128 bits.
const SHORTEST_SALT: usize = 22;

pub(super) fn findings(view: &View<'_>, sink: &mut Sink) {
    match view.disclosing {
        Some(disclosing) => {
            hash(view, disclosing, sink);
            digests(disclosing, sink);
            for (index, disclosed) in disclosing.disclosures.iter().enumerate() {
                one(disclosing, index, disclosed, sink);
            }
            whole(view, disclosing, sink);
            key_binding(view, disclosing, sink);
        }
        None => tilde(view, sink),
    }
}

fn hash(view: &View<'_>, disclosing: &Disclosing, sink: &mut Sink) {
    let Some((piece, claims)) = view.claims() else {
        return;
    };
    match claims.get("_sd_alg") {
        Some(value)
            if !["sha-256", "sha-384", "sha-512"]
                .map(Some)
                .contains(&value.as_str()) =>
        {
            let name = value.as_str().unwrap_or(value.source());
            let message = format!("`_sd_alg` is `{}`", shown(name));
            sink.at(
                FindingCode::SdHashUnknown,
                member(piece, "_sd_alg", value),
                message,
            );
        }
        None if disclosing.undisclosed > 0 || !disclosing.disclosures.is_empty() => sink.at(
            FindingCode::SdHashMissing,
            part(PartName::Payload, None),
            "there is no `_sd_alg`",
        ),
        _ => {}
    }
}

fn digests(disclosing: &Disclosing, sink: &mut Sink) {
    for spot in &disclosing.repeated {
        let place = Place {
            part: match spot.disclosure {
                Some(_) => PartName::Disclosure,
                None => PartName::Payload,
            },
            bytes: None,
            pointer: Some(spot.pointer.clone()),
        };
        let message = format!("the digest at {} stands elsewhere too", spot.words());
        sink.at(FindingCode::DigestDuplicate, place, message);
    }
}

fn one(disclosing: &Disclosing, index: usize, disclosed: &Disclosed, sink: &mut Sink) {
    let which = match &disclosed.name {
        Some(name) => format!("disclosure {} (`{}`)", index + 1, shown(name)),
        None => format!("disclosure {}", index + 1),
    };
    let mut find = |code, message| sink.at(code, part(PartName::Disclosure, None), message);
    if disclosed.digest.is_some() && disclosed.digest_at.is_none() {
        let message = format!("the digest of {which} is not in the token");
        find(FindingCode::DisclosureUnreferenced, message);
    }
    let name = disclosed.name.as_deref().unwrap_or_default();
    let outermost = disclosed
        .digest_at
        .as_ref()
        .is_some_and(|spot| spot.disclosure.is_none() && spot.pointer.starts_with("/_sd/"));
    if outermost && DECIDES.contains(&name) {
        let message = format!("{which} may be kept back, but decides whether the token is valid");
        find(FindingCode::DisclosureDecides, message);
    }
    let Some(salt) = &disclosed.salt else {
        return;
    };
    if salt.len() < SHORTEST_SALT {
        let message = format!(
            "the salt of {which} has {} characters, which cannot hold 128 bits",
            salt.len()
        );
        find(FindingCode::SaltWeak, message);
    }
    let earlier = disclosing.disclosures.iter().take(index);
    if let Some(same) = earlier
        .clone()
        .position(|other| other.salt.as_ref() == Some(salt))
    {
        let message = format!("{which} has the salt of disclosure {}", same + 1);
        find(FindingCode::SaltWeak, message);
    }
}

/// What the core refuses, unless a finding says it already.
fn whole(view: &View<'_>, disclosing: &Disclosing, sink: &mut Sink) {
    let said = [
        FindingCode::SdHashUnknown,
        FindingCode::DigestDuplicate,
        FindingCode::DisclosureUnreferenced,
        FindingCode::PartBroken,
        FindingCode::Base64NotCanonical,
        FindingCode::SegmentCut,
    ];
    let is_said = sink.findings.iter().any(|one| said.contains(&one.code));
    if let Some(fault) = &disclosing.fault
        && !is_said
        && view.claims().is_some()
    {
        sink.add(Finding::new(FindingCode::DisclosuresRefused, fault.clone()));
    }
}

fn key_binding(view: &View<'_>, disclosing: &Disclosing, sink: &mut Sink) {
    let Some((piece, claims)) = view.claims() else {
        return;
    };
    match (claims.get("cnf"), &disclosing.key_binding) {
        (Some(cnf), None) => sink.at(
            FindingCode::KeyBindingAbsent,
            member(piece, "cnf", cnf),
            "the token is bound to a key (`cnf`), and no key-binding JWT follows",
        ),
        (None, Some(_)) => sink.at(
            FindingCode::KeyBindingUnbound,
            part(PartName::KeyBinding, None),
            "the token has no `cnf`",
        ),
        _ => {}
    }
    if let Some(proof) = &disclosing.key_binding
        && !proof.fits
    {
        let message = match proof.sd_hash {
            Some(_) => "`sd_hash` of the key-binding JWT is not the hash of this presentation",
            None => "the key-binding JWT has no `sd_hash`",
        };
        let place = part(PartName::KeyBinding, None);
        sink.at(FindingCode::SdHashMismatch, place, message);
    }
}

/// A token that hides claims and has lost its tildes.
fn tilde(view: &View<'_>, sink: &mut Sink) {
    let Some((piece, claims)) = view.claims() else {
        return;
    };
    let hides = |name| {
        claims
            .get(name)
            .filter(|value: &Value<'_>| !value.is_null())
    };
    let Some(value) = hides("_sd").or_else(|| hides("_sd_alg")) else {
        return;
    };
    if view.kind == Kind::CompactJws {
        let name = if claims.get("_sd").is_some() {
            "_sd"
        } else {
            "_sd_alg"
        };
        let message = format!("there is `{name}`, but no tilde after the signature");
        sink.at(
            FindingCode::TildeMissing,
            member(piece, name, value),
            message,
        );
    }
}
