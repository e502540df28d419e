use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use jeton_oauth::{Resource, ScopeToken};
use jeton_store::access::{Api, Template};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, Body, Named, Refusal, done, ok};
use super::authority::By;
use super::page::whole;
use crate::issuer::Issuer;

/// An API for which tokens are issued.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Api)]
pub(super) struct Shown {
    /// Its resource indicator, the `aud` of its tokens.
    resource: String,
    #[serde(flatten)]
    content: ApiContent,
}

/// What an API is to be.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApiContent {
    /// What people know it by.
    #[schema(example = "Orders")]
    name: String,
    /// Its scopes, each with what it means.
    #[serde(default)]
    scopes: BTreeMap<String, String>,
    /// Whether its scopes are for every account; otherwise an account needs the permission of the
    /// same name.
    #[serde(default)]
    open: bool,
    /// What its tokens carry.
    #[serde(default)]
    template: Carried,
}

/// What access tokens for an API carry beside what every one does.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = TokenTemplate)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Carried {
    /// The account's roles.
    roles: bool,
    /// The account's permissions.
    permissions: bool,
    /// Claims by name, each with the attribute of the account that it is taken from.
    claims: BTreeMap<String, String>,
}

pub(super) async fn list(State(issuer): State<Arc<Issuer>>) -> Answer {
    let apis = issuer.ask(|store, reply| store.apis(reply)).await?;
    ok(&whole(apis.into_iter().map(Shown::from).collect()))
}

pub(super) async fn show(State(issuer): State<Arc<Issuer>>, Named(name): Named) -> Answer {
    let apis = issuer.ask(|store, reply| store.apis(reply)).await?;
    let api = apis.into_iter().find(|api| api.resource.as_str() == name);
    ok(&Shown::from(api.ok_or_else(|| Refusal::missing("API"))?))
}

pub(super) async fn save(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(name): Named,
    Body(content): Body<ApiContent>,
) -> Answer {
    for scope in content.scopes.keys() {
        ScopeToken::parse(scope)?;
    }
    let api = Api {
        resource: Resource::parse(&name)?,
        name: content.name,
        scopes: content.scopes,
        open: content.open,
        template: Template {
            roles: content.template.roles,
            permissions: content.template.permissions,
            claims: content.template.claims,
        },
    };
    let saved = api.clone();
    issuer
        .ask(|store, reply| store.save_api(saved, act, reply))
        .await?;
    issuer.access_changed().await?;
    ok(&Shown::from(api))
}

pub(super) async fn delete(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(name): Named,
) -> Answer {
    let resource = Resource::parse(&name)?;
    let was_there = issuer
        .ask(|store, reply| store.delete_api(resource, act, reply))
        .await?;
    issuer.access_changed().await?;
    if was_there {
        return done();
    }
    Err(Refusal::missing("API"))
}

impl From<Api> for Shown {
    fn from(api: Api) -> Self {
        Self {
            resource: api.resource.as_str().to_owned(),
            content: ApiContent {
                name: api.name,
                scopes: api.scopes,
                open: api.open,
                template: Carried {
                    roles: api.template.roles,
                    permissions: api.template.permissions,
                    claims: api.template.claims,
                },
            },
        }
    }
}
