//! The tokens that are issued: access tokens (RFC 9068), id tokens, refresh tokens.
//!
//! [`grant`] is the way in for whatever a person granted: it judges what may be had of it now,
//! signs, and keeps the refresh family.

pub(crate) mod access;
pub(crate) mod grant;
mod id;
pub(crate) mod person;
pub(crate) mod worth;

pub(crate) use access::{AccessToken, Speaker};
