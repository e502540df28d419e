use http::StatusCode;

use crate::pages::{ChooseAccount, Form, Hidden, respond};
use crate::people::destination::Destination;
use crate::people::page::{Answer, Asking, concerning, name_of, person, see_other};
use crate::people::sign_in::address;

const PAGE: &str = "select-account";

pub(super) async fn get(asking: Asking) -> Answer {
    let (issuer, return_to) = (&asking.issuer, asking.get("return"));
    let destination = Destination::read(issuer, return_to).await?;
    let Some((session, account)) = asking.signed_in().await? else {
        return Ok(see_other(&address(issuer, return_to, false)));
    };
    let name = name_of(&account);
    let base = issuer.path("");
    let view = ChooseAccount {
        page: destination.page(issuer, &base),
        form: Form {
            action: &issuer.path("/select-account"),
            token: &asking.token(PAGE, &concerning(&session, return_to))?,
            hidden: &[Hidden {
                name: "return",
                value: return_to,
            }],
        },
        person: person(&account, name.as_ref()),
    };
    Ok(respond(StatusCode::OK, &view))
}

pub(super) async fn post(asking: Asking) -> Answer {
    let (issuer, return_to) = (&asking.issuer, asking.get("return"));
    let Some((session, _)) = asking.signed_in().await? else {
        return Ok(see_other(&address(issuer, return_to, false)));
    };
    asking.check(PAGE, &concerning(&session, return_to))?;
    if asking.get("choice") != "continue" {
        return Ok(see_other(&address(issuer, return_to, true)));
    }
    let destination = Destination::read(issuer, return_to).await?;
    match destination.asked() {
        Some(asked) => Ok(see_other(&asked.return_to(issuer, Some(session.id))?)),
        None => Ok(see_other(&issuer.path("/account"))),
    }
}
