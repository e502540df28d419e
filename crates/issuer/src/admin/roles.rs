use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use jeton_store::access::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, Body, Named, Refusal, done, ok};
use super::authority::By;
use super::page::whole;
use crate::issuer::Issuer;

/// A role: permissions under a name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Role)]
pub(super) struct Shown {
    /// Its name.
    name: String,
    /// What it is for.
    description: String,
    /// What it permits.
    permissions: BTreeSet<String>,
}

/// What a role is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(super) struct RoleContent {
    /// What it is for.
    description: String,
    /// What it permits, such as `orders:read`.
    #[schema(example = json!(["orders:read"]))]
    permissions: BTreeSet<String>,
}

pub(super) async fn list(State(issuer): State<Arc<Issuer>>) -> Answer {
    let roles = issuer.ask(|store, reply| store.roles(reply)).await?;
    ok(&whole(roles.into_iter().map(Shown::from).collect()))
}

pub(super) async fn show(State(issuer): State<Arc<Issuer>>, Named(name): Named) -> Answer {
    let roles = issuer.ask(|store, reply| store.roles(reply)).await?;
    let role = roles.into_iter().find(|role| role.name == name);
    ok(&Shown::from(role.ok_or_else(|| Refusal::missing("role"))?))
}

pub(super) async fn save(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(name): Named,
    Body(content): Body<RoleContent>,
) -> Answer {
    let role = Role {
        name,
        description: content.description,
        permissions: content.permissions,
    };
    let saved = role.clone();
    issuer
        .ask(|store, reply| store.save_role(saved, act, reply))
        .await?;
    ok(&Shown::from(role))
}

pub(super) async fn delete(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(name): Named,
) -> Answer {
    let was_there = issuer
        .ask(|store, reply| store.delete_role(name, act, reply))
        .await?;
    if was_there {
        return done();
    }
    Err(Refusal::missing("role"))
}

impl From<Role> for Shown {
    fn from(role: Role) -> Self {
        Self {
            name: role.name,
            description: role.description,
            permissions: role.permissions,
        }
    }
}
