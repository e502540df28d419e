use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jeton_jose::UnixTime;

/// The system's time, read once in `main`; everything else is handed it.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
pub(crate) fn now() -> UnixTime {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UnixTime::from_seconds(0).saturating_add(since_epoch)
}

/// A clock that never goes back, to measure how long something takes.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
pub(crate) fn stopwatch() -> impl Fn() -> Duration + Send + Sync {
    let began = Instant::now();
    move || began.elapsed()
}
