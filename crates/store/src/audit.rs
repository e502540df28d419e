//! Who did what and when: append-only, each entry chained to the one before by hash.
//!
//! The chain shows that nothing in the middle was changed, left out or put in. That nothing was
//! cut off at the end shows whoever noted the hash of the last entry elsewhere.

use std::collections::BTreeMap;

use jeton_jose::UnixTime;

use crate::act::{Act, Actor};
use crate::document;
use crate::error::StoreError;
use crate::hash::Sha256;
use crate::reply::Reply;

/// What happened. It holds names, never secrets.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Event {
    /// When.
    #[serde(with = "crate::instant")]
    pub at: UnixTime,
    /// Who.
    pub actor: Actor,
    /// From where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What, such as `account.created`.
    pub action: String,
    /// To whom or what.
    pub target: String,
    /// What else is worth knowing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub detail: BTreeMap<String, String>,
}

impl Event {
    /// An event of an act.
    pub fn new(act: &Act, action: &str, target: &(impl ToString + ?Sized)) -> Self {
        Self {
            at: act.at,
            actor: act.actor.clone(),
            address: act.address.clone(),
            action: action.to_owned(),
            target: target.to_string(),
            detail: BTreeMap::new(),
        }
    }

    /// With something else that is worth knowing.
    #[must_use]
    pub fn with(mut self, name: &str, value: &(impl ToString + ?Sized)) -> Self {
        self.detail.insert(name.to_owned(), value.to_string());
        self
    }
}

/// An entry of the log; as a line of JSON it is what an export has.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Entry {
    /// Its place, from 1 without a gap.
    pub sequence: u64,
    /// What happened.
    pub event: Event,
    /// The hash of this entry and thereby of all before.
    pub hash: Sha256,
}

/// The end of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The place of the last entry; 0 if there is none.
    pub sequence: u64,
    /// Its hash.
    pub hash: Sha256,
}

impl Head {
    /// The end of an empty log.
    pub fn empty() -> Self {
        Self {
            sequence: 0,
            hash: Sha256::from_bytes([0; 32]),
        }
    }

    /// The entry that an event becomes after this end.
    pub fn next(&self, event: Event) -> Result<Entry, StoreError> {
        let sequence = self.sequence.saturating_add(1);
        let text = document::to_text(&event)?;
        let mut bytes = Vec::with_capacity(40 + text.len());
        bytes.extend_from_slice(self.hash.as_bytes());
        bytes.extend_from_slice(&sequence.to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
        Ok(Entry {
            sequence,
            event,
            hash: Sha256::of(&bytes),
        })
    }

    /// Goes one entry on, if it is the next one.
    pub fn check(&mut self, entry: &Entry) -> Result<(), Broken> {
        let broken = Broken {
            sequence: self.sequence.saturating_add(1),
        };
        let expected = self.next(entry.event.clone()).map_err(|_| broken)?;
        if expected != *entry {
            return Err(broken);
        }
        *self = entry.head();
        Ok(())
    }
}

impl Entry {
    /// The end of the log when this entry was its last.
    pub fn head(&self) -> Head {
        Head {
            sequence: self.sequence,
            hash: self.hash,
        }
    }
}

/// The chain does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the audit log is not what was written from entry {sequence} on")]
pub struct Broken {
    /// The first entry that is not what was written.
    pub sequence: u64,
}

/// Who did what and when. The other operations append their own events; this is for what has no
/// record, such as a sign-in that failed.
pub trait AuditLog {
    /// Appends an event; answers the new end.
    fn append_audit(&self, event: Event, reply: Reply<Head>);

    /// Up to `limit` entries after this place.
    fn audit_after(&self, sequence: u64, limit: u32, reply: Reply<Vec<Entry>>);

    /// The end of the log.
    fn audit_head(&self, reply: Reply<Head>);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain() -> Vec<Entry> {
        let act = Act {
            at: UnixTime::from_seconds(7),
            actor: Actor::CommandLine,
            address: None,
            access_tokens_end: UnixTime::from_seconds(7),
        };
        let mut head = Head::empty();
        (0..4)
            .map(|number| {
                let entry = head.next(Event::new(&act, "thing.done", &number)).unwrap();
                head = entry.head();
                entry
            })
            .collect()
    }

    fn check(entries: &[Entry]) -> Result<(), Broken> {
        let mut head = Head::empty();
        entries.iter().try_for_each(|entry| head.check(entry))
    }

    #[test]
    fn every_change_breaks_the_chain_where_it_was_made() {
        check(&chain()).unwrap();
        let mut changed = chain();
        changed[1].event.target = "x".to_owned();
        assert_eq!(check(&changed), Err(Broken { sequence: 2 }));
        let mut left_out = chain();
        left_out.remove(1);
        assert_eq!(check(&left_out), Err(Broken { sequence: 2 }));
        let mut swapped = chain();
        swapped.swap(2, 3);
        assert_eq!(check(&swapped), Err(Broken { sequence: 3 }));
        let mut rehashed = chain();
        rehashed[0].hash = Sha256::of(b"x");
        assert_eq!(check(&rehashed), Err(Broken { sequence: 1 }));
    }
}
