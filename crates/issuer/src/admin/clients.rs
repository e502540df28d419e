use std::sync::Arc;

use axum::extract::State;
use jeton_oauth::client::{AuthMethod, ClientMetadata};
use jeton_settings::Duration;
use jeton_store::client::{Client, ClientSecret};
use jeton_store::{ClientId, Sha256, UnixTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, Body, IfMatch, Named, Refusal, created, done, ok, tagged};
use super::authority::By;
use super::moment::Moment;
use super::page::Part;
use super::registration::Registration;
use crate::issuer::Issuer;

/// Secrets that a client has at most: the new one, and one that is being replaced.
const MOST_SECRETS: usize = 2;

/// An application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Client)]
pub(super) struct Shown {
    /// Its identifier.
    client_id: String,
    #[serde(flatten)]
    registration: Registration,
    /// Whether it is served.
    enabled: bool,
    /// Its secrets, of which nothing is known but until when they count.
    secrets: Vec<SecretShown>,
    /// Since when it exists.
    created_at: Moment,
    /// How often it was changed.
    revision: u64,
}

/// A secret of a client.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClientSecret)]
pub(super) struct SecretShown {
    /// Until when it counts; it does not end by itself where this is absent.
    expires_at: Option<Moment>,
}

/// An application to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewClient {
    /// Its identifier; a random one, unless this says otherwise.
    #[serde(default)]
    #[schema(example = "orders")]
    client_id: Option<String>,
    /// What it is registered with.
    registration: Registration,
}

/// What is to change of an application; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ClientChange {
    /// What it is registered with, all of it.
    registration: Option<Registration>,
    /// Whether it is served. One that is not any more loses its tokens.
    enabled: Option<bool>,
}

/// An application that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedClient {
    /// The application.
    client: Shown,
    /// Its secret, which is shown this once; absent where it needs none.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
}

/// How a secret is replaced.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct NewSecret {
    /// How long the secret before it still counts; not at all, unless this says otherwise.
    #[schema(value_type = Option<String>, example = "1d")]
    keep_previous: Option<Duration>,
}

/// A secret that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedSecret {
    /// It is shown this once.
    client_secret: String,
    /// Until when the one before it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_expires_at: Option<Moment>,
}

pub(super) async fn list(State(issuer): State<Arc<Issuer>>, part: Part) -> Answer {
    let (after, limit) = (part.after.clone().map(ClientId::new), part.limit);
    let clients = issuer
        .ask(|store, reply| store.clients(after, limit, reply))
        .await?;
    ok(&part.page(clients, |last| last.id.as_str().to_owned(), Shown::from))
}

pub(super) async fn create(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Body(new): Body<NewClient>,
) -> Answer {
    let metadata = checked(new.registration)?;
    let id = match new.client_id {
        Some(id) => client_id(id)?,
        None => ClientId::new(issuer.random.id()?),
    };
    let secret = if has_secret(&metadata) {
        Some(issuer.random.secret()?)
    } else {
        None
    };
    let kept = secret.iter().map(|secret| kept(secret.expose()));
    let client = Client {
        id,
        secrets: kept.collect(),
        metadata,
        enabled: true,
        created_at: act.at,
        revision: 0,
    };
    let added = client.clone();
    issuer
        .ask(|store, reply| store.create_client(added, act, reply))
        .await?;
    created(&CreatedClient {
        client: Shown::from(client),
        client_secret: secret.map(|secret| secret.expose().to_owned()),
    })
}

pub(super) async fn show(State(issuer): State<Arc<Issuer>>, Named(id): Named) -> Answer {
    let client = find(&issuer, id).await?;
    let revision = client.revision;
    tagged(&Shown::from(client), revision)
}

pub(super) async fn update(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(id): Named,
    wanted: IfMatch,
    Body(change): Body<ClientChange>,
) -> Answer {
    let mut client = find(&issuer, id).await?;
    wanted.check("client", client.revision)?;
    if let Some(registration) = change.registration {
        client.metadata = checked(registration)?;
    }
    client.enabled = change.enabled.unwrap_or(client.enabled);
    let client = store(&issuer, client, act).await?;
    let revision = client.revision;
    tagged(&Shown::from(client), revision)
}

