//! OAuth 2.1 and OpenID Connect on the wire: what is asked, what is answered, and the rules that
//! need nothing but the two.
//!
//! No I/O, no clock, no randomness, no runtime: a server reads a request with it, decides with
//! what it knows, and writes the answer with it. The way of a request:
//!
//! ```text
//! query or body ──► Parameters ──► authorize::ReturnAddress ──► authorize::Request ──► Redirect
//!                   (no name twice)     token::Request, introspect, revoke, logout
//!                   client_auth::Presented ──────────┘
//! ```
//!
//! Rules that a client may be released from (PKCE above all, which OpenID Basic does not ask for)
//! are [`client::Rules`]; all else is refused for everybody. To add a grant, add a variant to
//! [`client::GrantType`] and to [`token::Grant`].

pub mod authorize;
pub mod claims;
pub mod client;
pub mod client_auth;
mod credential;
mod error;
mod form;
pub mod introspect;
pub mod logout;
pub mod metadata;
mod names;
pub mod pkce;
pub mod redirect_uri;
mod resource;
pub mod revocation_log;
pub mod revoke;
mod scope;
pub mod seconds;
pub mod token;

pub use credential::Credential;
pub use error::{ErrorBody, ErrorCode, OAuthError};
pub use form::Parameters;
pub use resource::Resource;
pub use scope::{Scope, ScopeToken};
