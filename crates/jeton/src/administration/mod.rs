//! The administration API from the command line: on a server that runs here through its socket, on
//! one that is stopped by opening its store, on one elsewhere over HTTPS. The same router answers
//! each time.

mod definition;
mod exchange;
mod remote;
mod show;

use std::path::PathBuf;

use axum::Router;
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use jeton_jose::json::{Document, Options};
use jeton_problem::{Coded as _, RequestCode};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

pub(crate) use definition::Definition;
pub(crate) use show::{Column, print_done, print_list, print_record};

use crate::failure::Failure;
use crate::input::{Place, SMALL};
use crate::json_text::{Object, array, string};
use crate::serve;

/// Which token service.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Target {
    /// Folder of the token service [default: jeton-data]
    #[arg(long, value_name = "FOLDER", help_heading = "Service")]
    data: Option<PathBuf>,
    /// Configuration file of the token service
    #[arg(long, value_name = "FILE", help_heading = "Service")]
    config: Option<PathBuf>,
    /// A token service elsewhere, by its URL
    #[arg(
        long,
        value_name = "URL",
        help_heading = "Service",
        conflicts_with_all = ["data", "config"],
        requires = "token"
    )]
    server: Option<String>,
    /// File of an access token with admin:read or admin:write for it; - for the standard input
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Service",
        requires = "server"
    )]
    token: Option<Place>,
}

/// A token service that can be asked.
pub(crate) struct Administration {
    runtime: Runtime,
    way: Way,
}

enum Way {
    /// It is stopped: its own router, over its store.
    Process(Router),
    /// It runs here.
    #[cfg(unix)]
    Socket(PathBuf),
    /// It is elsewhere.
    Remote(remote::Server),
}

/// An answer: its status and its JSON.
struct Reply {
    status: StatusCode,
    text: String,
}

impl Target {
    /// Finds the service.
    pub(crate) fn open(&self) -> Result<Administration, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::io("cannot start a runtime", &error))?;
        let way = match (&self.server, &self.token) {
            (Some(url), Some(token)) => {
                let token = token.read_text("access token", SMALL)?;
                Way::Remote(remote::Server::new(url, token.trim())?)
            }
            _ => self.here(&runtime)?,
        };
        Ok(Administration { runtime, way })
    }

    fn here(&self, runtime: &Runtime) -> Result<Way, Failure> {
        let mut config = match &self.config {
            Some(path) => serve::Config::read(path)?,
            None => serve::Config::default(),
        };
        if let Some(folder) = &self.data {
            config.data.folder.clone_from(folder);
        }
        #[cfg(unix)]
        if let Some(socket) = serve::control_socket(&config) {
            return Ok(Way::Socket(socket));
        }
        let router = runtime.block_on(serve::administration(&config))?;
        Ok(Way::Process(router))
    }
}

impl Administration {
    /// Asks for a record or a list.
    pub(crate) fn read(&self, path: &str) -> Result<String, Failure> {
        self.ask(Method::GET, path, None)
    }

    /// A whole list, part by part.
    pub(crate) fn read_all(&self, path: &str) -> Result<String, Failure> {
        let mut items = Vec::new();
        let mut after = String::new();
        loop {
            let part = self.read(&format!("{path}?limit=1000{after}"))?;
            let document = parsed(&part)?;
            let page = document.root().as_object();
            let part = page.and_then(|page| page.get("items")?.as_array());
            items.extend(part.into_iter().flat_map(|part| {
                part.iter()
                    .map(|item| item.source().to_owned())
                    .collect::<Vec<_>>()
            }));
            let next = page.and_then(|page| page.get("next")?.as_str());
            match next {
                Some(next) => after = format!("&after={}", escaped(next)),
                None => break,
            }
        }
        let mut whole = Object::new();
        whole.raw("items", &array(items));
        Ok(whole.finish())
    }

    /// Asks for a change.
    pub(crate) fn change(
        &self,
        method: Method,
        path: &str,
        body: String,
    ) -> Result<String, Failure> {
        self.ask(method, path, Some(body))
    }

    /// Deletes.
    pub(crate) fn delete(&self, path: &str) -> Result<String, Failure> {
        self.ask(Method::DELETE, path, None)
    }

