//! Mail to people: what it says, and how it leaves.
//!
//! ```text
//! endpoint ─► Outbox::send(to, Letter, now, id) ─► a task of its own, so many at most
//!             address checked, text rendered        SMTP: time limit, a few tries further and further apart
//!             never waits                           or a file in a folder, which the log says
//! ```
//!
//! How to use it: [`Mail`] is the configuration, [`Outbox::open`] once, inside the runtime;
//! [`Outbox::send`] wherever a [`Letter`] is due, and [`Outbox::drain`] before the process ends. What
//! `send` answers is for the log and never for whoever asked: that there was nobody to write to must
//! not show.
//!
//! A letter has no word that a stranger chose: no name, no text of a form. Nothing of a mail, its
//! address or its answer is logged. To add a letter, add a variant and its words.

mod config;
mod letter;
mod outbox;
#[cfg(test)]
mod tests;

pub use config::{Mail, MailError, Security, Smtp};
pub use letter::Letter;
pub use outbox::{Outbox, Unsent};
