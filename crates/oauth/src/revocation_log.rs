//! The revocation log as gateways read it: entries in the order of their sequence number, and the
//! set in memory that they make.
//!
//! An entry revokes one token by issuer and `jti`, or everything that was issued to somebody
//! before an instant. Tokens are never named by their text or its hash: an ECDSA signature can be
//! written in two ways. Entries lapse when the last token they could concern has expired.
//!
//! Access tokens carry whole seconds, so an instant within a second covers all of that second.
//! Whoever issues a token to a subject that was just revoked sets `iat` no earlier than
//! [`RevocationSet::not_before`].

use std::collections::{BTreeMap, HashMap};

use jeton_jose::UnixTime;

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Entry {
    /// Its place; later entries have greater numbers, and there may be gaps.
    pub sequence: u64,
    /// What is revoked.
    #[serde(flatten)]
    pub revoked: Revoked,
    /// When no token that it could concern is left.
    #[serde(with = "crate::seconds")]
    pub expires_at: UnixTime,
}

/// What the stream of the log has beside entries: that it is alive, and how far it has come. Whoever
/// has heard none for a while knows that what is held in memory is stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename = "heartbeat")]
pub struct Heartbeat {
    /// The last entry before it.
    pub sequence: u64,
    /// The time of the service.
    #[serde(with = "crate::seconds")]
    pub at: UnixTime,
}

/// What is revoked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Revoked {
    /// One token.
    Token {
        /// Who issued it.
        iss: String,
        /// Its id.
        jti: String,
    },
    /// All that was issued to somebody before a second.
    Before {
        /// To whom.
        #[serde(flatten)]
        holder: Holder,
        /// Tokens whose `iat` is earlier are revoked.
        #[serde(with = "crate::seconds")]
        not_before: UnixTime,
    },
}

/// To whom tokens are issued.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(tag = "holder", content = "id", rename_all = "snake_case")]
pub enum Holder {
    /// An account, or a client in its own name (`sub`).
    Subject(String),
    /// A session (`sid`).
    Session(String),
    /// A client (`client_id`).
    Client(String),
    /// All accounts of a tenant (`tenant`).
    Tenant(String),
}

impl Revoked {
    /// Everything issued to the holder up to and including the second of `now`.
    pub fn until(holder: Holder, now: UnixTime) -> Self {
        Self::Before {
            holder,
            not_before: UnixTime::from_seconds(now.seconds().saturating_add(1)),
        }
    }
}

/// What is known of a token that is to be judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// `iss`
    pub issuer: &'a str,
    /// `jti`
    pub jwt_id: Option<&'a str>,
    /// `sub`
    pub subject: Option<&'a str>,
    /// `sid`
    pub session: Option<&'a str>,
    /// `client_id`
    pub client: Option<&'a str>,
    /// `tenant`
    pub tenant: Option<&'a str>,
    /// `iat`; a token without is covered by every watermark of its holders.
    pub issued_at: Option<UnixTime>,
}

/// All that is revoked now, in memory.
#[derive(Clone, Debug, Default)]
pub struct RevocationSet {
    last: u64,
    tokens: HashMap<String, HashMap<String, UnixTime>>,
    watermarks: Watermarks,
    lapses: BTreeMap<(i64, u64), Revoked>,
}

#[derive(Clone, Debug, Default)]
struct Watermarks {
    subjects: HashMap<String, Watermark>,
    sessions: HashMap<String, Watermark>,
    clients: HashMap<String, Watermark>,
    tenants: HashMap<String, Watermark>,
}

impl Watermarks {
    fn of(&mut self, holder: Holder) -> (&mut HashMap<String, Watermark>, String) {
        match holder {
            Holder::Subject(id) => (&mut self.subjects, id),
            Holder::Session(id) => (&mut self.sessions, id),
            Holder::Client(id) => (&mut self.clients, id),
            Holder::Tenant(id) => (&mut self.tenants, id),
        }
    }

    fn each(&self) -> [&HashMap<String, Watermark>; 4] {
        [&self.subjects, &self.sessions, &self.clients, &self.tenants]
    }
}

#[derive(Clone, Copy, Debug)]
struct Watermark {
    not_before: UnixTime,
    expires_at: UnixTime,
}

impl RevocationSet {
    /// Takes an entry over. Entries that were taken over before change nothing.
    pub fn apply(&mut self, entry: Entry) {
        if entry.sequence <= self.last {
            return;
        }
        self.last = entry.sequence;
        match &entry.revoked {
            Revoked::Token { iss, jti } => {
                let tokens = self.tokens.entry(iss.clone()).or_default();
                let expires_at = tokens.entry(jti.clone()).or_insert(entry.expires_at);
                *expires_at = entry.expires_at.max(*expires_at);
            }
            Revoked::Before { holder, not_before } => {
                let (watermarks, id) = self.watermarks.of(holder.clone());
                let known = watermarks.entry(id).or_insert(Watermark {
                    not_before: *not_before,
                    expires_at: entry.expires_at,
                });
                known.not_before = known.not_before.max(*not_before);
                known.expires_at = known.expires_at.max(entry.expires_at);
            }
        }
        let lapse = (entry.expires_at.seconds(), entry.sequence);
        self.lapses.insert(lapse, entry.revoked);
    }

    /// The sequence number of the last entry: what to ask for the next ones with.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Whether the token is revoked.
    pub fn revokes(&self, token: &Facts<'_>) -> bool {
        let by_id = token.jwt_id.is_some_and(|jti| {
            let tokens = self.tokens.get(token.issuer);
            tokens.is_some_and(|tokens| tokens.contains_key(jti))
        });
        by_id
            || self.watermark(token).is_some_and(|not_before| {
                token
                    .issued_at
                    .is_none_or(|issued_at| issued_at < not_before)
            })
    }

    /// The earliest `iat` with which a token to these holders counts.
    pub fn not_before(&self, token: &Facts<'_>) -> Option<UnixTime> {
        self.watermark(token)
    }

    fn watermark(&self, token: &Facts<'_>) -> Option<UnixTime> {
        let ids = [token.subject, token.session, token.client, token.tenant];
        let known = self.watermarks.each().into_iter().zip(ids);
        known
            .filter_map(|(watermarks, id)| watermarks.get(id?))
            .map(|watermark| watermark.not_before)
            .max()
    }

    /// Forgets what can concern no token any more.
    pub fn prune(&mut self, now: UnixTime) {
        while let Some(first) = self.lapses.first_entry() {
            if first.key().0 > now.seconds() {
                return;
            }
            match first.remove() {
                Revoked::Token { iss, jti } => {
                    let Some(tokens) = self.tokens.get_mut(&iss) else {
                        continue;
                    };
                    if tokens.get(&jti).is_some_and(|until| *until <= now) {
                        tokens.remove(&jti);
                    }
                    if tokens.is_empty() {
                        self.tokens.remove(&iss);
                    }
                }
                Revoked::Before { holder, .. } => {
                    let (watermarks, id) = self.watermarks.of(holder);
                    let known = watermarks.get(&id);
                    if known.is_some_and(|known| known.expires_at <= now) {
                        watermarks.remove(&id);
                    }
                }
            }
        }
    }

    /// How many tokens and watermarks are held.
    pub fn len(&self) -> usize {
        let tokens: usize = self.tokens.values().map(HashMap::len).sum();
        let watermarks: usize = self.watermarks.each().iter().map(|one| one.len()).sum();
        tokens + watermarks
    }

    /// Whether nothing is revoked.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests;
