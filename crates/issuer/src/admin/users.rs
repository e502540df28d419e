use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use jeton_jose::json::RawJson;
use jeton_oauth::Credential;
use jeton_problem::{Problem, RequestCode};
use jeton_store::account::{
    Account, AccountState, PasswordChange, PasswordHash, Ticket, TicketPurpose,
};
use jeton_store::{AccountId, Act, Sha256};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, Body, IfMatch, Named, Refusal, created, done, ok, tagged};
use super::authority::By;
use super::moment::Moment;
use super::page::Part;
use crate::issuer::Issuer;
use crate::password::{Password, Refusal as Weak};
use crate::username::{email, login, username};

/// How long the link for a first password counts.
const LINK: Duration = Duration::from_hours(24);

/// An account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct User {
    /// Its identifier, the `sub` of its tokens.
    id: String,
    /// What it signs in with.
    username: String,
    /// Its e-mail address.
    email: Option<String>,
    /// Whether somebody proved to read mail there.
    email_verified: bool,
    /// Whether it can sign in by password.
    has_password: bool,
    /// Whether it may sign in.
    state: Standing,
    /// Roles of its own.
    roles: BTreeSet<String>,
    /// Groups it belongs to.
    groups: BTreeSet<String>,
    /// Further claims about the person.
    #[schema(value_type = BTreeMap<String, Object>)]
    attributes: BTreeMap<String, RawJson>,
    /// Since when it exists.
    created_at: Moment,
    /// How often it was changed.
    revision: u64,
}

/// Whether an account may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = UserState)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    /// It may.
    Active,
    /// It registered and nobody approved it yet.
    Pending,
    /// It may not.
    Disabled,
}

/// An account to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewUser {
    /// What it signs in with; case does not count.
    #[schema(example = "ada")]
    username: String,
    /// Its e-mail address.
    #[serde(default)]
    email: Option<String>,
    /// Whether it is known that the person reads mail there.
    #[serde(default)]
    email_verified: bool,
    /// Whether it may sign in; it may, unless this says otherwise.
    #[serde(default)]
    state: Option<Standing>,
    /// Roles of its own.
    #[serde(default)]
    roles: BTreeSet<String>,
    /// Groups it belongs to.
    #[serde(default)]
    groups: BTreeSet<String>,
    /// Further claims about the person.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Object>)]
    attributes: BTreeMap<String, RawJson>,
    /// Its password. Without one, the answer has a link where the person chooses it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    password: Option<Credential>,
}

/// What is to change of an account; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(super) struct UserChange {
    /// What it signs in with.
    username: Option<String>,
    /// Its e-mail address; an empty one takes it away.
    email: Option<String>,
    /// Whether it is known that the person reads mail there.
    email_verified: Option<bool>,
    /// Whether it may sign in. What is not active any more is signed out everywhere.
    state: Option<Standing>,
    /// Roles of its own, all of them.
    roles: Option<BTreeSet<String>>,
    /// Groups it belongs to, all of them.
    groups: Option<BTreeSet<String>>,
    /// Further claims, all of them.
    #[schema(value_type = Option<BTreeMap<String, Object>>)]
    attributes: Option<BTreeMap<String, RawJson>>,
}

/// An account that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedUser {
    /// The account.
    user: User,
    /// Where the person chooses a password, once and within a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    password_link: Option<String>,
}

/// A password for an account.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct NewPassword {
    /// It ends all sessions. Without one, the answer has a link where the person chooses it.
    #[schema(value_type = Option<String>)]
    password: Option<Credential>,
}

/// Where a person chooses a password.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PasswordLink {
    /// It counts once and for a day, and a further one voids it; absent where a password was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    password_link: Option<String>,
}

/// What an account may do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Entitled {
    /// Its roles, its own and its groups'.
    roles: BTreeSet<String>,
    /// Its groups.
    groups: BTreeSet<String>,
    /// What those permit.
    permissions: BTreeSet<String>,
}

pub(super) async fn list(State(issuer): State<Arc<Issuer>>, part: Part) -> Answer {
    let (after, limit) = (part.after.clone(), part.limit);
    let accounts = issuer
        .ask(|store, reply| store.accounts(after, limit, reply))
        .await?;
    ok(&part.page(accounts, |last| last.username.clone(), User::from))
}

pub(super) async fn create(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Body(new): Body<NewUser>,
) -> Answer {
    let mut account = Account {
        id: AccountId::new(issuer.random.id()?),
        username: name(&new.username)?,
        email: new.email.as_deref().map(address).transpose()?,
        email_verified: new.email_verified,
        password: None,
        state: new.state.map_or(AccountState::Active, AccountState::from),
        roles: new.roles,
        groups: new.groups,
        attributes: new.attributes,
        created_at: act.at,
        revision: 0,
    };
    if let Some(given) = &new.password {
        account.password = Some(hash(&issuer, &account, given).await?);
    }
    let (added, by) = (account.clone(), act.clone());
    issuer
        .ask(|store, reply| store.create_account(added, by, reply))
        .await?;
    let password_link = match account.password {
        Some(_) => None,
        None => Some(password_link(&issuer, account.id.clone(), act).await?),
    };
    created(&CreatedUser {
        user: User::from(account),
        password_link,
    })
}

pub(super) async fn show(State(issuer): State<Arc<Issuer>>, Named(user): Named) -> Answer {
    let account = find(&issuer, user).await?;
    let revision = account.revision;
    tagged(&User::from(account), revision)
}

