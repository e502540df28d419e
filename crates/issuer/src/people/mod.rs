//! What people do with the service, one file a page: reads the form, judges where it comes from,
//! asks the store, fills a view of [`crate::pages`]. Nothing here needs script.
//!
//! A form is believed if the browser says that it comes from one of our own pages (`Sec-Fetch-Site`,
//! `Origin`) and if it carries the token that only this browser was given for this very page.

mod account;
pub(crate) mod authentication;
mod consent;
mod destination;
mod mails;
mod new_password;
mod page;
mod refusal;
mod register;
mod reset;
mod select_account;
mod setup;
mod sign_in;
mod sign_out;
mod verify_email;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use tower_http::csrf::{CsrfLayer, ProtectionError};

pub(crate) use page::{name_of, see_other, send_back};
pub(crate) use refusal::Refusal;

use crate::issuer::Issuer;

/// The pages.
pub(crate) fn routes(issuer: &Arc<Issuer>) -> Router<Arc<Issuer>> {
    let pages = Router::new()
        .route("/style.css", get(page::style))
        .route("/sign-in", get(sign_in::get).post(sign_in::post))
        .route(
            "/select-account",
            get(select_account::get).post(select_account::post),
        )
        .route("/consent", get(consent::get).post(consent::post))
        .route("/sign-out", post(sign_out::post))
        .route("/setup", get(setup::get).post(setup::post))
        .route("/register", get(register::get).post(register::post))
        .route(
            "/verify-email",
            get(verify_email::get).post(verify_email::post),
        )
        .route("/forgot", get(reset::forgot).post(reset::send))
        .route("/reset", get(reset::get).post(reset::post))
        .merge(account::routes());
    let from_elsewhere = {
        let issuer = Arc::clone(issuer);
        move |_: ProtectionError| refusal::foreign_form(&issuer)
    };
    let guard = CsrfLayer::new().with_rejection_response(from_elsewhere);
    // Applications send people here, by form too (RP-Initiated Logout 1.0 §2).
    let for_applications =
        Router::new().route("/end-session", get(sign_out::get).post(sign_out::asked));
    pages.layer(guard).merge(for_applications)
}
