use core::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use jeton_inspect::workbench::OPERATIONS;
use jeton_jose::UnixTime;
use jeton_keys::{Fetcher, Resolve, TrustError};
use jeton_settings::HostName;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::guard::{self, Guard};
use crate::openapi::Description;
use crate::{api, jwks, page, reference};

/// The debugger page and its HTTP API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = DebuggerConfig)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Names under which the server is reached, beside the addresses it listens on.
    pub hosts: Vec<HostName>,
    /// Answer calls that carry secrets although the address is no loopback one. All of the way to
    /// the browser has to be trusted for that.
    pub remote_secrets: bool,
    /// What may be fetched at a person's request.
    pub fetch: jeton_keys::Config,
}

/// Where the present comes from.
pub type Clock = Arc<dyn Fn() -> UnixTime + Send + Sync>;

/// What the server is given from outside.
#[derive(Clone)]
pub struct Place {
    /// The address it listens on.
    pub address: SocketAddr,
    /// The time.
    pub clock: Clock,
    /// The addresses of hosts that key sets are fetched from.
    pub resolver: Arc<dyn Resolve>,
}

/// What the handlers share.
pub(crate) struct Workshop {
    pub(crate) clock: Clock,
    /// Whether only this machine reaches the server.
    pub(crate) is_private: bool,
    /// Whether calls that carry secrets are answered.
    pub(crate) takes_secrets: bool,
    pub(crate) fetcher: Fetcher,
    /// As many questions at once as there are processors to answer them.
    pub(crate) work: Arc<Semaphore>,
    /// Few fetches at once: this is no crawler.
    pub(crate) fetches: Arc<Semaphore>,
    pub(crate) description: Description,
}

/// Key sets that are fetched at once.
const MOST_FETCHES: usize = 4;

impl Config {
    /// The router that serves the page and the API.
    ///
    /// # Errors
    /// The configured certificate authorities cannot be used.
    pub fn build(self, place: Place) -> Result<Router, TrustError> {
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        let is_private = place.address.ip().is_loopback();
        let workshop = Arc::new(Workshop {
            clock: place.clock,
            is_private,
            takes_secrets: self.remote_secrets || is_private,
            fetcher: self.fetch.build(place.resolver)?,
            work: Arc::new(Semaphore::new(processors)),
            fetches: Arc::new(Semaphore::new(MOST_FETCHES)),
            description: Description::new(),
        });
        let mut router = Router::new()
            .route("/", get(page::home))
            .route("/debugger", get(page::home))
            .route("/debugger/", get(page::index))
            .route("/debugger/export.html", get(page::one_file))
            .route("/debugger/{*path}", get(page::file))
            .route("/api", get(reference::home))
            .route("/api/", get(reference::page))
            .route("/api/style.css", get(reference::style))
            .route("/api/openapi.json", get(reference::document))
            .route("/api/jwks/fetch", post(jwks::fetch));
        for operation in OPERATIONS {
            let path = format!("/api/{}", operation.name);
            let name = operation.name;
            router = router.route(
                &path,
                post(move |state, request| api::answer(name, state, request)),
            );
        }
        let guard = Arc::new(Guard {
            address: place.address,
            hosts: self.hosts,
        });
        Ok(router
            .fallback(api::not_found)
            .method_not_allowed_fallback(api::method_refused)
            .with_state(workshop)
            .layer(axum::middleware::from_fn_with_state(guard, guard::admit)))
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place")
            .field("address", &self.address)
            .field("resolver", &self.resolver)
            .finish_non_exhaustive()
    }
}
