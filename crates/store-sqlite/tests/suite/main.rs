//! The suite of all stores, and what only a file can go through.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests panic where they fail"
)]

mod child;
mod concurrency;
mod conformance;
mod crash;
mod furniture;
mod no_space;
mod opening;
mod syncs;
