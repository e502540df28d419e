//! The files of the page.

use axum::body::Body;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::HeaderMap;
use jeton_problem::{Problem, RequestCode};

use crate::api;

/// The page, until there is something else to be at home in.
pub(crate) async fn home() -> Redirect {
    Redirect::temporary("/debugger/")
}

pub(crate) async fn index(headers: HeaderMap) -> Response {
    respond("debugger/", &headers)
}

/// The page as one file, to be saved.
pub(crate) async fn one_file(headers: HeaderMap) -> Response {
    respond("export.html", &headers)
}

pub(crate) async fn file(
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    match path {
        Ok(Path(path)) => respond(&format!("debugger/{path}"), &headers),
        // No file's name is no UTF-8.
        Err(_) => api::not_found().await,
    }
}

fn respond(path: &str, headers: &HeaderMap) -> Response {
    match jeton_web_assets::respond(path, headers) {
        Some(response) => response.map(Body::from).into_response(),
        None => Problem::from(RequestCode::NotFound).into_response(),
    }
}
