use core::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use jeton_jose::UnixTime;
use jeton_keys::RemoteKeySets;
use jeton_oauth::revocation_log::{Facts, RevocationSet};
use jeton_store::access::Api;
use jeton_store::{Act, Actor, Reply, Store, StoreError};
use tokio::sync::{Mutex, Semaphore, oneshot, watch};

use crate::clients::{self, Clients};
use crate::config::{BuildError, Clock, Config, Place};
use crate::endpoints::revocations::MOST_STREAMS;
use crate::limits::{DeviceCookies, Limiter, Refusals, Slowdown};
use crate::mail::{Mail, Outbox};
use crate::metrics::{Metrics, Origin};
use crate::password::Hasher;
use crate::random::Random;
use crate::sealing::Secrets;
use crate::signing::{KeyRing, LocalVault, Vault, rotation};

/// How far clocks may differ.
pub(crate) const LEEWAY: Duration = Duration::from_mins(1);
/// Entries of the revocation log that are read at once.
const REVOCATIONS: u32 = 1000;
/// What the service is called unless it is configured.
pub(crate) const NAME: &str = "jeton";
/// How often the service looks after itself.
const TENDING: Duration = Duration::from_mins(1);

/// The token service: what all its endpoints share.
pub struct Issuer {
    pub(crate) url: String,
    pub(crate) config: Config,
    pub(crate) random: Random,
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) clients: Clients,
    /// The keys of clients that publish them elsewhere.
    pub(crate) client_keys: RemoteKeySets,
    pub(crate) hasher: Hasher,
    pub(crate) limiter: Limiter,
    pub(crate) slowdown: Slowdown,
    pub(crate) devices: DeviceCookies,
    pub(crate) refusals: Refusals,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) outbox: Outbox,
    /// The APIs that tokens are issued for.
    pub(crate) apis: ArcSwap<Vec<Api>>,
    clock: Clock,
    store: Arc<dyn Store>,
    vault: Box<dyn Vault>,
    keys: ArcSwap<KeyRing>,
    revoked: RwLock<RevocationSet>,
    /// One at a time reads the revocation log on.
    reading: Mutex<()>,
    /// The last entry of the revocation log that is in memory.
    sequence: watch::Sender<u64>,
    /// Streams of the revocation log that may still begin.
    pub(crate) streams: Arc<Semaphore>,
}

impl Issuer {
    pub(crate) async fn start(config: Config, place: Place) -> Result<Self, BuildError> {
        let secrets = Arc::new(Secrets::derive(&place.master_key)?);
        let passwords = &config.passwords;
        let clock = Arc::clone(&place.clock);
        let metrics = Arc::clone(&place.metrics);
        let parameters = passwords.parameters()?;
        let hasher = Hasher::measured(parameters, passwords.queue, move || clock(), metrics)?;
        let mail = config.mail.clone().unwrap_or_else(Mail::to_folder);
        let name = config.name.as_deref().unwrap_or(NAME);
        let outbox = Outbox::open(&mail, name, place.mails, Arc::clone(&place.metrics))?;
        let mut seed = [0; 32];
        place.random.fill(&mut seed)?;
        let client_keys = clients::remote_keys(&config.client_keys, place.resolver)?;
        let issuer = Self {
            url: place.url,
            hasher,
            limiter: Limiter::new(&config.limits, seed),
            slowdown: Slowdown::new(seed),
            devices: secrets.device_cookies(),
            refusals: Refusals::new(seed),
            metrics: place.metrics,
            outbox,
            config,
            vault: Box::new(LocalVault::new(Arc::clone(&secrets), place.random.clone())),
            random: place.random,
            secrets,
            clients: Clients::default(),
            client_keys,
            apis: ArcSwap::default(),
            clock: place.clock,
            store: place.store,
            keys: ArcSwap::default(),
            revoked: RwLock::default(),
            reading: Mutex::new(()),
            sequence: watch::Sender::new(0),
            streams: Arc::new(Semaphore::new(MOST_STREAMS)),
        };
        issuer.rotate_keys().await?;
        issuer.read_revocations().await?;
        issuer.prepare().await?;
        Ok(issuer)
    }

    /// Has the mails leave that are under way, for as long at most.
    pub async fn drain(&self, patience: Duration) {
        if !self.outbox.drain(patience).await {
            tracing::warn!("some mails had not left when the service ended");
        }
    }

    /// Looks after itself until it is dropped: keys by their schedule, what lapsed.
    pub async fn tend(self: Arc<Self>) {
        loop {
            tokio::time::sleep(TENDING).await;
            if let Err(error) = self.rotate_keys().await {
                tracing::error!(%error, "signing keys could not be rotated");
            }
            self.forget().await;
        }
    }

