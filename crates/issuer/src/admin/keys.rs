use std::sync::Arc;

use axum::extract::State;
use jeton_jose::{Algorithm, UnixTime};
use jeton_store::Act;
use jeton_store::signing_key::{KeyState, Schedule, SigningKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, Body, Named, Refusal, ok};
use super::authority::By;
use super::moment::Moment;
use super::page::whole;
use crate::issuer::Issuer;
use crate::signing::{Planned, rotation};

/// A signing key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SigningKey)]
pub(super) struct Shown {
    /// Its `kid`.
    kid: String,
    /// What it signs with.
    alg: String,
    /// What it is now.
    state: &'static str,
    /// From when its public half is shown.
    published_at: Moment,
    /// From when it signs.
    active_from: Moment,
    /// From when it signs no more.
    retires_at: Moment,
    /// From when nothing of it is shown.
    removed_at: Moment,
    /// Since when it counts no more, by command.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Moment>,
}

/// How keys are replaced.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rotation {
    /// Only keys of this algorithm.
    #[schema(example = "ES256")]
    alg: Option<String>,
    /// Revoke the keys at once, instead of showing their successors ahead of time.
    emergency: bool,
}

/// What was done to the keys.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Rotated {
    /// The keys from now on.
    keys: Vec<Shown>,
    /// What does not work any more.
    breaks: Vec<String>,
}

pub(super) async fn list(State(issuer): State<Arc<Issuer>>) -> Answer {
    ok(&whole(shown(&issuer).await?))
}

pub(super) async fn rotate(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Body(wanted): Body<Rotation>,
) -> Answer {
    let mut algorithms = issuer.config.keys.algorithms();
    if let Some(name) = &wanted.alg {
        algorithms.retain(|algorithm| algorithm.name() == name);
        if algorithms.is_empty() {
            return Err(Refusal::content(
                "no key of this algorithm is configured: [issuer.keys]",
            ));
        }
    }
    let stored = issuer.ask(|store, reply| store.signing_keys(reply)).await?;
    let mut breaks = Vec::new();
    for algorithm in algorithms {
        let mut keys = stored.clone();
        keys.retain(|key| key.algorithm == algorithm.name());
        if wanted.emergency {
            breaks.extend(revoke_all(&issuer, &keys, &act).await?);
        } else {
            replace(&issuer, &keys, algorithm, &act).await?;
        }
    }
    issuer.rotate_keys().await?;
    let keys = shown(&issuer).await?;
    ok(&Rotated { keys, breaks })
}

pub(super) async fn revoke(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(kid): Named,
) -> Answer {
    let stored = issuer.ask(|store, reply| store.signing_keys(reply)).await?;
    let mut keys = stored;
    keys.retain(|key| key.key_id == kid && key.revoked_at.is_none());
    if keys.is_empty() {
        return Err(Refusal::missing("signing key"));
    }
    let breaks = revoke_all(&issuer, &keys, &act).await?;
    issuer.rotate_keys().await?;
    let keys = shown(&issuer).await?;
    ok(&Rotated { keys, breaks })
}

/// Shows a successor from now on that signs as soon as everybody can know it, and ends the present
/// key then. One that is shown already is brought forward, as far as that leaves the same time.
async fn replace(
    issuer: &Issuer,
    keys: &[SigningKey],
    algorithm: Algorithm,
    act: &Act,
) -> Result<(), Refusal> {
    let ahead = issuer.config.keys.publish_ahead.value();
    let next = keys
        .iter()
        .find(|key| matches!(key.state(act.at), KeyState::Planned | KeyState::Published));
    let published = next.map_or(act.at, |key| key.schedule.published_at);
    let from = published.saturating_add(ahead).max(act.at);
    let from = next.map_or(from, |key| from.min(key.schedule.active_from));
    let schedule = rotation::schedule(&issuer.config, published, from);
    if let Some(key) = next {
        if key.schedule != schedule {
            reschedule(issuer, key, schedule, act).await?;
        }
    } else {
        let planned = Planned {
            algorithm,
            schedule,
        };
        let key = issuer.make_key(planned)?;
        let by = act.clone();
        issuer
            .ask(|store, reply| store.add_signing_key(key, by, reply))
            .await?;
    }
    let present = keys
        .iter()
        .filter(|key| key.state(act.at) == KeyState::Active && key.schedule.retires_at > from);
    for key in present {
        let schedule = Schedule {
            retires_at: from,
            removed_at: from.saturating_add(rotation::shown_after(&issuer.config)),
            ..key.schedule
        };
        reschedule(issuer, key, schedule, act).await?;
    }
    Ok(())
}

async fn reschedule(
    issuer: &Issuer,
    key: &SigningKey,
    schedule: Schedule,
    act: &Act,
) -> Result<(), Refusal> {
    let (kid, by) = (key.key_id.clone(), act.clone());
    issuer
        .ask(|store, reply| store.reschedule_signing_key(kid, schedule, by, reply))
        .await?;
    Ok(())
}

/// Ends keys at once; answers what that breaks.
async fn revoke_all(
    issuer: &Issuer,
    keys: &[SigningKey],
    act: &Act,
) -> Result<Vec<String>, Refusal> {
    let mut breaks = Vec::new();
    for key in keys {
        let state = key.state(act.at);
        if state == KeyState::Removed {
            continue;
        }
        let (kid, by) = (key.key_id.clone(), act.clone());
        issuer
            .change(|store, reply| store.revoke_signing_key(kid, by, reply))
            .await?;
        if state >= KeyState::Active {
            breaks.push(format!(
                "every token signed with the {} key {} counts no more: applications refresh or sign \
                 in again",
                key.algorithm, key.key_id
            ));
        }
        if state == KeyState::Active {
            breaks.push(format!(
                "APIs that keep the key set refuse new {} tokens until they fetch it again, within \
                 five minutes where they follow its `Cache-Control`",
                key.algorithm
            ));
        }
    }
    Ok(breaks)
}

async fn shown(issuer: &Issuer) -> Result<Vec<Shown>, Refusal> {
    let now = issuer.now();
    let stored = issuer.ask(|store, reply| store.signing_keys(reply)).await?;
    Ok(stored.iter().map(|key| Shown::at(key, now)).collect())
}

impl Shown {
    fn at(key: &SigningKey, now: UnixTime) -> Self {
        let state = match key.state(now) {
            _ if key.revoked_at.is_some() => "revoked",
            KeyState::Planned => "planned",
            KeyState::Published => "published",
            KeyState::Active => "active",
            KeyState::Retired => "retired",
            KeyState::Removed => "removed",
        };
        Self {
            kid: key.key_id.clone(),
            alg: key.algorithm.clone(),
            state,
            published_at: Moment(key.schedule.published_at),
            active_from: Moment(key.schedule.active_from),
            retires_at: Moment(key.schedule.retires_at),
            removed_at: Moment(key.schedule.removed_at),
            revoked_at: key.revoked_at.map(Moment),
        }
    }
}
