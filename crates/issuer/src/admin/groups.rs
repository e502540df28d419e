use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use jeton_store::access::Group;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, Body, Named, Refusal, done, ok};
use super::authority::By;
use super::page::whole;
use crate::issuer::Issuer;

/// A group of accounts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Group)]
pub(super) struct Shown {
    /// Its name.
    name: String,
    /// What it is for.
    description: String,
    /// The roles that its members have.
    roles: BTreeSet<String>,
}

/// What a group is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(super) struct GroupContent {
    /// What it is for.
    description: String,
    /// The roles that its members have.
    #[schema(example = json!(["clerk"]))]
    roles: BTreeSet<String>,
}

pub(super) async fn list(State(issuer): State<Arc<Issuer>>) -> Answer {
    let groups = issuer.ask(|store, reply| store.groups(reply)).await?;
    ok(&whole(groups.into_iter().map(Shown::from).collect()))
}

pub(super) async fn show(State(issuer): State<Arc<Issuer>>, Named(name): Named) -> Answer {
    let groups = issuer.ask(|store, reply| store.groups(reply)).await?;
    let group = groups.into_iter().find(|group| group.name == name);
    ok(&Shown::from(
        group.ok_or_else(|| Refusal::missing("group"))?,
    ))
}

pub(super) async fn save(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(name): Named,
    Body(content): Body<GroupContent>,
) -> Answer {
    let group = Group {
        name,
        description: content.description,
        roles: content.roles,
    };
    let saved = group.clone();
    issuer
        .ask(|store, reply| store.save_group(saved, act, reply))
        .await?;
    ok(&Shown::from(group))
}

pub(super) async fn delete(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(name): Named,
) -> Answer {
    let was_there = issuer
        .ask(|store, reply| store.delete_group(name, act, reply))
        .await?;
    if was_there {
        return done();
    }
    Err(Refusal::missing("group"))
}

impl From<Group> for Shown {
    fn from(group: Group) -> Self {
        Self {
            name: group.name,
            description: group.description,
            roles: group.roles,
        }
    }
}