pub(super) async fn update(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(user): Named,
    wanted: IfMatch,
    Body(change): Body<UserChange>,
) -> Answer {
    let mut account = find(&issuer, user).await?;
    wanted.check("account", account.revision)?;
    let was_pending = account.state == AccountState::Pending;
    change.apply(&mut account)?;
    let changed = account.clone();
    account.revision = issuer
        .change(|store, reply| store.update_account(changed, act, reply))
        .await?;
    if was_pending && account.state == AccountState::Active {
        issuer.send_approved(&account);
    }
    let revision = account.revision;
    tagged(&User::from(account), revision)
}

pub(super) async fn delete(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(user): Named,
) -> Answer {
    let account = find(&issuer, user).await?;
    issuer
        .change(|store, reply| store.delete_account(account.id, act, reply))
        .await?;
    done()
}

pub(super) async fn set_password(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(user): Named,
    Body(new): Body<NewPassword>,
) -> Answer {
    let account = find(&issuer, user).await?;
    let password_link = if let Some(given) = &new.password {
        let change = PasswordChange {
            password: hash(&issuer, &account, given).await?,
            account: account.id,
            keep: None,
        };
        issuer
            .change(|store, reply| store.change_password(change, act, reply))
            .await?;
        None
    } else {
        Some(password_link(&issuer, account.id, act).await?)
    };
    created(&PasswordLink { password_link })
}

/// The hash of a password that this account may have.
async fn hash(
    issuer: &Issuer,
    account: &Account,
    given: &Credential,
) -> Result<PasswordHash, Refusal> {
    let long = |_| Refusal::content("the password is too long");
    let password = Password::new(given.expose()).map_err(long)?;
    let own: Vec<&str> = [Some(account.username.as_str()), account.email.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let rules = issuer.config.passwords.rules();
    rules.judge(&password, &own).map_err(|weak| {
        Refusal::content(match weak {
            Weak::Short { minimum } => format!("the password has fewer than {minimum} characters"),
            Weak::Own => "the password is made of the account's name or address".to_owned(),
            Weak::Common => "the password is one of those that are tried first".to_owned(),
        })
    })?;
    let salt = issuer.salt()?;
    let hash = issuer.hasher.hash(password, salt).await;
    hash.map_err(|_| Problem::from(RequestCode::Busy).into())
}

pub(super) async fn permissions(State(issuer): State<Arc<Issuer>>, Named(user): Named) -> Answer {
    let account = find(&issuer, user).await?;
    let entitlements = issuer
        .ask(|store, reply| store.entitlements(account.id, reply))
        .await?
        .unwrap_or_default();
    ok(&Entitled {
        roles: entitlements.roles,
        groups: entitlements.groups,
        permissions: entitlements.permissions,
    })
}

/// The account with this identifier, or else the one that signs in with this name or address.
pub(super) async fn find(issuer: &Issuer, name: String) -> Result<Account, Refusal> {
    let id = AccountId::new(name.clone());
    if let Some(account) = issuer.ask(|store, reply| store.account(id, reply)).await? {
        return Ok(account);
    }
    let login = login(&name);
    let account = issuer
        .ask(|store, reply| store.account_by_login(login, reply))
        .await?;
    account.ok_or_else(|| Refusal::missing("account"))
}

async fn password_link(issuer: &Issuer, account: AccountId, act: Act) -> Result<String, Refusal> {
    let secret = issuer.random.secret()?;
    let ticket = Ticket {
        hash: Sha256::of(secret.expose().as_bytes()),
        purpose: TicketPurpose::PasswordReset,
        account: Some(account),
        subject: None,
        expires_at: act.at.saturating_add(LINK),
    };
    issuer
        .ask(|store, reply| store.save_ticket(ticket, act, reply))
        .await?;
    let url = issuer.url.trim_end_matches('/');
    Ok(format!("{url}/reset?ticket={}", secret.expose()))
}

impl UserChange {
    fn apply(self, account: &mut Account) -> Result<(), Refusal> {
        if let Some(text) = self.username {
            account.username = name(&text)?;
        }
        if let Some(text) = self.email {
            let address = match text.as_str() {
                "" => None,
                text => Some(address(text)?),
            };
            if address != account.email {
                account.email_verified = false;
            }
            account.email = address;
        }
        account.email_verified = self.email_verified.unwrap_or(account.email_verified);
        account.state = self.state.map_or(account.state, AccountState::from);
        if let Some(roles) = self.roles {
            account.roles = roles;
        }
        if let Some(groups) = self.groups {
            account.groups = groups;
        }
        if let Some(attributes) = self.attributes {
            account.attributes = attributes;
        }
        Ok(())
    }
}

fn name(text: &str) -> Result<String, Refusal> {
    username(text).ok_or_else(|| {
        Refusal::content(
            "a username has 1 to 128 letters, digits, dots, dashes, underscores and pluses",
        )
    })
}

/// Whether mail arrives there shows sending it; this finds slips.
fn address(text: &str) -> Result<String, Refusal> {
    email(text).ok_or_else(|| Refusal::content("`email` is no e-mail address"))
}

impl From<Account> for User {
    fn from(account: Account) -> Self {
        Self {
            id: account.id.as_str().to_owned(),
            username: account.username,
            email: account.email,
            email_verified: account.email_verified,
            has_password: account.password.is_some(),
            state: match account.state {
                AccountState::Active => Standing::Active,
                AccountState::Pending => Standing::Pending,
                AccountState::Disabled => Standing::Disabled,
            },
            roles: account.roles,
            groups: account.groups,
            attributes: account.attributes,
            created_at: Moment(account.created_at),
            revision: account.revision,
        }
    }
}

impl From<Standing> for AccountState {
    fn from(state: Standing) -> Self {
        match state {
            Standing::Active => Self::Active,
            Standing::Pending => Self::Pending,
            Standing::Disabled => Self::Disabled,
        }
    }
}
