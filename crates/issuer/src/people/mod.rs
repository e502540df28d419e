//! What people do with the service, one file a page: reads the form, judges where it comes from,
//! asks the store, fills a view of [`crate::pages`]. Nothing here needs script.
//!
//! A form is believed if the browser says that it comes from one of our own pages (`Sec-Fetch-Site`,
//! `Origin`) and if it carries the token that only this browser was given for this very page.

mod account;
pub(crate) mod authentication;
mod consent;
mod destination;
mod done;
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
use axum::routing::get;
use tower_http::csrf::{CsrfLayer, ProtectionError};

use page::{look, submit};
pub(crate) use page::{name_of, see_other, send_back};
pub(crate) use refusal::Refusal;

use crate::issuer::Issuer;

/// The pages.
pub(crate) fn routes(issuer: &Arc<Issuer>) -> Router<Arc<Issuer>> {
    let pages = Router::new()
        .route("/style.css", get(page::style))
        .route("/sign-in", look(sign_in::get))
        .route("/sign-in", submit(sign_in::post))
        .route("/select-account", look(select_account::get))
        .route("/select-account", submit(select_account::post))
        .route("/consent", look(consent::get))
        .route("/consent", submit(consent::post))
        .route("/setup", look(setup::get))
        .route("/setup", submit(setup::post))
        .route("/register", look(register::get))
        .route("/register", submit(register::post))
        .route("/verify-email", look(verify_email::get))
        .route("/verify-email", submit(verify_email::post))
        .route("/reset", look(reset::get))
        .route("/reset", submit(reset::post))
        .route("/forgot", look(reset::forgot))
        .route("/forgot", submit(reset::ask_for_mail))
        .route("/sign-out", submit(sign_out::post))
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
