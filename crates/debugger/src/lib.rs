//! The debugger page and the HTTP API for tokens and keys.
//!
//! The way of a request: `guard` refuses what a foreign page or a rebound name sends; `page` serves
//! the files; `api` reads a body, asks the workbench of the inspector (the same functions as the
//! command line and the page itself) and answers with its JSON or with a problem body. Nothing of a
//! request is logged or kept. [`Config`] is how all of it is configured, [`Config::build`] makes a
//! router of it; who listens, and with which clock, is the caller's affair.
//!
//! A question that the workbench learns is served without a change here; its row in
//! `operations.rs` describes it.

mod api;
mod config;
mod guard;
mod jwks;
mod openapi;
mod operations;
mod page;
mod reference;
mod secrecy;

pub use config::{Clock, Config, Place};
