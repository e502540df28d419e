//! A key set in a file, read again when it was changed.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwapOption;
use jeton_jose::UnixTime;
use jeton_jose::backend::Backend;
use jeton_jose::key::{self, KeyError, VerifyingKeySet};
use zeroize::Zeroizing;

use crate::{KeySetError, Reading};

/// The longest file, in bytes.
const LONGEST: u64 = 512 << 10;

/// A key set in a file, in any form that keys come in.
///
/// Once a second at most it is looked at, and read if its length or time of change is another. What
/// is broken, or gone, leaves the last good set in use for as long as was said.
#[derive(Debug)]
pub struct FileKeySet {
    path: PathBuf,
    reading: Reading,
    max_stale: Duration,
    current: ArcSwapOption<VerifyingKeySet>,
    /// The second in which it was looked at last.
    looked_at: AtomicI64,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// What the file looked like when it was read last.
    stamp: Option<Stamp>,
    /// Why it is not good, and when that was seen first.
    fault: Option<(KeySetError, UnixTime)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    changed_at: Option<SystemTime>,
    len: u64,
}

impl FileKeySet {
    /// The set in a file, which is read when somebody asks. After a change for the worse the last
    /// good set counts for `max_stale`.
    pub fn new(path: impl Into<PathBuf>, reading: Reading, max_stale: Duration) -> Self {
        Self {
            path: path.into(),
            reading,
            max_stale,
            current: ArcSwapOption::empty(),
            looked_at: AtomicI64::new(i64::MIN),
            seen: Mutex::default(),
        }
    }

    /// The keys.
    ///
    /// # Errors
    /// The file cannot be read or is no key file, and the last good set is none or too old.
    pub fn keys(&self, now: UnixTime) -> Result<Arc<VerifyingKeySet>, KeySetError> {
        if self.looked_at.load(Ordering::Acquire) == now.seconds()
            && let Some(keys) = self.current.load_full()
        {
            return Ok(keys);
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if self.looked_at.load(Ordering::Acquire) != now.seconds() {
            self.look(&mut seen, now);
            self.looked_at.store(now.seconds(), Ordering::Release);
        }
        match (self.current.load_full(), &seen.fault) {
            (Some(keys), _) => Ok(keys),
            (None, Some((fault, _))) => Err(fault.clone()),
            (None, None) => Err(KeySetError::Missing),
        }
    }

    /// Why the file as it is now is not in use.
    pub fn fault(&self) -> Option<KeySetError> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.fault.as_ref().map(|(fault, _)| fault.clone())
    }

    fn look(&self, seen: &mut Seen, now: UnixTime) {
        match self.changed(seen) {
            Ok(None) => {}
            Ok(Some(keys)) => {
                self.current.store(Some(Arc::new(keys)));
                seen.fault = None;
                return;
            }
            Err(error) => {
                let since = seen.fault.take().map_or(now, |(_, since)| since);
                seen.fault = Some((error, since));
            }
        }
        if let Some((_, since)) = seen.fault
            && now >= since.saturating_add(self.max_stale)
        {
            self.current.store(None);
        }
    }

    /// The keys, if the file is not as it was.
    fn changed(&self, seen: &mut Seen) -> Result<Option<VerifyingKeySet>, KeySetError> {
        let unreadable = |error| KeySetError::File(self.path.clone(), Arc::new(error));
        let read = read_if_changed(&self.path, &mut seen.stamp).map_err(unreadable)?;
        let Some(bytes) = read else {
            return Ok(None);
        };
        let keys = keys_in(&bytes, self.reading).map_err(|error| KeySetError::Content {
            place: format!("file:{}", self.path.display()),
            error,
        })?;
        Ok(Some(keys))
    }
}

/// The keys in what an operator wrote: public ones, or secrets.
pub(crate) fn keys_in(bytes: &[u8], reading: Reading) -> Result<VerifyingKeySet, KeyError> {
    let backend: &dyn Backend = reading.backend;
    let read = key::read(bytes, backend)?;
    let keys = VerifyingKeySet::new(&read.keys, reading.algorithms, backend)?;
    // Nobody writes down a set that can verify nothing and means it.
    let reason = keys.skipped().iter().chain(&read.skipped).next();
    match reason {
        Some(skipped) if keys.is_empty() => Err(skipped.error.clone()),
        _ => Ok(keys),
    }
}

/// What a file holds, unless it looks as it did.
fn read_if_changed(
    path: &Path,
    last: &mut Option<Stamp>,
) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let found = std::fs::metadata(path).and_then(|found| {
        // Anything else could keep its reader waiting.
        if found.is_file() {
            Ok(stamp(&found))
        } else {
            Err(io::Error::other("it is no file"))
        }
    });
    // One that comes back as it was is read again.
    let found = found.inspect_err(|_| *last = None)?;
    if *last == Some(found) {
        return Ok(None);
    }
    let file = File::open(path)?;
    // What is written from here on makes it look different.
    let opened = stamp(&file.metadata()?);
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(LONGEST + 1).read_to_end(&mut bytes)?;
    *last = Some(opened);
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::other("it is longer than 512 KiB"));
    }
    Ok(Some(bytes))
}

fn stamp(metadata: &std::fs::Metadata) -> Stamp {
    Stamp {
        changed_at: metadata.modified().ok(),
        len: metadata.len(),
    }
}

#[cfg(test)]
mod tests;