    async fn forget(&self) {
        let now = self.now();
        self.revoked
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .prune(now);
        loop {
            match self.ask(|store, reply| store.prune(now, reply)).await {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "the store could not be tidied");
                    return;
                }
            }
        }
    }

    /// The present.
    pub(crate) fn now(&self) -> UnixTime {
        (self.clock)()
    }

    /// Asks the store.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Store, Reply<T>),
    ) -> Result<T, StoreError> {
        let asking = self.metrics.asking();
        let (sender, receiver) = oneshot::channel();
        question(
            self.store.as_ref(),
            Reply::new(move |answer| drop(sender.send(answer))),
        );
        let answer = receiver.await.unwrap_or(Err(StoreError::Unavailable {
            why: "the store stopped before it answered",
        }));
        asking.answered(!answer.as_ref().is_err_and(StoreError::is_fault));
        answer
    }

    /// Has the store do something that nobody waits for, so that nobody sees how long it takes.
    pub(crate) fn leave<T: Send + 'static>(&self, task: impl FnOnce(&dyn Store, Reply<T>)) {
        let reply = Reply::new(|answer: Result<T, StoreError>| {
            if let Err(error) = answer {
                tracing::error!(%error, "the store did not do what was left to it");
            }
        });
        task(self.store.as_ref(), reply);
    }

    /// Asks the store for a change that may revoke something, and answers only when whatever it
    /// revoked counts here.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Store, Reply<T>),
    ) -> Result<T, StoreError> {
        let answer = self.ask(question).await?;
        self.read_revocations().await?;
        Ok(answer)
    }

    /// The circumstances of a change by the service or whoever has no address.
    pub(crate) fn act(&self, actor: Actor) -> Act {
        let now = self.now();
        let longest = self.config.lifetimes.access_token.value();
        Act {
            at: now,
            actor,
            address: None,
            access_tokens_end: now.saturating_add(longest + LEEWAY),
        }
    }

    /// A path as browsers ask for it: below the issuer's own.
    pub(crate) fn path(&self, path: &str) -> String {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        let base = rest.find('/').and_then(|at| rest.get(at..));
        format!("{}{path}", base.unwrap_or_default().trim_end_matches('/'))
    }

    /// The administration API for whoever has the machine, without a guard of its own: it is for a
    /// socket that only the owner reaches, and for the process itself.
    pub fn administration(self: &Arc<Self>) -> axum::Router {
        crate::admin::local(self)
    }

    /// Makes a key that is kept nowhere yet.
    pub(crate) fn make_key(
        &self,
        planned: crate::signing::Planned,
    ) -> Result<jeton_store::signing_key::SigningKey, crate::signing::SigningError> {
        self.vault.create(planned)
    }

    /// The signing keys.
    pub(crate) fn keys(&self) -> arc_swap::Guard<Arc<KeyRing>> {
        self.keys.load()
    }

    /// Makes what keys are due, and takes the store's into memory.
    pub async fn rotate_keys(&self) -> Result<(), crate::signing::SigningError> {
        let now = self.now();
        let act = self.act(Actor::Service);
        let stored = self.ask(|store, reply| store.signing_keys(reply)).await?;
        let due = rotation::due(&stored, &self.config, now);
        for planned in due {
            let key = self.vault.create(planned)?;
            let act = act.clone();
            self.ask(|store, reply| store.add_signing_key(key, act, reply))
                .await?;
        }
        self.ask(|store, reply| store.erase_retired_keys(act, reply))
            .await?;
        self.reload_keys().await
    }

    /// Has the signing keys count as they are in the store now. Whoever changes them there calls
    /// this.
    ///
    /// # Errors
    /// The store cannot answer, or a key cannot be unsealed.
    pub async fn reload_keys(&self) -> Result<(), crate::signing::SigningError> {
        let stored = self.ask(|store, reply| store.signing_keys(reply)).await?;
        if self.keys.load().holds(&stored) {
            return Ok(());
        }
        self.keys
            .store(Arc::new(KeyRing::new(stored, self.vault.as_ref())?));
        Ok(())
    }

    /// Whether a token is revoked.
    pub(crate) fn is_revoked(&self, token: &Facts<'_>) -> bool {
        let revoked = self.revoked.read();
        revoked
            .unwrap_or_else(PoisonError::into_inner)
            .revokes(token)
    }

    /// How many revocations are in memory, and the number of the last.
    pub(crate) fn revoked(&self) -> (usize, u64) {
        let revoked = self.revoked.read();
        let revoked = revoked.unwrap_or_else(PoisonError::into_inner);
        (revoked.len(), revoked.last())
    }

    /// The `iat` of a token that is issued now: not before a watermark of its holders.
    pub(crate) fn issuable_at(&self, token: &Facts<'_>, now: UnixTime) -> UnixTime {
        let revoked = self.revoked.read();
        let watermark = revoked
            .unwrap_or_else(PoisonError::into_inner)
            .not_before(token);
        watermark.map_or(now, |not_before| now.max(not_before))
    }

    /// Counts an access token.
    pub(crate) fn count_token(&self, origin: Origin) {
        self.metrics
            .token_issued(origin, self.config.keys.access_token.0);
    }

    /// Tells when there are new entries in the revocation log.
    pub(crate) fn revocations(&self) -> watch::Receiver<u64> {
        self.sequence.subscribe()
    }

    /// Takes new entries of the revocation log into memory.
    pub(crate) async fn read_revocations(&self) -> Result<(), StoreError> {
        let _one = self.reading.lock().await;
        loop {
            let last = *self.sequence.borrow();
            let entries = self
                .ask(|store, reply| store.revocations_after(last, REVOCATIONS, reply))
                .await?;
            let Some(newest) = entries.last().map(|entry| entry.sequence) else {
                return Ok(());
            };
            let mut revoked = self.revoked.write().unwrap_or_else(PoisonError::into_inner);
            for entry in entries {
                revoked.apply(entry);
            }
            drop(revoked);
            self.sequence.send_replace(newest);
        }
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
