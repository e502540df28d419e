use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use jeton_jose::backend::AwsLc;
use jeton_jose::key::VerifyingKeySet;
use jeton_jose::{AlgorithmSet, JwkSet};
use jeton_keys::{Caching, Reading, RemoteKeySets, Resolve, Retrieval, TrustError};
use jeton_store::client::Client;
use jeton_store::{ClientId, StoreError};

use crate::bearer::Bearer;
use crate::issuer::Issuer;

/// Clients that are kept in memory; beyond that they are read again.
const MOST: usize = 10_000;
/// Key sets elsewhere that are kept in memory.
const MOST_REMOTE: NonZeroUsize = NonZeroUsize::MIN.saturating_add(999);

/// The clients that were asked for lately. What changes one has it forgotten.
#[derive(Debug, Default)]
pub(crate) struct Clients(RwLock<HashMap<ClientId, Arc<KnownClient>>>);

/// A client with its keys in native form.
#[derive(Debug)]
pub(crate) struct KnownClient {
    pub(crate) record: Client,
    keys: OnceLock<VerifyingKeySet>,
}

impl KnownClient {
    /// Whether a token is the client's affair: it was issued to it, or it is meant for an API that
    /// the client is registered for.
    pub(crate) fn may_judge(&self, token: &Bearer) -> bool {
        let mut resources = self.record.metadata.resources.iter();
        token.client_id == self.record.id.as_str()
            || resources.any(|one| token.audiences.iter().any(|aud| aud == one.as_str()))
    }

    /// The keys it is registered with itself; none where they are elsewhere (`jwks_uri`).
    pub(crate) fn keys(&self) -> &VerifyingKeySet {
        self.keys.get_or_init(|| {
            let registered = self.record.metadata.jwks.as_ref();
            let set = registered.and_then(|jwks| JwkSet::parse(jwks.text().as_bytes()).ok());
            let set = set.and_then(|set| {
                VerifyingKeySet::new(&set.keys, AlgorithmSet::asymmetric(), &AwsLc).ok()
            });
            set.unwrap_or_default()
        })
    }
}

/// Keeps the key sets that clients publish elsewhere.
pub(crate) fn remote_keys(
    config: &jeton_keys::Config,
    resolver: Arc<dyn Resolve>,
) -> Result<RemoteKeySets, TrustError> {
    let reading = Reading {
        algorithms: AlgorithmSet::asymmetric(),
        backend: &AwsLc,
    };
    let fetcher = config.clone().build(resolver)?;
    let retrieval = Retrieval::new(fetcher, Caching::default(), reading);
    Ok(RemoteKeySets::new(Arc::new(retrieval), MOST_REMOTE))
}

impl Clients {
    /// Forgets a client that was changed.
    pub(crate) fn forget(&self, id: &ClientId) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(id);
    }

    fn known(&self, id: &ClientId) -> Option<Arc<KnownClient>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(id).map(Arc::clone)
    }

    fn remember(&self, client: &Arc<KnownClient>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(client.record.id.clone(), Arc::clone(client));
    }
}

impl Issuer {
    /// A client that is served.
    pub(crate) async fn client(&self, id: &str) -> Result<Option<Arc<KnownClient>>, StoreError> {
        let id = ClientId::new(id);
        if let Some(known) = self.clients.known(&id) {
            return Ok(Some(known));
        }
        let record = self.ask(|store, reply| store.client(id, reply)).await?;
        let Some(record) = record.filter(|record| record.enabled) else {
            return Ok(None);
        };
        let client = Arc::new(KnownClient {
            record,
            keys: OnceLock::new(),
        });
        self.clients.remember(&client);
        Ok(Some(client))
    }
}
