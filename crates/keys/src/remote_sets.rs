use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use crate::{KeySetError, RemoteKeySet, Retrieval};

/// The remote sets of many, by URL: as many as there is room for, those that were asked for last.
#[derive(Debug)]
pub struct RemoteKeySets {
    retrieval: Arc<Retrieval>,
    room: NonZeroUsize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    by_url: HashMap<Box<str>, Entry>,
    /// Counts the questions, to tell which was later.
    questions: u64,
}

#[derive(Debug)]
struct Entry {
    set: Arc<RemoteKeySet>,
    last_question: u64,
}

impl RemoteKeySets {
    /// Keeps `room` sets at most.
    pub fn new(retrieval: Arc<Retrieval>, room: NonZeroUsize) -> Self {
        Self {
            retrieval,
            room,
            kept: Mutex::default(),
        }
    }

    /// The set at a URL. One that had to make room begins anew; who still holds it may go on.
    ///
    /// # Errors
    /// The URL is none that is fetched.
    pub fn at(&self, url: &str) -> Result<Arc<RemoteKeySet>, KeySetError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.questions += 1;
        let question = kept.questions;
        if let Some(entry) = kept.by_url.get_mut(url) {
            entry.last_question = question;
            return Ok(Arc::clone(&entry.set));
        }
        let set = Arc::new(RemoteKeySet::new(url, Arc::clone(&self.retrieval))?);
        if kept.by_url.len() >= self.room.get() {
            let oldest = kept
                .by_url
                .iter()
                .min_by_key(|(_, entry)| entry.last_question);
            let oldest = oldest.map(|(url, _)| url.clone());
            oldest.map(|url| kept.by_url.remove(&url));
        }
        let entry = Entry {
            set: Arc::clone(&set),
            last_question: question,
        };
        kept.by_url.insert(url.into(), entry);
        Ok(set)
    }
}
