//! Administration: what can be done to the records of the service, one file per noun.
//!
//! ```text
//! HTTP   ─► access token with admin:read or admin:write ─┐
//! socket ─► its owner, the command line                 ─┴► Authority ─► one store operation ─► JSON
//! ```
//!
//! There is one router for both ways, so the command line can do what the HTTP API can and in the
//! same words. Who asks is an [`Authority`] that the way in puts beside the request; without one
//! nothing is answered. To add an operation, write its function, its row in `routes` and its row in
//! `openapi::OPERATIONS`.

mod answer;
mod apis;
mod audit;
mod authority;
mod clients;
mod grants;
mod groups;
mod keys;
mod moment;
pub(crate) mod openapi;
mod page;
mod registration;
mod revocations;
mod roles;
mod sessions;
mod status;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post, put};
use jeton_problem::{Problem, RequestCode};

use crate::issuer::Issuer;
use answer::Refusal;

/// The administration API for whoever has the right access token.
pub(crate) fn guarded(issuer: &Arc<Issuer>) -> Router {
    let guard = from_fn_with_state(Arc::clone(issuer), authority::by_token);
    routes().layer(guard).with_state(Arc::clone(issuer))
}

/// The same for whoever has the machine: this router is for a local socket and the process itself,
/// never for a network.
pub(crate) fn local(issuer: &Arc<Issuer>) -> Router {
    let guard = axum::middleware::from_fn(authority::of_the_machine);
    routes().layer(guard).with_state(Arc::clone(issuer))
}

fn routes() -> Router<Arc<Issuer>> {
    let admin = Router::new()
        .route("/users", get(users::list).post(users::create))
        .route(
            "/users/{user}",
            get(users::show).patch(users::update).delete(users::delete),
        )
        .route("/users/{user}/password", post(users::set_password))
        .route("/users/{user}/permissions", get(users::permissions))
        .route(
            "/users/{user}/sessions",
            get(sessions::list).delete(sessions::sign_out),
        )
        .route("/users/{user}/grants", get(grants::list))
        .route("/users/{user}/grants/{client}", delete(grants::withdraw))
        .route("/sessions/{session}", delete(sessions::end))
        .route("/clients", get(clients::list).post(clients::create))
        .route(
            "/clients/{client}",
            get(clients::show)
                .patch(clients::update)
                .delete(clients::delete),
        )
        .route("/clients/{client}/secret", post(clients::new_secret))
        .route("/roles", get(roles::list))
        .route(
            "/roles/{role}",
            put(roles::save).get(roles::show).delete(roles::delete),
        )
        .route("/groups", get(groups::list))
        .route(
            "/groups/{group}",
            put(groups::save).get(groups::show).delete(groups::delete),
        )
        .route("/apis", get(apis::list))
        .route(
            "/apis/{api}",
            put(apis::save).get(apis::show).delete(apis::delete),
        )
        .route("/keys", get(keys::list))
        .route("/keys/rotate", post(keys::rotate))
        .route("/keys/{kid}", delete(keys::revoke))
        .route(
            "/revocations",
            get(revocations::list).post(revocations::revoke),
        )
        .route("/audit", get(audit::list))
        .route("/audit/head", get(audit::head))
        .route("/status", get(status::show));
    Router::new()
        .nest("/admin", admin)
        .method_not_allowed_fallback(|| async {
            Refusal::from(Problem::from(RequestCode::MethodRefused))
        })
}
