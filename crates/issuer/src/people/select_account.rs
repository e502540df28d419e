use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};

use crate::caller::Caller;
use crate::issuer::Issuer;
use crate::pages::{ChooseAccount, Form, Hidden, respond};
use crate::people::Refusal;
use crate::people::destination::Destination;
use crate::people::page::{Fields, answer, name_of, person, see_other};
use crate::people::sign_in::{address, parameters};
use crate::visit::Visit;

const PAGE: &str = "select-account";

pub(super) async fn get(
    State(issuer): State<Arc<Issuer>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let visit = match Visit::of(&issuer, &headers) {
        Ok(visit) => visit,
        Err(failure) => return Refusal::from(failure).respond(&issuer),
    };
    let shown = async {
        let query = parameters(query.as_deref())?;
        let return_to = query.get("return").unwrap_or_default();
        let destination = match Destination::read(&issuer, return_to).await {
            Ok(destination) => destination,
            Err(astray) => return astray.shown(),
        };
        let Some((_, account)) = issuer.signed_in(&headers, &caller).await? else {
            return Ok(see_other(&address(&issuer, return_to, false)));
        };
        let name = name_of(&account);
        let (base, action) = (issuer.path(""), issuer.path("/select-account"));
        let hidden = [Hidden {
            name: "return",
            value: return_to,
        }];
        let view = ChooseAccount {
            page: destination.page(&issuer, &base),
            form: Form {
                action: &action,
                token: &visit.form_token(&issuer, PAGE, return_to)?,
                hidden: &hidden,
            },
            person: person(&account, name.as_ref()),
        };
        Ok(respond(StatusCode::OK, &view))
    };
    let shown = shown.await;
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
    let shown = async {
        let return_to = fields.get("return");
        fields.check(&issuer, PAGE, return_to)?;
        let session = issuer.session(&headers, &caller).await?;
        let (Some(session), "continue") = (session, fields.get("choice")) else {
            return Ok(see_other(&address(&issuer, return_to, true)));
        };
        let destination = match Destination::read(&issuer, return_to).await {
            Ok(destination) => destination,
            Err(astray) => return astray.shown(),
        };
        match destination.asked() {
            Some(asked) => Ok(see_other(&asked.return_to(&issuer, Some(session.id))?)),
            None => Ok(see_other(&issuer.path("/account"))),
        }
    };
    let shown = shown.await;
    answer(&issuer, &fields.visit, shown)
}
