//! The built command, run as people run it.

#![expect(clippy::expect_used, reason = "tests fail by panicking")]

mod keys;
mod leaks;
mod recorded;
mod runner;
mod sd;
mod serve;
mod service;
mod streams;
mod taken_away;
mod telemetry;
