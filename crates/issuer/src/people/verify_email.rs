use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jeton_store::account::{Account, TicketPurpose};
use jeton_store::{Sha256, StoreError};

use crate::caller::Caller;
use crate::issuer::Issuer;
use crate::pages::{EmailVerified, Foreign, Form, Hidden, Page, VerifyEmail, respond};
use crate::people::Refusal;
use crate::people::page::{Fields, answer, owner};
use crate::people::sign_in::parameters;
use crate::visit::Visit;

const PAGE: &str = "verify-email";

pub(super) async fn get(
    State(issuer): State<Arc<Issuer>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let visit = match Visit::of(&issuer, &headers) {
        Ok(visit) => visit,
        Err(failure) => return Refusal::from(failure).respond(&issuer),
    };
    let shown = parameters(query.as_deref()).and_then(|query| {
        let ticket = query.get("ticket").ok_or(Refusal::LinkSpent)?;
        let (base, action) = (issuer.path(""), issuer.path("/verify-email"));
        let hidden = [Hidden {
            name: "ticket",
            value: ticket,
        }];
        let view = VerifyEmail {
            page: Page::new(issuer.name(), &base),
            form: Form {
                action: &action,
                token: &visit.form_token(&issuer, PAGE, ticket)?,
                hidden: &hidden,
            },
        };
        Ok(respond(StatusCode::OK, &view))
    });
    answer(&issuer, &visit, shown)
}

pub(super) async fn post(
    State(issuer): State<Arc<Issuer>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let fields = match Fields::read(&issuer, &headers, body).await {
        Ok(fields) => fields,
        Err(refusal) => return refusal.respond(&issuer),
    };
    let shown = proved(&issuer, &caller, &fields).await;
    answer(&issuer, &fields.visit, shown)
}

async fn proved(issuer: &Issuer, caller: &Caller, fields: &Fields) -> Result<Response, Refusal> {
    let ticket = fields.get("ticket");
    fields.check(issuer, PAGE, ticket)?;
    let hash = Sha256::of(ticket.as_bytes());
    let act = caller.act(issuer, jeton_store::Actor::Anonymous);
    let spent = issuer
        .ask(|store, reply| {
            store.consume_ticket(hash, TicketPurpose::EmailVerification, act, reply);
        })
        .await?
        .ok_or(Refusal::LinkSpent)?;
    let (Some(id), Some(email)) = (spent.account, spent.subject) else {
        return Err(Refusal::LinkSpent);
    };
    let account = issuer
        .ask(|store, reply| store.account(id, reply))
        .await?
        .ok_or(Refusal::LinkSpent)?;
    let act = caller.act(issuer, owner(&account));
    let verified = Account {
        email: Some(email.clone()),
        email_verified: true,
        ..account
    };
    let updated = issuer
        .change(|store, reply| store.update_account(verified, act, reply))
        .await;
    match updated {
        // Somebody else proved to read mail there before.
        Err(StoreError::Taken { .. }) => return Err(Refusal::LinkSpent),
        updated => updated?,
    };
    let (base, next) = (issuer.path(""), issuer.path("/account"));
    let view = EmailVerified {
        page: Page::new(issuer.name(), &base),
        email: Foreign::from(&email),
        next: &next,
    };
    Ok(respond(StatusCode::OK, &view))
}
