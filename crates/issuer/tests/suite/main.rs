//! The service as programs and people meet it: in process, with a clock of the test's own and a
//! real SQLite file.

mod browser;
mod house;
mod machine;
mod sign_in;
