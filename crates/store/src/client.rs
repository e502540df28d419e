//! Applications.

use jeton_jose::UnixTime;
pub use jeton_oauth::client::ClientMetadata;

use crate::act::Act;
use crate::hash::Sha256;
use crate::id::ClientId;
use crate::reply::Reply;

/// A client.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Client {
    /// Its `client_id`.
    pub id: ClientId,
    /// What it is registered with.
    pub metadata: ClientMetadata,
    /// Its secrets; two while one is replaced.
    #[serde(default)]
    pub secrets: Vec<ClientSecret>,
    /// Whether it is served.
    pub enabled: bool,
    /// Since when it exists.
    #[serde(with = "crate::instant")]
    pub created_at: UnixTime,
    /// How often it was changed; a change has to name the revision that it read.
    pub revision: u64,
}

/// A secret of a client. Secrets are random, so a plain hash is enough.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ClientSecret {
    /// Its hash.
    pub hash: Sha256,
    /// Until when it counts.
    #[serde(with = "crate::instant::optional", default)]
    pub expires_at: Option<UnixTime>,
}

/// Applications.
pub trait Clients {
    /// Adds a client with revision 0.
    fn create_client(&self, client: Client, act: Act, reply: Reply<()>);

    /// A client.
    fn client(&self, id: ClientId, reply: Reply<Option<Client>>);

    /// Up to `limit` clients in the order of their identifiers, after this one.
    fn clients(&self, after: Option<ClientId>, limit: u32, reply: Reply<Vec<Client>>);

    /// Replaces a client; its revision has to be the stored one, and the answer is the next. One
    /// that is not enabled any more loses its tokens.
    fn update_client(&self, client: Client, act: Act, reply: Reply<u64>);

    /// Deletes a client with all that belongs to it. Its tokens count no more.
    fn delete_client(&self, id: ClientId, act: Act, reply: Reply<()>);
}
