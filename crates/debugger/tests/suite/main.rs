//! The router, asked as a browser or a program would, without a socket.

#![expect(clippy::expect_used, reason = "tests fail by panicking")]

mod api;
mod fetch;
mod place;
mod refusals;
mod secrets;
