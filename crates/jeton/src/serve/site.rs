//! What answers at which path: the debugger at its own, the token service at all others.

use core::convert::Infallible;
use core::pin::Pin;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use http::uri::Authority;
use http::{HeaderMap, Request, Uri, header};
use hyper::body::Incoming;
use jeton_problem::{Problem, RequestCode};
use jeton_settings::HostName;
use tower::Service as _;

/// All that a server answers.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    debugger: Router,
    issuer: Option<(Router, Arc<Names>)>,
}

/// The names under which the token service is reached. Another name may be one that was pointed
/// here by the page of a stranger.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    /// The host of its URL, and those that are configured.
    pub(crate) hosts: Vec<HostName>,
    /// Where it listens: a name can be pointed there, the address itself can't be pointed
    /// elsewhere.
    pub(crate) address: SocketAddr,
}

/// A site as one peer sees it.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) site: Site,
    pub(super) peer: SocketAddr,
}

type Answer = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

impl Site {
    pub(crate) fn new(debugger: Router, issuer: Option<(Router, Names)>) -> Self {
        Self {
            debugger,
            issuer: issuer.map(|(router, names)| (router, Arc::new(names))),
        }
    }
}

impl hyper::service::Service<Request<Incoming>> for Visit {
    type Response = Response;
    type Error = Infallible;
    type Future = Answer;

    fn call(&self, request: Request<Incoming>) -> Answer {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let (mut router, names) = match &self.site.issuer {
            Some((issuer, names)) if !is_debuggers(request.uri().path()) => (issuer.clone(), names),
            _ => return Box::pin(self.site.debugger.clone().call(request)),
        };
        if !names.knows(request.uri(), request.headers()) {
            let refusal = Problem::from(RequestCode::HostRefused);
            return Box::pin(core::future::ready(Ok(refusal.into_response())));
        }
        Box::pin(router.call(request))
    }
}

fn is_debuggers(path: &str) -> bool {
    let first = path.strip_prefix('/').unwrap_or(path);
    let first = first.split('/').next().unwrap_or_default();
    matches!(first, "" | "debugger" | "api")
}

impl Names {
    fn knows(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(header::HOST).into_iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        // RFC 9112 §3.2: a request's absolute target stands above its `Host`.
        let target = uri.authority().map(Authority::as_str);
        host.to_str().is_ok_and(|host| self.knows_one(host))
            && target.is_none_or(|target| self.knows_one(target))
    }

    fn knows_one(&self, authority: &str) -> bool {
        let Ok(authority) = authority.parse::<Authority>() else {
            return false;
        };
        if authority.as_str().contains('@') {
            return false;
        }
        let host = authority.host();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let own = self.address.ip();
        match bare.parse::<IpAddr>() {
            Ok(address) => {
                address.is_loopback()
                    || address == own
                    || own.is_unspecified()
                    || self.is_named(&address.to_string())
            }
            Err(_) => host.eq_ignore_ascii_case("localhost") || self.is_named(host),
        }
    }

    fn is_named(&self, host: &str) -> bool {
        let mut hosts = self.hosts.iter();
        hosts.any(|known| known.as_str().eq_ignore_ascii_case(host))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debugger_keeps_its_paths() {
        for path in ["/", "/debugger", "/debugger/index.js", "/api", "/api/names"] {
            assert!(is_debuggers(path), "{path}");
        }
        for path in ["/token", "/apis", "/debuggers/", "/jwks", "//api", "*"] {
            assert_eq!(is_debuggers(path), path == "//api", "{path}");
        }
    }

    #[test]
    fn a_name_that_was_pointed_here_is_refused() {
        let names = Names {
            hosts: vec!["id.example".parse().unwrap()],
            address: "127.0.0.1:7519".parse().unwrap(),
        };
        for known in [
            "id.example",
            "ID.example:443",
            "localhost:7519",
            "127.0.0.1",
            "[::1]:7519",
        ] {
            assert!(names.knows_one(known), "{known}");
        }
        for strange in [
            "rebound.example",
            "id.example.rebound.example",
            "user@id.example",
            "192.0.2.1",
            "",
            "a b",
        ] {
            assert!(!names.knows_one(strange), "{strange}");
        }
        let uri = Uri::from_static("/token");
        let mut headers = HeaderMap::new();
        assert!(!names.knows(&uri, &headers), "no name at all");
        headers.append(header::HOST, http::HeaderValue::from_static("id.example"));
        assert!(names.knows(&uri, &headers));
        let other = Uri::from_static("http://rebound.example/token");
        assert!(!names.knows(&other, &headers));
        headers.append(header::HOST, http::HeaderValue::from_static("id.example"));
        assert!(!names.knows(&uri, &headers), "two names");
    }
}
