//! Who may ask at all: programs on this machine and the server's own page, and no page of another
//! site, whether it comes openly or under a name that was pointed at this address.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::HeaderName;
use http::uri::Authority;
use http::{HeaderMap, Method, Uri, header};
use jeton_problem::{Problem, RequestCode};
use jeton_settings::HostName;
use jeton_web_assets::secure;

/// What requests are held against.
#[derive(Debug)]
pub(crate) struct Guard {
    /// The address the server listens on.
    pub(crate) address: SocketAddr,
    /// The names it is reached under.
    pub(crate) hosts: Vec<HostName>,
}

/// Refuses or passes on, and sees that every answer has the headers of security.
pub(crate) async fn admit(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    let refusal = guard.refusal(request.method(), request.uri(), request.headers());
    let mut response = match refusal {
        Some(code) => Problem::from(code).into_response(),
        None => next.run(request).await,
    };
    secure(response.headers_mut());
    response
}

impl Guard {
    /// Why a request is refused.
    fn refusal(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<RequestCode> {
        let Ok(Some(host)) = one(headers, &header::HOST) else {
            return Some(RequestCode::HostRefused);
        };
        let is_known = |authority: &str| self.knows(authority);
        if !is_known(host) || !uri.authority().is_none_or(|name| is_known(name.as_str())) {
            return Some(RequestCode::HostRefused);
        }
        if !is_same_origin(headers, host) || is_sent_by_another_site(method, headers) {
            return Some(RequestCode::OriginRefused);
        }
        None
    }

    /// Whether `host` or `host:port` is this server. An address cannot be pointed elsewhere, so the
    /// server's own are known; a name can, so it has to be configured. `localhost` is an address in
    /// all but form (RFC 6761 §6.3).
    fn knows(&self, authority: &str) -> bool {
        let Ok(authority) = authority.parse::<Authority>() else {
            return false;
        };
        if authority.as_str().contains('@') {
            return false;
        }
        let host = authority.host().to_ascii_lowercase();
        let address = address_of(&host);
        let name = address.map_or_else(|| host.clone(), |address| address.to_string());
        if self.hosts.iter().any(|known| known.as_str() == name) {
            return true;
        }
        let port = self.address.port();
        let is_ours = match authority.port_u16() {
            Some(named) => named == port,
            None => authority.as_str() == authority.host() && (port == 80 || port == 443),
        };
        is_ours && self.is_own(&host, address)
    }

    fn is_own(&self, host: &str, address: Option<IpAddr>) -> bool {
        let own = self.address.ip();
        let takes_loopback = own.is_loopback() || own.is_unspecified();
        match address {
            Some(address) if address.is_loopback() => takes_loopback,
            Some(address) => address == own || own.is_unspecified(),
            None => host == "localhost" && takes_loopback,
        }
    }
}

/// The address that a host is, in the one form that each kind has in a URL.
fn address_of(host: &str) -> Option<IpAddr> {
    let bracketed = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    match bracketed {
        Some(host) => host.parse().ok().map(IpAddr::V6),
        None => host.parse().ok().map(IpAddr::V4),
    }
}

/// A page of this server names this server as its origin (RFC 6454 §7), if it names one.
fn is_same_origin(headers: &HeaderMap, host: &str) -> bool {
    match one(headers, &header::ORIGIN) {
        Ok(None) => true,
        Ok(Some(origin)) => ["http://", "https://"].iter().any(|scheme| {
            let authority = origin.strip_prefix(scheme);
            authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
        }),
        Err(_) => false,
    }
}

/// Whether the browser says that another site made it ask (Fetch Metadata). Following a link to
/// the page is no such request.
fn is_sent_by_another_site(method: &Method, headers: &HeaderMap) -> bool {
    let site = one(headers, &HeaderName::from_static("sec-fetch-site"));
    if matches!(site, Ok(None | Some("same-origin" | "none"))) {
        return false;
    }
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|found| found == value);
    let follows_link = *method == Method::GET
        && is("sec-fetch-mode", "navigate")
        && is("sec-fetch-dest", "document");
    !follows_link
}

/// The value of a header that may be there once.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Several> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Several),
        (Some(_), Some(_)) => Err(Several),
    }
}

/// A header is there more than once, or is no text.
struct Several;

#[cfg(test)]
mod tests;
