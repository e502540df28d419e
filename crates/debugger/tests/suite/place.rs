//! A server that answers in process.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, StatusCode};
use jeton_debugger::{Config, Place};
use jeton_keys::{Answer, Resolve};
use jeton_testkit::NOW;
use serde_json::Value;
use tower::ServiceExt as _;

/// Every host has this one address.
#[derive(Debug)]
pub(crate) struct Everywhere(pub(crate) IpAddr);

impl Resolve for Everywhere {
    fn resolve<'a>(&'a self, _: &'a str) -> Answer<'a> {
        let address = self.0;
        Box::pin(async move { io::Result::Ok(vec![address]) })
    }
}

pub(crate) struct Server {
    router: Router,
    host: String,
}

pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// On a loopback address, with nothing configured.
pub(crate) fn local() -> Server {
    server("127.0.0.1:7519", Config::default())
}

pub(crate) fn server(address: &str, config: Config) -> Server {
    let place = Place {
        address: address.parse().expect("an address"),
        clock: Arc::new(|| NOW),
        resolver: Arc::new(Everywhere(IpAddr::from([127, 0, 0, 1]))),
    };
    Server {
        router: config.build(place).expect("the configuration is sound"),
        host: address.to_owned(),
    }
}

impl Server {
    pub(crate) async fn post(&self, path: &str, body: impl Into<String>) -> Answered {
        self.send(
            Request::post(path)
                .header("host", &self.host)
                .header("content-type", "application/json")
                .body(Body::from(body.into())),
        )
        .await
    }

    pub(crate) async fn get(&self, path: &str) -> Answered {
        let request = Request::get(path).header("host", &self.host);
        self.send(request.body(Body::empty())).await
    }

    pub(crate) async fn send(&self, request: http::Result<Request<Body>>) -> Answered {
        let request = request.expect("a request");
        let response = self.router.clone().oneshot(request).await;
        let (parts, body) = response.expect("a response").into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        Answered {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).expect("text"),
        }
    }
}

impl Answered {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("text"))
    }

    /// Holds this to be a problem body of that status and code.
    pub(crate) fn is_problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.header("cache-control"), "no-store");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        for member in ["type", "title", "hint"] {
            assert!(problem[member].as_str().is_some_and(|text| text.len() > 9));
        }
        problem
    }
}