pub(super) async fn delete(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(id): Named,
) -> Answer {
    let id = ClientId::new(id);
    let deleted = id.clone();
    issuer
        .change(|store, reply| store.delete_client(deleted, act, reply))
        .await?;
    issuer.clients.forget(&id);
    done()
}

pub(super) async fn new_secret(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(id): Named,
    Body(wanted): Body<NewSecret>,
) -> Answer {
    let mut client = find(&issuer, id).await?;
    if !has_secret(&client.metadata) {
        return Err(Refusal::content(
            "the client does not authenticate with a secret",
        ));
    }
    let end = wanted
        .keep_previous
        .map(|keep| act.at.saturating_add(keep.value()));
    client.secrets = replaced(client.secrets, act.at, end);
    let secret = issuer.random.secret()?;
    client.secrets.insert(0, kept(secret.expose()));
    let previous_expires_at = client.secrets.get(1).and_then(|one| one.expires_at);
    store(&issuer, client, act).await?;
    created(&CreatedSecret {
        client_secret: secret.expose().to_owned(),
        previous_expires_at: previous_expires_at.map(Moment),
    })
}

/// What is left of the secrets before a new one: the last of them, until `end`.
fn replaced(secrets: Vec<ClientSecret>, now: UnixTime, end: Option<UnixTime>) -> Vec<ClientSecret> {
    let Some(end) = end else {
        return Vec::new();
    };
    let live = secrets
        .into_iter()
        .filter(|secret| secret.expires_at.is_none_or(|expires| now < expires));
    live.take(MOST_SECRETS - 1)
        .map(|secret| ClientSecret {
            expires_at: Some(secret.expires_at.map_or(end, |expires| expires.min(end))),
            ..secret
        })
        .collect()
}

async fn find(issuer: &Issuer, id: String) -> Result<Client, Refusal> {
    let id = ClientId::new(id);
    let client = issuer.ask(|store, reply| store.client(id, reply)).await?;
    client.ok_or_else(|| Refusal::missing("client"))
}

/// Replaces a client, and has it read anew from then on.
async fn store(
    issuer: &Issuer,
    mut client: Client,
    act: jeton_store::Act,
) -> Result<Client, Refusal> {
    let changed = client.clone();
    client.revision = issuer
        .change(|store, reply| store.update_client(changed, act, reply))
        .await?;
    issuer.clients.forget(&client.id);
    Ok(client)
}

fn checked(registration: Registration) -> Result<ClientMetadata, Refusal> {
    let metadata = ClientMetadata::try_from(registration)?;
    metadata.check()?;
    Ok(metadata)
}

/// RFC 6749 appendix A.1: printable ASCII. Without what has to be escaped in a form or a path.
fn client_id(id: String) -> Result<ClientId, Refusal> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:@".contains(&byte);
    if id.is_empty() || id.len() > 128 || !id.bytes().all(fits) {
        return Err(Refusal::content(
            "a client_id has 1 to 128 letters, digits and - . _ ~ : @",
        ));
    }
    Ok(ClientId::new(id))
}

fn has_secret(metadata: &ClientMetadata) -> bool {
    matches!(
        metadata.token_endpoint_auth_method,
        AuthMethod::Basic | AuthMethod::Post
    )
}

fn kept(secret: &str) -> ClientSecret {
    ClientSecret {
        hash: Sha256::of(secret.as_bytes()),
        expires_at: None,
    }
}

impl From<Client> for Shown {
    fn from(client: Client) -> Self {
        Self {
            client_id: client.id.as_str().to_owned(),
            registration: Registration::from(client.metadata),
            enabled: client.enabled,
            secrets: client
                .secrets
                .iter()
                .map(|secret| SecretShown {
                    expires_at: secret.expires_at.map(Moment),
                })
                .collect(),
            created_at: Moment(client.created_at),
            revision: client.revision,
        }
    }
}