    fn ask(&self, method: Method, path: &str, body: Option<String>) -> Result<String, Failure> {
        let mut request = Request::builder().method(method).uri(path);
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request
            .body(Body::from(body.unwrap_or_default()))
            .map_err(|_| Failure::usage("a name cannot be part of a request"))?;
        let reply = self.runtime.block_on(async {
            match &self.way {
                Way::Process(router) => in_process(router.clone(), request).await,
                #[cfg(unix)]
                Way::Socket(path) => exchange::over_socket(path, request).await,
                Way::Remote(server) => server.exchange(request).await,
            }
        })?;
        if reply.status.is_success() {
            return Ok(reply.text);
        }
        Err(refused(&reply))
    }
}

async fn in_process(router: Router, request: Request<Body>) -> Result<Reply, Failure> {
    let Ok(response) = router.oneshot(request).await;
    let status = response.status();
    let body = response
        .into_body()
        .collect()
        .await
        .map_err(|error| Failure::content("the answer broke off").cause(error.to_string()))?;
    Ok(Reply {
        status,
        text: String::from_utf8_lossy(&body.to_bytes()).into_owned(),
    })
}

/// A problem body (RFC 9457) as a failure.
fn refused(reply: &Reply) -> Failure {
    let document = parsed(&reply.text).ok();
    let problem = document
        .as_ref()
        .and_then(|document| document.root().as_object());
    let member = |name| problem.and_then(|problem| problem.get(name)?.as_str());
    let code = member("code").and_then(|code| {
        let mut known = RequestCode::ALL.iter();
        known.find(|known| known.code() == code)
    });
    let Some(code) = code else {
        return Failure::content(format!("the service answered with status {}", reply.status));
    };
    let message = member("detail").unwrap_or(code.cause());
    let mut failure = Failure::refused(code.code(), code.remedy(), message.trim_end_matches('.'));
    let causes = problem.and_then(|problem| problem.get("causes")?.as_array());
    for cause in causes.into_iter().flat_map(jeton_jose::json::Array::iter) {
        failure = failure.cause(cause.as_str().unwrap_or_default());
    }
    failure
}

/// A text that the service answered.
pub(crate) fn parsed(text: &str) -> Result<Document<'_>, Failure> {
    Document::parse(text.as_bytes(), &Options::lossless())
        .map_err(|error| Failure::content("the answer is no JSON").cause(error.to_string()))
}

/// A path with a name in it.
pub(crate) fn path(noun: &str, name: &str) -> String {
    format!("/admin/{noun}/{}", escaped(name))
}

/// Bytes that a path or a query does not carry as they are (RFC 3986 §2).
fn escaped(name: &str) -> String {
    use std::fmt::Write as _;

    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            write!(text, "%{byte:02X}").ok();
        }
    }
    text
}

/// An object of strings, lists and raw JSON, for requests.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(&'static str, String)>);

impl Fields {
    pub(crate) fn text(mut self, name: &'static str, value: Option<&str>) -> Self {
        self.0.extend(value.map(|value| (name, string(value))));
        self
    }

    /// A list, unless it is empty.
    pub(crate) fn list(self, name: &'static str, values: &[String]) -> Self {
        if values.is_empty() {
            return self;
        }
        self.raw(name, array(values.iter().map(|value| string(value))))
    }

    pub(crate) fn raw(mut self, name: &'static str, json: impl Into<String>) -> Self {
        self.0.push((name, json.into()));
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_pairs(self) -> Vec<(&'static str, String)> {
        self.0
    }

    pub(crate) fn finish(self) -> String {
        let mut object = Object::new();
        for (name, json) in self.0 {
            object.raw(name, &json);
        }
        object.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_in_paths() {
        assert_eq!(
            path("users", "ada@b.example"),
            "/admin/users/ada%40b.example"
        );
        assert_eq!(
            path("apis", "https://a/b?c"),
            "/admin/apis/https%3A%2F%2Fa%2Fb%3Fc"
        );
    }

    #[test]
    fn a_problem_becomes_a_failure_with_its_code() {
        let reply = Reply {
            status: StatusCode::CONFLICT,
            text: r#"{"code":"taken","detail":"another account has this username","causes":["b"]}"#
                .to_owned(),
        };
        let json = refused(&reply).to_json();
        assert!(
            json.contains(r#""code":"taken","message":"another account"#),
            "{json}"
        );
        let reply = Reply {
            status: StatusCode::BAD_GATEWAY,
            text: "<html>".to_owned(),
        };
        assert!(refused(&reply).to_json().contains("502"));
    }
}
