//! Who may do what: roles, groups, and the APIs that ask.

use std::collections::{BTreeMap, BTreeSet};

use jeton_oauth::Resource;

use crate::act::Act;
use crate::id::AccountId;
use crate::reply::Reply;

/// A role: permissions under a name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it permits, such as `orders:read`.
    pub permissions: BTreeSet<String>,
}

/// A group of accounts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The roles that its members have.
    pub roles: BTreeSet<String>,
}

/// An API for which tokens are issued.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Api {
    /// Its resource indicator, the `aud` of its tokens.
    pub resource: Resource,
    /// What people know it by.
    pub name: String,
    /// Its scopes, each with what it means.
    pub scopes: BTreeMap<String, String>,
    /// Whether its scopes are for every account; otherwise a scope needs the permission of the same
    /// name.
    #[serde(default)]
    pub open: bool,
    /// What its tokens carry.
    #[serde(default)]
    pub template: Template,
}

/// What an access token for an API carries beside what every one does.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Template {
    /// The account's roles.
    pub roles: bool,
    /// The account's permissions.
    pub permissions: bool,
    /// Claims by name, each with the attribute of the account that it is taken from.
    pub claims: BTreeMap<String, String>,
}

/// What an account may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entitlements {
    /// Its groups that exist.
    pub groups: BTreeSet<String>,
    /// Its roles that exist, its own and its groups'.
    pub roles: BTreeSet<String>,
    /// What those permit.
    pub permissions: BTreeSet<String>,
}

/// Who may do what.
pub trait Access {
    /// Adds or replaces a role.
    fn save_role(&self, role: Role, act: Act, reply: Reply<()>);

    /// Deletes a role; answers whether it was there. Whoever had it has it no more.
    fn delete_role(&self, name: String, act: Act, reply: Reply<bool>);

    /// All roles by name.
    fn roles(&self, reply: Reply<Vec<Role>>);

    /// Adds or replaces a group.
    fn save_group(&self, group: Group, act: Act, reply: Reply<()>);

    /// Deletes a group; answers whether it was there.
    fn delete_group(&self, name: String, act: Act, reply: Reply<bool>);

    /// All groups by name.
    fn groups(&self, reply: Reply<Vec<Group>>);

    /// Adds or replaces an API.
    fn save_api(&self, api: Api, act: Act, reply: Reply<()>);

    /// Deletes an API; answers whether it was there.
    fn delete_api(&self, resource: Resource, act: Act, reply: Reply<bool>);

    /// All APIs by resource.
    fn apis(&self, reply: Reply<Vec<Api>>);

    /// What an account may do, from one moment of the store.
    fn entitlements(&self, account: AccountId, reply: Reply<Option<Entitlements>>);
}

impl Entitlements {
    /// What roles and groups of these names yield; what does not exist yields nothing.
    pub fn resolve(
        roles: &BTreeSet<String>,
        groups: &BTreeSet<String>,
        all_roles: &[Role],
        all_groups: &[Group],
    ) -> Self {
        let groups = all_groups
            .iter()
            .filter(|group| groups.contains(&group.name));
        let mut entitlements = Self::default();
        let mut named = roles.clone();
        for group in groups {
            entitlements.groups.insert(group.name.clone());
            named.extend(group.roles.iter().cloned());
        }
        for role in all_roles.iter().filter(|role| named.contains(&role.name)) {
            entitlements.roles.insert(role.name.clone());
            entitlements
                .permissions
                .extend(role.permissions.iter().cloned());
        }
        entitlements
    }
}
