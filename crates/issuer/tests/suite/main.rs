//! The service as programs and people meet it: in process, with a clock of the test's own and a
//! real SQLite file.

mod administration;
mod bearer;
mod browser;
mod code;
mod exchange;
mod hostile;
mod house;
mod machine;
mod people;
mod refresh;
mod sign_in;
