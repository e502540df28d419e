//! The first minute of a service: the role of its administrators, the API they use, and the link
//! for the first of them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jeton_oauth::client::{AuthMethod, GrantType, Rules};
use jeton_oauth::{Resource, ScopeToken};
use jeton_store::access::{Api, Role, Template};
use jeton_store::account::{Account, AccountState, Ticket, TicketPurpose};
use jeton_store::client::{Client, ClientMetadata};
use jeton_store::{Actor, ClientId, Sha256, StoreError};

use crate::first_party;

use crate::issuer::Issuer;
use crate::random::NoRandomness;

/// The role of those who may do everything.
pub(crate) const ADMINISTRATOR: &str = "administrator";
/// To read what the administration API shows.
pub(crate) const ADMIN_READ: &str = "admin:read";
/// To change what it changes.
pub(crate) const ADMIN_WRITE: &str = "admin:write";
/// How long the link for the first administrator counts.
const LINK: Duration = Duration::from_hours(1);
/// Accounts that are read at once.
const PAGE: u32 = 500;

/// The link for the first administrator cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

impl Issuer {
    /// The resource of the administration API, the `aud` of its tokens.
    pub(crate) fn admin_resource(&self) -> String {
        format!("{}/admin", self.url.trim_end_matches('/'))
    }

    /// A link to set up the first administrator, as long as there is none. It counts once and for
    /// an hour, and a further one voids it.
    ///
    /// # Errors
    /// The store cannot answer, or nothing random can be drawn.
    pub async fn setup_link(&self) -> Result<Option<String>, SetupError> {
        if self.has_administrator().await? {
            return Ok(None);
        }
        let secret = self.random.secret()?;
        let act = self.act(Actor::CommandLine);
        let ticket = Ticket {
            hash: Sha256::of(secret.expose().as_bytes()),
            purpose: TicketPurpose::Setup,
            account: None,
            subject: None,
            expires_at: act.at.saturating_add(LINK),
        };
        self.ask(|store, reply| store.save_ticket(ticket, act, reply))
            .await?;
        let url = self.url.trim_end_matches('/');
        Ok(Some(format!("{url}/setup?ticket={}", secret.expose())))
    }

    /// Sees that what every service has is there.
    pub(crate) async fn prepare(&self) -> Result<(), StoreError> {
        self.prepare_administration().await?;
        self.prepare_own_client().await?;
        self.access_changed().await
    }

    /// The client that a first-party sign-in means where it names none: made with the service, and
    /// from then on a client like all others.
    async fn prepare_own_client(&self) -> Result<(), StoreError> {
        let clients = self
            .ask(|store, reply| store.clients(None, 1, reply))
            .await?;
        if !clients.is_empty() {
            return Ok(());
        }
        let scope = ["openid", "profile", "email"].map(ScopeToken::parse);
        let metadata = ClientMetadata {
            client_name: Some("Sign-in of our own".to_owned()),
            grant_types: vec![GrantType::RefreshToken],
            token_endpoint_auth_method: AuthMethod::None,
            scope: scope.into_iter().flatten().collect(),
            rules: Rules {
                first_party: true,
                ..Rules::default()
            },
            ..ClientMetadata::default()
        };
        let client = Client {
            id: ClientId::new(first_party::OWN),
            metadata,
            secrets: Vec::new(),
            enabled: true,
            created_at: self.now(),
            revision: 0,
        };
        let act = self.act(Actor::Service);
        self.ask(|store, reply| store.create_client(client, act, reply))
            .await
    }

    /// Sees that the role and the API of administrators are there.
    async fn prepare_administration(&self) -> Result<(), StoreError> {
        let roles = self.ask(|store, reply| store.roles(reply)).await?;
        if !roles.iter().any(|role| role.name == ADMINISTRATOR) {
            let role = Role {
                name: ADMINISTRATOR.to_owned(),
                description: "may do everything here".to_owned(),
                permissions: BTreeSet::from([ADMIN_READ.to_owned(), ADMIN_WRITE.to_owned()]),
            };
            let act = self.act(Actor::Service);
            self.ask(|store, reply| store.save_role(role, act, reply))
                .await?;
        }
        let Ok(resource) = Resource::parse(&self.admin_resource()) else {
            return Ok(());
        };
        let apis = self.ask(|store, reply| store.apis(reply)).await?;
        if !apis.iter().any(|api| api.resource == resource) {
            let api = Api {
                resource,
                name: "Administration".to_owned(),
                scopes: BTreeMap::from([
                    (ADMIN_READ.to_owned(), "see what is registered".to_owned()),
                    (ADMIN_WRITE.to_owned(), "change it".to_owned()),
                ]),
                open: false,
                template: Template::default(),
            };
            let act = self.act(Actor::Service);
            self.ask(|store, reply| store.save_api(api, act, reply))
                .await?;
            self.access_changed().await?;
        }
        Ok(())
    }

    /// Whether somebody may administer: an active account with the role, its own or a group's.
    pub(crate) async fn has_administrator(&self) -> Result<bool, StoreError> {
        let groups = self.ask(|store, reply| store.groups(reply)).await?;
        let groups: BTreeSet<String> = groups
            .into_iter()
            .filter(|group| group.roles.contains(ADMINISTRATOR))
            .map(|group| group.name)
            .collect();
        let administers = |account: &Account| {
            account.state == AccountState::Active
                && (account.roles.contains(ADMINISTRATOR) || !account.groups.is_disjoint(&groups))
        };
        let mut after = None;
        loop {
            let page = self
                .ask(|store, reply| store.accounts(after, PAGE, reply))
                .await?;
            if page.iter().any(administers) {
                return Ok(true);
            }
            match page.last() {
                Some(last) => after = Some(last.username.clone()),
                None => return Ok(false),
            }
        }
    }
}
