//! The tokens that are issued: access tokens (RFC 9068), id tokens, refresh tokens.

pub(crate) mod access;

pub(crate) use access::{AccessToken, Speaker};
