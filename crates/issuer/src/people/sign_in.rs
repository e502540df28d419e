use http::{StatusCode, header};
use jeton_store::account::Account;

use crate::issuer::Issuer;
use crate::pages::{Form, Hidden, Notice, SignIn, SignInAgain, Span, respond};
use crate::people::Refusal;
use crate::people::authentication::{Denied, Given};
use crate::people::destination::Destination;
use crate::people::page::{Answer, Asking, name_of, person, see_other};

/// What its forms are for.
const PAGE: &str = "sign-in";

pub(super) async fn get(asking: Asking) -> Answer {
    let issuer = &asking.issuer;
    let destination = Destination::read(issuer, asking.get("return")).await?;
    let known = match asking.get("other") {
        "" => asking.signed_in().await?.map(|(_, account)| account),
        _ => None,
    };
    if known.is_some() && destination.asked().is_none() {
        return Ok(see_other(&issuer.path("/account")));
    }
    let hint = destination
        .asked()
        .and_then(|asked| asked.request.login_hint.as_deref());
    let shown = Shown {
        asking: &asking,
        destination: &destination,
        known: known.as_ref(),
        login: hint.unwrap_or_default(),
    };
    shown.page(StatusCode::OK, &[])
}

pub(super) async fn post(asking: Asking) -> Answer {
    let (issuer, return_to) = (&asking.issuer, asking.get("return"));
    asking.check(PAGE, return_to)?;
    let destination = Destination::read(issuer, return_to).await?;
    if asking.get("choice") == "other" {
        return Ok(see_other(&address(issuer, return_to, true)));
    }
    // Where the page says who it is, the form has no name.
    let known = match asking.get("login") {
        "" => asking.signed_in().await?.map(|(_, account)| account),
        _ => None,
    };
    let login = known
        .as_ref()
        .map_or(asking.get("login"), |account| &account.username);
    let given = Given {
        login,
        password: asking.get("password"),
    };
    let denied = match issuer.admit(&asking.caller, &asking.headers, given).await {
        Ok(admitted) => {
            let begun = issuer
                .begin_session(&admitted.account, &asking.caller, &asking.headers)
                .await?;
            let mut response = match return_to {
                "" => see_other(&issuer.path("/account")),
                return_to => see_other(return_to),
            };
            let headers = response.headers_mut();
            headers.append(header::SET_COOKIE, begun.cookie()?);
            headers.append(header::SET_COOKIE, admitted.device);
            return Ok(response);
        }
        Err(denied) => denied,
    };
    let shown = Shown {
        asking: &asking,
        destination: &destination,
        known: known.as_ref(),
        login,
    };
    shown.denied(denied)
}

/// The page with all it needs.
struct Shown<'a> {
    asking: &'a Asking,
    destination: &'a Destination,
    /// Who is signed in already and only has to prove it once more.
    known: Option<&'a Account>,
    login: &'a str,
}

impl Shown<'_> {
    fn denied(&self, denied: Denied) -> Answer {
        match denied {
            Denied::Wrong => {
                let notice = match self.known {
                    Some(_) => Notice::WrongPassword,
                    None => Notice::WrongCredentials,
                };
                self.page(StatusCode::UNPROCESSABLE_ENTITY, &[notice])
            }
            Denied::Wait(wait) => {
                let notice = [Notice::Wait(Span::up(wait))];
                self.page(StatusCode::TOO_MANY_REQUESTS, &notice)
            }
            denied => Err(denied.into()),
        }
    }

    fn page(&self, status: StatusCode, notices: &[Notice<'_>]) -> Answer {
        let (issuer, return_to) = (&self.asking.issuer, self.asking.get("return"));
        let base = issuer.path("");
        let page = self.destination.page(issuer, &base).saying(notices);
        let form = Form {
            action: &issuer.path("/sign-in"),
            token: &self.asking.token(PAGE, return_to)?,
            hidden: &[Hidden {
                name: "return",
                value: return_to,
            }],
        };
        let forgot = issuer.path("/forgot");
        let forgot = Some(forgot.as_str());
        let Some(account) = self.known else {
            let register = with_return(issuer, "/register", return_to);
            let view = SignIn {
                page,
                form,
                login: self.login,
                forgot,
                register: issuer.takes_registrations().then_some(&register),
            };
            return Ok(respond(status, &view));
        };
        let name = name_of(account);
        let view = SignInAgain {
            page,
            form,
            person: person(account, name.as_ref()),
            forgot,
        };
        Ok(respond(status, &view))
    }
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Wait(wait) => Self::TooMany(wait),
            Denied::Busy(wait) => Self::Busy(wait),
            Denied::Pending => Self::AccountPending,
            Denied::Wrong | Denied::Disabled => Self::AccountDisabled,
            Denied::Failed(failure) => failure.into(),
        }
    }
}

/// The page's address.
pub(super) fn address(issuer: &Issuer, return_to: &str, is_somebody_else: bool) -> String {
    let address = with_return(issuer, "/sign-in", return_to);
    match (is_somebody_else, return_to) {
        (false, _) => address,
        (true, "") => format!("{address}?other=yes"),
        (true, _) => format!("{address}&other=yes"),
    }
}

/// A page on the way to somewhere else.
pub(super) fn with_return(issuer: &Issuer, page: &str, return_to: &str) -> String {
    if return_to.is_empty() {
        return issuer.path(page);
    }
    let context: String = form_urlencoded::byte_serialize(return_to.as_bytes()).collect();
    issuer.path(&format!("{page}?return={context}"))
}
