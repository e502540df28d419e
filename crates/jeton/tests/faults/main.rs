//! The token service as a process, and what can happen to it: it is killed, its disk fills up, and
//! everybody asks the same at once.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod crowd;
mod full;
mod fuzzed;
mod http;
mod killed;
mod life;
mod served;
mod syncs;
mod together;
