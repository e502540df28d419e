//! The service as programs and people meet it: in process, with a clock of the test's own and a
//! real SQLite file.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests panic where they fail"
)]

mod account;
mod administration;
mod assertion;
mod authorize;
mod bearer;
mod browser;
mod clock;
mod code;
mod exchange;
mod first_party;
mod forms;
mod hostile;
mod house;
mod limits;
mod machine;
mod mails;
mod metrics;
mod people;
mod refresh;
mod register;
mod reset;
mod sign_in;
mod slowdown;
